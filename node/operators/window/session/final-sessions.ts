/**
 * Session windows where the row of a session is told once, when it closes: event time, numbers as
 * keys, no early firing, and no corrections after the row was told. Other ones: session-aggregate.ts.
 *
 * The generated loop (session-code.ts) opens and extends the latest session of a key; what is about
 * earlier ones is seen to here, row by row.
 *
 * Owns: the sessions, their queue.
 *
 * Invariants (beside S1–S4, Q1–Q2):
 *   N1. Between two calls that answered DONE, no session is due.
 *   N2. Every record is absorbed by one session, or late: then it touches none and its own would be
 *       closed.
 */
import { assert } from '../../../../shared/base/assert.ts'
import type { Batch } from '../../../../shared/model/batch.ts'
import type { AggregateCore } from '../../../../shared/planning/plan.ts'
import { Arena } from '../../../state/arena.ts'
import { CountingMemory } from '../../../state/memory.ts'
import { StateStore } from '../../../state/state-store.ts'
import type { AggregateSetup } from '../../aggregate/aggregate-setup.ts'
import { resultFailure } from '../../aggregate/failed-result.ts'
import { ResultWriter } from '../../aggregate/result-writer.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../../operator.ts'
import { LateSelection } from '../late-selection.ts'
import { WindowClock } from '../window-clock.ts'
import type { CompiledSessions, SessionBatch, SessionPlace } from './compile-sessions.ts'
import { SessionQueue } from './session-queue.ts'
import { SessionTable } from './session-table.ts'
import { SESSION } from './session-words.ts'

export class FinalSessions implements Operator {
  readonly code: string
  readonly store: StateStore
  readonly #core: AggregateCore
  readonly #gapMs: number
  readonly #compiled: CompiledSessions
  readonly #clock: WindowClock
  readonly #table: SessionTable
  readonly #queue: SessionQueue
  readonly #batch: SessionBatch = { columns: [], times: new Float64Array(0), before: 0 }
  readonly #place: SessionPlace
  readonly #due: Int32Array
  readonly #out: ResultWriter
  readonly #late: LateSelection
  #context: OperatorContext | null = null

  constructor(setup: AggregateSetup, compiled: CompiledSessions) {
    const { window } = setup.core
    assert(window?.type === 'session', 'sessions have a session window')
    this.#core = setup.core
    this.#gapMs = window.gapMs
    this.#compiled = compiled
    this.code = compiled.code
    this.#clock = new WindowClock(window)
    this.store = new StateStore(setup.memory ?? new CountingMemory())
    const arena = new Arena(this.store.memory)
    const table = new SessionTable(compiled, arena)
    this.store.hold('sessions', arena, () => table.size)
    this.#table = table
    this.#queue = new SessionQueue(table, compiled.wordsAt + SESSION.end, this.#gapMs)
    this.#out = new ResultWriter(setup.core)
    this.#due = new Int32Array(this.#out.capacity)
    const { keys, results } = this.#out
    const none = new Float64Array(this.#out.capacity)
    this.#place = { keys, results, starts: none, ends: none, times: none, row: 0, cause: -1 }
    this.#late = new LateSelection(setup.lateColumns)
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { length } = batch
    const { loops } = this.#compiled
    const context = this.#opened()
    this.#batch.columns = batch.columns
    this.#batch.times = batch.eventTime
    this.#table.makeRoomForOpened(length)
    for (let row = 0; row < length;) {
      row = loops.take(this.#batch, this.#table, row, length)
      if (row < length && this.#takeRow(row)) row += 1
    }
    this.#batch.before += length
    this.#queueOpened()
    context.counters.absorbed += length - this.#late.count
    context.counters.late += this.#late.count
    this.#late.emit(batch, this.#clock.watermark, context)
    return DONE
  }

  onWatermark(watermark: number): Progress {
    this.#clock.advance(watermark)
    this.#table.closed = this.#clock.watermark - this.#clock.latenessMs - this.#gapMs
    return this.resume()
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  /** Tells and closes every session whose time has come. */
  resume(): Progress {
    const output = this.#opened().output('main')
    const bound = this.#clock.watermark - this.#clock.holdMs
    for (;;) {
      if (this.#out.isFull) {
        output.emit(this.#out.take())
        if (output.isFull) return MORE
      }
      const count = this.#queue.take(bound, this.#due, this.#out.capacity - this.#out.length)
      if (count === 0) break
      this.#write(count)
      this.#compiled.loops.leave(this.#table, this.#due, 0, count)
    }
    this.#table.trim()
    if (this.#out.length > 0) output.emit(this.#out.take())
    return DONE
  }

  /** A session that ends at W + 1 is not told at W, and its row has the time W. */
  outputWatermark(watermark: number): number {
    return watermark - 1 - this.#clock.holdMs
  }

  close(): void {
    this.store.close()
  }

  /** For tests. */
  assertHolds(): void {
    this.#table.assertHolds()
  }

  #opened(): OperatorContext {
    if (this.#context === null) throw new TypeError('an operator is opened first')
    return this.#context
  }

  /** A row at which the loop stopped; false when the loop is to see it again, with room. */
  #takeRow(row: number): boolean {
    const table = this.#table
    const time = this.#batch.times[row] as number
    assert(time === time, 'records of session windows have event time')
    let later = 0
    let session = this.#compiled.loops.find(this.#batch, table, row)
    while (session !== 0 && time < table.get(session, SESSION.start) - this.#gapMs) {
      later = session
      session = table.get(session, SESSION.next)
    }
    if (session !== 0 && time <= table.get(session, SESSION.end)) {
      this.#extend(session, row, time)
      return true
    }
    if (time <= table.closed) {
      this.#late.note(row, time, time + this.#gapMs)
      return true
    }
    if (later === 0) {
      table.makeRoom()
      return false
    }
    this.#openBehind(later, row, session)
    return true
  }

  /** It may now touch the one behind it, which is merged into it. */
  #extend(session: number, row: number, time: number): void {
    const table = this.#table
    const { loops } = this.#compiled
    if (time < table.get(session, SESSION.start)) table.set(session, SESSION.start, time)
    const end = time + this.#gapMs
    if (end > table.get(session, SESSION.end)) table.set(session, SESSION.end, end)
    const behind = table.get(session, SESSION.next)
    if (behind !== 0 && time <= table.get(behind, SESSION.end)) {
      table.set(session, SESSION.start, table.get(behind, SESSION.start))
      loops.merge(table, session, table, behind)
      table.dropBehind(session)
    }
    loops.addRow(this.#batch, table, session, row)
  }

  #openBehind(later: number, row: number, next: number): void {
    const table = this.#table
    const { loops } = this.#compiled
    const session = table.takePlace()
    loops.open(this.#batch, table, session, row)
    loops.addRow(this.#batch, table, session, row)
    table.link(session, next)
    table.link(later, session)
    this.#queue.put(session)
  }

  #queueOpened(): void {
    const { opened, openedCount } = this.#table
    for (let at = 0; at < openedCount; at++) this.#queue.put(opened[at] as number)
    this.#table.openedCount = 0
  }

  /** The rows of the sessions that are due; one whose result fails has none. */
  #write(count: number): void {
    const place = this.#place
    const { bounds } = this.#out
    const [starts, ends] = bounds
    if (starts !== undefined) place.starts = starts.values
    if (ends !== undefined) place.ends = ends.values
    place.times = this.#out.times
    for (let from = 0; ; from++) {
      place.row = this.#out.length
      from = this.#compiled.loops.write(this.#table, this.#due, from, count, place)
      this.#out.keepUntil(place.row)
      if (from === count) return
      this.#out.clearRow()
      this.#failResult(this.#due[from] as number)
    }
  }

  #failResult(entry: number): void {
    const table = this.#table
    const [start, end] = [table.get(entry, SESSION.start), table.get(entry, SESSION.end)]
    const core = this.#core
    const { cause } = this.#place
    this.#opened().fail(resultFailure({ core, table, entry, start, end, cause }))
  }
}
