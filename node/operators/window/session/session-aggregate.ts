/**
 * Session windows: the records of a key with less than, or exactly, a gap between neighbours. A
 * session ends a gap after its last record; it fires when the watermark reaches its end, since up to
 * then a record that touches it may come in time. Append input.
 *
 * A record that extends the only session of its key costs one probe and a few writes in the
 * generated loop (run-code.ts); everything else is seen to here, row by row.
 *
 * Owns: the sessions, their timers, the changes of the batch.
 *
 * Invariants (beside S1–S3):
 *   N1. Between two calls that answered DONE, downstream has the row of exactly the sessions that
 *       say so, and every session that is due says so.
 *   N2. Every record is absorbed by one session, or late: then it touches none and its own would be
 *       closed.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { type Batch, INSERT } from '../../../../shared/model/batch.ts'
import type { AggregateCore } from '../../../../shared/planning/plan.ts'
import { CountingMemory } from '../../../state/memory.ts'
import { StateStore } from '../../../state/state-store.ts'
import { openBatch } from '../../aggregate/aggregate-input.ts'
import type { AggregateSetup } from '../../aggregate/aggregate-setup.ts'
import {
  SESSION_BEFORE,
  SESSION_END,
  SESSION_IS_EMITTED,
  SESSION_START,
  SESSION_TIMER,
} from '../../aggregate/aggregate-shape.ts'
import {
  type AggregateBatch,
  aggregateBatch,
  compileAggregate,
  type CompiledAggregate,
} from '../../aggregate/compile-aggregate.ts'
import { ResultWriter } from '../../aggregate/result-writer.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../../operator.ts'
import { LateSelection } from '../late-selection.ts'
import { SessionChanges } from './session-changes.ts'
import { SessionLevels } from './session-levels.ts'
import { SessionRows } from './session-rows.ts'
import { SessionTimers } from './session-timers.ts'
import { WindowClock } from '../window-clock.ts'

/** States of a session's row: unknown downstream, known, changed and told again with this batch. */
const UNTOLD = 0
const TOLD = 1
const RETOLD = 2

export class SessionAggregate implements Operator {
  readonly #core: AggregateCore
  readonly #gapMs: number
  readonly #compiled: CompiledAggregate
  readonly #batch: AggregateBatch
  readonly #store: StateStore
  readonly #clock: WindowClock
  readonly #sessions: SessionLevels
  readonly #timers = new SessionTimers()
  readonly #rows: SessionRows
  readonly #changes: SessionChanges
  readonly #out: ResultWriter
  readonly #late: LateSelection
  /** Levels that the row in hand merged into others, ascending. */
  readonly #swallowed: number[] = []
  /** Group and tag of keys with sessions that may have to be told when the batch ends. */
  #changed: number[] = []
  /** Whether the timer popped last may have further sessions. */
  #isFiring = false
  /** The walk of an early firing that is in progress. */
  #early: Generator<void> | null = null
  #nextEarly = Number.POSITIVE_INFINITY
  #context: OperatorContext | null = null

  constructor(setup: AggregateSetup) {
    const { core } = setup
    assert(core.window?.type === 'session', 'a session aggregate has a session window')
    this.#core = core
    this.#gapMs = core.window.gapMs
    this.#clock = new WindowClock(core.window)
    this.#compiled = compileAggregate(core, {
      retracts: false,
      merges: true,
      touches: false,
      countsRows: false,
      expires: false,
      gapMs: this.#gapMs,
      asksLanes: true,
    })
    this.#store = new StateStore(setup.memory ?? new CountingMemory())
    const panes = this.#store.panes('sessions', this.#compiled.spec)
    this.#sessions = new SessionLevels(panes, this.#compiled)
    this.#rows = new SessionRows({
      core,
      compiled: this.#compiled,
      sessions: this.#sessions,
      fail: (failure) => this.#opened().fail(failure),
    })
    this.#changes = new SessionChanges(core, setup.outputEdge === 'retract')
    this.#batch = aggregateBatch(this.#compiled)
    this.#out = new ResultWriter(core)
    this.#late = new LateSelection(setup.lateColumns)
  }

  get code(): string {
    return this.#compiled.code
  }

  get store(): StateStore {
    return this.#store
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    const { length } = batch
    if (length === 0) return DONE
    const context = this.#opened()
    openBatch(this.#batch, batch, { core: this.#core, compiled: this.#compiled, context })
    if (this.#clock.isProcessing) this.#batch.times = this.#clock.stamps(context.now(), length)
    const { loops } = this.#compiled
    const first = this.#sessions.table(0)
    for (let row = loops.run(this.#batch, first, 0, length); row < length;) {
      this.#takeRow(row)
      row = loops.run(this.#batch, first, row + 1, length)
    }
    this.#batch.before += length
    context.counters.absorbed += length - this.#late.count - this.#batch.refused
    context.counters.late += this.#late.count
    this.#late.emit(batch, this.#clock.watermark, context)
    this.#writeChanges()
    this.#planWakes()
    return this.#emitChanges()
  }

  onWatermark(watermark: number): Progress {
    if (this.#clock.isProcessing && watermark !== Number.POSITIVE_INFINITY) return DONE
    this.#clock.advance(watermark)
    return this.#fireDue()
  }

  onProcessingTime(now: number): Progress {
    if (this.#clock.isProcessing) this.#clock.advance(now - 1)
    if (now >= this.#nextEarly) {
      this.#nextEarly = Number.POSITIVE_INFINITY
      this.#early = this.#earlyRows()
    }
    return this.#fireDue()
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    return this.#changes.isEmpty ? this.#fireDue() : this.#emitChanges()
  }

  /** A session that ends at W + 1 has not fired at W, and its row has the time W. */
  outputWatermark(watermark: number): number {
    return watermark - 1 - this.#clock.holdMs
  }

  close(): void {
    this.#store.close()
  }

  #opened(): OperatorContext {
    if (this.#context === null) throw new TypeError('an operator is opened first')
    return this.#context
  }

  /** A row that does more than extend the only session of its key. */
  #takeRow(row: number): void {
    const sessions = this.#sessions
    const time = this.#batch.times[row] as number
    assert(time === time, 'records of session windows have event time')
    sessions.find(this.#batch, row)
    const { found } = sessions
    const touched: number[] = []
    for (const [level, entry] of found.entries()) {
      const isTouched =
        time >= sessions.get(level, entry, SESSION_START) - this.#gapMs &&
        time <= sessions.get(level, entry, SESSION_END)
      if (isTouched) touched.push(level)
    }
    const end = time + this.#gapMs
    const [target, ...others] = touched
    if (target === undefined && this.#clock.isClosed(1 + end)) this.#late.note(row, time, end)
    else if (target === undefined) this.#begin(row, time)
    // A row that may be refused stands alone first, so that it changes no session when it is.
    else if (!this.#compiled.refuses) this.#extend(row, time, [target, ...others])
    else if (this.#begin(row, time)) this.#swallow([target, ...others, found.length - 1])
    this.#removeSwallowed()
    sessions.settle()
  }

  /** A session of one row; false when the row is refused. */
  #begin(row: number, time: number): boolean {
    const sessions = this.#sessions
    const level = sessions.found.length
    const entry = sessions.insert(this.#batch, row)
    sessions.set(level, entry, SESSION_START, time)
    sessions.set(level, entry, SESSION_END, time + this.#gapMs)
    sessions.set(level, entry, SESSION_TIMER, Number.POSITIVE_INFINITY)
    if (this.#compiled.loops.addRow(this.#batch, sessions.table(level), entry, row)) {
      this.#changedAt(level, entry, UNTOLD)
      return true
    }
    sessions.remove(level, entry)
    return false
  }

  #extend(row: number, time: number, touched: readonly [number, ...number[]]): void {
    const sessions = this.#sessions
    const [level] = touched
    const entry = sessions.found[level] as number
    this.#swallow(touched)
    const start = Math.min(sessions.get(level, entry, SESSION_START), time)
    const end = Math.max(sessions.get(level, entry, SESSION_END), time + this.#gapMs)
    sessions.set(level, entry, SESSION_START, start)
    sessions.set(level, entry, SESSION_END, end)
    this.#compiled.loops.addRow(this.#batch, sessions.table(level), entry, row)
    this.#changedAt(level, entry, sessions.get(level, entry, SESSION_IS_EMITTED))
  }

  /** Merges sessions of the key that was found into the first of them. */
  #swallow([into, ...levels]: readonly [number, ...number[]]): void {
    const { found } = this.#sessions
    const entryAt = (level: number) => found[level] as number
    const startOf = (level: number) => this.#sessions.get(level, entryAt(level), SESSION_START)
    // In order of window_start: what is deleted first began first.
    for (const level of [into, ...levels].toSorted((one, other) => startOf(one) - startOf(other)))
      this.#noteBefore(level, entryAt(level))
    for (const level of levels) this.#sessions.merge(into, level)
    this.#swallowed.push(...levels)
    const state = this.#sessions.get(into, entryAt(into), SESSION_IS_EMITTED)
    this.#changedAt(into, entryAt(into), state)
  }

  #removeSwallowed(): void {
    for (let level = this.#swallowed.pop(); level !== undefined; level = this.#swallowed.pop()) {
      this.#sessions.remove(level, this.#sessions.found[level] as number)
    }
  }

  /** Before a session changes whose row is in force downstream. */
  #noteBefore(level: number, entry: number): void {
    const sessions = this.#sessions
    if (sessions.get(level, entry, SESSION_IS_EMITTED) !== TOLD) return
    const { before } = this.#changes
    const isThere = this.#rows.writeOld(before, level, entry)
    sessions.set(level, entry, SESSION_BEFORE, isThere ? this.#changes.keepBefore() : 0)
    const isEarly = this.#core.window?.earlyMs != null
    sessions.set(level, entry, SESSION_IS_EMITTED, isEarly ? RETOLD : UNTOLD)
  }

  /** A session has changed: its timer, and whether it is told when the batch ends. */
  #changedAt(level: number, entry: number, state: number): void {
    const sessions = this.#sessions
    const end = sessions.get(level, entry, SESSION_END)
    const due = end + this.#clock.holdMs
    if (sessions.get(level, entry, SESSION_TIMER) > due) this.#setTimer(level, entry, due)
    if (state !== RETOLD && !this.#clock.hasFired(1 + end)) return
    const table = sessions.table(level)
    this.#changed.push(table.groupOf(entry), table.tag(entry))
  }

  #setTimer(level: number, entry: number, time: number): void {
    const table = this.#sessions.table(level)
    this.#sessions.set(level, entry, SESSION_TIMER, time)
    this.#timers.set(time, table.groupOf(entry), table.tag(entry))
  }

  /** Writes down the rows of changed sessions that are due, or were told before. */
  #writeChanges(): void {
    const changed = this.#changed
    for (let at = 0; at < changed.length; at += 2) {
      const [group, tag] = [changed[at] as number, changed[at + 1] as number]
      for (const [level, table] of this.#sessions.tables.entries()) {
        let entry = table.entryOfTag(group, tag, 0)
        for (; entry !== 0; entry = table.entryOfTag(group, tag, entry))
          this.#writeChange(level, entry)
      }
    }
    this.#changed = []
  }

  #writeChange(level: number, entry: number): void {
    const sessions = this.#sessions
    const state = sessions.get(level, entry, SESSION_IS_EMITTED)
    const isDue = this.#clock.hasFired(1 + sessions.get(level, entry, SESSION_END))
    if (state === TOLD || (state === UNTOLD && !isDue)) return
    const { after } = this.#changes
    if (this.#rows.write(after, level, entry)) {
      this.#changes.keepAfter(sessions.get(level, entry, SESSION_BEFORE))
    }
    this.#markTold(level, entry)
  }

  #markTold(level: number, entry: number): void {
    this.#sessions.set(level, entry, SESSION_BEFORE, 0)
    this.#sessions.set(level, entry, SESSION_IS_EMITTED, TOLD)
    if (level === 0) this.#sessions.holdBack(entry)
  }

  #emitChanges(): Progress {
    const output = this.#opened().output('main')
    const isThrough = this.#changes.emit(this.#out, () => {
      output.emit(this.#out.take())
      return !output.isFull
    })
    if (!isThrough) return MORE
    if (this.#out.length > 0) output.emit(this.#out.take())
    return DONE
  }

  /** Fires and closes every session whose time has come, then goes on with an early firing. */
  #fireDue(): Progress {
    const output = this.#opened().output('main')
    for (;;) {
      if (this.#out.isFull) {
        output.emit(this.#out.take())
        if (output.isFull) return MORE
      }
      if (this.#isFiring) this.#isFiring = this.#fireNext()
      else if (this.#timers.popUntil(this.#clock.watermark)) this.#isFiring = true
      else if (this.#early === null || this.#early.next().done === true) break
    }
    this.#early = null
    this.#planWakes()
    if (this.#out.length > 0) output.emit(this.#out.take())
    return DONE
  }

  /** Sees to one session of the timer that was popped; false when there is none left. */
  #fireNext(): boolean {
    const { time, group, tag } = this.#timers
    for (const [level, table] of this.#sessions.tables.entries()) {
      let entry = table.entryOfTag(group, tag, 0)
      while (entry !== 0 && this.#sessions.get(level, entry, SESSION_TIMER) !== time)
        entry = table.entryOfTag(group, tag, entry)
      if (entry === 0) continue
      this.#fire(level, entry)
      return true
    }
    return false
  }

  #fire(level: number, entry: number): void {
    const sessions = this.#sessions
    const end = sessions.get(level, entry, SESSION_END)
    if (sessions.get(level, entry, SESSION_IS_EMITTED) === UNTOLD) {
      if (!this.#clock.hasFired(1 + end)) {
        this.#setTimer(level, entry, end + this.#clock.holdMs)
        return
      }
      if (this.#rows.write(this.#out, level, entry)) this.#out.advance(end - 1, INSERT)
      this.#markTold(level, entry)
    }
    if (this.#clock.isClosed(1 + end)) sessions.remove(level, entry)
    else this.#setTimer(level, entry, end + this.#clock.latenessMs)
  }

  /** Tells every session that has not been told; pauses while the writer is full. */
  *#earlyRows(): Generator<void> {
    const sessions = this.#sessions
    for (const [level, table] of sessions.tables.entries()) {
      const cursor = table.cursor()
      for (let entry = cursor.next(); entry !== 0; entry = cursor.next()) {
        if (sessions.get(level, entry, SESSION_IS_EMITTED) !== UNTOLD) continue
        while (this.#out.isFull) yield
        const end = sessions.get(level, entry, SESSION_END)
        if (this.#rows.write(this.#out, level, entry)) this.#out.advance(end - 1, INSERT)
        this.#markTold(level, entry)
      }
    }
  }

  #planWakes(): void {
    const { earlyMs = null } = this.#core.window ?? {}
    const context = this.#opened()
    if (this.#clock.isProcessing && Number.isFinite(this.#timers.nextTime)) {
      context.wakeAt(this.#timers.nextTime + 1)
    }
    if (earlyMs === null || this.#sessions.table(0).size === 0) return
    if (this.#nextEarly === Number.POSITIVE_INFINITY) {
      this.#nextEarly = context.now() + earlyMs
      context.wakeAt(this.#nextEarly)
    }
  }
}
