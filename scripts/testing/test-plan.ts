/**
 * The plan that a test runs: that of the pipeline with every source, table and sink replaced, and a
 * collecting sink behind each stream that the test expects something of.
 *
 * With `where` it is one block alone: what it reads is replaced by sources with the same streams.
 */
import { nearestName } from '../../shared/base/nearest-name.ts'
import type { Diagnostics, SpecPath } from '../../shared/base/diagnostics.ts'
import type { Field } from '../../shared/model/data-type.ts'
import type {
  InputRef,
  Plan,
  PlanBlock,
  SinkBlock,
  SourceBlock,
  StreamInfo,
} from '../../shared/planning/plan.ts'
import { EVENT_TIME_COLUMN } from '../../shared/planning/plan.ts'
import { planPipeline } from '../../shared/planning/plan-pipeline.ts'
import type { PipelineSpec, SinkSpec } from '../../shared/spec/pipeline-spec.ts'
import type { Expectation, TestSpec } from '../../shared/spec/test-spec.ts'
import { CAPTURE, captureConfig, captureSpec } from '../pipeline/capture-sink.ts'
import { CONNECTORS } from '../pipeline/load-pipeline.ts'
import { aloneIn } from './block-alone.ts'
import type { GivenStream } from './rows/given-row.ts'

/** The connector that stands in the place of every source and table, and of every sink. */
export const GIVEN = 'given'
export const SEEN = 'seen'

export interface TestedPipeline {
  readonly spec: PipelineSpec
  /** Of the pipeline as it is. */
  readonly plan: Plan
  readonly params: Readonly<Record<string, unknown>>
}

export interface ExpectedStream {
  readonly name: string
  /** The sink that collects its rows; null when nothing can ever come out of it. */
  readonly sink: string | null
  readonly fields: readonly Field[]
  readonly upsertKey: readonly string[] | null
}

export interface TestPlan {
  readonly plan: Plan
  readonly inputs: ReadonlyMap<string, GivenStream>
  readonly tables: ReadonlyMap<string, GivenStream>
  /** By the name that the test uses. */
  readonly streams: ReadonlyMap<string, ExpectedStream>
  /** What `expect: "?"` is filled with. */
  readonly openNames: readonly string[]
}

const DEAD_LETTER = 'dead_letter'
const CONFIGS = new Map([...CONNECTORS, [CAPTURE, captureConfig]])

/** Mistakes are reported; null where nothing more can be said of the test. */
export function planTest(
  pipeline: TestedPipeline,
  test: TestSpec,
  diagnostics: Diagnostics,
): TestPlan | null {
  const names = new StreamNames(pipeline, test, diagnostics)
  if (!names.checkAll()) return null
  const planned = planWithCaptures(pipeline, names.captured())
  if (planned.plan === null) {
    const message = planned.message ?? 'the test cannot be planned'
    diagnostics.error('TEST_INVALID', test.path, message)
    return null
  }
  const { where } = test
  const plan = where === null ? planned.plan : aloneIn(planned.plan, where)
  const late = new Map(
    Object.entries(pipeline.spec.transformations ?? {}).flatMap(([name, { late: alias }]) =>
      alias === undefined ? [] : [[`${name}.late`, alias] as const],
    ),
  )
  return {
    plan: replaced(plan),
    inputs: inputsOf(plan, late),
    tables: new Map(plan.tables.map((table) => [table.name, tableStream(table)])),
    streams: new Map(names.all().map((name) => [name, names.streamOf(name, plan)])),
    openNames: names.openNames(),
  }
}

function planWithCaptures(
  { spec, params }: TestedPipeline,
  captured: readonly string[],
): { readonly plan: Plan | null; readonly message: string | undefined } {
  const { alerts: _a, freshness: _f, schedule: _s, tests: _t, ...rest } = spec
  const captures = captured.map((from): [string, SinkSpec] => [
    captureName(from),
    { ...captureSpec(from), on_error: 'fail' },
  ])
  const sinks = { ...spec.sinks, ...Object.fromEntries(captures) }
  const { plan, diagnostics } = planPipeline({ ...rest, sinks }, CONFIGS, { params })
  return { plan, message: diagnostics.find((one) => one.severity === 'error')?.message }
}

const captureName = (from: string): string => `rows of ${from}`

/** The streams that a test names, and whether they are there. */
class StreamNames {
  readonly #pipeline: TestedPipeline
  readonly #test: TestSpec
  readonly #diagnostics: Diagnostics
  readonly #blocks: ReadonlyMap<string, PlanBlock>
  readonly #unknown = new Set<string>()

  constructor(pipeline: TestedPipeline, test: TestSpec, diagnostics: Diagnostics) {
    this.#pipeline = pipeline
    this.#test = test
    this.#diagnostics = diagnostics
    this.#blocks = new Map(pipeline.plan.blocks.map((block) => [block.name, block]))
  }

  /** False when the block that is tested is not there. */
  checkAll(): boolean {
    const { where, path } = this.#test
    if (where !== null && this.#blocks.get(where)?.kind !== 'transform') {
      const blocks = [...this.#blocks.values()].filter((one) => one.kind === 'transform')
      const names = blocks.map((one) => one.name)
      const message = `\`where\` names a block of \`transformations\`, and \`${where}\` is none`
      this.#report([...path, 'where'], message, { name: where, names, onKey: false })
      return false
    }
    for (const expect of expectationsOf(this.#test)) {
      for (const { stream, path: at } of expect.streams) {
        const before = this.#diagnostics.all.length
        this.#check(stream, at)
        if (this.#diagnostics.all.length > before) this.#unknown.add(stream)
      }
    }
    return true
  }

  all(): string[] {
    const named = expectationsOf(this.#test).flatMap(({ streams, isOpen }) =>
      isOpen ? this.openNames() : streams.map((one) => one.stream),
    )
    return [...new Set(named)].filter((name) => !this.#unknown.has(name))
  }

  openNames(): string[] {
    const { where } = this.#test
    if (where !== null) return [where]
    return [...new Set(Object.values(this.#pipeline.spec.sinks).map((sink) => sink.from))]
  }

  captured(): string[] {
    return this.all().filter((name) => !this.#isSink(name) && !this.#isNever(name))
  }

  streamOf(name: string, plan: Plan): ExpectedStream {
    const sinkName = this.#isSink(name) ? name : captureName(name)
    const sink = plan.blocks.find((block) => block.name === sinkName)
    if (sink?.kind !== 'sink') return { name, sink: null, fields: [], upsertKey: null }
    const stream = streamOfSink(plan, sink)
    const isUpsert = sink.mode === 'upsert' || stream?.edge === 'upsert'
    const upsertKey = isUpsert ? (sink.key ?? stream?.uniqueKey ?? null) : null
    return { name, sink: sinkName, fields: stream?.fields ?? [], upsertKey }
  }

  #isSink(name: string): boolean {
    return this.#blocks.get(name)?.kind === 'sink'
  }

  /** No block makes dead letters: there is nothing to collect, and `[]` holds. */
  #isNever(name: string): boolean {
    const all = [...this.#blocks.values()]
    return name === DEAD_LETTER && all.every((block) => block.onError !== DEAD_LETTER)
  }

  #check(name: string, path: SpecPath): void {
    if (name === DEAD_LETTER) return
    const known = this.#known()
    if (known.has(name)) {
      this.#checkWhere(name, path)
      return
    }
    const [block = '', side] = name.split('.')
    const found = this.#blocks.get(block)
    if (side === DEAD_LETTER && found !== undefined) {
      const message = `\`${block}\` makes no dead letters: its \`on_error\` is not \`dead_letter\``
      const fix = `write \`on_error: dead_letter\` in \`${block}\`, or under \`defaults\``
      this.#diagnostics.error('TEST_BLOCK_UNKNOWN', path, message, { onKey: true, fix })
      return
    }
    const message =
      found === undefined || side === undefined
        ? `there is no block \`${name}\``
        : `\`${block}\` has no side output \`${side}\``
    this.#report(path, message, { name, names: [...known], onKey: true })
  }

  #checkWhere(name: string, path: SpecPath): void {
    const { where } = this.#test
    const owner = this.#aliases().get(name) ?? name.split('.')[0]
    if (where === null || owner === where) return
    const message = `with \`where: ${where}\` only rows of \`${where}\` come out, none of \`${name}\``
    const fix = `expect \`${where}\`, or leave \`where\` out to test the whole pipeline`
    this.#diagnostics.error('TEST_BLOCK_UNKNOWN', path, message, { onKey: true, fix })
  }

  #aliases(): Map<string, string> {
    return new Map(
      Object.entries(this.#pipeline.spec.transformations ?? {}).flatMap(([name, { late }]) =>
        late === undefined ? [] : [[late, name] as const],
      ),
    )
  }

  #known(): Set<string> {
    const names = [...this.#blocks.values()].flatMap((block) => [
      block.name,
      ...block.outputs.map(({ name }) => name).flatMap((name) => sideName(block.name, name)),
    ])
    return new Set([...names, ...this.#aliases().keys()])
  }

  #report(
    path: SpecPath,
    message: string,
    {
      name,
      names,
      onKey,
    }: { readonly name: string; readonly names: readonly string[]; readonly onKey: boolean },
  ): void {
    const near = nearestName(name, [...names])
    const fix = near === null ? `one of ${names.join(', ')}` : `write \`${near}\``
    this.#diagnostics.error('TEST_BLOCK_UNKNOWN', path, message, { onKey, fix })
  }
}

function sideName(block: string, output: string): string[] {
  return output === 'main' ? [] : [`${block}.${output}`]
}

export function expectationsOf(test: TestSpec): Expectation[] {
  const between = test.given.flatMap((step) => (step.kind === 'expect' ? [step.expect] : []))
  return test.expect === null ? between : [...between, test.expect]
}

function streamOfSink(plan: Plan, sink: SinkBlock): StreamInfo | null {
  const [ref] = sink.inputs
  return ref === undefined ? null : outputOf(plan, ref)
}

function outputOf(plan: Plan, ref: InputRef): StreamInfo | null {
  const block = plan.blocks.find((one) => one.name === ref.block)
  return block?.outputs.find((one) => one.name === ref.output)?.stream ?? null
}

/** The names under which rows can be given: of sources, and of late aliases in their place. */
function inputsOf(plan: Plan, late: ReadonlyMap<string, string>): Map<string, GivenStream> {
  const inputs = new Map<string, GivenStream>()
  for (const block of plan.blocks) {
    if (block.kind !== 'source') continue
    const stream = sourceStream(block)
    if (stream === null) continue
    inputs.set(block.name, stream)
    const alias = late.get(block.name)
    if (alias !== undefined) inputs.set(alias, stream)
  }
  return inputs
}

function sourceStream(block: SourceBlock): GivenStream | null {
  const main = block.outputs.find((one) => one.name === 'main')
  if (main === undefined) return null
  const { stream } = main
  const isField = block.eventTime !== null && block.eventTime !== EVENT_TIME_COLUMN
  const hasEnd = stream.columns.some((column) => column.path === 'window_end')
  return {
    name: block.name,
    fields: stream.fields,
    columns: stream.columns,
    used: new Set(main.used),
    timePath: isField ? block.eventTime : null,
    hasEventTime: stream.eventTime === 'kept' && block.eventTime !== EVENT_TIME_COLUMN,
    endPath: stream.window !== null && hasEnd ? 'window_end' : null,
    takesChanges: block.changes !== 'append',
  }
}

function tableStream(table: Plan['tables'][number]): GivenStream {
  return {
    name: table.name,
    fields: table.fields,
    columns: table.columns,
    used: new Set([...table.used, ...table.key]),
    timePath: null,
    hasEventTime: false,
    endPath: null,
    takesChanges: false,
  }
}

function replaced(plan: Plan): Plan {
  const blocks = plan.blocks.map((block): PlanBlock => {
    if (block.kind === 'source') return { ...block, connector: GIVEN, config: {}, ...calm(block) }
    if (block.kind === 'sink') return { ...block, connector: SEEN, config: {} }
    return block
  })
  const tables = plan.tables.map((table) => ({
    ...table,
    connector: GIVEN,
    config: {},
    cacheTtlMs: null,
  }))
  return { ...plan, blocks, tables }
}

/**
 * Tests are ahead of a clock that stands: no row of theirs is from too far in the future. They may
 * ask for the event time of any row.
 */
function calm({ watermark }: SourceBlock): Pick<SourceBlock, 'watermark' | 'timeUnread'> {
  const held = watermark === null ? null : { ...watermark, maxAheadMs: null }
  return { watermark: held, timeUnread: false }
}
