/** Plain tables: columns as wide as their cells, numbers to the right, no lines around them. */
import { stripVTControlCharacters } from 'node:util'

export interface TableColumn {
  readonly title: string
  readonly align?: 'left' | 'right'
}

/** Lines without a trailing newline. Cells may hold colours. */
export function renderTable(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): string[] {
  const widths = columns.map((column, index) =>
    Math.max(widthOf(column.title), ...rows.map((row) => widthOf(row[index] ?? ''))),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, columns[index]?.align ?? 'left'))
      .join('  ')
      .trimEnd()
  return [line(columns.map((column) => column.title)), ...rows.map(line)]
}

/** Cells on a terminal: wide characters count two, colours none. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of SEGMENTS.segment(stripVTControlCharacters(text))) {
    width += WIDE.test(segment) ? 2 : 1
  }
  return width
}

/** At most `columns` cells wide; what is cut ends in `…` and without a colour. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text
  let width = 0
  let cut = ''
  for (const part of text.split(ESCAPES)) {
    if (ESCAPE.test(part)) {
      cut += part
      continue
    }
    for (const { segment } of SEGMENTS.segment(part)) {
      width += WIDE.test(segment) ? 2 : 1
      if (width > columns - 1) return `${cut}…${RESET}`
      cut += segment
    }
  }
  return cut
}

const RESET = '\u001b[0m'
// oxlint-disable-next-line no-control-regex -- colours are control characters
const ESCAPES = /(\u001b\[[0-9;]*m)/
// oxlint-disable-next-line no-control-regex -- colours are control characters
const ESCAPE = /^\u001b\[/
const SEGMENTS = new Intl.Segmenter('en', { granularity: 'grapheme' })
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u

function pad(text: string, width: number, align: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + space : space + text
}
