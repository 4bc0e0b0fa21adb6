/**
 * Rolling windows: one row per record, its own columns and figures over the records of its key with
 * a time in (t − size, t].
 *
 * `emit: arrival` tells a record at once, over what arrived before it; it is late at t ≤ W − size.
 * `emit: final` keeps records until the watermark reaches them and tells them in order of event
 * time, those of one time over each other; late is t ≤ W. Append input and output.
 *
 * Owns: the rows per key; with `final` the records that wait.
 *
 * Invariant: a row is kept while a record that is not late could see it.
 */
import { assert } from '../../../../shared/base/assert.ts'
import type { Batch } from '../../../../shared/model/batch.ts'
import { rowAt } from '../../../../shared/model/batch-rows.ts'
import { valueAt } from '../../../../shared/model/column-value.ts'
import { compileKeyHash, type KeyHash } from '../../../../shared/model/key-hash/key-hash-compile.ts'
import type { AggregateCore } from '../../../../shared/planning/plan.ts'
import { CountingMemory } from '../../../state/memory.ts'
import type { KeyedTable } from '../../../state/keyed-table.ts'
import { StateStore } from '../../../state/state-store.ts'
import { TimeQueue } from '../../../state/time-queue.ts'
import type { AggregateSetup } from '../../aggregate/aggregate-setup.ts'
import { resultError } from '../../aggregate/failed-result.ts'
import { SWEEP_GROUPS } from '../../aggregate/group-expiry.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../../operator.ts'
import { LateSelection } from '../late-selection.ts'
import { OneRow, type RollingRange, rollingRanges, type RollingRow } from './rolling-figures.ts'
import { type RollingParts, RollingRows } from './rolling-rows.ts'
import { RowWriter } from './row-writer.ts'

/** Word of a key: its newest time. */
const NEWEST = 0

export class RollingAggregate implements Operator {
  readonly #core: AggregateCore
  readonly #sizeMs: number
  readonly #isFinal: boolean
  readonly #store: StateStore
  readonly #ranges: readonly RollingRange[]
  readonly #oneRow: OneRow
  readonly #keyHash: KeyHash
  readonly #laneA = new Int32Array(1)
  readonly #laneB = new Int32Array(1)
  readonly #keys: KeyedTable
  readonly #out: RowWriter
  readonly #late: LateSelection
  /** Records that wait for the watermark, by place; places that are free. */
  readonly #waiting: (RollingRow | null)[] = []
  readonly #free: number[] = []
  readonly #queue = new TimeQueue()
  /** Records that may be told, the next one last. */
  #due: RollingRow[] = []
  #watermark = Number.NEGATIVE_INFINITY
  #context: OperatorContext | null = null

  constructor(setup: AggregateSetup) {
    const { core } = setup
    assert(core.window?.type === 'rolling', 'a rolling aggregate has a rolling window')
    this.#core = core
    this.#sizeMs = core.window.sizeMs
    this.#isFinal = core.window.emit !== 'arrival'
    this.#store = new StateStore(setup.memory ?? new CountingMemory())
    this.#ranges = rollingRanges(core, this.#sizeMs, this.#store)
    this.#oneRow = new OneRow(core)
    const key = core.key.flatMap((index) => core.input[index]?.spec ?? [])
    this.#keyHash = compileKeyHash(key)
    const rows = { path: '$rows', type: { kind: 'json' }, nullable: false, layout: 'any' } as const
    this.#keys = this.#store.table('rows', { key, value: [rows], words: 1 })
    this.#out = new RowWriter(core.output)
    this.#late = new LateSelection(setup.lateColumns)
  }

  get code(): string {
    return this.#ranges.map((range) => range.compiled.code).join('\n')
  }

  get store(): StateStore {
    return this.#store
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    const due: RollingRow[] = []
    for (let row = 0; row < batch.length; row++) {
      const time = batch.eventTime[row] as number
      assert(time === time, 'records of rolling windows have event time')
      const bound = this.#isFinal ? this.#watermark : this.#watermark - this.#sizeMs
      if (time <= bound) {
        this.#late.note(row, time - this.#sizeMs, time)
        continue
      }
      const values = batch.columns.map((column) => valueAt(column, row))
      if (this.#isFinal) this.#wait({ time, values })
      else due.push({ time, values })
    }
    const context = this.#opened()
    context.counters.absorbed += batch.length - this.#late.count
    context.counters.late += this.#late.count
    this.#late.emit(batch, this.#watermark, context)
    this.#due = due.toReversed()
    return this.resume()
  }

  onWatermark(watermark: number): Progress {
    this.#watermark = watermark
    this.#sweep()
    return this.resume()
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    const output = this.#opened().output('main')
    for (;;) {
      if (this.#out.isFull) {
        output.emit(this.#out.take())
        if (output.isFull) return MORE
      }
      const row = this.#due.pop()
      if (row !== undefined) this.#tell(row)
      else if (!this.#isFinal || !this.#nextDue()) break
    }
    if (this.#out.length > 0) output.emit(this.#out.take())
    return DONE
  }

  /** At once, also what is up to `size` behind the watermark. */
  outputWatermark(watermark: number): number {
    return this.#isFinal ? watermark : watermark - this.#sizeMs
  }

  close(): void {
    this.#store.close()
  }

  #opened(): OperatorContext {
    if (this.#context === null) throw new TypeError('an operator is opened first')
    return this.#context
  }

  #wait(row: RollingRow): void {
    const place = this.#free.pop() ?? this.#waiting.length
    this.#waiting[place] = row
    this.#queue.push(row.time, place)
  }

  /** Takes all waiting records of the next time that the watermark has reached; adds them first. */
  #nextDue(): boolean {
    const bound = this.#watermark + 1
    let place = this.#queue.popBelow(bound)
    if (place < 0) return false
    const time = this.#queue.poppedTime
    for (;;) {
      const row = this.#waiting[place] as RollingRow
      this.#waiting[place] = null
      this.#free.push(place)
      this.#rowsOf(row).add(row)
      this.#due.push(row)
      if (this.#queue.nextTime !== time) break
      place = this.#queue.popBelow(bound)
    }
    return true
  }

  /** With `final` the record is there already, and so are those of its time. */
  #tell(row: RollingRow): void {
    const rows = this.#rowsOf(row)
    const index = this.#isFinal ? rows.lastIndex : rows.add(row)
    const at = this.#out.length
    let cause: unknown = -1
    let failed = -1
    rows.figures(index, (range, ofScratch) => {
      const writers = range.places.map((place) => this.#out.resultWriter(this.#core, place))
      const result = range.write(writers, at, ofScratch)
      if (result === -1 || cause !== -1) return
      cause = result
      failed = typeof result === 'number' ? (range.places[result] ?? result) : -1
    })
    if (cause === -1) this.#out.keep(this.#core, row)
    else this.#fail(row, failed < 0 ? cause : failed)
  }

  #fail(row: RollingRow, cause: unknown): void {
    this.#out.clearRow()
    const error = resultError(this.#core, cause)
    const { code, message } = error
    const batch = this.#oneRow.batch(row)
    const payload = rowAt(batch, 0)
    this.#opened().fail({ code, message, error, payload: () => payload, ofResult: true })
  }

  /** The rows of a record's key, without those that nobody will see. */
  #rowsOf(row: RollingRow): RollingRows {
    const { columns } = this.#oneRow.batch(row)
    const key = this.#core.key.flatMap((index) => columns[index] ?? [])
    this.#keyHash(key, 1, this.#laneA, this.#laneB)
    const [a, b] = [this.#laneA[0] as number, this.#laneB[0] as number]
    let entry = this.#keys.locate(a, b, key, 0)
    if (entry === 0) {
      entry = this.#keys.insert(a, b, key, 0)
      const made = new RollingRows(this.#parts())
      this.#keys.arena.i32[this.#objectAt(entry)] = this.#keys.putObject(made)
      this.#keys.setWord(entry, NEWEST, row.time)
    }
    this.#keys.setWord(entry, NEWEST, Math.max(this.#keys.word(entry, NEWEST), row.time))
    const rows = this.#rowsAt(entry)
    rows.forget(Math.min(this.#forgetBound(), row.time - this.#sizeMs))
    return rows
  }

  #rowsAt(entry: number): RollingRows {
    const rows = this.#keys.objects[this.#keys.arena.i32[this.#objectAt(entry)] as number]
    assert(rows instanceof RollingRows, 'a key has its rows')
    return rows
  }

  #objectAt(entry: number): number {
    return (entry + (this.#keys.layout.value[0]?.word ?? 0)) * 2
  }

  #parts(): RollingParts {
    return { ranges: this.#ranges, oneRow: this.#oneRow, context: this.#opened() }
  }

  /** A record that is not late sees nothing at or before it. */
  #forgetBound(): number {
    const next = this.#isFinal ? this.#firstWaiting() : this.#watermark - this.#sizeMs
    return next - this.#sizeMs
  }

  /** Nothing before it will be told any more. */
  #firstWaiting(): number {
    return Math.min(this.#watermark, this.#queue.nextTime, this.#due[0]?.time ?? Infinity)
  }

  /** Keys whose rows nobody will see go. */
  #sweep(): void {
    const bound = this.#forgetBound()
    if (!Number.isFinite(bound)) return
    this.#keys.expire(NEWEST, bound, {
      groups: SWEEP_GROUPS,
      visit: (entry) => this.#rowsAt(entry).forget(Number.POSITIVE_INFINITY),
    })
  }
}
