/**
 * A test against its pipeline: rows as batches, expectations with types, everything that does not
 * fit reported at once, before anything runs.
 */
import { Diagnostics, type SpecPath } from '../../shared/base/diagnostics.ts'
import { nearestName } from '../../shared/base/nearest-name.ts'
import { Zone } from '../../shared/expr/zone-offset.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { Expectation, GivenRows, TestBase, TestSpec } from '../../shared/spec/test-spec.ts'
import type { Binding } from './rows/bind-value.ts'
import { bindExpectedRow, type ExpectedRow } from './rows/expected-row.ts'
import { bindGivenRow, type GivenStream } from './rows/given-row.ts'
import { type FileRows, readRowsFile } from './rows/rows-file.ts'
import { type ExpectedStream, planTest, type TestedPipeline, type TestPlan } from './test-plan.ts'

export interface BoundTest {
  readonly spec: TestSpec
  readonly plan: TestPlan
  readonly tables: ReadonlyMap<string, readonly Batch[]>
  readonly steps: readonly BoundStep[]
  readonly expectAtEnd: BoundExpectation | null
  /** Sources that the test speaks of; the others are empty. */
  readonly mentioned: ReadonlySet<string>
  readonly hasWatermarks: boolean
  /** Where processing time stands at the start. */
  readonly startMs: number
  readonly baseDirectory: string
}

export type BoundStep =
  /** Each batch is one row. */
  | { readonly kind: 'rows'; readonly source: string; readonly batches: readonly Batch[] }
  | { readonly kind: 'watermark'; readonly source: string | null; readonly ms: number }
  | { readonly kind: 'advance'; readonly ms: number }
  | { readonly kind: 'expect'; readonly expectation: BoundExpectation }

export interface BoundExpectation {
  readonly streams: readonly BoundStream[]
  readonly isOpen: boolean
  readonly path: SpecPath
}

export interface BoundStream {
  readonly stream: ExpectedStream
  /** Null: to be filled in. */
  readonly rows: readonly ExpectedRow[] | null
  readonly path: SpecPath
}

export interface TestPlace {
  /** Of the file of the test: where files of rows start. */
  readonly directory: string
  readonly baseDirectory: string
}

/** Where tests without a day start: fixed, so that results that show the time are the same ever. */
const START_MS = Date.UTC(2026, 0, 1)
const DAY_MS = 86_400_000

/** Null when the test has mistakes, which are then in `diagnostics`. */
export async function bindTest(
  pipeline: TestedPipeline,
  test: TestSpec,
  { place, diagnostics }: { place: TestPlace; diagnostics: Diagnostics },
): Promise<BoundTest | null> {
  const own = new Diagnostics()
  const plan = planTest(pipeline, test, own)
  const bound = plan === null ? null : await new TestBinder(test, plan, { place, own }).bind()
  diagnostics.all.push(...own.all)
  return own.hasErrors ? null : bound
}

class TestBinder {
  readonly #test: TestSpec
  readonly #plan: TestPlan
  readonly #place: TestPlace
  readonly #diagnostics: Diagnostics

  constructor(
    test: TestSpec,
    plan: TestPlan,
    { place, own }: { place: TestPlace; own: Diagnostics },
  ) {
    this.#test = test
    this.#plan = plan
    this.#place = place
    this.#diagnostics = own
  }

  async bind(): Promise<BoundTest> {
    const { given, expect, base } = this.#test
    const steps: BoundStep[] = []
    for (const step of given) {
      switch (step.kind) {
        case 'rows': {
          const input = this.#input(step, this.#plan.inputs, 'source')
          const batches = input === null ? [] : await this.#batches(step, input)
          if (input !== null) steps.push({ kind: 'rows', source: input.name, batches })
          break
        }
        case 'watermark':
          steps.push({ kind: 'watermark', source: this.#watermarked(step), ms: step.ms })
          break
        case 'advance':
          steps.push({ kind: 'advance', ms: step.ms })
          break
        default:
          steps.push({ kind: 'expect', expectation: this.#expectation(step.expect) })
      }
    }
    return {
      spec: this.#test,
      plan: this.#plan,
      tables: await this.#tables(),
      steps,
      expectAtEnd: expect === null ? null : this.#expectation(expect),
      mentioned: mentionedIn(steps),
      hasWatermarks: steps.some((step) => step.kind === 'watermark'),
      startMs: startOf(base),
      baseDirectory: this.#place.baseDirectory,
    }
  }

  async #tables(): Promise<Map<string, readonly Batch[]>> {
    const tables = new Map<string, readonly Batch[]>()
    for (const group of this.#test.tables) {
      const stream = this.#input(group, this.#plan.tables, 'table')
      if (stream !== null) tables.set(stream.name, await this.#batches(group, stream))
    }
    return tables
  }

  #watermarked(step: { readonly source: string | null; readonly path: SpecPath }): string | null {
    if (step.source === null) return null
    const group = { name: step.source, path: step.path }
    return this.#input(group, this.#plan.inputs, 'source')?.name ?? null
  }

  #input(
    { name, path }: Pick<GivenRows, 'name' | 'path'>,
    known: ReadonlyMap<string, GivenStream>,
    what: 'source' | 'table',
  ): GivenStream | null {
    const found = known.get(name)
    if (found !== undefined) return found
    const names = [...known.keys()]
    const near = nearestName(name, names)
    const { where } = this.#test
    const message =
      where === null || what === 'table'
        ? `there is no ${what} \`${name}\``
        : `\`${where}\` reads nothing named \`${name}\``
    const list = names.length === 0 ? `the pipeline has no ${what}s` : `one of ${names.join(', ')}`
    const fix = near === null ? list : `write \`${near}\``
    this.#diagnostics.error('TEST_BLOCK_UNKNOWN', path, message, { onKey: true, fix })
    return null
  }

  async #batches(group: GivenRows, stream: GivenStream): Promise<Batch[]> {
    if (group.file === null) return this.#bound({ rows: group.rows, wheres: null }, stream)
    const parts = { directory: this.#place.directory, base: this.#test.base, stream }
    const read = await readRowsFile(group, { ...parts, diagnostics: this.#diagnostics })
    return read === null ? [] : [...read.batches, ...this.#bound(read, stream)]
  }

  #bound({ rows, wheres }: Pick<FileRows, 'rows' | 'wheres'>, stream: GivenStream): Batch[] {
    return rows.flatMap((row, index) => {
      const where = wheres?.[index] ?? ''
      return bindGivenRow(row, stream, this.#binding(where)) ?? []
    })
  }

  #expectation({ streams, isOpen, path }: Expectation): BoundExpectation {
    const bound = streams.flatMap((expected): BoundStream[] => {
      const stream = this.#plan.streams.get(expected.stream)
      if (stream === undefined) return []
      const rows = expected.rows?.map((row) => bindExpectedRow(row, stream, this.#binding('')))
      return [{ stream, rows: rows ?? null, path: expected.path }]
    })
    return { streams: bound, isOpen, path }
  }

  #binding(where: string): Binding {
    return { base: this.#test.base, diagnostics: this.#diagnostics, where }
  }
}

function mentionedIn(steps: readonly BoundStep[]): Set<string> {
  return new Set(
    steps.flatMap((step) => {
      if (step.kind !== 'rows' && step.kind !== 'watermark') return []
      return step.source === null ? [] : [step.source]
    }),
  )
}

function startOf({ day, timezone }: TestBase): number {
  if (day === null) return START_MS
  const local = day * DAY_MS
  return timezone === 'UTC' ? local : new Zone(timezone).toUtc(local)
}
