/**
 * Aggregation in sliding and cumulating windows whose accumulators are a few numbers: panes are cells
 * by the number of their key (dense-panes.ts), so that a record is one probe and one cell, and a firing
 * adds and subtracts cells without looking for keys. Everything else is as in window-aggregate.ts,
 * whose invariants F1–F3 hold; windows that have fired take no corrections here (compile-dense.ts).
 *
 * Nulls: null is a key; calls see to null arguments. Late records: no window takes the pane any more.
 * Changes: records are taken back from their pane. End of input: +∞ fires every window.
 *
 * Owns: the panes.
 */
import { assert } from '../../../../shared/base/assert.ts'
import type { Batch } from '../../../../shared/model/batch.ts'
import type { Cells } from '../../../state/dense/cells.ts'
import { TILE_LOG2, type DenseKeys } from '../../../state/dense/dense-keys.ts'
import { CountingMemory } from '../../../state/memory.ts'
import { StateStore } from '../../../state/state-store.ts'
import { columnAt } from '../../aggregate/aggregate-input.ts'
import type { AggregateSetup } from '../../aggregate/aggregate-setup.ts'
import { resultFailure } from '../../aggregate/failed-result.ts'
import { ResultWriter } from '../../aggregate/result-writer.ts'
import { DONE, type Operator, type OperatorContext, type Progress } from '../../operator.ts'
import { LateSelection } from '../late-selection.ts'
import { inPane, runEnd } from '../pane-run.ts'
import type { WindowShape } from '../window-arithmetic.ts'
import { WindowClock } from '../window-clock.ts'
import { type Firing, WindowFirings } from '../window-firings.ts'
import { windowShape } from '../window-shape.ts'
import {
  type CellPlace,
  compileDense,
  type CompiledDense,
  type DenseBatch,
} from './compile-dense.ts'
import { type DensePane, DensePanes } from './dense-panes.ts'

export class DenseAggregate implements Operator {
  readonly store: StateStore
  readonly #setup: AggregateSetup
  readonly #compiled: CompiledDense
  readonly #shape: WindowShape
  readonly #clock: WindowClock
  readonly #keys: DenseKeys
  readonly #panes: DensePanes
  readonly #out: ResultWriter
  readonly #late: LateSelection
  readonly #firings: WindowFirings
  readonly #batch: DenseBatch = {
    columns: [],
    keyColumns: [],
    times: new Float64Array(0),
    kinds: null,
    paneStart: 0,
    paneEnd: 0,
    unmatched: 0,
  }
  #lastPane: DensePane | null = null
  #context: OperatorContext | null = null

  constructor(setup: AggregateSetup) {
    const { core, inputEdge, memory, lateColumns } = setup
    assert(core.window !== null, 'a windowed aggregate has a window')
    const retracts = inputEdge !== 'append'
    this.#setup = setup
    this.#shape = windowShape(core.window)
    this.#clock = new WindowClock(core.window)
    this.#compiled = compileDense(core, retracts)
    const { entryWords, loops } = this.#compiled
    this.store = new StateStore(memory ?? new CountingMemory())
    this.#keys = this.store.dense('panes', entryWords, loops)
    this.#panes = new DensePanes(this.#shape, this.#compiled, this.#keys, retracts)
    this.#out = new ResultWriter(core)
    this.#late = new LateSelection(lateColumns)
    this.#firings = new WindowFirings({
      shape: this.#shape,
      clock: this.#clock,
      panes: this.#panes,
      out: this.#out,
      firingOf: (start, end) => this.#firingOf(start, end),
    })
  }

  get code(): string {
    return this.#compiled.code
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    this.#openBatch(batch)
    for (let row = 0; row < batch.length;) row = this.#takeRun(row, batch.length)
    const context = this.#opened()
    const { counters } = context
    counters.late += this.#late.count
    counters.absorbed += batch.length - this.#late.count
    counters.unmatchedRetractions += this.#batch.unmatched
    this.#late.emit(batch, this.#clock.watermark, context)
    return DONE
  }

  onWatermark(watermark: number): Progress {
    if (this.#clock.isProcessing && watermark !== Number.POSITIVE_INFINITY) return DONE
    this.#clock.advance(watermark)
    return this.#fireDue()
  }

  onProcessingTime(now: number): Progress {
    if (this.#clock.isProcessing) this.#clock.advance(now - 1)
    return this.#fireDue()
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    return this.#fireDue()
  }

  outputWatermark(watermark: number): number {
    return watermark - this.#clock.holdMs
  }

  close(): void {
    this.store.close()
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'an operator is opened first')
    return this.#context
  }

  #openBatch(batch: Batch): void {
    const into = this.#batch
    into.columns = batch.columns
    into.keyColumns = this.#setup.core.key.map((index) => columnAt(batch, index))
    into.kinds = batch.kind
    into.unmatched = 0
    into.times = this.#clock.isProcessing
      ? this.#clock.stamps(this.#opened().now(), batch.length)
      : batch.eventTime
  }

  /** Takes rows from `from` on that lie in one pane; the row after them. */
  #takeRun(from: number, length: number): number {
    const batch = this.#batch
    const time = batch.times[from] as number
    const last = this.#lastPane
    // The last pane is asked first: records mostly fall into it.
    if (last === null || !inPane(time, last.start, last.end)) {
      batch.paneStart = this.#shape.paneStart(time)
      batch.paneEnd = this.#shape.paneEnd(batch.paneStart)
      this.#lastPane = this.#paneOf(batch.paneStart)
    } else {
      batch.paneStart = last.start
      batch.paneEnd = last.end
    }
    if (this.#lastPane === null) return this.#noteLate(from, length)
    return this.#add(this.#lastPane, from, length)
  }

  /** The pane that starts at `start`, made when it is new; null when its windows are closed. */
  #paneOf(start: number): DensePane | null {
    const known = this.#panes.find(start)
    if (known !== null) return known
    if (this.#clock.isClosed(this.#shape.lastEnd(start))) return null
    if (this.#clock.isProcessing) this.#opened().wakeAt(this.#shape.firstEnd(start))
    return this.#panes.open(start)
  }

  #noteLate(from: number, length: number): number {
    const to = runEnd(this.#batch, from, length)
    const end = this.#shape.lastEnd(this.#batch.paneStart)
    for (let row = from; row < to; row++) this.#late.note(row, this.#shape.windowStart(end), end)
    return to
  }

  #add(pane: DensePane, from: number, length: number): number {
    const { unmatched } = this.#batch
    const end = this.#accumulate(pane.cells, from, length)
    if (!pane.isCombined) return end
    // What the pane did not have may be in the combination, by another pane: it stays there.
    if (this.#batch.unmatched > unmatched) this.#panes.forget(pane)
    else this.#accumulate(this.#panes.combination, from, end)
    return end
  }

  /** Adds rows up to the first one that is not in the pane; answers it. */
  #accumulate(cells: Cells, from: number, to: number): number {
    const { loops } = this.#compiled
    const keys = this.#keys
    const batch = this.#batch
    cells.reach(keys.tileCount)
    for (let row = loops.run(keys, cells, batch, from, to); row < to;) {
      if (!inPane(batch.times[row] as number, batch.paneStart, batch.paneEnd)) return row
      if (!this.#admit(cells, row)) {
        batch.unmatched += 1
        row += 1
      }
      row = loops.run(keys, cells, batch, row, to)
    }
    return to
  }

  /** Sees to it that the key of a row has a cell; false for a retraction of what is not there. */
  #admit(cells: Cells, row: number): boolean {
    const { keyColumns, kinds } = this.#batch
    const keys = this.#keys
    const isBack = kinds !== null && ((kinds[row] as number) & 1) === 1
    let entry = keys.find(keyColumns, row)
    if (entry === 0 && isBack) return false
    if (entry === 0) entry = keys.insert(keyColumns, row)
    const tile = keys.numberOf(entry) >> TILE_LOG2
    if (cells.has(tile)) return true
    if (isBack) return false
    cells.make(tile)
    cells.reach(keys.tileCount)
    return true
  }

  /** Fires every window whose time has come, in order, then frees what no window needs. */
  #fireDue(): Progress {
    const progress = this.#firings.fireDue(this.#opened().output('main'))
    if (progress === DONE) this.#closePanes()
    return progress
  }

  #firingOf(start: number, end: number): Firing {
    this.#panes.moveTo(start, end)
    this.#panes.combination.reach(this.#keys.tileCount)
    const place: CellPlace = { number: 0, row: 0, limit: 0, cause: -1, entry: 0 }
    return () => this.#writeRows(start, end, place)
  }

  /** Writes rows until the batch is full (false) or the window is through (true). */
  #writeRows(start: number, end: number, place: CellPlace): boolean {
    const out = this.#out
    const first = out.length
    place.row = first
    place.limit = out.capacity
    do {
      place.cause = -1
      this.#compiled.loops.fill(this.#keys, this.#panes.combination, place, out.keys, out.results)
      out.length = place.row
      if (place.cause >= 0) this.#failRow(start, end, place)
    } while (place.cause >= 0)
    out.fillBounds(first, start, end)
    return place.row < place.limit
  }

  #failRow(start: number, end: number, { entry, cause }: CellPlace): void {
    const { core } = this.#setup
    this.#out.clearRow()
    this.#opened().fail(resultFailure({ core, table: this.#keys, entry, start, end, cause }))
  }

  #closePanes(): void {
    const closable = this.#panes.closable(this.#clock.closedEnd)
    if (closable.length === 0) return
    this.#lastPane = null
    this.#panes.leave(closable)
    this.#panes.close(closable)
  }
}
