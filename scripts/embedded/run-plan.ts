/**
 * Runs a plan in this process and thread, from its start to one of its ends (D17).
 *
 * Owns: what was opened. However the run ends, everything is closed, and a sink shows its output
 * only when all sinks have all of it: they finish together, or abort together.
 */
import { RunFailedError, failureOf } from '../../node/task/run-failure.ts'
import { Subtask } from '../../node/task/subtask.ts'
import { TaskLoop } from '../../node/task/task-loop.ts'
import { wireStages, type Place, type Wiring } from '../../node/task/wiring.ts'
import { StreamError } from '../../shared/base/errors.ts'
import { PROGRESS_INTERVAL_MS } from '../../shared/base/limits.ts'
import {
  imbalances,
  type RunOutcome,
  type RunReport,
  type SinkOutcome,
} from '../../shared/api/run-report.ts'
import { planExecution } from '../../shared/planning/execution/execution-plan.ts'
import type { ExecutionPlan } from '../../shared/planning/execution/stage.ts'
import { weighBuffers } from './buffer-memory.ts'
import { DEAD_LETTER_SINK, withDeadLetterSink } from './default-dead-letters.ts'
import { StageOpener } from './open-stages.ts'
import { ProgressMeter } from './progress.ts'
import { blockReports, edgeReports, withInWork } from './report-counts.ts'
import type { RunOptions } from './run-options.ts'

export async function runPlan(given: RunOptions): Promise<RunReport> {
  weighBuffers(process.versions.v8)
  const options = { ...given, plan: withDeadLetterSink(given.plan) }
  return new EmbeddedRun(options).run()
}

class EmbeddedRun {
  readonly #options: RunOptions
  readonly #execution: ExecutionPlan
  readonly #wiring: Wiring
  readonly #opener: StageOpener
  readonly #notes: string[] = []
  readonly #startedAt: number
  readonly #startedMonotonic: number
  #loop: TaskLoop | null = null
  #subtasks: readonly Subtask[] = []
  #meter: ProgressMeter | null = null
  #isDraining = false
  #isCancelled = false
  #isFinishing = false
  #failure: RunFailedError | null = null
  readonly #outcomes: SinkOutcome[] = []

  constructor(options: RunOptions) {
    const onNote = (block: string, text: string): void => {
      this.#notes.push(`${block}: ${text}`)
      options.onNote?.(block, text)
    }
    this.#options = { ...options, onNote }
    const { clock, plan, connectors } = options
    this.#startedAt = clock.now()
    this.#startedMonotonic = clock.monotonic()
    this.#execution = planExecution(plan, {
      parallelism: options.parallelism ?? 1,
      isSingleSink: (block) => {
        const config = connectors.config(block.connector)
        return config?.describeSink?.(block.config).single ?? block.parallelism === null
      },
    })
    this.#wiring = wireStages(this.#execution, clock)
    const wake = (): void => this.#loop?.wake()
    this.#opener = new StageOpener(this.#options, this.#execution, this.#wiring, wake)
  }

  async run(): Promise<RunReport> {
    const { signal, cancelSignal } = this.#options
    const drain = (): void => this.#drain()
    const cancel = (): void => this.#cancel()
    const timer = new AbortController()
    try {
      signal?.addEventListener('abort', drain)
      cancelSignal?.addEventListener('abort', cancel)
      await this.#opener.open()
      this.#build()
      if (signal?.aborted === true) this.#drain()
      if (cancelSignal?.aborted === true) this.#cancel()
      void this.#drainLater(timer.signal)
      const ended = await this.#loop?.run()
      if (ended === 'done' && !this.#isCancelled) {
        this.#assertBalanced()
        this.#isFinishing = true
        await this.#finishSinks()
      }
    } catch (cause) {
      this.#failure = failureOf('pipeline', 'INTERNAL_ERROR', cause)
    }
    timer.abort()
    signal?.removeEventListener('abort', drain)
    cancelSignal?.removeEventListener('abort', cancel)
    await this.#release()
    this.#options.onProgress?.(this.#snapshot())
    return this.#report()
  }

  #build(): void {
    const { clock, onQuiet, onProgress, plan } = this.#options
    const monotonic = (): number => clock.monotonic()
    this.#subtasks = this.#execution.chains.flatMap((chain) => {
      const head = this.#execution.stages[chain[0] ?? 0]
      return Array.from({ length: head?.parallelism ?? 1 }, (_, index) => {
        const nodes = chain.map((stage) => this.#opener.nodeAt(stage, index))
        return new Subtask(`${head?.id ?? ''}#${index}`, nodes, monotonic)
      })
    })
    const { sources } = this.#opener
    const subtasks = this.#subtasks
    const watermarkOf = this.#watermarkOf
    const wiring = this.#wiring
    this.#meter = new ProgressMeter({ plan, wiring, clock, subtasks, sources, watermarkOf })
    const onPause = (now: number): number => {
      onProgress?.(this.#snapshot())
      return now + PROGRESS_INTERVAL_MS
    }
    this.#loop = new TaskLoop({
      subtasks,
      clock,
      ...(onProgress === undefined ? {} : { onPause }),
      ...(onQuiet === undefined ? {} : { onQuiet }),
    })
  }

  #snapshot() {
    const empty = { done: null, total: null, unit: null }
    return (
      this.#meter?.snapshot(this.#isDraining) ?? {
        elapsedMs: 0,
        blocks: [],
        isEnding: this.#isDraining,
        ...empty,
      }
    )
  }

  async #drainLater(signal: AbortSignal): Promise<void> {
    const { clock, durationMs } = this.#options
    if (durationMs === undefined) return
    await clock.sleep(durationMs, signal)
    if (!signal.aborted) this.#drain()
  }

  #drain(): void {
    this.#isDraining = true
    for (const source of this.#opener.sources) source.stop()
    this.#loop?.wake()
  }

  /** A reason that is an error of ours is why the run fails. Once output is visible it stays. */
  #cancel(): void {
    const reason: unknown = this.#options.cancelSignal?.reason
    if (reason instanceof StreamError) {
      this.#failure ??= failureOf('pipeline', 'INTERNAL_ERROR', reason)
    }
    if (this.#isFinishing) return
    this.#isCancelled = true
    this.#loop?.cancel()
  }

  /** Before anything becomes visible: a run that lost or doubled a row shows nothing. */
  #assertBalanced(): void {
    const wrong = imbalances(this.#report())
    if (wrong.length > 0) throw new StreamError('COUNTS_UNBALANCED', wrong.join('; '))
  }

  /** DECISION: output becomes visible here, sink by sink, after every sink has all of its input. */
  async #finishSinks(): Promise<void> {
    for (const sink of this.#opener.sinks) {
      const { rows, bytes, places } = await sink.finish()
      this.#finished.add(sink)
      if (sink.block === DEAD_LETTER_SINK && rows === 0) continue
      this.#outcomes.push({ block: sink.block, rows, bytes, places })
    }
  }

  readonly #finished = new Set<unknown>()

  /** Aborts what did not finish, closes everything; a failure here does not hide an earlier one. */
  async #release(): Promise<void> {
    const { sinks, sources, operators } = this.#opener
    const isComplete = this.#failure === null && !this.#isCancelled
    const open = isComplete ? [] : sinks.filter((sink) => !this.#finished.has(sink))
    for (const sink of open) await this.#attempt(sink.block, () => sink.abort())
    for (const source of sources) await this.#attempt(source.id, () => source.close())
    for (const operator of operators) await this.#attempt(operator.id, () => operator.close())
    for (const sink of sinks) await this.#attempt(sink.block, () => sink.close())
    await this.#opener.tables.close()
  }

  async #attempt(block: string, close: () => Promise<void>): Promise<void> {
    try {
      await close()
    } catch (cause) {
      this.#failure ??= failureOf(block, 'INTERNAL_ERROR', cause)
    }
  }

  #report(): RunReport {
    const { plan, clock, parallelism = 1 } = this.#options
    const outcome = this.#outcome()
    const isWhole = outcome === 'finished' || outcome === 'drained'
    const blocks = blockReports(plan, this.#wiring, this.#watermarkOf)
    return {
      pipeline: plan.pipeline,
      outcome,
      startedAt: this.#startedAt,
      durationMs: clock.monotonic() - this.#startedMonotonic,
      parallelism,
      failure: this.#failure?.failure ?? null,
      blocks: isWhole ? blocks : withInWork(blocks),
      edges: edgeReports(this.#wiring),
      subtasks: this.#subtasks.map(({ id, times }) => ({ id, ...times })),
      sinks: this.#outcomes,
      tables: this.#opener.tables.reports(),
      notes: this.#notes,
    }
  }

  #outcome(): RunOutcome {
    if (this.#failure !== null) return 'failed'
    if (this.#isCancelled) return 'cancelled'
    return this.#isDraining ? 'drained' : 'finished'
  }

  readonly #watermarkOf = (place: Place): number | null => {
    const node = this.#opener.nodes.get(place)
    return node !== undefined && 'watermark' in node && typeof node.watermark === 'number'
      ? node.watermark
      : null
  }
}
