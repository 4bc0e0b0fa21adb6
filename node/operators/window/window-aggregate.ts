/**
 * Aggregation in windows that are made of panes: tumbling, sliding, cumulate, global, calendar.
 *
 * A record is accumulated once, into the pane of its time; a window is combined from its panes when
 * it fires (D5, D13). Windows fire in order of their end when the watermark reaches end − 1 (with
 * `emit: final` plus the allowed lateness), their rows in batches; a firing that is pushed back goes
 * on where it stopped.
 *
 * Owns: panes, the running combination, corrections of this batch.
 *
 * Invariants:
 *   F1. A window fires at most once; what changes it afterwards is a correction of the same batch.
 *   F2. Every record read is absorbed by a pane, or late: then none of its windows takes it.
 *   F3. Between two calls that answered DONE every window whose time has come has fired.
 */
import type { Batch } from '../../../shared/model/batch.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import { CountingMemory } from '../../state/memory.ts'
import { StateStore } from '../../state/state-store.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import { openBatch } from '../aggregate/aggregate-input.ts'
import type { AggregateSetup } from '../aggregate/aggregate-setup.ts'
import {
  type AggregateBatch,
  aggregateBatch,
  compileAggregate,
  type CompiledAggregate,
} from '../aggregate/compile-aggregate.ts'
import { ResultWriter } from '../aggregate/result-writer.ts'
import { TableRows } from '../aggregate/table-rows.ts'
import type { AggregateCore } from '../../../shared/planning/plan.ts'
import { CombinedPanes } from './combined-panes.ts'
import { EarlyRows, earlySpec } from './early-rows.ts'
import { LateSelection } from './late-selection.ts'
import { inPane, runEnd } from './pane-run.ts'
import { startColumn } from './same-window.ts'
import { windowShape } from './window-shape.ts'
import { WindowClock } from './window-clock.ts'
import { WindowCorrections } from './window-corrections.ts'
import { type Firing, WindowFirings } from './window-firings.ts'
import { type Pane, WindowPanes } from './window-panes.ts'
import { WindowRows } from './window-rows.ts'
import type { WindowShape } from './window-arithmetic.ts'

export class WindowAggregate implements Operator {
  readonly #setup: AggregateSetup
  readonly #compiled: CompiledAggregate
  readonly #batch: AggregateBatch
  readonly #store: StateStore
  readonly #shape: WindowShape
  readonly #clock: WindowClock
  readonly #panes: WindowPanes
  readonly #combined: CombinedPanes | null
  readonly #rows: WindowRows
  readonly #corrections: WindowCorrections
  readonly #out: ResultWriter
  #context: OperatorContext | null = null
  readonly #firings: WindowFirings
  readonly #early: EarlyRows | null
  /** Processing time of the next early firing; +∞ when none is planned. */
  #nextEarly = Number.POSITIVE_INFINITY
  #lastPane: Pane | null = null
  readonly #late: LateSelection

  constructor(setup: AggregateSetup) {
    const { core } = setup
    if (core.window === null) throw new TypeError('a windowed aggregate has a window')
    this.#setup = setup
    this.#shape = windowShape(core.window)
    this.#clock = new WindowClock(core.window)
    const { isSingle } = this.#shape
    const hasEarly = core.window.earlyMs !== null
    this.#compiled = compileAggregate(core, {
      retracts: setup.inputEdge !== 'append',
      merges: !isSingle,
      touches: false,
      countsRows: !isSingle,
      expires: false,
      isBounded: core.window.type !== 'global',
      asksLanes: true,
      indexesLanes: isSingle && !hasEarly,
    })
    const { spec, distinct } = this.#compiled
    this.#store = new StateStore(setup.memory ?? new CountingMemory())
    this.#panes = new WindowPanes(
      this.#shape,
      this.#store.panes('panes', spec),
      distinct.map((side, d) => this.#store.panes(`distinct ${d}`, side.spec)),
      !hasEarly && (isSingle || this.#compiled.mergesInPlace),
    )
    this.#combined = isSingle ? null : new CombinedPanes(this.#panes, this.#compiled, !hasEarly)
    this.#rows = new WindowRows({
      core,
      compiled: this.#compiled,
      shape: this.#shape,
      panes: this.#panes,
      fail: (failure) => this.#opened().fail(failure),
    })
    const keys = this.#store.panes('corrected keys', {
      ...spec,
      words: Math.max(2, spec.words),
      isIndexed: false,
      indexesLanes: false,
    })
    this.#corrections = new WindowCorrections(this.#rows, keys, {
      isRetract: setup.outputEdge === 'retract',
      compiled: this.#compiled,
    })
    this.#early = this.#earlyOf(core)
    this.#batch = aggregateBatch(this.#compiled)
    this.#out = new ResultWriter(core)
    this.#late = new LateSelection(setup.lateColumns)
    this.#firings = new WindowFirings({
      shape: this.#shape,
      clock: this.#clock,
      panes: this.#panes,
      out: this.#out,
      firingOf: (start, end) => this.#firingOf(start, end),
    })
  }

  #earlyOf(core: AggregateCore): EarlyRows | null {
    if (core.window?.earlyMs == null) return null
    return new EarlyRows({
      core,
      shape: this.#shape,
      compiled: this.#compiled,
      emitted: this.#store.panes('emitted early', earlySpec(core)),
      isRetract: this.#setup.outputEdge === 'retract',
      fail: (failure) => this.#opened().fail(failure),
    })
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
    if (batch.length === 0) return DONE
    const [{ core }, compiled, context] = [this.#setup, this.#compiled, this.#opened()]
    openBatch(this.#batch, batch, { core, compiled, context })
    if (this.#clock.isProcessing)
      this.#batch.times = this.#clock.stamps(context.now(), batch.length)
    for (let row = 0; row < batch.length;) row = this.#takeRun(row, batch.length)
    this.#batch.before += batch.length
    this.#planEarly()
    this.#count(batch)
    return this.#emitCorrections()
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
      this.#firings.begin(stepsOf(this.#earlyRows()))
      if (this.#panes.panes.length > 0) this.#planEarly()
    }
    return this.#fireDue()
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    if (!this.#corrections.isEmpty) return this.#emitCorrections()
    return this.#fireDue()
  }

  outputWatermark(watermark: number): number {
    return watermark - this.#clock.holdMs
  }

  close(): void {
    this.#store.close()
  }

  #opened(): OperatorContext {
    if (this.#context === null) throw new TypeError('an operator is opened first')
    return this.#context
  }

  /** Takes rows from `from` on that lie in one pane; the row after them. */
  #takeRun(from: number, length: number): number {
    const batch = this.#batch
    const time = batch.times[from] as number
    const last = this.#lastPane
    // The last pane is asked first: records mostly fall into it.
    const start =
      last !== null && inPane(time, last.start, last.end) ? last.start : this.#shape.paneStart(time)
    batch.paneStart = start
    batch.paneEnd = this.#shape.paneEnd(start)
    const pane = this.#paneOf(start)
    if (pane === null) {
      const to = runEnd(batch, from, length)
      this.#noteLate(this.#shape.lastEnd(start), from, to)
      return to
    }
    if (!this.#clock.hasFired(this.#shape.firstEnd(start))) return this.#add(pane, from, length)
    const to = runEnd(batch, from, length)
    this.#noteCorrections(pane, from, to)
    return this.#add(pane, from, to)
  }

  /** Adds rows up to the first one that is not in the pane; answers it. */
  #add(pane: Pane, from: number, to: number): number {
    const { loops, refuses } = this.#compiled
    // A row that may be refused is added once: the combination takes the pane again when it fires.
    if (refuses && pane.isCombined) this.#combined?.leave([pane])
    const { unmatched } = this.#batch
    const end = loops.accumulate(this.#batch, pane.table, from, to)
    if (!pane.isCombined || this.#combined === null) return end
    // What the pane did not have may be in the combination, by another pane: it stays there.
    if (this.#batch.unmatched > unmatched) this.#combined.forget(pane)
    else loops.accumulate(this.#batch, this.#combined.table, from, end)
    return end
  }

  /** The pane that starts at `start`, made when it is new; null when its windows are closed. */
  #paneOf(start: number): Pane | null {
    const last = this.#lastPane
    if (last !== null && last.start === start) return last
    const known = this.#panes.find(start)
    if (known !== null) {
      this.#lastPane = known
      return known
    }
    if (this.#clock.isClosed(this.#shape.lastEnd(start))) return null
    this.#lastPane = this.#panes.open(start)
    if (this.#clock.isProcessing) this.#opened().wakeAt(this.#shape.firstEnd(start))
    return this.#lastPane
  }

  #noteLate(end: number, from: number, to: number): void {
    for (let row = from; row < to; row++) this.#late.note(row, this.#startOf(row, end), end)
  }

  /** Windows of the pane that have fired and still take records. */
  #noteCorrections(pane: Pane, from: number, to: number): void {
    let end = this.#shape.firstEnd(pane.start)
    while (end <= pane.lastEnd && this.#clock.hasFired(end)) {
      if (!this.#clock.isClosed(end)) this.#corrections.touch(end, this.#batch, from, to)
      end = this.#shape.nextEnd(end)
    }
  }

  #count(batch: Batch): void {
    const context = this.#opened()
    const { counters } = context
    counters.late += this.#late.count
    counters.absorbed += batch.length - this.#late.count - this.#batch.refused
    counters.unmatchedRetractions += this.#batch.unmatched
    this.#batch.unmatched = 0
    this.#late.emit(batch, this.#clock.watermark, context)
  }

  #startOf(row: number, end: number): number {
    const { core } = this.#setup
    if (core.window?.type !== 'same') return this.#shape.windowStart(end)
    const column = this.#batch.columns[startColumn(core)]
    return column?.layout === 'f64' ? (column.values[row] as number) : Number.NaN
  }

  #emitCorrections(): Progress {
    if (this.#corrections.isEmpty) return DONE
    const output = this.#opened().output('main')
    const flush = () => {
      output.emit(this.#out.take())
      return !output.isFull
    }
    if (!this.#corrections.emit(this.#out, flush)) return MORE
    if (this.#out.length > 0) output.emit(this.#out.take())
    return DONE
  }

  /** Fires every window whose time has come, in order, then frees what no window needs. */
  #fireDue(): Progress {
    const progress = this.#firings.fireDue(this.#opened().output('main'))
    if (progress === DONE) this.#closePanes()
    return progress
  }

  #firingOf(start: number, end: number): Firing | null {
    const table = this.#windowTable(start, end)
    if (table === null) return null
    if (this.#early?.has(end) === true) return stepsOf(this.#early.lastRows(end, table, this.#out))
    const fail = (entry: number, cause: unknown) => this.#rows.fail(table, entry, end, cause)
    const rows = new TableRows(table, this.#compiled.loops, fail)
    return () => {
      const first = this.#out.length
      const isThrough = rows.write(this.#out)
      this.#out.fillBounds(first, start, end)
      return isThrough
    }
  }

  #windowTable(start: number, end: number): KeyedTable | null {
    if (this.#combined === null) return this.#panes.find(start)?.table ?? null
    this.#combined.moveTo(start, end)
    return this.#combined.table
  }

  /** The rows so far of every window that has not fired, where they changed. */
  *#earlyRows(): Generator<void> {
    if (this.#early === null) return
    let end = this.#panes.nextEnd(this.#firings.firedEnd)
    while (!Number.isNaN(end)) {
      const start = this.#shape.windowStart(end)
      const single = this.#shape.isSingle ? this.#panes.find(start) : null
      const table = single?.table ?? this.#panes.openTable()
      if (single === null) {
        for (const pane of this.#panes.within(start, end)) {
          this.#compiled.loops.mergeAll(table, pane.table)
        }
      }
      yield* this.#early.rows(end, table, this.#out)
      if (single === null) this.#panes.closeTable(table)
      end = this.#panes.windowAfter(end)
    }
  }

  /** Asks to be woken for the next early firing, once there is a record. */
  #planEarly(): void {
    const { window } = this.#setup.core
    if (this.#early === null || window?.earlyMs == null) return
    if (this.#nextEarly !== Number.POSITIVE_INFINITY) return
    this.#nextEarly = this.#opened().now() + window.earlyMs
    this.#opened().wakeAt(this.#nextEarly)
  }

  #closePanes(): void {
    const closable = this.#panes.closable(this.#clock.closedEnd)
    if (closable.length === 0) return
    this.#lastPane = null
    this.#combined?.leave(closable)
    this.#panes.close(closable)
  }
}

/** Runs a generator to its next pause: true when it has ended. */
function stepsOf(steps: Generator<void>): Firing {
  return () => steps.next().done === true
}
