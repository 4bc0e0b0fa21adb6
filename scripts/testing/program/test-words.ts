/** The words of a test in TypeScript as the parsed form that tests of YAML have too. */
import type { DecimalValue } from '../../../shared/api/tokens.ts'
import type { Pipeline } from '../../../shared/api/pipeline.ts'
import type { SpecPath } from '../../../shared/base/diagnostics.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import { isZone } from '../../../shared/spec/form/window-form.ts'
import { parseDuration } from '../../../shared/model/duration-text.ts'
import { parseDate } from '../../../shared/model/text/civil-time.ts'
import { shown } from '../../../shared/model/value-json.ts'
import {
  testTime,
  type Expectation,
  type GivenRows,
  type TestBase,
  type TestRow,
  type TestStep,
} from '../../../shared/spec/test-spec.ts'
import { isObject } from '../rows/bind-value.ts'
import { plainValue } from '../rows/plain-value.ts'
import type { TestSites } from './test-sites.ts'

/** Rows by the name of their stream, with any fields: what `testPipeline` takes unless it is told. */
export type AnyStreams = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface PipelineTestOptions {
  /** Base of `'10:05'` and `'+3d'`. */
  readonly day?: string
  /** Of short times; default UTC. */
  readonly timezone?: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly environment?: string
  /** Degrees at which the test runs; default 1 and 3. */
  readonly parallelism?: number | readonly number[]
  /** One block alone, its input given under its `from` name. */
  readonly where?: string
  /** Rows come in the order that is expected. */
  readonly ordered?: boolean
  /** Other rows may be there too. */
  readonly contains?: boolean
}

/** How a test may say a value: times and decimals also as text, of structs some fields. */
export type Said<Value> = unknown extends Value
  ? unknown
  : Value extends Date
    ? Date | string
    : Value extends DecimalValue
      ? DecimalValue | string | number
      : Value extends readonly (infer Element)[]
        ? readonly Said<Element>[]
        : Value extends ReadonlyMap<string, infer Held>
          ? ReadonlyMap<string, Said<Held>> | Readonly<Record<string, Said<Held>>>
          : Value extends Uint8Array
            ? Uint8Array | string
            : Value extends object
              ? { readonly [Name in keyof Value]?: Said<Value[Name]> }
              : Value

/** What a row of a stream may say in a test: some of its fields, and what is known of it. */
export type RowOf<Row> = { readonly [Field in keyof Row]?: Said<Row[Field]> } & {
  /** Event time. */
  readonly at?: string | number | Date
  readonly _kind?: 'insert' | 'update_before' | 'update_after' | 'delete'
}

export type Rows<Streams> = {
  readonly [Name in keyof Streams]?:
    | RowOf<Streams[Name]>
    | readonly RowOf<Streams[Name]>[]
    | { readonly file: string }
}

export type Step<Streams> =
  | Rows<Streams>
  | { readonly watermark: string | Readonly<Record<string, string>> }
  | { readonly advance: string }
  | { readonly expect: Rows<Streams> }

export interface ProgramTest {
  readonly pipeline: Pipeline | string
  readonly options: PipelineTestOptions
  readonly sites: TestSites
  readonly base: TestBase
  readonly steps: TestStep[]
  readonly tables: GivenRows[]
}

type About = Pick<ProgramTest, 'base'>

export function baseOf({ day, timezone = 'UTC' }: PipelineTestOptions): TestBase {
  const parsed = day === undefined ? null : parseDate(day)
  if (day !== undefined && parsed === null) refuse(`day: ${shown(day)} is no date`, '2026-01-31')
  if (!isZone(timezone)) refuse(`timezone: ${shown(timezone)} is none`, 'Europe/Berlin')
  return { day: parsed, timezone }
}

export function readGiven(rows: Rows<AnyStreams>, path: SpecPath, about: About): GivenRows[] {
  return Object.entries(rows).map(([name, given]) => {
    const at = [...path, name]
    const file = isObject(given) && Object.keys(given).join() === 'file' ? given['file'] : null
    if (typeof file === 'string') return { name, rows: [], file, path: at }
    return { name, rows: rowList(given, at, about), file: null, path: at }
  })
}

export function readSteps(
  steps: readonly Step<AnyStreams>[],
  path: SpecPath,
  about: About,
): TestStep[] {
  return steps.flatMap((step) =>
    Object.entries(step).flatMap(([word, said]): TestStep[] => {
      const at = [...path, word]
      if (word === 'watermark') return watermarks(said, at, about)
      if (word === 'advance') return [{ kind: 'advance', ms: durationOf(said), path: at }]
      if (word === 'expect') {
        return [{ kind: 'expect', expect: readExpected(said as Rows<AnyStreams>, at, about) }]
      }
      const rows = readGiven({ [word]: said }, path, about)
      return rows.map((group) => ({ kind: 'rows', ...group }))
    }),
  )
}

export function readExpected(rows: Rows<AnyStreams>, path: SpecPath, about: About): Expectation {
  const streams = Object.entries(rows).map(([stream, expected]) => {
    const at = [...path, stream]
    return { stream, rows: rowList(expected, at, about), path: at }
  })
  return { streams, isOpen: false, path }
}

function rowList(given: unknown, path: SpecPath, about: About): TestRow[] {
  const list: readonly unknown[] = Array.isArray(given) ? given : [given]
  return list.map((row, index) => {
    if (!isObject(row)) return refuse(`${String(path.at(-1))}: ${shown(row)} is no row`, '{ … }')
    return rowOf(row, [...path, index], about)
  })
}

function rowOf(row: Readonly<Record<string, unknown>>, path: SpecPath, { base }: About): TestRow {
  const { at, ...rest } = row
  const values = Object.fromEntries(
    Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, plainValue(value)]),
  )
  return { values, at: at === undefined ? null : timeOf(at, base), path }
}

function watermarks(said: unknown, path: SpecPath, { base }: About): TestStep[] {
  if (!isObject(said)) return [{ kind: 'watermark', source: null, ms: timeOf(said, base), path }]
  return Object.entries(said).map(([source, time]) => {
    return { kind: 'watermark', source, ms: timeOf(time, base), path: [...path, source] }
  })
}

function timeOf(said: unknown, base: TestBase): number {
  if (typeof said === 'number' && Number.isFinite(said)) return said
  const ms = said instanceof Date ? said.getTime() : null
  const time = ms ?? (typeof said === 'string' ? testTime(said, base) : null)
  if (time !== null && !Number.isNaN(time)) return time
  return refuse(`${shown(said)} is no time`, "'10:05' with the option `day`, '+3d' or an ISO time")
}

function durationOf(said: unknown): number {
  const { duration, problem } = parseDuration(typeof said === 'string' ? said : '')
  if (duration !== null && duration.ms >= 0) return duration.ms
  return refuse(`advance: ${problem ?? 'the clock does not go back'}`, "advance('5m')")
}

function refuse(message: string, example: string): never {
  throw new StreamError('TEST_INVALID', message, { fix: `write for instance ${example}` })
}
