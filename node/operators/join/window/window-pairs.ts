/**
 * Candidate pairs of a firing window: rows of both sides whose keys have one hash. The keys are
 * compared, and what is left of the condition evaluated, over many pairs at once.
 *
 * Owns: the pairs at hand, at most `capacity`, in the order in which they come out.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { StreamError } from '../../../../shared/base/errors.ts'
import { BATCH_RECORDS_MAX } from '../../../../shared/base/limits.ts'
import type { Batch, BatchSchema, Column } from '../../../../shared/model/batch.ts'
import type { JoinCore } from '../../../../shared/planning/plan.ts'
import type { OperatorContext } from '../../operator.ts'
import { pairColumns, type PairPredicate, residualInputs } from '../pair-filter.ts'
import { pairRow } from '../pair-row.ts'
import { LEFT, RIGHT, type Side } from '../pair-writer.ts'
import { unmarkDifferent } from './same-keys.ts'
import type { WindowSide } from './window-side.ts'

export class WindowPairs {
  readonly capacity: number
  /** Positions among the due rows of each side. */
  readonly lefts: Int32Array
  readonly rights: Int32Array
  count = 0
  /** Numbers of the kept rows, and times of the left ones, after `check`. */
  readonly leftRows: Int32Array
  readonly rightRows: Int32Array
  readonly times: Float64Array
  readonly #sides: readonly [WindowSide, WindowSide]
  readonly #marks: Uint8Array
  readonly #predicate: PairPredicate | null
  readonly #schema: BatchSchema
  /** Kept columns that the condition reads, of each side. */
  readonly #inputs: readonly [readonly number[], readonly number[]]
  readonly #alias: string
  readonly #eventTime: Float64Array
  readonly #errors = new Map<number, unknown>()
  /** By kept column of each side: its values of the pairs at hand. */
  readonly #gathered: readonly [Map<number, Column>, Map<number, Column>] = [new Map(), new Map()]

  constructor(
    core: JoinCore,
    sides: readonly [WindowSide, WindowSide],
    { predicate, capacity = BATCH_RECORDS_MAX }: PairsOptions,
  ) {
    assert((core.residual === null) === (predicate === null), 'a condition comes compiled')
    this.capacity = capacity
    this.lefts = new Int32Array(capacity)
    this.rights = new Int32Array(capacity)
    this.leftRows = new Int32Array(capacity)
    this.rightRows = new Int32Array(capacity)
    this.times = new Float64Array(capacity)
    this.#eventTime = new Float64Array(capacity)
    this.#marks = new Uint8Array(capacity)
    this.#sides = sides
    this.#predicate = predicate
    this.#alias = core.alias
    this.#schema = { columns: predicate === null ? [] : pairColumns(core) }
    const inputs = (side: Side): number[] =>
      residualInputs(core, side).map((input) => sides[side].positionOf(input))
    this.#inputs = [inputs(LEFT), inputs(RIGHT)]
  }

  /** Leaves only pairs that match. */
  check(context: Pick<OperatorContext, 'fail'>): void {
    this.#readRows()
    const marks = this.#marks.fill(1, 0, this.count)
    if (this.#unmarkKeys(marks) > 0) this.#compact(marks)
    if (this.#predicate === null || this.count === 0) return
    this.#compact(this.#evaluate(this.#predicate, context))
  }

  /** A kept column of one side, of the pairs at hand. */
  columnOf(side: Side, column: number): Column {
    const known = this.#gathered[side].get(column)
    if (known !== undefined) return known
    const rows = side === LEFT ? this.leftRows : this.rightRows
    const made = this.#sides[side].kept.gather(rows, this.count, column)
    this.#gathered[side].set(column, made)
    return made
  }

  /** Other pairs are at hand. */
  #forget(): void {
    for (const columns of this.#gathered) columns.clear()
  }

  #readRows(): void {
    this.#forget()
    const { lefts, rights, leftRows, rightRows, times, count } = this
    const [{ due: left }, { due: right }] = this.#sides
    for (let at = 0; at < count; at++) {
      const position = lefts[at] as number
      leftRows[at] = left.rows[position] as number
      times[at] = left.times[position] as number
      rightRows[at] = right.rows[rights[at] as number] as number
    }
  }

  #unmarkKeys(marks: Uint8Array): number {
    const [left, right] = this.#sides
    let lost = 0
    left.keyColumns.forEach((column, index) => {
      const own = this.columnOf(LEFT, column)
      const other = this.columnOf(RIGHT, right.keyColumns[index] ?? -1)
      lost += unmarkDifferent(own, other, this.count, marks)
    })
    return lost
  }

  /** A byte per pair: 1 where the condition is true. A pair for which it throws is none, and fails. */
  #evaluate(predicate: PairPredicate, context: Pick<OperatorContext, 'fail'>): Uint8Array {
    const { count } = this
    const columns = [
      ...this.#inputs[LEFT].map((column) => this.columnOf(LEFT, column)),
      ...this.#inputs[RIGHT].map((column) => this.columnOf(RIGHT, column)),
    ]
    const eventTime = this.#eventTime
    const pairs: Batch = { schema: this.#schema, length: count, eventTime, kind: null, columns }
    this.#errors.clear()
    const mask = predicate(pairs, (pair, error) => this.#errors.set(pair, error))
    for (const [pair, error] of this.#errors) {
      mask[pair] = 0
      this.#fail(pair, error, context)
    }
    return mask
  }

  #fail(at: number, error: unknown, context: Pick<OperatorContext, 'fail'>): void {
    if (!(error instanceof StreamError)) throw error
    const [left, right] = this.#sides
    const own = left.rowAsBatch(this.leftRows[at] as number)
    const other = right.rowAsBatch(this.rightRows[at] as number)
    const payload = (): unknown => pairRow(own, other, this.#alias)
    const { code, message } = error
    context.fail({ code, message, error, payload, ofResult: true })
  }

  /** Pairs with byte 1 stay. */
  #compact(marks: Uint8Array): void {
    this.#forget()
    const { lefts, rights, leftRows, rightRows, times, count } = this
    let kept = 0
    for (let at = 0; at < count; at++) {
      if (marks[at] !== 1) continue
      lefts[kept] = lefts[at] as number
      rights[kept] = rights[at] as number
      leftRows[kept] = leftRows[at] as number
      rightRows[kept] = rightRows[at] as number
      times[kept] = times[at] as number
      kept += 1
    }
    this.count = kept
  }
}

export interface PairsOptions {
  readonly predicate: PairPredicate | null
  /** Pairs at hand, at most. For tests. */
  readonly capacity?: number | undefined
}
