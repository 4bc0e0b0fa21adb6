/** Naive models of windowed aggregates, and a harness that drives the operator over cut batches. */
import { aggregateOperator } from '../../../node/operators/aggregate/aggregate-operator.ts'
import type { AggregateSetup } from '../../../node/operators/aggregate/aggregate-setup.ts'
import {
  MORE,
  type OperatorContext,
  type Progress,
  type RecordFailure,
} from '../../../node/operators/operator.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import type { DataType } from '../../../shared/model/data-type.ts'
import type { ColumnSpec, Layout } from '../../../shared/model/layout.ts'
import type { AggregateCall, AggregateCore, WindowPlan } from '../../../shared/planning/plan.ts'

export interface InputRow {
  readonly time: number
  readonly kind?: number
  readonly values: readonly unknown[]
}

export interface OutputRow {
  readonly time: number
  readonly kind: number
  readonly values: readonly unknown[]
}

export function spec(
  path: string,
  kind: string,
  options: { layout?: Layout; nullable?: boolean; scale?: number } = {},
): ColumnSpec {
  const type = (
    kind === 'decimal' ? { kind, precision: 15, scale: options.scale ?? 2 } : { kind }
  ) as DataType
  const layout =
    options.layout ?? (kind === 'string' ? 'utf8' : kind === 'boolean' ? 'bool' : 'f64')
  return { path, type, nullable: options.nullable ?? false, layout }
}

export function call(
  fn: string,
  args: number[],
  result: ColumnSpec,
  where: number | null = null,
): AggregateCall {
  return { fn, args, where, lastMs: null, options: {}, result, user: null }
}

/** Of windows by event time that take no late records and fire once. */
export const TIMING = {
  time: 'event',
  allowedLatenessMs: 0,
  earlyMs: null,
  emit: 'updates',
} as const

/** The columns of the late output. */
export function lateColumnsOf(input: readonly ColumnSpec[]): ColumnSpec[] {
  return [
    ...input,
    spec('_late.by', 'duration'),
    spec('_late.watermark', 'timestamp'),
    spec('_late.window_start', 'timestamp'),
    spec('_late.window_end', 'timestamp'),
  ]
}

export function coreOf(
  input: readonly ColumnSpec[],
  key: readonly number[],
  window: WindowPlan | null,
  calls: readonly AggregateCall[],
): AggregateCore {
  const bounds =
    window === null
      ? []
      : [
          spec('window_start', 'timestamp', { nullable: window.type === 'global' }),
          spec('window_end', 'timestamp', { nullable: window.type === 'global' }),
        ]
  return {
    kind: 'aggregate',
    input: input.map((one) => ({
      spec: one,
      expr: { node: 'column', path: one.path, type: one.type, nullable: one.nullable },
    })),
    key,
    window,
    calls,
    passed: [],
    output: [
      ...key.map((index) => input[index]!),
      ...bounds,
      ...calls.map((one, index) => ({ ...one.result, path: `$${index}` })),
    ],
  }
}

/** Drives one operator; `pushBack` makes the output full after every batch. */
export class Harness {
  readonly rows: OutputRow[] = []
  readonly late: OutputRow[] = []
  readonly failures: RecordFailure[] = []
  readonly wakes: number[] = []
  now = 0
  readonly counters = {
    passed: 0,
    absorbed: 0,
    filtered: 0,
    duplicate: 0,
    late: 0,
    rejected: 0,
    expiredKeys: 0,
    droppedTimers: 0,
    unmatchedRetractions: 0,
  }
  readonly operator
  readonly #input: readonly ColumnSpec[]
  #isFull = false
  readonly #pushBack: boolean

  constructor(setup: AggregateSetup, options: { pushBack?: boolean } = {}) {
    this.#pushBack = options.pushBack ?? false
    this.#input = setup.core.input.map((one) => one.spec)
    this.operator = aggregateOperator(setup)
    const fill = () => {
      this.#isFull = this.#pushBack
    }
    const isFull = () => this.#isFull
    const output = (sink: OutputRow[]) => ({
      emit(batch: Batch) {
        sink.push(...rowsOf(batch))
        fill()
      },
      get isFull() {
        return isFull()
      },
    })
    const outputs = { main: output(this.rows), late: output(this.late) }
    const context: OperatorContext = {
      output: (name) => outputs[name as 'main' | 'late'],
      fail: (failure) => this.failures.push(failure),
      wakeAt: (time) => this.wakes.push(time),
      now: () => this.now,
      counters: this.counters,
      subtask: 0,
      subtaskCount: 1,
    }
    this.operator.open(context)
  }

  batch(rows: readonly InputRow[]): void {
    const builder = new BatchBuilder({ columns: this.#input }, Math.max(1, rows.length))
    for (const row of rows) builder.append(row.values, row.time, row.kind ?? 0)
    this.#drive(this.operator.onBatch(0, builder.finish()))
  }

  watermark(watermark: number): void {
    this.#drive(this.operator.onWatermark(watermark))
  }

  processingTime(now: number): void {
    this.now = now
    this.#drive(this.operator.onProcessingTime(now))
  }

  end(): void {
    this.watermark(Number.POSITIVE_INFINITY)
    this.#drive(this.operator.onEnd(0))
    this.operator.close()
  }

  #drive(progress: Progress): void {
    let state = progress
    while (state === MORE) {
      this.#isFull = false
      state = this.operator.resume()
    }
    this.#isFull = false
  }
}

function rowsOf(batch: Batch): OutputRow[] {
  return Array.from({ length: batch.length }, (_, row) => ({
    time: batch.eventTime[row]!,
    kind: batch.kind?.[row] ?? 0,
    values: batch.columns.map((one) => valueAt(one, row)),
  }))
}

/** Folds changes to the rows in force: by all values but the last `results`. */
export function fold(
  rows: readonly OutputRow[],
  results: number,
  options: { retract: boolean },
): string[] {
  return new RowsInForce(results, options).after(rows)
}

/** As `fold`, of rows that become more: those that it has seen are not folded again. */
export class RowsInForce {
  readonly #results: number
  readonly #isRetract: boolean
  readonly #inForce = new Map<string, string>()
  #seen = 0

  constructor(results: number, options: { retract: boolean }) {
    this.#results = results
    this.#isRetract = options.retract
  }

  /** The rows in force after all of `rows`, which begin with those of the last call. */
  after(rows: readonly OutputRow[]): string[] {
    for (; this.#seen < rows.length; this.#seen++) this.#take(rows[this.#seen]!)
    return [...this.#inForce.values()].toSorted()
  }

  #take({ kind, values }: OutputRow): void {
    const key = JSON.stringify(values.slice(0, values.length - this.#results))
    const text = JSON.stringify(values, (_, value) =>
      typeof value === 'bigint' ? `${value}n` : value,
    )
    const known = this.#inForce.get(key)
    if (kind === 0 && known !== undefined) throw new Error(`inserted twice: ${text}`)
    if (kind === 2 && this.#isRetract && known !== undefined)
      throw new Error(`not taken back first: ${text}`)
    if (kind === 2 && !this.#isRetract && known === undefined)
      throw new Error(`updates nothing: ${text}`)
    if (kind === 1 || kind === 3) {
      if (known !== text) throw new Error(`takes back what is not there: ${text}, but ${known}`)
      this.#inForce.delete(key)
    } else this.#inForce.set(key, text)
  }
}
