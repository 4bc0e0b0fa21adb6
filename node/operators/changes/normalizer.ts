/**
 * Makes full changes of an upsert stream: every row becomes an insert, or an update-before of the
 * last row of its key and an update-after; a delete takes back the last row whole.
 *
 * Owns: the last row per key. What changes nothing is dropped; update-before rows say nothing here;
 * a delete of an unknown key is dropped and counted. A row that is taken back has the event time it
 * came with, so that what it was counted in finds it.
 */
import {
  DELETE,
  INSERT,
  UPDATE_AFTER,
  UPDATE_BEFORE,
  type Batch,
} from '../../../shared/model/batch.ts'
import type { EntryRef, KeyedTable } from '../../state/keyed-table.ts'
import type { StateStore } from '../../state/state-store.ts'
import { ChangeOperator, type ChangeOptions } from './change-operator.ts'

const TIME = 0

export interface NormalizerOptions extends ChangeOptions {
  readonly store: StateStore
}

export class Normalizer extends ChangeOperator {
  readonly #last: KeyedTable

  constructor(options: NormalizerOptions) {
    super(options)
    const value = options.columns
    this.#last = options.store.table('last', { key: this.key.specs, value, words: 1 })
  }

  protected override apply(batch: Batch, row: number): void {
    const kind = batch.kind === null ? INSERT : (batch.kind[row] as number)
    if (kind === UPDATE_BEFORE) return
    const { laneA, laneB, columns } = this.key
    const a = laneA[row] as number
    const b = laneB[row] as number
    const entry = this.#last.locate(a, b, columns, row)
    if (kind === DELETE) {
      this.#delete(entry)
      return
    }
    if (entry === 0) {
      const made = this.#last.insert(a, b, columns, row)
      this.#last.storeValue(made, batch.columns, row)
      this.#emit(made, batch.eventTime[row] as number, INSERT)
      return
    }
    if (this.#last.sameValues(entry, batch.columns, row)) return
    this.#emit(entry, this.#last.word(entry, TIME), UPDATE_BEFORE)
    this.#last.replaceValue(entry, batch.columns, row)
    this.#emit(entry, batch.eventTime[row] as number, UPDATE_AFTER)
  }

  #delete(entry: EntryRef): void {
    if (entry === 0) {
      this.context.counters.unmatchedRetractions++
      return
    }
    this.#emit(entry, this.#last.word(entry, TIME), DELETE)
    this.#last.remove(entry)
  }

  #emit(entry: EntryRef, time: number, kind: number): void {
    this.#last.setWord(entry, TIME, time)
    this.#last.readValue(entry, this.out.writers, this.out.add(time, kind))
  }
}
