/**
 * Aggregation without a window in the modes `values` and `kept` (updating-mode.ts): adds a batch to
 * its groups and emits what changed, in generated loops over the touched groups.
 *
 * Owns: the notes of the batch (touched-groups.ts), the rows being written. Keys of those are the
 * keys of the rows that touched, so that no key is ever written.
 *
 * Invariants: as those of UpdatingAggregate, whose groups these are.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../../shared/base/limits.ts'
import type { Column } from '../../../../shared/model/batch.ts'
import { gatherColumn } from '../../../../shared/model/gather.ts'
import type { KeyedTable } from '../../../state/keyed-table.ts'
import { DONE, MORE, type Output, type Progress } from '../../operator.ts'
import type { AggregateSetup } from '../aggregate-setup.ts'
import type { AggregateBatch, CompiledAggregate, EmitPlace } from '../compile-aggregate.ts'
import { ResultWriter } from '../result-writer.ts'
import { TouchedGroups } from './touched-groups.ts'

/** What the operator does that owns the groups. */
export interface GroupOwner {
  /** The group of an entry starts anew in its place. */
  reset(entry: number): void
  /** An entry goes. */
  remove(entry: number): void
  /** A result cannot be told; `cause` is the index of its call. */
  fail(entry: number, cause: number): void
}

export class TouchedChanges {
  readonly #setup: AggregateSetup
  readonly #compiled: CompiledAggregate
  readonly #table: KeyedTable
  readonly #batch: AggregateBatch
  readonly #owner: GroupOwner
  readonly #groups: TouchedGroups
  readonly #out: ResultWriter
  readonly #place: EmitPlace
  #moves = -1

  // oxlint-disable-next-line max-params -- what the operator has made of its setup
  constructor(
    setup: AggregateSetup,
    compiled: CompiledAggregate,
    table: KeyedTable,
    batch: AggregateBatch,
    owner: GroupOwner,
  ) {
    this.#setup = setup
    this.#compiled = compiled
    this.#table = table
    this.#batch = batch
    this.#owner = owner
    this.#groups = new TouchedGroups(compiled.savedWords, compiled.distinctCalls)
    this.#out = new ResultWriter(setup.core)
    this.#place = {
      row: 0,
      limit: BATCH_RECORDS_MAX,
      kinds: new Uint8Array(BATCH_RECORDS_MAX),
      sources: new Int32Array(BATCH_RECORDS_MAX),
      hasKinds: false,
      emptied: [],
      cause: -1,
      entry: 0,
    }
  }

  /** Groups last written at or before `bound` are expired; none where it is not finite. */
  add(length: number, now: number, bound: number): void {
    const { loops, distinctCalls } = this.#compiled
    const groups = this.#groups
    groups.open(length)
    groups.now = now
    groups.bound = Number.isFinite(bound) ? bound : Number.NaN // −∞ is also when they were written
    this.#moves = this.#table.moves
    loops.accumulateTouched?.(this.#batch, groups, this.#table, length)
    if (distinctCalls > 0) loops.countDistinct?.(this.#batch, groups, this.#table, length)
    // Entries of hashed pages moved: what was noted before may lie elsewhere (G2).
    if (this.#table.moves !== this.#moves) {
      loops.relocateTouched?.(this.#batch, groups, this.#table)
    }
  }

  /** Called by `admit`, for a new group or one that may be expired. */
  touch(entry: number, row: number, isFresh: boolean): void {
    const table = this.#table
    const groups = this.#groups
    const { touchAt, writeWord, savedAt, savedWords, idWord } = this.#compiled
    let wasThere = !isFresh
    if (writeWord >= 0) {
      if (wasThere && table.word(entry, writeWord) <= groups.bound) {
        this.#owner.reset(entry)
        wasThere = false
      }
      table.setWord(entry, writeWord, groups.now)
    }
    const number = groups.count
    const { f64 } = table.arena
    groups.rows[number] = row
    groups.refs[number] = entry
    groups.was[number] = wasThere ? 1 : 0
    if (wasThere) {
      const words = f64.subarray(entry + savedAt, entry + savedAt + savedWords)
      groups.saved.set(words, number * savedWords)
    }
    if (idWord >= 0) {
      groups.ids[number] = table.word(entry, idWord)
      groups.keyGroups[number] = table.groupOf(entry)
    }
    f64[entry + touchAt] = groups.base + number
    table.markDirty(entry)
    groups.count = number + 1
  }

  emit(output: Output): Progress {
    const place = this.#place
    const groups = this.#groups
    while (groups.next < groups.count) {
      // A pair needs two rows.
      if (place.row + 2 > place.limit) {
        this.#flush(output)
        if (output.isFull) return MORE
      }
      place.cause = -1
      this.#compiled.loops.emitTouched?.(groups, this.#table, this.#out.results, place)
      if (place.cause >= 0) this.#owner.fail(place.entry, place.cause)
    }
    this.#flush(output)
    this.#removeEmptied()
    groups.close()
    return DONE
  }

  #flush(output: Output): void {
    const place = this.#place
    const length = place.row
    if (length === 0) return
    const { sources, kinds, hasKinds } = place
    const keys = this.#setup.core.key.map((_, index) => this.#keyColumn(index, sources, length))
    place.row = 0
    place.hasKinds = false
    output.emit(this.#out.takeRows(length, keys, hasKinds ? kinds.slice(0, length) : null))
  }

  #keyColumn(index: number, sources: Int32Array, length: number): Column {
    const column = this.#batch.keyColumns[index]
    assert(column !== undefined, 'a batch has the columns of its key')
    const gathered = gatherColumn(column, sources, length)
    if (gathered.layout !== 'f64') return gathered
    // One zero, as in the entry.
    const { values } = gathered
    for (let row = 0; row < length; row++) values[row] = (values[row] as number) + 0
    return gathered
  }

  /** Entries behind a removed one move up: each is looked up when its turn comes. */
  #removeEmptied(): void {
    const { emptied } = this.#place
    if (emptied.length === 0) return
    const { keyHash, isLaneless } = this.#compiled
    const { laneA, laneB, keyColumns } = this.#batch
    for (const row of emptied) {
      if (isLaneless) keyHash.row(keyColumns, row, laneA, laneB)
      const [a, b] = [laneA[row] as number, laneB[row] as number]
      this.#owner.remove(this.#table.locate(a, b, keyColumns, row))
    }
    emptied.length = 0
  }
}
