/** The engine's side of a benchmark: the pipeline file, with replayed input and a checksum as sink. */
import { createOperator } from '../../node/operators/create-operator.ts'
import { NodeDisk } from '../../shared/base/node-disk.ts'
import { SeededRandom } from '../../shared/base/seeded-random.ts'
import { SystemClock } from '../../shared/base/system-clock.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import type { ConnectorCode, Sink, Source, SourceRead } from '../../shared/spi/connector.ts'
import { runPlan } from '../../scripts/embedded/run-plan.ts'
import { connectorRegistry } from '../../scripts/pipeline/connector-registry.ts'
import { CONNECTORS } from '../../scripts/pipeline/load-pipeline.ts'
import { resolveConfig } from '../../shared/spec/resolve-references.ts'
import type { Checksum } from '../measure/checksum.ts'
import { type Entity, Replay, type ReplayOptions } from './replay.ts'

export interface EngineRun {
  readonly run: () => Promise<void>
}

export interface EngineInput {
  readonly plan: Plan
  readonly baseDirectory: string
  /** Whether sources replay a block that was made before, or generate while they run. */
  readonly input: 'engine' | 'generator'
}

/** Generates the input; `run` is what the clock covers. */
export function prepareEngine(
  { plan, baseDirectory, input }: EngineInput,
  options: ReplayOptions,
  checksum: Checksum,
): EngineRun {
  const replays = new Map<string, Replay>()
  const sourceCount = plan.blocks.filter((block) => block.kind === 'source').length
  for (const block of plan.blocks) {
    if (block.kind !== 'source' || input === 'generator') continue
    const main = block.outputs.find((output) => output.name === 'main')
    // What the engine asks a source for: what is used, and its event time where that is.
    const eventTime = block.timeUnread === true ? null : block.eventTime
    const used = main?.used ?? []
    const all = main?.stream.columns.map((column) => column.path) ?? []
    const wanted = all.filter((path) => used.includes(path) || path === eventTime)
    const entity = String(block.config['entity']) as Entity
    replays.set(block.name, new Replay(entity, wanted, options))
  }
  const replayed: ConnectorCode = {
    openSource: ({ block, columns }) => {
      const replay = replays.get(block)
      if (replay === undefined) throw new TypeError(`${block} has input`)
      return Promise.resolve(
        new ReplaySource(
          replay,
          columns.map((column) => column.path),
        ),
      )
    },
  }
  const summed: ConnectorCode = {
    openSink: ({ mode, key, columns }) => {
      const isJoined = mode === 'upsert' && sourceCount > 1
      const keyIndex = isJoined ? columns.findIndex(({ path }) => path === key?.[0]) : null
      return Promise.resolve(new ChecksumSink(checksum, keyIndex))
    },
  }
  const clock = new SystemClock()
  return {
    run: async () => {
      const report = await runPlan({
        plan,
        connectors: {
          config: (name) => connectorRegistry.config(name),
          code: async (name) => {
            if (name === 'generator' && input === 'engine') return replayed
            const code = await connectorRegistry.code(name)
            return name === 'file' ? { ...code, ...summed } : code
          },
        },
        operators: createOperator,
        clock,
        random: new SeededRandom(1),
        disk: new NodeDisk(),
        baseDirectory,
        resolveConfig: (config, { connector, side }) => {
          const schema = CONNECTORS.get(connector)?.[side] ?? null
          const { events, seed, rate } = options
          const env = { EVENTS: String(events), SEED: String(seed), RATE: String(rate) }
          const values = { env, params: {}, secrets: () => undefined }
          return { ...resolveConfig(config, values, schema).config }
        },
      })
      if (report.failure !== null) throw new Error(JSON.stringify(report.failure))
    },
  }
}

class ReplaySource implements Source {
  readonly #replay: Replay
  readonly #order: readonly number[]
  readonly #isSame: boolean

  constructor(replay: Replay, paths: readonly string[]) {
    this.#replay = replay
    const own = replay.schema.columns.map((column) => column.path)
    this.#order = paths.map((path) => own.indexOf(path))
    this.#isSame =
      this.#order.length === own.length && this.#order.every((at, index) => at === index)
  }

  read(): Promise<SourceRead> {
    const batch = this.#replay.next()
    if (batch === null) return Promise.resolve({ kind: 'end' })
    return Promise.resolve({
      kind: 'batch',
      split: '0',
      batch: this.#isSame ? batch : this.#picked(batch),
    })
  }

  #picked(batch: Batch): Batch {
    const pick = <T>(all: readonly T[]): T[] => this.#order.map((at) => all[at] as T)
    return {
      ...batch,
      schema: { columns: pick(batch.schema.columns) },
      columns: pick(batch.columns),
    }
  }

  progress(): null {
    return null
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

class ChecksumSink implements Sink {
  readonly #checksum: Checksum
  readonly #keyIndex: number | null

  /** `keyIndex`: the column by which rows are put; null where all that is said counts. */
  constructor(checksum: Checksum, keyIndex: number | null) {
    this.#checksum = checksum
    this.#keyIndex = keyIndex
  }

  write(batch: Batch): Promise<void> {
    if (this.#keyIndex === null) this.#checksum.addBatch(batch)
    else this.#checksum.putBatch(batch, this.#keyIndex)
    return Promise.resolve()
  }

  finish() {
    return Promise.resolve({ rows: this.#checksum.rows, bytes: null, places: [] })
  }

  abort(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
