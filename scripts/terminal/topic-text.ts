/** A topic of the reference for a terminal: its Markdown with tables laid out and long lines cut. */
import type { Topic } from '../docs/topic.ts'
import type { Style } from './style.ts'
import { renderTable } from './table.ts'

export function topicLines(
  { name, kind, summary, body }: Topic,
  width: number,
  style: Style,
): string[] {
  const head = `${style.bold(name)} ${style.dim(`(${kind})`)}`
  const parts = body === '' ? [] : ['', ...bodyLines(body, width, style)]
  return [head, ...wrap(plain(summary), width, ''), ...parts]
}

function bodyLines(body: string, width: number, style: Style): string[] {
  const lines: string[] = []
  let table: string[] = []
  let isCode = false
  const endTable = (): void => {
    if (table.length > 0) lines.push(...tableLines(table, width, style))
    table = []
  }
  for (const line of body.split('\n')) {
    if (line.startsWith('| ') && !isCode) {
      table.push(line)
      continue
    }
    endTable()
    if (line.startsWith('```')) isCode = !isCode
    else if (isCode) lines.push(`  ${line}`)
    else lines.push(...wrap(plain(line), width, ''))
  }
  endTable()
  return lines
}

/** The last column takes what room is left, over several lines. */
function tableLines(table: readonly string[], width: number, style: Style): string[] {
  const [titles = [], , ...rows] = table.map(cells)
  const before = titles.slice(0, -1).map((title, index) => {
    return Math.max(title.length, ...rows.map((row) => (row[index] ?? '').length)) + 2
  })
  const room = Math.max(24, width - before.reduce((sum, one) => sum + one, 0))
  const laid = rows.flatMap((row) => {
    const [first = '', ...more] = wrap(row.at(-1) ?? '', room, '')
    const empty = titles.slice(0, -1).map(() => '')
    return [[...row.slice(0, -1), first], ...more.map((line) => [...empty, line])]
  })
  const [head = '', ...lines] = renderTable(
    titles.map((title) => ({ title })),
    laid,
  )
  return [style.bold(head), ...lines]
}

function cells(line: string): string[] {
  const inside = line.replace(/^\| /, '').replace(/ \|$/, '')
  return inside.split(/(?<!\\) \| /).map((cell) => plain(cell.replaceAll('\\|', '|').trim()))
}

/** Without the marks of Markdown that a terminal does not show. */
const plain = (text: string): string =>
  text.replaceAll(/\*\*(\S[^*]*)\*\*/g, '$1').replaceAll('`', '')

function wrap(text: string, width: number, indent: string): string[] {
  if (text === '') return ['']
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line.trim() !== '' && line.length + word.length + 1 > width) {
      lines.push(line)
      line = indent
    }
    line += line.trim() === '' ? word : ` ${word}`
  }
  return [...lines, line]
}
