/**
 * Fires the windows of a window join: when the watermark has reached a row's event time (end −
 * 1 ms), the left rows of the window meet the right ones, then the right ones that met nobody come
 * out. Where corrections may come, fired rows are kept until none can.
 *
 * Owns: the queue of fired rows that are kept. A place in it may have been given to another row
 * since; its time then differs, or it is as old and goes as well.
 */
import { INSERT } from '../../../shared/model/batch.ts'
import type { RowRef } from '../../state/keyed-rows.ts'
import { TimeQueue } from '../../state/time-queue.ts'
import { isEmittedAlone } from './join-rules.ts'
import { FIRED, MATCHES, type MatchLoopParts } from './match-loop.ts'
import { LEFT, NO_ROW, RIGHT, type Side } from './pair-writer.ts'

export class WindowFiring {
  readonly #parts: MatchLoopParts
  readonly #kept: readonly [TimeQueue, TimeQueue] = [new TimeQueue(), new TimeQueue()]
  #side: Side | null = null
  /** The left row that fires, and the right row it is compared with next. */
  #left: RowRef = 0
  #right: RowRef = 0
  #matches = 0

  constructor(parts: MatchLoopParts) {
    this.#parts = parts
  }

  start(): void {
    this.#side = LEFT
    this.#left = 0
  }

  /** False when it stopped because the output is full. */
  run(): boolean {
    if (this.#side === LEFT) {
      if (!this.#fireLeft()) return false
      this.#side = RIGHT
    }
    if (this.#side === RIGHT) {
      if (!this.#fireRight()) return false
      this.#side = null
    }
    this.#forget(LEFT)
    this.#forget(RIGHT)
    return true
  }

  #fireLeft(): boolean {
    const { sides, time, writer } = this.#parts
    const { rows } = sides[LEFT]
    for (;;) {
      if (this.#left === 0) {
        this.#left = rows.popBefore(time.watermark + 1)
        if (this.#left === 0) return true
        if (rows.word(this.#left, FIRED) === 1) {
          this.#settle(LEFT, this.#left)
          this.#left = 0
          continue
        }
        this.#matches = 0
        const isNullKey = sides[LEFT].isNullKeyOf(this.#left)
        this.#right = isNullKey ? 0 : sides[LEFT].firstForRow(sides[RIGHT], this.#left)
      }
      while (this.#right !== 0) {
        if (!writer.makeRoom(1)) return false
        this.#meet(this.#left, this.#right)
        this.#right = sides[RIGHT].rows.next(this.#right)
      }
      if (!writer.makeRoom(1)) return false
      if (this.#parts.rules.counts[LEFT]) rows.setWord(this.#left, MATCHES, this.#matches)
      this.#emitAlone(LEFT, this.#left, this.#matches)
      this.#settle(LEFT, this.#left)
      this.#left = 0
    }
  }

  #meet(left: RowRef, right: RowRef): void {
    const { sides, filter, rules, writer, readers } = this.#parts
    const pair = [
      { side: sides[LEFT], row: left },
      { side: sides[RIGHT], row: right },
    ] as const
    if (!filter.matches(...pair)) return
    this.#matches++
    const { rows } = sides[RIGHT]
    if (rules.counts[RIGHT]) rows.setWord(right, MATCHES, rows.word(right, MATCHES) + 1)
    if (!rules.emitsPairs) return
    const at = writer.add(NO_ROW, sides[LEFT].rows.time(left), INSERT)
    readers[LEFT](left, writer.writers(LEFT), at)
    readers[RIGHT](right, writer.writers(RIGHT), at)
  }

  #fireRight(): boolean {
    const { sides, time, writer } = this.#parts
    const { rows } = sides[RIGHT]
    for (;;) {
      if (!writer.makeRoom(1)) return false
      const row = rows.popBefore(time.watermark + 1)
      if (row === 0) return true
      if (rows.word(row, FIRED) !== 1) this.#emitAlone(RIGHT, row, rows.word(row, MATCHES))
      this.#settle(RIGHT, row)
    }
  }

  #emitAlone(side: Side, row: RowRef, matches: number): void {
    const { rules, sides, writer, readers } = this.#parts
    if (!isEmittedAlone(rules, side, matches)) return
    const at = writer.add(NO_ROW, sides[side].rows.time(row), INSERT)
    readers[side](row, writer.writers(side), at)
    writer.putNull(side === LEFT ? RIGHT : LEFT, at)
  }

  /** A fired row goes, or is kept for corrections. */
  #settle(side: Side, row: RowRef): void {
    const { sides, time } = this.#parts
    const { rows } = sides[side]
    const at = rows.time(row)
    if (at + time.keepMs[side] <= time.watermark) {
      rows.remove(row)
      return
    }
    rows.setWord(row, FIRED, 1)
    this.#kept[side].push(at, row)
  }

  #forget(side: Side): void {
    const { sides, time } = this.#parts
    const { rows } = sides[side]
    const queue = this.#kept[side]
    const bound = time.keepsFrom(side)
    for (;;) {
      const row = queue.popBelow(bound)
      if (row < 0) return
      if (rows.isAt(row, queue.poppedTime)) rows.remove(row)
    }
  }
}
