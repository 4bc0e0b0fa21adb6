/**
 * One side of a join of appended rows: which of its columns are kept, and the rows of a batch that
 * take part, ready for the loop.
 *
 * Owns: the kept rows of the side.
 *
 * A row that is late is counted and takes no part; one whose key has a null is counted and matches
 * nothing. Neither is kept: where a batch has such rows, the others become a batch of their own.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../../shared/base/limits.ts'
import type { Batch, Column } from '../../../../shared/model/batch.ts'
import { gather } from '../../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { JoinCore, JoinSide } from '../../../../shared/planning/plan.ts'
import type { KeptBatches } from '../../../state/kept/kept-batches.ts'
import type { StateStore } from '../../../state/state-store.ts'
import type { OperatorCounters } from '../../operator.ts'
import type { JoinTime } from '../join-time.ts'
import { residualInputs } from '../pair-filter.ts'
import { LEFT, type Side } from '../pair-writer.ts'
import { columnAt, inLayout, keySpecs, nullRows, specAt } from '../side-state.ts'
import { type BatchRow, onlyKeptRow } from '../side-state.ts'

export class AppendSide {
  readonly kept: KeptBatches
  readonly #of: Side
  readonly #side: JoinSide
  readonly #keySpecs: readonly ColumnSpec[]
  /** Indexes into the input of the kept columns. */
  readonly #stored: readonly number[]
  #selection = new Int32Array(BATCH_RECORDS_MAX)
  /** Of the open batch: rows that take part, in order, and their keys. */
  batch: Batch | null = null
  keys: readonly Column[] = []

  constructor(core: JoinCore, of: Side, store: StateStore) {
    const isInterval = core.mode.kind === 'interval'
    this.#of = of
    this.#side = of === LEFT ? core.left : core.right
    this.#keySpecs = keySpecs(core)
    this.#stored = [...new Set([...this.#side.kept, ...residualInputs(core, of)])]
    const specs = this.#stored.map((input) => specAt(this.#side, input))
    this.kept = store.kept(of === LEFT ? 'left' : 'right', specs, {
      order: isInterval ? 'timed' : 'counted',
      links: true,
      times: isInterval,
      rings: isInterval,
    })
  }

  /** The kept column of an input column. */
  positionOf(input: number): number {
    const at = this.#stored.indexOf(input)
    assert(at >= 0, `column ${input} is kept`)
    return at
  }

  /** A kept row with all of its columns, as the only row of a batch: for messages. */
  rowAsBatch(row: number): BatchRow {
    const specs = this.#stored.map((input) => specAt(this.#side, input))
    return onlyKeptRow(specs, this.kept, row)
  }

  open(batch: Batch, time: JoinTime, counters: OperatorCounters): void {
    const keys = this.#keysOf(batch)
    const nulls = nullRows(keys, batch.length)
    const late = this.#lateCount(batch, time)
    counters.late += late
    counters.absorbed += batch.length - late
    if (late === 0 && nulls === null) {
      this.batch = batch
      this.keys = keys
      return
    }
    const count = this.#select(batch, time, nulls)
    this.batch = gather(batch, this.#selection, count)
    this.keys = this.#keysOf(this.batch)
  }

  /** Takes the open rows into the state; the number of the first. */
  keep(): number {
    const batch = this.batch
    assert(batch !== null, 'a batch is open')
    const columns = this.#stored.map((input) => columnAt(batch, input))
    if (this.kept.times.length > 0) return this.kept.keep(columns, batch.length, batch.eventTime)
    const first = this.kept.keep(columns, batch.length)
    this.kept.retainAll(first, batch.length)
    this.kept.settle()
    return first
  }

  /** Text that a side holds in another layout than the keys becomes theirs. */
  #keysOf(batch: Batch): Column[] {
    return this.#side.key.map((input, at) =>
      inLayout(columnAt(batch, input), this.#keySpecs[at], batch.length),
    )
  }

  #lateCount({ eventTime, length }: Batch, time: JoinTime): number {
    if (time.kind === 'updating') return 0
    let late = 0
    for (let row = 0; row < length; row++) {
      if (time.isLate(this.#of, eventTime[row] as number)) late += 1
    }
    return late
  }

  #select({ eventTime, length }: Batch, time: JoinTime, nulls: Uint8Array | null): number {
    if (length > this.#selection.length) this.#selection = new Int32Array(length)
    let count = 0
    for (let row = 0; row < length; row++) {
      if (nulls !== null && nulls[row] === 1) continue
      if (time.isLate(this.#of, eventTime[row] as number)) continue
      this.#selection[count++] = row
    }
    return count
  }
}
