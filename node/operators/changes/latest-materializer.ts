/**
 * `latest_by`: keeps per sink key the row with the largest value of a column; of equal ones the
 * newer change. Older rows are ignored. When that row is deleted the key is deleted, and nothing
 * older comes back.
 *
 * Owns: one row per key of the sink. Null is smaller than every value.
 */
import { assert } from '../../../shared/base/assert.ts'
import {
  DELETE,
  INSERT,
  UPDATE_AFTER,
  UPDATE_BEFORE,
  type Batch,
} from '../../../shared/model/batch.ts'
import { compareCanonical } from '../../../shared/model/canonical/canonical-order.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { columnWriter } from '../../state/column-writer.ts'
import type { EntryRef, KeyedTable } from '../../state/keyed-table.ts'
import type { StateStore } from '../../state/state-store.ts'
import { storedReader, type StoredReader } from '../stored-reader.ts'
import { ChangeOperator, type ChangeOptions } from './change-operator.ts'

const TIME = 0

export interface LatestOptions extends ChangeOptions {
  readonly store: StateStore
  readonly latestBy: number
}

export class LatestMaterializer extends ChangeOperator {
  readonly #latest: KeyedTable
  readonly #by: number
  readonly #readBy: StoredReader
  readonly #layout

  constructor(options: LatestOptions) {
    super(options)
    const { store, columns, latestBy } = options
    const spec = columns[latestBy]
    assert(spec !== undefined, 'the column of latest_by is there')
    this.#by = latestBy
    this.#layout = spec.layout
    this.#latest = store.table('latest', { key: this.key.specs, value: columns, words: 1 })
    this.#readBy = storedReader(this.#latest, [latestBy])
  }

  protected override apply(batch: Batch, row: number): void {
    const { laneA, laneB, columns } = this.key
    const a = laneA[row] as number
    const b = laneB[row] as number
    const entry = this.#latest.locate(a, b, columns, row)
    const kind = batch.kind === null ? INSERT : (batch.kind[row] as number)
    const time = batch.eventTime[row] as number
    if (kind === DELETE || kind === UPDATE_BEFORE) {
      this.#takeBack(batch, row, entry)
    } else if (entry === 0) {
      const made = this.#latest.insert(a, b, columns, row)
      this.#latest.storeValue(made, batch.columns, row)
      this.#emit(made, time, INSERT)
    } else if (!this.#isOlder(batch, row, entry)) {
      this.#latest.replaceValue(entry, batch.columns, row)
      this.#emit(entry, time, UPDATE_AFTER)
    }
  }

  /** Only the row that is shown can be taken back; others are older and forgotten. */
  #takeBack(batch: Batch, row: number, entry: EntryRef): void {
    if (entry === 0 || !this.#latest.sameValues(entry, batch.columns, row)) return
    this.#emit(entry, this.#latest.word(entry, TIME), DELETE)
    this.#latest.remove(entry)
  }

  #isOlder(batch: Batch, row: number, entry: EntryRef): boolean {
    const column = batch.columns[this.#by]
    assert(column !== undefined, 'the column of latest_by is there')
    const writer = columnWriter(this.#layout, 1)
    this.#readBy(this.#latest, entry, [writer], 0)
    return compareCanonical(valueAt(column, row), valueAt(writer.take(1), 0)) < 0
  }

  #emit(entry: EntryRef, time: number, kind: number): void {
    this.#latest.setWord(entry, TIME, time)
    this.#latest.readValue(entry, this.out.writers, this.out.add(time, kind))
  }
}
