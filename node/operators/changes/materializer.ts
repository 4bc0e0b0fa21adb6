/**
 * Stands in front of a sink whose key is not the unique key of its stream: several rows then meet
 * in one key of the sink, and the newest one that is still there is shown.
 *
 * Owns: the rows that are there, per key of the sink, in order of arrival. Emits upserts: insert and
 * update-after with the row that is shown, delete when none is left. A row that is taken back and
 * not found is dropped and counted.
 */
import {
  DELETE,
  INSERT,
  UPDATE_AFTER,
  UPDATE_BEFORE,
  type Batch,
} from '../../../shared/model/batch.ts'
import type { KeyedRows, RowRef } from '../../state/keyed-rows.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { Operator } from '../operator.ts'
import { ChangeOperator, type ChangeOptions } from './change-operator.ts'
import { LatestMaterializer } from './latest-materializer.ts'

export interface MaterializerOptions extends ChangeOptions {
  readonly store: StateStore
  /** Index of the column of `latest_by`; null for none. */
  readonly latestBy: number | null
}

export function materializer(options: MaterializerOptions): Operator {
  const { latestBy } = options
  return latestBy === null
    ? new Materializer(options)
    : new LatestMaterializer({ ...options, latestBy })
}

class Materializer extends ChangeOperator {
  readonly #rows: KeyedRows

  constructor(options: MaterializerOptions) {
    super(options)
    const { store, columns } = options
    this.#rows = store.rows('rows', {
      key: this.key.specs,
      value: columns,
      words: 0,
      expires: false,
    })
  }

  protected override apply(batch: Batch, row: number): void {
    const { laneA, laneB, columns } = this.key
    const a = laneA[row] as number
    const b = laneB[row] as number
    const shown = this.#rows.last(a, b, columns, row)
    const kind = batch.kind === null ? INSERT : (batch.kind[row] as number)
    if (kind === DELETE || kind === UPDATE_BEFORE) {
      this.#takeBack(batch, row, shown)
      return
    }
    const time = batch.eventTime[row] as number
    const made = this.#rows.append(a, b, columns, row, batch.columns, row, time)
    this.#emit(made, shown === 0 ? INSERT : UPDATE_AFTER)
  }

  #takeBack(batch: Batch, row: number, shown: RowRef): void {
    const found = this.#newestEqual(batch, row, shown)
    if (found === 0) {
      this.context.counters.unmatchedRetractions++
      return
    }
    const before = this.#rows.previous(found)
    if (found === shown && before === 0) this.#emit(found, DELETE)
    this.#rows.remove(found)
    if (found === shown && before !== 0) this.#emit(before, UPDATE_AFTER)
  }

  #newestEqual(batch: Batch, row: number, newest: RowRef): RowRef {
    let found = newest
    while (found !== 0 && !this.#rows.sameValues(found, batch.columns, row))
      found = this.#rows.previous(found)
    return found
  }

  #emit(row: RowRef, kind: number): void {
    this.#rows.readValue(row, this.out.writers, this.out.add(this.#rows.time(row), kind))
  }
}
