/**
 * Timers: per key any number of (time, payload), taken out in order of time.
 *
 * Who calls: one operator, from its turn. A TimerRef is valid until the next write to the same
 * timers. They lie in pages of their key group; the order by time is derived (keyed-rows.ts).
 *
 * Invariant: a key has at most one timer of one time and payload; setting it again changes nothing.
 */
import type { Column } from '../../shared/model/batch.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Arena } from './arena.ts'
import type { ColumnWriter } from './column-writer.ts'
import { compileKeyedRows, type CompiledRows, KeyedRows, type RowRef } from './keyed-rows.ts'

export type TimerRef = RowRef

const PAYLOAD = 0

export function compileTimers(key: readonly ColumnSpec[]): CompiledRows {
  return compileKeyedRows({ key, value: [], words: 1, expires: true })
}

export class Timers {
  readonly rows: KeyedRows

  constructor(compiled: CompiledRows, indexArena: Arena, rowArena: Arena) {
    this.rows = new KeyedRows(compiled, indexArena, rowArena)
  }

  get size(): number {
    return this.rows.size
  }

  /** Of the first timer that has not been taken out; +∞ when there is none. */
  get nextTime(): number {
    return this.rows.nextTime
  }

  /** False when that timer was set already. */
  // oxlint-disable-next-line max-params -- called per record: an object would be allocated
  set(
    a: number,
    b: number,
    keyColumns: readonly Column[],
    i: number,
    time: number,
    payload: number,
  ): boolean {
    if (this.#find(this.rows.first(a, b, keyColumns, i), time, payload) !== 0) return false
    const row = this.rows.append(a, b, keyColumns, i, [], 0, time)
    this.rows.setWord(row, PAYLOAD, payload)
    return true
  }

  /** False when there was no such timer. */
  // oxlint-disable-next-line max-params -- called per record: an object would be allocated
  delete(
    a: number,
    b: number,
    keyColumns: readonly Column[],
    i: number,
    time: number,
    payload: number,
  ): boolean {
    const row = this.#find(this.rows.first(a, b, keyColumns, i), time, payload)
    if (row === 0) return false
    this.rows.remove(row)
    return true
  }

  /**
   * The first timer with a time at or before `time`, or 0. It is out of the order from then on: the
   * caller reads its key, time and payload and then calls `remove`.
   */
  popDue(time: number): TimerRef {
    return this.rows.popBefore(time === Number.POSITIVE_INFINITY ? time : time + 1)
  }

  time(timer: TimerRef): number {
    return this.rows.time(timer)
  }

  payload(timer: TimerRef): number {
    return this.rows.word(timer, PAYLOAD)
  }

  readKey(timer: TimerRef, writers: readonly ColumnWriter[], at: number): void {
    this.rows.readKey(timer, writers, at)
  }

  remove(timer: TimerRef): void {
    this.rows.remove(timer)
  }

  clear(): void {
    this.rows.clear()
  }

  #find(first: TimerRef, time: number, payload: number): TimerRef {
    let row = first
    while (row !== 0) {
      if (this.rows.time(row) === time && this.payload(row) === payload) return row
      row = this.rows.next(row)
    }
    return 0
  }
}
