/**
 * Plays a test once, at one degree of parallelism: gives its steps one by one, each when the run has
 * come to rest, and takes what came out at every expectation.
 *
 * Nothing outside is touched: sources, tables and sinks are the test's own, files are refused, time
 * stands until the test moves it, and chance has a fixed seed.
 */
import { createOperator } from '../../../node/operators/create-operator.ts'
import type { RunReport } from '../../../shared/api/run-report.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { Plan } from '../../../shared/planning/plan.ts'
import type { ConnectorCode, ConnectorConfig } from '../../../shared/spi/connector.ts'
import { withColumns } from '../../../connectors/memory/source.ts'
import { captureConfig } from '../../pipeline/capture-sink.ts'
import type { ConnectorRegistry } from '../../embedded/run-options.ts'
import { runPlan } from '../../embedded/run-plan.ts'
import type { BoundExpectation, BoundStep, BoundTest } from '../bind-test.ts'
import { SeenRows, type SeenRow } from '../rows/seen-rows.ts'
import { GIVEN } from '../test-plan.ts'
import { batchOf, GivenInput, GivenSource } from './given-input.ts'
import { NoDisk } from './no-disk.ts'
import { QuietClock } from './quiet-clock.ts'
import { SeenSink } from './seen-sink.ts'

export interface Observed {
  readonly expectation: BoundExpectation
  /** Changes per stream since the last expectation. */
  readonly changes: ReadonlyMap<string, readonly SeenRow[]>
}

export interface Play {
  readonly report: RunReport
  readonly observed: readonly Observed[]
}

/** Every degree of parallelism draws the same. */
const SEED = 1

export async function playTest(test: BoundTest, parallelism: number): Promise<Play> {
  return new Player(test, parallelism).play()
}

class Player {
  readonly #test: BoundTest
  readonly #parallelism: number
  readonly #clock: QuietClock
  readonly #inputs: ReadonlyMap<string, GivenInput>
  /** By sink block. */
  readonly #seen = new Map<string, SeenRows>()
  readonly #observed: Observed[] = []
  readonly #cancel = new AbortController()
  #isOver = false

  constructor(test: BoundTest, parallelism: number) {
    this.#test = test
    this.#parallelism = parallelism
    this.#clock = new QuietClock(test.startMs)
    const sources = test.plan.plan.blocks.filter((block) => block.kind === 'source')
    this.#inputs = new Map(sources.map((source) => [source.name, new GivenInput()]))
    for (const { sink, upsertKey } of test.plan.streams.values()) {
      if (sink !== null && !this.#seen.has(sink)) this.#seen.set(sink, new SeenRows(upsertKey))
    }
    // A source that the test does not mention is empty: nobody waits for it.
    for (const [name, input] of this.#inputs) {
      if (!test.mentioned.has(name)) input.give({ kind: 'end' })
    }
  }

  async play(): Promise<Play> {
    const running = this.#run().finally(() => {
      this.#isOver = true
      this.#clock.onQuiet()
    })
    const steps = this.#giveSteps()
    const report = await running
    await steps
    const { expectAtEnd } = this.#test
    if (expectAtEnd !== null && report.failure === null) this.#observe(expectAtEnd)
    return { report, observed: this.#observed }
  }

  #run(): Promise<RunReport> {
    const { test, parallelism } = { test: this.#test, parallelism: this.#parallelism }
    return runPlan({
      plan: withParallelism(test.plan.plan, parallelism),
      connectors: registryOf(this.#code()),
      operators: createOperator,
      clock: this.#clock,
      random: new SeededRandom(SEED),
      disk: new NoDisk(),
      baseDirectory: test.baseDirectory,
      parallelism,
      watermarks: test.hasWatermarks ? 'given' : 'every-batch',
      cancelSignal: this.#cancel.signal,
      onQuiet: () => this.#clock.onQuiet(),
    })
  }

  #code(): ConnectorCode {
    const { tables } = this.#test
    return {
      openSource: (context) => {
        const input = this.#inputs.get(context.block) ?? new GivenInput()
        return Promise.resolve(new GivenSource(context, input))
      },
      openSink: ({ block }) => Promise.resolve(new SeenSink(this.#seen.get(block) ?? null)),
      readTable: ({ block, columns }) => {
        const batches: readonly Batch[] = tables.get(block) ?? []
        return Promise.resolve(batches.map((batch) => withColumns(batch, columns)))
      },
    }
  }

  async #giveSteps(): Promise<void> {
    await this.#clock.rest()
    for (const step of this.#test.steps) {
      if (this.#isOver) return
      await this.#give(step)
    }
    for (const input of this.#inputs.values()) input.give({ kind: 'end' })
    await this.#clock.rest()
    // A run that rests although all of its input has ended will never end by itself.
    if (!this.#isOver) this.#cancel.abort()
  }

  async #give(step: BoundStep): Promise<void> {
    switch (step.kind) {
      case 'rows':
        for (const batch of step.batches) {
          this.#inputs.get(step.source)?.give(batchOf(step.source, batch))
          await this.#clock.rest()
        }
        return
      case 'watermark':
        for (const [name, input] of this.#inputs) {
          if (step.source === null || step.source === name) {
            input.give({ kind: 'watermark', time: step.ms })
          }
        }
        return this.#clock.rest()
      case 'advance':
        return this.#clock.advance(step.ms)
      default:
        this.#observe(step.expectation)
    }
  }

  #observe(expectation: BoundExpectation): void {
    const taken = new Map<string, readonly SeenRow[]>()
    for (const [sink, seen] of this.#seen) taken.set(sink, seen.take())
    const changes = new Map<string, readonly SeenRow[]>()
    for (const { name, sink } of this.#test.plan.streams.values()) {
      changes.set(name, sink === null ? [] : (taken.get(sink) ?? []))
    }
    this.#observed.push({ expectation, changes })
  }
}

/** Blocks that the author gave more subtasks get those of the test; what must be one stays one. */
function withParallelism(plan: Plan, parallelism: number): Plan {
  const blocks = plan.blocks.map((block) =>
    block.parallelism !== null && block.parallelism > 1 ? { ...block, parallelism } : block,
  )
  return { ...plan, blocks }
}

function registryOf(code: ConnectorCode): ConnectorRegistry {
  const config: ConnectorConfig = { ...captureConfig, name: GIVEN }
  return { config: () => config, code: () => Promise.resolve(code) }
}
