/** Texts that stand for times: beside a timestamp, a date or a duration, and in their functions. */
import type { DataType } from '../../model/data-type.ts'
import { parseDate, parseTimestamp } from '../../model/text/civil-time.ts'
import { parseDuration } from '../../model/duration-text.ts'

export type TimeKind = 'timestamp' | 'date' | 'duration'

export type TimeLiteral =
  | { readonly value: number; readonly problem: null }
  | { readonly value: null; readonly problem: string; readonly fix: string }

export function isTimeKind(kind: DataType['kind']): kind is TimeKind {
  return kind === 'timestamp' || kind === 'date' || kind === 'duration'
}

/** The internal value of a text as a literal of this kind. */
export function timeLiteral(text: string, kind: TimeKind): TimeLiteral {
  if (kind === 'duration') return durationLiteral(text)
  const value = kind === 'timestamp' ? parseTimestamp(text) : parseDate(text)
  if (value !== null) return { value, problem: null }
  const example = kind === 'timestamp' ? '2026-01-31T10:05:00Z' : '2026-01-31'
  return { value: null, problem: `\`${text}\` is not a ${kind}`, fix: `write it as \`${example}\`` }
}

export function isDurationText(text: string): boolean {
  return timeLiteral(text, 'duration').value !== null
}

function durationLiteral(text: string): TimeLiteral {
  const { duration, problem } = parseDuration(text)
  if (problem === null) return { value: duration.ms, problem: null }
  return { value: null, problem, fix: 'write for instance `10s`, `5 minutes` or `PT5M`' }
}
