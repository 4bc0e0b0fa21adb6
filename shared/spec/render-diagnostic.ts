/**
 * Diagnostics as a person, a program or a code host reads them.
 *
 * A column of an excerpt is a character; the caret is set by what characters take on a screen (a
 * tab as itself, wide characters twice), so it stands under what it means.
 */
import type { Diagnostic, Place, Places } from '../base/diagnostics.ts'

export interface RenderedDiagnostic {
  readonly code: string
  readonly severity: Diagnostic['severity']
  readonly file: string
  readonly line: number
  readonly column: number
  readonly message: string
  readonly cause: string | null
  readonly fix: string | null
  readonly excerpt: string | null
}

export interface RenderOptions {
  readonly color?: boolean
}

/** Longest part of a line that is shown. */
const EXCERPT_MAX = 160

/** The JSON form; what `check --output json` prints. */
export function diagnosticJson(one: Diagnostic, places: Places): RenderedDiagnostic {
  const place = locate(one, places)
  return {
    code: one.code,
    severity: one.severity,
    file: place.file,
    line: place.line,
    column: place.column,
    message: one.message,
    cause: one.cause ?? null,
    fix: one.fix ?? null,
    excerpt: excerptLines(place)?.join('\n') ?? null,
  }
}

/** Several lines of text: head, place, excerpt with caret, cause, fix. */
export function renderDiagnostic(
  one: Diagnostic,
  places: Places,
  options: RenderOptions = {},
): string {
  const paint = options.color === true ? colored : plain
  const place = locate(one, places)
  const tone = TONES[one.severity]
  const gutter = ' '.repeat(String(place.line).length)
  const lines = [
    `${paint(`${one.severity}[${one.code}]`, tone)}${paint(`: ${one.message}`, BOLD)}`,
    `${gutter}${paint('-->', BLUE)} ${place.file}:${place.line}:${place.column}`,
  ]
  const excerpt = excerptLines(place)
  if (excerpt !== null) {
    const [text = '', caret = ''] = excerpt
    lines.push(
      paint(`${gutter} |`, BLUE),
      `${paint(`${place.line} |`, BLUE)} ${text}`,
      `${paint(`${gutter} |`, BLUE)} ${paint(caret, tone)}`,
    )
  }
  if (one.cause !== undefined) lines.push(`${gutter} ${paint('=', BLUE)} cause: ${one.cause}`)
  if (one.fix !== undefined) lines.push(`${gutter} ${paint('=', BLUE)} fix: ${one.fix}`)
  return lines.join('\n')
}

/** All of them, in the order of the file, with a blank line between. */
export function renderDiagnostics(
  all: readonly Diagnostic[],
  places: Places,
  options: RenderOptions = {},
): string {
  return sortDiagnostics(all, places)
    .map((one) => renderDiagnostic(one, places, options))
    .join('\n\n')
}

/** By file, line and column; equal places keep their order. */
export function sortDiagnostics(all: readonly Diagnostic[], places: Places): Diagnostic[] {
  const placed = all.map((one) => ({ one, place: locate(one, places) }))
  const first = placed[0]?.place.file
  const rank = (file: string) => (file === first ? '' : file)
  return placed
    .toSorted(
      (a, b) =>
        compare(rank(a.place.file), rank(b.place.file)) ||
        a.place.line - b.place.line ||
        a.place.column - b.place.column,
    )
    .map(({ one }) => one)
}

/** One line that a code host turns into an annotation of the file. */
export function renderGithub(one: Diagnostic, places: Places): string {
  const place = locate(one, places)
  const level = one.severity === 'note' ? 'notice' : one.severity
  const more = [one.message, one.cause, one.fix === undefined ? undefined : `fix: ${one.fix}`]
  const text = more.filter((part) => part !== undefined).join('\n')
  const where = [
    `file=${escapeProperty(place.file)}`,
    `line=${place.line}`,
    `col=${place.column}`,
    `endColumn=${place.column + place.width}`,
    `title=${escapeProperty(one.code)}`,
  ]
  return `::${level} ${where.join(',')}::${escapeData(text)}`
}

function locate(one: Diagnostic, places: Places): Place {
  return places.locate(one.path, {
    ...(one.onKey === undefined ? {} : { onKey: one.onKey }),
    ...(one.span === undefined ? {} : { span: one.span }),
  })
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** The line and the line of the caret below it; null where there is nothing to show. */
function excerptLines(place: Place): string[] | null {
  if (place.text === null || place.text === '') return null
  const chars = Array.from(place.text)
  const from = Math.max(0, Math.min(place.column - 1 - EXCERPT_MAX / 2, chars.length - EXCERPT_MAX))
  const shown = chars.slice(from, from + EXCERPT_MAX)
  const head = from > 0 ? '…' : ''
  const tail = from + EXCERPT_MAX < chars.length ? '…' : ''
  const start = place.column - 1 - from
  const before = shown.slice(0, start)
  const under = shown.slice(start, start + place.width)
  const padding = head.replace('…', ' ') + before.map(blank).join('')
  const width = Math.max(
    1,
    under.reduce((sum, char) => sum + cells(char), 0),
  )
  return [`${head}${shown.join('')}${tail}`.trimEnd(), padding + '^'.repeat(width)]
}

function blank(char: string): string {
  return char === '\t' ? '\t' : ' '.repeat(cells(char))
}

/** Cells of a terminal: none for marks that combine, two for wide scripts and pictures. */
function cells(char: string): number {
  if (/^[\p{Mn}\p{Me}\p{Cf}]$/u.test(char)) return 0
  const isWide =
    /^[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]$/.test(
      char,
    ) || /^\p{Emoji_Presentation}$/u.test(char)
  return isWide ? 2 : 1
}

const BOLD = '1'
const BLUE = '1;34'
const TONES = { error: '1;31', warning: '1;33', note: '1;36' } as const

function colored(text: string, tone: string): string {
  return `\u001B[${tone}m${text}\u001B[0m`
}

function plain(text: string): string {
  return text
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
