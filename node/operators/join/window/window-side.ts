/**
 * One side of a window join without corrections: rows are kept by reference until their window
 * fires, and then let go of together.
 *
 * Owns: the kept rows, which of them wait and which are due, and the memory of both.
 *
 * Invariant: a kept row is retained exactly while it is pending or due.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../../shared/base/limits.ts'
import type { Batch, Column } from '../../../../shared/model/batch.ts'
import type { JoinCore, JoinSide } from '../../../../shared/planning/plan.ts'
import { compileKeyHash, type KeyHash } from '../../../../shared/model/key-hash/key-hash-compile.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { KeptBatches } from '../../../state/kept/kept-batches.ts'
import type { StateStore } from '../../../state/state-store.ts'
import type { OperatorCounters } from '../../operator.ts'
import { residualInputs } from '../pair-filter.ts'
import { LEFT, type Side } from '../pair-writer.ts'
import { columnAt, inLayout, isLeftOnly, keySpecs, nullRows, specAt } from '../side-state.ts'
import { type BatchRow, onlyKeptRow } from '../side-state.ts'
import { DueRows } from './due-rows.ts'
import { PendingRows } from './pending-rows.ts'

export interface WindowSideOptions {
  readonly core: JoinCore
  readonly side: Side
  readonly store: StateStore
  /** Whether rows whose key has a null may come out. */
  readonly storesNullKeys: boolean
}

export class WindowSide {
  readonly kept: KeptBatches
  readonly due = new DueRows()
  /** Indexes into the kept columns of those of the key. */
  readonly keyColumns: readonly number[]
  readonly #pending: PendingRows
  readonly #side: JoinSide
  /** Indexes into the input of the kept columns. */
  readonly #stored: readonly number[]
  readonly #keySpecs: readonly ColumnSpec[]
  readonly #hash: KeyHash
  readonly #storesNullKeys: boolean
  #laneA = new Int32Array(BATCH_RECORDS_MAX)
  #laneB = new Int32Array(BATCH_RECORDS_MAX)

  constructor({ core, side, store, storesNullKeys }: WindowSideOptions) {
    const own = side === LEFT ? core.left : core.right
    this.#side = own
    this.#storesNullKeys = storesNullKeys
    this.#pending = new PendingRows(store.memory)
    const output = side !== LEFT && isLeftOnly(core) ? [] : own.kept
    this.#stored = [...new Set([...output, ...residualInputs(core, side), ...own.key])]
    this.keyColumns = own.key.map((input) => this.positionOf(input))
    this.#keySpecs = keySpecs(core)
    this.#hash = compileKeyHash(this.#keySpecs)
    const name = side === LEFT ? 'left' : 'right'
    const specs = this.#stored.map((input) => specAt(own, input))
    this.kept = store.kept(name, specs, { order: 'counted' })
  }

  /** The smallest time of a row whose window has not fired. */
  get nextTime(): number {
    return this.#pending.least
  }

  /** The kept column of an input column. */
  positionOf(input: number): number {
    const at = this.#stored.indexOf(input)
    assert(at >= 0, `column ${input} is kept`)
    return at
  }

  /** Takes the rows of a batch that are not late. */
  take(batch: Batch, watermark: number, counters: OperatorCounters): void {
    const { length } = batch
    const columns = this.#stored.map((input) => columnAt(batch, input))
    const hasNullKeys = this.#openKeys(batch)
    const first = this.kept.keep(columns, length)
    const isEach = (hasNullKeys && !this.#storesNullKeys) || !(leastOf(batch) > watermark)
    const late = isEach ? this.#addSome(first, batch, watermark) : this.#addAll(first, batch)
    this.kept.settle()
    counters.late += late
    counters.absorbed += length - late
  }

  /** Rows of times up to `watermark` become due. */
  moveDue(watermark: number): void {
    this.#pending.moveDue(watermark, this.due)
  }

  /** The due rows go. */
  releaseDue(): void {
    this.kept.releaseAll(this.due.rows, this.due.count)
    this.due.clear()
    if (this.kept.needsCompaction) this.kept.compact((move) => this.#pending.renumber(move))
  }

  close(): void {
    this.#pending.close()
  }

  /** A kept row with all of its columns, as the only row of a batch: for messages. */
  rowAsBatch(row: number): BatchRow {
    const specs = this.#stored.map((input) => specAt(this.#side, input))
    return onlyKeptRow(specs, this.kept, row)
  }

  /** Hashes; 0 as lane B of rows whose key has a null. Answers whether there is one. */
  #openKeys(batch: Batch): boolean {
    const { length } = batch
    if (length > this.#laneA.length) {
      this.#laneA = new Int32Array(length)
      this.#laneB = new Int32Array(length)
    }
    const keys: Column[] = this.#side.key.map((input, at) =>
      inLayout(columnAt(batch, input), this.#keySpecs[at], length),
    )
    this.#hash(keys, length, this.#laneA, this.#laneB)
    const nulls = nullRows(keys, length)
    if (nulls === null) return false
    for (let row = 0; row < length; row++) if (nulls[row] === 1) this.#laneB[row] = 0
    return true
  }

  /** Answers how many were late: none. */
  #addAll(first: number, { eventTime, length }: Batch): number {
    this.kept.retainAll(first, length)
    this.#pending.addAll({
      first,
      laneA: this.#laneA,
      laneB: this.#laneB,
      times: eventTime,
      length,
    })
    return 0
  }

  /** Without late rows and those that never come out. Answers how many were late. */
  #addSome(first: number, { eventTime, length }: Batch, watermark: number): number {
    const laneA = this.#laneA
    const laneB = this.#laneB
    const storesNullKeys = this.#storesNullKeys
    let late = 0
    for (let row = 0; row < length; row++) {
      const time = eventTime[row] as number
      if (time <= watermark) {
        late += 1
        continue
      }
      const b = laneB[row] as number
      if (b === 0 && !storesNullKeys) continue
      this.kept.retain(first + row)
      this.#pending.add(first + row, laneA[row] as number, b, time)
    }
    return late
  }
}

/** The smallest event time. */
function leastOf({ eventTime, length }: Batch): number {
  let least = Number.POSITIVE_INFINITY
  for (let row = 0; row < length; row++) {
    const time = eventTime[row] as number
    if (time < least) least = time
  }
  return least
}
