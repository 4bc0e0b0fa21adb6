/**
 * Runs a process function: a TypeScript function per record, with keyed state, timers and side
 * outputs.
 *
 * What a call writes (rows, state, timers) is kept when it returns and discarded when it throws;
 * the record then goes by `on_error`. Emitted rows have the event time of the record or timer.
 *
 * Null is a key. Late records: the function sees them like others, with the watermark beside.
 * Changes: append input only. End of input: at +∞ each event timer that was set before fires once,
 * in order; timers that are set from then on, and processing timers, are dropped and counted.
 */
import { assert } from '../../../shared/base/assert.ts'
import type {
  ProcessContext,
  ProcessorDefinition,
} from '../../../shared/api/processor-definition.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { rowAt } from '../../../shared/model/batch-rows.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { toUserValue } from '../../../shared/model/rows/user-value.ts'
import type { ProcessCore } from '../../../shared/planning/plan.ts'
import type { StateStore } from '../../state/state-store.ts'
import { KeyedBatch, specsOf } from '../keyed-batch.ts'
import { KeyTtl } from '../key-ttl.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { ProcessCall } from './process-call.ts'
import type { CurrentKey } from './held-state.ts'
import { processStates, type ProcessStates } from './process-state.ts'
import { ProcessTimers } from './process-timers.ts'
import { UserRowReader, UserRowWriter } from './user-rows.ts'

export interface ProcessOptions {
  readonly core: ProcessCore
  readonly definition: ProcessorDefinition
  readonly store: StateStore
  readonly ttlMs: number | null
  /** No source has event time: `ttl` counts by processing time (D5). Default false. */
  readonly ttlByProcessingTime?: boolean
  /** Rows of emitted batches, at most; for tests. */
  readonly batchRows?: number
}

type OnRecord = (row: unknown, context: ProcessContext) => unknown

export class ProcessOperator implements Operator {
  readonly #options: ProcessOptions
  readonly #batchKey: KeyedBatch
  /** Of the call that runs or ran last; shared with states and timers. */
  readonly #key: CurrentKey
  readonly #states: ProcessStates
  readonly #timers: ProcessTimers
  readonly #ttl: KeyTtl | null
  readonly #call: ProcessCall
  readonly #reader: UserRowReader
  readonly #builders: ReadonlyMap<string, BatchBuilder>
  readonly #capacity: number
  /** Batches that are whole and not yet emitted. */
  readonly #ready: { readonly output: string; readonly batch: Batch }[] = []
  #batch: Batch | null = null
  #row = 0
  #isFiring = false
  /** After +∞ nothing can come due any more. */
  #isEnding = false
  #watermark = Number.NEGATIVE_INFINITY
  /** Processing time of the last batch; kept only where `ttl` counts by it. */
  #batchAt = Number.NEGATIVE_INFINITY
  #context: OperatorContext | null = null

  constructor(options: ProcessOptions) {
    const { core, definition, store, ttlMs } = options
    const input = specsOf(core.input)
    this.#options = options
    this.#capacity = options.batchRows ?? BATCH_RECORDS_MAX
    this.#batchKey = new KeyedBatch(input, core.key)
    this.#key = { batch: this.#batchKey, row: 0 }
    this.#states = processStates(definition.state, store, this.#key)
    this.#timers = new ProcessTimers(store, this.#key)
    this.#ttl = ttlMs === null ? null : new KeyTtl(store, this.#batchKey.specs, ttlMs)
    this.#reader = new UserRowReader(input, definition.input?.map((field) => field.name) ?? null)
    const outputs = Object.entries({ main: core.output, ...core.sides })
    this.#builders = new Map(
      outputs.map(([name, columns]) => [name, new BatchBuilder({ columns }, 64)]),
    )
    const writers = outputs.map(
      ([name, columns]) => [name, new UserRowWriter(columns, `a row emitted to ${name}`)] as const,
    )
    this.#call = new ProcessCall({
      writers: new Map(writers),
      states: this.#states.handles,
      with: core.with,
      key: () => this.#userKey(),
    })
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    if (this.#options.ttlByProcessingTime === true) {
      this.#batchAt = this.#opened().now()
      this.#expire(this.#batchAt)
    }
    this.#batchKey.open(batch)
    this.#batch = batch
    this.#row = 0
    return this.#runBatch(batch)
  }

  onWatermark(watermark: number): Progress {
    this.#watermark = watermark
    if (this.#options.ttlByProcessingTime !== true) this.#expire(watermark)
    if (watermark === Number.POSITIVE_INFINITY) {
      this.#isEnding = true
      this.#opened().counters.droppedTimers += this.#timers.processing.size
      this.#timers.processing.clear()
    }
    this.#timers.begin(this.#timers.event, watermark)
    return this.#fire()
  }

  onProcessingTime(now: number): Progress {
    if (this.#options.ttlByProcessingTime === true) this.#expire(now)
    this.#timers.begin(this.#timers.processing, now)
    return this.#fire()
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    if (this.#isFiring) return this.#fire()
    return this.#batch === null ? this.#drain() : this.#runBatch(this.#batch)
  }

  outputWatermark(watermark: number): number {
    return watermark
  }

  close(): void {
    this.#context = null
  }

  #runBatch(batch: Batch): Progress {
    const { onRecord } = this.#options.definition
    while (this.#row < batch.length) {
      if (this.#drain() === MORE) return MORE
      const row = this.#row++
      this.#key.batch = this.#batchKey
      this.#key.row = row
      const time = batch.eventTime[row] as number
      const isKept = this.#runCall(time, {
        call: (context) => (onRecord as OnRecord)(this.#reader.read(batch, row), context),
        payload: () => rowAt(batch, row),
        ofResult: false,
      })
      if (isKept) this.#opened().counters.absorbed++
    }
    this.#batch = null
    this.#askWake()
    return this.#flush()
  }

  #fire(): Progress {
    const { onTimer } = this.#options.definition
    this.#isFiring = true
    for (;;) {
      if (this.#drain() === MORE) return MORE
      const time = this.#timers.next()
      if (time === null) break
      if (onTimer === null) continue
      this.#runCall(time, {
        call: (context) => onTimer(time, context),
        payload: () => ({ timer: new Date(time).toISOString() }),
        ofResult: true,
      })
    }
    this.#isFiring = false
    this.#askWake()
    return this.#flush()
  }

  /** Answers whether the call returned; else all it wrote is discarded and the failure routed. */
  #runCall(
    time: number,
    of: {
      readonly call: (context: ProcessContext) => unknown
      readonly payload: () => unknown
      readonly ofResult: boolean
    },
  ): boolean {
    try {
      this.#call.run(time, this.#watermark, of.call)
    } catch (cause) {
      this.#call.discard()
      for (const state of this.#states.all) state.discard()
      const error = asFailure(cause)
      const key = this.#userKey()
      this.#opened().fail({
        code: error.code,
        message: error.message,
        error,
        payload: of.payload,
        key: () => key,
        ...(of.ofResult ? { ofResult: true } : {}),
      })
      return false
    }
    this.#keep(time)
    return true
  }

  #keep(time: number): void {
    const call = this.#call
    let isWritten = false
    for (const state of this.#states.all) {
      if (!state.isWritten) continue
      isWritten = true
      state.commit()
    }
    if (isWritten) this.#ttl?.touch(this.#key.batch, this.#key.row)
    for (const write of call.timerWrites) {
      if (this.#isEnding && write.kind !== 'delete') this.#opened().counters.droppedTimers++
      else this.#timers.write(write)
    }
    for (const { output, values } of call.rows) {
      const builder = this.#builders.get(output)
      assert(builder !== undefined, 'an emitted row has an output')
      builder.append(values, time)
      if (builder.length === this.#capacity) this.#ready.push({ output, batch: builder.finish() })
    }
    call.discard()
  }

  /** Emits whole batches, as far as the outputs take them. */
  #drain(): Progress {
    for (let next = this.#ready[0]; next !== undefined; next = this.#ready[0]) {
      const output = this.#opened().output(next.output)
      if (output.isFull) return MORE
      output.emit(next.batch)
      this.#ready.shift()
    }
    return DONE
  }

  #flush(): Progress {
    for (const [output, builder] of this.#builders)
      if (builder.length > 0) this.#ready.push({ output, batch: builder.finish() })
    return this.#drain()
  }

  #askWake(): void {
    const context = this.#opened()
    const time = this.#timers.processing.nextTime
    if (time < Number.POSITIVE_INFINITY) context.wakeAt(time)
    const dueAt = this.#batchAt + (this.#options.ttlMs ?? 0)
    if (this.#ttl !== null && dueAt > context.now()) context.wakeAt(dueAt)
  }

  #expire(watermark: number): void {
    this.#ttl?.expire(watermark, this.#opened().counters, (key) => {
      this.#key.batch = key
      this.#key.row = 0
      for (const state of this.#states.all) state.forget()
    })
  }

  /** The value of the key, or an object of them when it has several columns; null without a key. */
  #userKey(): unknown {
    const { batch, row } = this.#key
    const parts = batch.specs.map((spec, index) => {
      const column = batch.columns[index]
      const value = column === undefined ? null : toUserValue(valueAt(column, row), spec.type)
      return [spec.path.split('.').at(-1) ?? spec.path, value] as const
    })
    return parts.length > 1 ? Object.fromEntries(parts) : (parts[0]?.[1] ?? null)
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }
}

function asFailure(cause: unknown): StreamError {
  if (cause instanceof StreamError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  return new StreamError('PROCESS_THREW', `the function threw: ${message}`, { cause })
}
