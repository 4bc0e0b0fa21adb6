/**
 * Tests of a pipeline (LANGUAGE §4), as written: what is given, in which order, what is expected.
 *
 * Values are as in the file; numbers that JavaScript cannot hold exactly stay texts of digits.
 * Short times (`10:05`, `+3d`) are resolved where they are steps; in fields of rows they are texts,
 * since only a type tells a time from a name: `testTime` resolves them.
 */
import type { SpecPath } from '../base/diagnostics.ts'
import { parseDuration } from '../model/duration-text.ts'
import { parseDate, parseTimestamp } from '../model/text/civil-time.ts'
import { Zone } from '../expr/zone-offset.ts'

export interface TestSpec {
  readonly name: string
  /** From the root of the file the test stands in. */
  readonly path: SpecPath
  readonly base: TestBase
  readonly params: Readonly<Record<string, string>>
  readonly environment: string | null
  /** Degrees at which the test runs; results must agree. */
  readonly parallelism: readonly number[]
  /** One block alone, its input given under its `from` name; null: the whole pipeline. */
  readonly where: string | null
  readonly isOrdered: boolean
  readonly isContained: boolean
  /** Rows that replace tables. */
  readonly tables: readonly GivenRows[]
  readonly given: readonly TestStep[]
  /** After the end of input; null: nothing is compared there. */
  readonly expect: Expectation | null
}

/** What short times count from. */
export interface TestBase {
  /** Days since 1970; null when the test names none. */
  readonly day: number | null
  readonly timezone: string
}

export type TestStep =
  | ({ readonly kind: 'rows' } & GivenRows)
  /** Null: all sources. */
  | {
      readonly kind: 'watermark'
      readonly source: string | null
      readonly ms: number
      readonly path: SpecPath
    }
  | { readonly kind: 'advance'; readonly ms: number; readonly path: SpecPath }
  | { readonly kind: 'expect'; readonly expect: Expectation }

export interface GivenRows {
  /** Source, table or, with `where`, input of the block. */
  readonly name: string
  readonly rows: readonly TestRow[]
  /** Rows of a file instead, relative to the file of the test. */
  readonly file: string | null
  readonly path: SpecPath
}

export interface TestRow {
  /** Without `at`. */
  readonly values: Readonly<Record<string, unknown>>
  /** Event time; null when the row has no `at`. */
  readonly at: number | null
  readonly path: SpecPath
}

export interface Expectation {
  readonly streams: readonly ExpectedStream[]
  /** `expect: "?"`: all sinks are to be filled in. */
  readonly isOpen: boolean
  readonly path: SpecPath
}

export interface ExpectedStream {
  /** `block`, `block.late`, `dead_letter` … */
  readonly stream: string
  /** Null for `"?"`: to be filled in. */
  readonly rows: readonly TestRow[] | null
  readonly path: SpecPath
}

const TIME = /^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3}))?)?$/
const HAS_ZONE = /(?:[zZ]|[+-]\d\d(?::?\d\d)?)$/
const DAY_MS = 86_400_000

/** Milliseconds since 1970 of `10:05`, `+3d`, `+3d 10:05` or an ISO time; null when it is none. */
export function testTime(written: string, base: TestBase): number | null {
  const text = written.trim()
  const iso = isoTime(text, base)
  if (iso !== null) return iso
  if (base.day === null) return null
  const [first = '', ...rest] = text.split(/\s+/)
  const isShift = /^[+-]/.test(first)
  const clock = clockMs(isShift ? rest.join(' ') : text)
  if (!isShift) return clock === null ? null : localTime(base.day * DAY_MS + clock, base)
  const shift = shiftMs(clock === null ? text : first)
  if (shift === null) return null
  return localTime(base.day * DAY_MS + shift + (clock ?? 0), base)
}

function isoTime(text: string, base: TestBase): number | null {
  const ms = parseTimestamp(text)
  if (ms === null || !/^[+-]?\d{4,}-/.test(text)) return null
  return parseDate(text) === null && HAS_ZONE.test(text.slice(10)) ? ms : localTime(ms, base)
}

function localTime(localMs: number, base: TestBase): number {
  return base.timezone === 'UTC' ? localMs : new Zone(base.timezone).toUtc(localMs)
}

function clockMs(text: string): number | null {
  const match = TIME.exec(text)
  if (match === null) return null
  const [hours, minutes, seconds] = match.slice(1, 4).map((part) => Number(part ?? 0))
  const millis = Number((match[4] ?? '').padEnd(3, '0'))
  if ((hours ?? 0) > 24 || (minutes ?? 0) > 59 || (seconds ?? 0) > 59) return null
  return (((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0)) * 1000 + millis
}

function shiftMs(text: string): number | null {
  return parseDuration(text.replace(/^\+/, '')).duration?.ms ?? null
}
