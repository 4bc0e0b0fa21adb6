/**
 * Works one batch of one side of a join against the other side's rows: finds the partners of each
 * row, keeps the counts of partners, emits what changes, and takes the row into the state.
 *
 * Works in chunks: candidates of several rows are collected and filtered together, then applied row
 * by row. Only this side's rows are added and removed meanwhile, so that the candidates, which are
 * rows of the other side, stay what they are.
 *
 * Owns: the place in the batch where it stopped. Can stop after any emitted batch and go on.
 *
 * Invariant: a stored row of a side that counts has as many partners as its word MATCHES says,
 * until `ttl` forgets some; then the word says what was emitted.
 */
import { assert } from '../../../shared/base/assert.ts'
import { DELETE, INSERT, UPDATE_BEFORE, type Batch } from '../../../shared/model/batch.ts'
import type { RowRef } from '../../state/keyed-rows.ts'
import type { OperatorCounters } from '../operator.ts'
import { isEmittedAlone, type JoinRules } from './join-rules.ts'
import type { JoinTime } from './join-time.ts'
import { THREW, type PairFilter } from './pair-filter.ts'
import { LEFT, NO_ROW, type PairWriter, RIGHT, type Side } from './pair-writer.ts'
import type { SideReader, SideState } from './side-state.ts'

/** Words of a stored row. */
export const MATCHES = 0
/** 1 once the row's window has fired (window joins). */
export const FIRED = 1

export interface MatchLoopParts {
  readonly rules: JoinRules
  readonly time: JoinTime
  readonly sides: readonly [SideState, SideState]
  /** Of the kept columns of each side. */
  readonly readers: readonly [SideReader, SideReader]
  readonly filter: PairFilter
  readonly writer: PairWriter
  readonly counters: OperatorCounters
  /** Per side: whether rows whose key has a null are stored. */
  readonly storesNullKeys: readonly [boolean, boolean]
}

export class MatchLoop {
  readonly #parts: MatchLoopParts
  #batch: Batch | null = null
  #side: Side = LEFT
  /** The row whose candidates are collected next, and where in its list; 0: from the start. */
  #gatherRow = 0
  #gatherRef: RowRef = 0
  #mask: Uint8Array | null = null
  /** The next candidate of the chunk to apply. */
  #at = 0
  /** The row that is being applied. */
  #row = 0
  #isStarted = false
  /** It is late, or takes back what is not there. */
  #isSkipped = false
  #sign = 1
  /** The stored row that it takes away. */
  #removed: RowRef = 0
  #matches = 0

  constructor(parts: MatchLoopParts) {
    this.#parts = parts
  }

  get isIdle(): boolean {
    return this.#batch === null
  }

  open(side: Side, batch: Batch): void {
    const { sides, writer, filter } = this.#parts
    assert(this.#batch === null, 'one batch is worked at a time')
    this.#batch = batch
    this.#side = side
    sides[side].openBatch(batch)
    writer.openBatch(side, batch)
    filter.count = 0
    this.#gatherRow = 0
    this.#gatherRef = 0
    this.#at = 0
    this.#row = 0
    this.#isStarted = false
  }

  /** False when it stopped because the output is full; it goes on at the next call. */
  run(): boolean {
    const { filter, writer } = this.#parts
    const batch = this.#batch
    if (batch === null) return true
    while (this.#row < batch.length) {
      if (this.#at === filter.count) this.#collect(batch)
      if (!this.#apply(batch)) return false
    }
    this.#batch = null
    writer.flush()
    return true
  }

  /** Fills the chunk with candidates of as many rows as fit. */
  #collect(batch: Batch): void {
    const { sides, filter, time } = this.#parts
    const own = sides[this.#side]
    const other = sides[1 - this.#side] as SideState
    const { rows, refs } = filter
    const isTimed = time.kind === 'interval'
    let count = 0
    while (this.#gatherRow < batch.length) {
      const row = this.#gatherRow
      const at = batch.eventTime[row] as number
      let ref = this.#gatherRef
      if (ref === 0 && !own.isNullKey(row) && time.isLive(at)) ref = own.firstIn(other, row)
      while (ref !== 0 && count < filter.capacity) {
        if (!isTimed || time.isPair(this.#side, at, other.rows.time(ref))) {
          rows[count] = row
          refs[count++] = ref
        }
        ref = other.rows.next(ref)
      }
      this.#gatherRef = ref
      if (ref !== 0) break
      this.#gatherRow++
    }
    filter.count = count
    this.#at = 0
    this.#mask = filter.mask(this.#side, batch, other)
  }

  /** Applies the chunk, and ends the rows whose candidates are all in it. */
  #apply(batch: Batch): boolean {
    const { filter, writer } = this.#parts
    const { rows, refs, count } = filter
    const mask = this.#mask
    for (;;) {
      // A candidate and the end of a row emit two rows at most.
      if (!writer.makeRoom(2)) return false
      const row = this.#at < count ? (rows[this.#at] as number) : this.#gatherRow
      if (this.#row < row) {
        this.#endRow(batch)
        continue
      }
      if (this.#at === count) return true
      if (!this.#isStarted) this.#startRow(batch)
      const at = this.#at++
      if (this.#isSkipped) continue
      if (mask === null || mask[at] === 1) this.#match(batch, refs[at] as number)
      else if (mask[at] === THREW && this.#sign > 0) this.#failPair(batch, at)
    }
  }

  /** Said once: a row that is taken back later says nothing of it again. */
  #failPair(batch: Batch, at: number): void {
    const { filter, sides } = this.#parts
    filter.failPair(this.#side, batch, sides[1 - this.#side] as SideState, at)
  }

  #startRow(batch: Batch): void {
    const { time, sides, counters } = this.#parts
    const at = batch.eventTime[this.#row] as number
    const kind = batch.kind === null ? INSERT : (batch.kind[this.#row] as number)
    this.#isStarted = true
    this.#matches = 0
    this.#removed = 0
    this.#sign = kind === DELETE || kind === UPDATE_BEFORE ? -1 : 1
    this.#isSkipped = time.isLate(this.#side, at)
    if (this.#isSkipped) {
      counters.late++
      return
    }
    counters.absorbed++
    if (this.#sign > 0) return
    this.#removed = sides[this.#side].findEqual(this.#row, at)
    this.#isSkipped = this.#removed === 0
    if (this.#isSkipped) counters.unmatchedRetractions++
  }

  /** The row and a row of the other side are a pair. */
  #match(batch: Batch, ref: RowRef): void {
    const { rules, sides } = this.#parts
    const otherSide = (1 - this.#side) as Side
    this.#matches++
    if (rules.counts[otherSide]) {
      const { rows } = sides[otherSide]
      const before = rows.word(ref, MATCHES)
      const after = Math.max(0, before + this.#sign) // 0 already where ttl forgot the partner
      rows.setWord(ref, MATCHES, after)
      const isFirst = before === 0 || after === 0
      if (isFirst && this.#sign > 0) this.#switchOther(otherSide, ref, { before, after })
      if (rules.emitsPairs) this.#emitPair(batch, ref)
      if (isFirst && this.#sign < 0) this.#switchOther(otherSide, ref, { before, after })
    } else if (rules.emitsPairs) this.#emitPair(batch, ref)
  }

  /** A stored row of the other side found its first partner or lost its last. */
  #switchOther(
    side: Side,
    ref: RowRef,
    { before, after }: { readonly before: number; readonly after: number },
  ): void {
    const { rules, time, sides, writer, readers } = this.#parts
    if (time.kind === 'interval') return // alone only when no partner can come any more
    const was = isEmittedAlone(rules, side, before)
    if (was === isEmittedAlone(rules, side, after)) return
    const at = writer.add(NO_ROW, time.ofRow(sides[side].rows.time(ref)), was ? DELETE : INSERT)
    readers[side](ref, writer.writers(side), at)
  }

  #emitPair(batch: Batch, ref: RowRef): void {
    const { time, sides, writer, readers } = this.#parts
    const otherSide = this.#side === LEFT ? RIGHT : LEFT
    const own = batch.eventTime[this.#row] as number
    const eventTime = time.ofPair(own, sides[otherSide].rows.time(ref))
    const at = writer.add(this.#row, eventTime, this.#sign > 0 ? INSERT : DELETE)
    readers[otherSide](ref, writer.writers(otherSide), at)
  }

  /** All partners of the row are known. */
  #endRow(batch: Batch): void {
    if (!this.#isStarted) this.#startRow(batch)
    const { sides } = this.#parts
    const row = this.#row
    const at = batch.eventTime[row] as number
    if (!this.#isSkipped) {
      if (this.#sign < 0) {
        const { rows } = sides[this.#side]
        if (this.#parts.rules.counts[this.#side]) this.#matches = rows.word(this.#removed, MATCHES)
        rows.remove(this.#removed)
      } else this.#store(row, at)
      this.#emitAlone(row, at)
    }
    this.#row++
    this.#isStarted = false
  }

  #store(row: number, at: number): void {
    const { sides, storesNullKeys, rules, time } = this.#parts
    const own = sides[this.#side]
    if (own.isNullKey(row) && !storesNullKeys[this.#side]) return
    const ref = own.append(row, time.ofStored(at))
    if (rules.counts[this.#side] && this.#matches > 0) own.rows.setWord(ref, MATCHES, this.#matches)
    if (time.kind === 'window' && time.isLive(at)) own.rows.setWord(ref, FIRED, 1)
  }

  #emitAlone(row: number, at: number): void {
    const { rules, time, writer } = this.#parts
    if (time.kind === 'interval' || !time.isLive(at)) return
    if (!isEmittedAlone(rules, this.#side, this.#matches)) return
    const made = writer.add(row, time.ofRow(at), this.#sign > 0 ? INSERT : DELETE)
    writer.putNull(this.#side === LEFT ? RIGHT : LEFT, made)
  }
}
