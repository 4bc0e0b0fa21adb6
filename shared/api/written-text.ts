/**
 * Finds, behind a call site, what the author wrote there: a caret then stands in the text of
 * `.where('price > 0')` and under the option that is wrong, not at the call.
 */
import type { Place } from '../base/diagnostics.ts'
import type { AuthoredPlace, Written } from './call-site.ts'
import { camelCase } from './option-text.ts'

/** A call with all its options is rarely longer. */
const LINES_MAX = 60

/** The place with its line and the exact position; that of the call where nothing is found. */
export function placeInSource(place: AuthoredPlace, lines: readonly string[]): Place {
  const { written, ...at } = place
  const found = written === undefined ? null : find(at, written, lines)
  const exact = found ?? at
  return { ...exact, text: lines[exact.line - 1] ?? null }
}

function find(at: Place, written: Written, lines: readonly string[]): Place | null {
  const last = Math.min(lines.length, at.line - 1 + LINES_MAX)
  for (let index = at.line - 1; index < last; index++) {
    const from = index === at.line - 1 ? at.column - 1 : 0
    const hit = findInLine(lines[index] ?? '', from, written)
    if (hit !== null) return { ...at, line: index + 1, column: hit.column, width: hit.width }
  }
  return null
}

interface Hit {
  readonly column: number
  readonly width: number
}

function findInLine(line: string, from: number, written: Written): Hit | null {
  if (written.kind === 'key') return findKey(line, from, camelCase(written.key))
  const { text, span } = written
  for (const quote of ["'", '"', '`']) {
    const start = line.indexOf(`${quote}${text}${quote}`, from)
    if (start < 0) continue
    if (span === null) return { column: start + 2, width: Math.max(1, text.length) }
    return { column: start + 2 + span.start, width: Math.max(1, span.end - span.start) }
  }
  return null
}

/** `topic: …`, `'a b': …`, or `topic` alone where the variable has that name. */
function findKey(line: string, from: number, key: string): Hit | null {
  const escaped = key.replaceAll(/[^A-Za-z0-9_]/g, '\\$&')
  const match = new RegExp(`(?<![\\w.])${escaped}(?=['"]?\\s*[:,}(])`).exec(line.slice(from))
  return match === null ? null : { column: from + match.index + 1, width: key.length }
}
