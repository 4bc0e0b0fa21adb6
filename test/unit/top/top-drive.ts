/** Drives an operator of one input by hand and folds what it says into the rows that hold. */
import type {
  Operator,
  OperatorContext,
  OperatorCounters,
} from '../../../node/operators/operator.ts'
import { MORE } from '../../../node/operators/operator.ts'
import { DELETE, INSERT, UPDATE_BEFORE, type Batch } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'

export class Driven {
  readonly counters: OperatorCounters
  /** Changes of all kinds, in order; a row is its values as text. */
  readonly changes: { readonly kind: number; readonly values: readonly unknown[] }[] = []
  /** Texts of the changes that `rows` has seen. */
  readonly #texts: string[] = []
  readonly #operator: Operator
  readonly #isFull: () => boolean

  constructor(operator: Operator, isFull: () => boolean = () => false) {
    this.#operator = operator
    this.#isFull = isFull
    this.counters = {
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
    operator.open(this.#context())
  }

  give(batch: Batch): void {
    let progress = this.#operator.onBatch(0, batch)
    while (progress === MORE) progress = this.#operator.resume()
  }

  watermark(time: number): void {
    this.#operator.onWatermark(time)
  }

  #context(): OperatorContext {
    const add = (batch: Batch): void => {
      for (let row = 0; row < batch.length; row++) {
        const values = batch.columns.map((column) => valueAt(column, row))
        this.changes.push({ kind: batch.kind?.[row] ?? INSERT, values })
      }
    }
    const isFull = this.#isFull
    const output = {
      emit: add,
      get isFull() {
        return isFull()
      },
    }
    return {
      output: () => output,
      fail: () => {
        throw new Error('no row fails')
      },
      wakeAt: () => {},
      now: () => 0,
      counters: this.counters,
      subtask: 0,
      subtaskCount: 1,
    }
  }

  /** The rows that hold by all changes so far, sorted. `key`: of an upsert edge; null for retract. */
  rows(key: readonly number[] | null): string[] {
    const held = new Map<string, { text: string; count: number }>()
    for (const [at, { kind, values }] of this.changes.entries()) {
      const text = (this.#texts[at] ??= textOf(values))
      const isBack = kind === DELETE || (key === null && kind === UPDATE_BEFORE)
      if (kind === UPDATE_BEFORE && key !== null) continue
      const name = key === null ? text : textOf(key.map((column) => values[column]))
      const count = key === null ? (held.get(name)?.count ?? 0) : 0
      if (isBack && count <= 1) held.delete(name)
      else held.set(name, { text, count: count + (isBack ? -1 : 1) })
    }
    const texts = [...held.values()].flatMap(({ text, count }) => Array<string>(count).fill(text))
    return texts.toSorted((a, b) => (a < b ? -1 : Number(a > b)))
  }
}

function textOf(values: readonly unknown[]): string {
  return JSON.stringify(values, (_, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value === undefined ? null : value,
  )
}
