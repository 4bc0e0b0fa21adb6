/**
 * The versions of the right rows of an `as_of` join, by key.
 *
 * Owns: per key the version that is valid at the oldest time a left row may still ask for, and all
 * later ones. A deletion is a version too: from its time on nothing is valid.
 *
 * Of versions of one time the newer change wins; where the stream has appended rows only, the one
 * with the smaller canonical bytes, since arrival says nothing there.
 */
import { compareCanonicalRows } from '../../../shared/model/canonical/canonical-order.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { JoinSide } from '../../../shared/planning/plan.ts'
import { columnWriter } from '../../state/column-writer.ts'
import type { RowRef } from '../../state/keyed-rows.ts'
import type { KeyedBatch } from '../keyed-batch.ts'
import type { SideReader, SideState } from './side-state.ts'

/** Words of a version: nothing is valid from here on; older ones were forgotten. */
const ENDS = 0
const FORGOT = 1
export const VERSION_WORDS = 2

type KeyLanes = Pick<KeyedBatch, 'columns' | 'laneA' | 'laneB'>

export class VersionState {
  readonly side: SideState
  readonly #isAppend: boolean
  readonly #input: JoinSide['input']
  readonly #kept: readonly number[]
  readonly #read: SideReader

  constructor(side: SideState, of: JoinSide, kept: readonly number[]) {
    this.side = side
    this.#isAppend = of.edge === 'append'
    this.#input = of.input
    this.#kept = kept
    this.#read = side.reader(kept)
  }

  /** Row i of the open batch is valid from `time` on; `ends`: nothing is. */
  add(row: number, time: number, ends: boolean): RowRef {
    const ref = this.side.append(row, time)
    if (ends) this.side.rows.setWord(ref, ENDS, 1)
    return ref
  }

  /** The version valid at a time, in the list that starts at `first`; 0 for none. */
  validAt(first: RowRef, time: number): RowRef {
    const { rows } = this.side
    const best = this.#newest(first, time)
    return best === 0 || rows.word(best, ENDS) === 1 ? 0 : best
  }

  /** Whether the version for that time may have been forgotten. */
  hasForgotten(first: RowRef, time: number): boolean {
    const { rows } = this.side
    for (let ref = first; ref !== 0; ref = rows.next(ref))
      if (rows.word(ref, FORGOT) === 1) return time < rows.time(ref)
    return false
  }

  /** The version that row i of the open batch, coming at `time`, takes back; 0 for none. */
  takenBack(row: number, time: number): RowRef {
    const { rows, valueColumns } = this.side
    const first = this.side.firstIn(this.side, row)
    let found = 0
    for (let ref = first; ref !== 0; ref = rows.next(ref)) {
      if (rows.time(ref) !== time || rows.word(ref, ENDS) === 1) continue
      if (rows.sameValues(ref, valueColumns, row)) found = ref
    }
    return found
  }

  /** Whether row i of the open batch is what is valid at a time. */
  isValid(row: number, time: number): boolean {
    const { rows, valueColumns } = this.side
    const valid = this.validAt(this.side.firstIn(this.side, row), time)
    return valid !== 0 && rows.sameValues(valid, valueColumns, row)
  }

  /** Forgets all versions of row 0 of a key. */
  forgetKey({ laneA, laneB, columns }: KeyLanes): void {
    const { rows } = this.side
    const [a, b] = [laneA[0] as number, laneB[0] as number]
    for (let ref = rows.first(a, b, columns, 0); ref !== 0;) {
      const next = rows.next(ref)
      rows.remove(ref)
      ref = next
    }
  }

  /** Forgets what is older than the versions that are valid at `horizon`. */
  forgetBefore(horizon: number): void {
    const { rows } = this.side
    for (;;) {
      const popped = rows.popBefore(horizon === Number.POSITIVE_INFINITY ? horizon : horizon + 1)
      if (popped === 0) return
      this.#forgetOlder(rows.firstOfKey(rows.keyOf(popped)), horizon)
    }
  }

  #forgetOlder(first: RowRef, horizon: number): void {
    const { rows } = this.side
    const base = this.#newest(first, horizon)
    let ref = first
    while (ref !== 0) {
      const next = rows.next(ref)
      // Rows of the base's time lost to it; they may be needed should it be taken back.
      if (rows.time(ref) < rows.time(base)) {
        rows.remove(ref)
        rows.setWord(base, FORGOT, 1)
      }
      ref = next
    }
    const isAlone = rows.next(base) === 0 && rows.previous(base) === 0
    if (isAlone && rows.word(base, ENDS) === 1) rows.remove(base)
  }

  #newest(first: RowRef, time: number): RowRef {
    const { rows } = this.side
    let best = 0
    for (let ref = first; ref !== 0; ref = rows.next(ref)) {
      const at = rows.time(ref)
      if (at > time) continue
      if (best === 0 || at > rows.time(best)) best = ref
      else if (at === rows.time(best) && this.#winsTie(ref, best)) best = ref
    }
    return best
  }

  /** `ref` came after `best`. */
  #winsTie(ref: RowRef, best: RowRef): boolean {
    return !this.#isAppend || compareCanonicalRows(this.#values(ref), this.#values(best)) < 0
  }

  #values(ref: RowRef): unknown[] {
    const writers = this.#kept.map((index) =>
      columnWriter(this.#input[index]?.spec.layout ?? 'any', 1),
    )
    this.#read(ref, writers, 0)
    const columns: Column[] = writers.map((writer) => writer.take(1))
    return columns.map((column) => valueAt(column, 0))
  }
}
