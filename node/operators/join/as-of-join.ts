/**
 * The temporal join: each left row meets the version of the right row of its key that was valid at
 * the left row's `as_of` time. A left row waits until the watermark has reached that time; its
 * result has its own event time. Types inner and left.
 *
 * Owns: left rows that wait or that corrections may still reach, and the versions.
 *
 * Changes: a left row that is taken back takes its result back. A right row is a version from its
 * event time on. What takes a right row back with that row's own event time corrects it: results
 * that stood on it are corrected as long as left rows are kept (the right stream's lateness). With
 * a later event time it ends the version.
 * `ttl` forgets the versions of a key so long after the newest of them was written, by the watermark
 * or by its own time, whichever is later; left rows only read. What was answered with them stays.
 * Nulls: a null key or a null `as_of` meets nothing. Late: a left row whose version may have been
 * forgotten. End of input: +∞ answers every row that waits.
 */
import { assert } from '../../../shared/base/assert.ts'
import { DELETE, INSERT, UPDATE_BEFORE, type Batch } from '../../../shared/model/batch.ts'
import type { RowRef } from '../../state/keyed-rows.ts'
import { TimeQueue } from '../../state/time-queue.ts'
import type { KeyedBatch } from '../keyed-batch.ts'
import { KeyTtl } from '../key-ttl.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import type { JoinOptions } from './join-options.ts'
import { PairFilter, residualInputs } from './pair-filter.ts'
import { LEFT, NO_ROW, PairWriter, RIGHT, type Side } from './pair-writer.ts'
import { SideState, type SideReader } from './side-state.ts'
import { VERSION_WORDS, VersionState } from './version-state.ts'

/** Words of a left row: its event time; 1 once it was answered. */
const EVENT_TIME = 0
const ANSWERED = 1
/** Stored for a null `as_of`: before every version. */
const NEVER = -Number.MAX_VALUE

/** What is still to be done for the record at hand, in order. */
type Task =
  | {
      readonly kind: 'say'
      readonly left: RowRef
      readonly version: RowRef
      readonly change: number
    }
  | { readonly kind: 'forget'; readonly side: Side; readonly row: RowRef }

export class AsOfJoin implements Operator {
  readonly #options: JoinOptions
  readonly #timeIndex: number
  readonly #left: SideState
  readonly #versions: VersionState
  readonly #readers: readonly [SideReader, SideReader]
  readonly #filter: PairFilter
  readonly #ttl: KeyTtl | null
  /** Answered rows that are kept, by `as_of`; rows whose event time is before it, by event time. */
  readonly #kept = new TimeQueue()
  readonly #held = new TimeQueue()
  #tasks: Task[] = []
  #writer: PairWriter | null = null
  #context: OperatorContext | null = null
  #batch: { readonly side: Side; readonly batch: Batch } | null = null
  #row = 0
  #isAnswering = false
  #watermark = Number.NEGATIVE_INFINITY
  #forwarded = Number.NEGATIVE_INFINITY

  constructor(options: JoinOptions) {
    const { core, store, ttlMs } = options
    assert(core.mode.kind === 'as_of', 'the join has a time')
    assert(core.type === 'inner' || core.type === 'left', 'as_of joins are inner or left')
    this.#options = options
    this.#timeIndex = core.mode.time
    const side = (of: Side, words: number): SideState =>
      new SideState(core, of === LEFT ? core.left : core.right, {
        store,
        name: of === LEFT ? 'left' : 'versions',
        extra: residualInputs(core, of),
        words,
        expires: true,
      })
    this.#left = side(LEFT, 2)
    const right = side(RIGHT, VERSION_WORDS)
    this.#versions = new VersionState(right, core.right, core.right.kept)
    this.#ttl = ttlMs === null ? null : new KeyTtl(store, right.keySpecs, ttlMs)
    this.#readers = [this.#left.reader(core.left.kept), right.reader(core.right.kept)]
    this.#filter = new PairFilter(core, options.predicate, options.batchRows)
  }

  open(context: OperatorContext): void {
    this.#context = context
    this.#filter.open(context)
    const { core, batchRows } = this.#options
    this.#writer = new PairWriter(core, context.output('main'), batchRows)
    this.#writer.openState()
  }

  onBatch(input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    const side = input === LEFT ? LEFT : RIGHT
    this.#batch = { side, batch }
    this.#row = 0
    this.#sideState(side).openBatch(batch)
    return this.#run()
  }

  onWatermark(watermark: number): Progress {
    this.#watermark = watermark
    this.#isAnswering = true
    return this.#run()
  }

  resume(): Progress {
    return this.#run()
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  /** A row that waits for a time after its own holds the watermark before it. */
  outputWatermark(watermark: number): number {
    let held = watermark
    for (;;) {
      const row = this.#held.popBelow(watermark + 1)
      if (row < 0) break
      const time = this.#held.poppedTime
      if (!this.#isWaiting(row, time)) continue
      this.#held.push(time, row)
      held = Math.min(held, time - 1)
      break
    }
    this.#forwarded = Math.max(this.#forwarded, held)
    return this.#forwarded
  }

  close(): void {
    this.#context = null
  }

  #run(): Progress {
    const writer = this.#openWriter()
    for (;;) {
      if (!this.#doTasks(writer)) return MORE
      if (this.#batch !== null) this.#takeRow(this.#batch.side, this.#batch.batch)
      else if (!this.#isAnswering || !this.#answerNext()) break
    }
    writer.flush()
    return DONE
  }

  #doTasks(writer: PairWriter): boolean {
    let done = 0
    for (const task of this.#tasks) {
      if (task.kind === 'say' && !writer.makeRoom(1)) {
        this.#tasks = this.#tasks.slice(done)
        return false
      }
      done++
      if (task.kind === 'forget') this.#sideState(task.side).rows.remove(task.row)
      else this.#say(writer, task)
    }
    if (done > 0) this.#tasks = []
    return true
  }

  #say(writer: PairWriter, task: Extract<Task, { kind: 'say' }>): void {
    const { left, version, change } = task
    const isMatch =
      version !== 0 &&
      this.#filter.matches(
        { side: this.#left, row: left },
        { side: this.#versions.side, row: version },
        change === INSERT,
      )
    if (!isMatch && this.#options.core.type === 'inner') return
    const at = writer.add(NO_ROW, this.#left.rows.word(left, EVENT_TIME), change)
    this.#readers[LEFT](left, writer.writers(LEFT), at)
    if (isMatch) this.#readers[RIGHT](version, writer.writers(RIGHT), at)
    else writer.putNull(RIGHT, at)
  }

  #takeRow(side: Side, batch: Batch): void {
    const row = this.#row++
    const kind = batch.kind === null ? INSERT : (batch.kind[row] as number)
    const isBack = kind === DELETE || kind === UPDATE_BEFORE
    if (this.#row === batch.length) this.#batch = null
    const time = batch.eventTime[row] as number
    if (side === LEFT) this.#takeLeft(batch, row, isBack)
    else this.#takeRight(row, time, kind)
  }

  #takeLeft(batch: Batch, row: number, isBack: boolean): void {
    const { counters } = this.#opened()
    const asOf = this.#asOf(batch, row)
    if (this.#isForgotten(row, asOf)) {
      counters.late++
      return
    }
    counters.absorbed++
    if (isBack && this.#takeBackStored(row, asOf)) return
    if (isBack && asOf > this.#watermark) {
      counters.unmatchedRetractions++
      return
    }
    const eventTime = batch.eventTime[row] as number
    const ref = this.#left.append(row, asOf)
    this.#left.rows.setWord(ref, EVENT_TIME, eventTime)
    if (eventTime < asOf) this.#held.push(eventTime, ref)
    if (asOf > this.#watermark) return
    if (isBack) {
      // It was answered and is kept no more: its version is still there.
      this.#left.rows.setWord(ref, ANSWERED, 1)
      this.#tasks.push(this.#answer(ref, DELETE), { kind: 'forget', side: LEFT, row: ref })
    } else this.#answerAndKeep(ref)
  }

  #takeBackStored(row: number, asOf: number): boolean {
    const found = this.#left.findEqual(row, asOf)
    if (found === 0) return false
    if (this.#left.rows.word(found, ANSWERED) === 1) this.#tasks.push(this.#answer(found, DELETE))
    this.#tasks.push({ kind: 'forget', side: LEFT, row: found })
    return true
  }

  #takeRight(row: number, time: number, kind: number): void {
    const { counters } = this.#opened()
    const { side } = this.#versions
    counters.absorbed++
    if (side.isNullKey(row)) return
    this.#ttl?.touch(side.lanes, row, Math.max(time, this.#watermark))
    const { edge } = this.#options.core.right
    const isBack = kind === DELETE || kind === UPDATE_BEFORE
    if (edge === 'upsert' && kind === UPDATE_BEFORE) return
    const corrected = isBack && edge === 'retract' ? this.#versions.takenBack(row, time) : 0
    if (corrected !== 0) this.#correctWithout(corrected)
    else if (isBack && edge === 'retract' && !this.#versions.isValid(row, time))
      counters.unmatchedRetractions++
    else this.#correctWith(row, time, isBack)
  }

  /** A version comes: answered rows that it is valid for are answered again. */
  #correctWith(row: number, time: number, ends: boolean): void {
    const affected = this.#answeredFrom(this.#versions.side.firstIn(this.#left, row), time)
    const before = affected.map((left) => this.#versionOf(left))
    this.#versions.add(row, time, ends)
    affected.forEach((left, index) => this.#change(left, before[index] as RowRef))
  }

  /** A version goes: who was answered with it is answered again. */
  #correctWithout(version: RowRef): void {
    const { side } = this.#versions
    const first = side.firstForRow(this.#left, version)
    const affected = this.#answeredFrom(first, side.rows.time(version)).filter(
      (left) => this.#versionOf(left) === version,
    )
    for (const left of affected) this.#tasks.push({ kind: 'say', left, version, change: DELETE })
    // Out of time from here on, so that it is valid for nobody; it goes when it was said.
    side.rows.setTime(version, Number.MAX_VALUE)
    for (const left of affected) this.#tasks.push(this.#answer(left, INSERT))
    this.#tasks.push({ kind: 'forget', side: RIGHT, row: version })
  }

  #change(left: RowRef, before: RowRef): void {
    const after = this.#versionOf(left)
    if (after === before) return
    this.#tasks.push({ kind: 'say', left, version: before, change: DELETE })
    this.#tasks.push({ kind: 'say', left, version: after, change: INSERT })
  }

  #answeredFrom(first: RowRef, time: number): RowRef[] {
    const { rows } = this.#left
    const found: RowRef[] = []
    for (let ref = first; ref !== 0; ref = rows.next(ref))
      if (rows.word(ref, ANSWERED) === 1 && rows.time(ref) >= time) found.push(ref)
    return found
  }

  /** Answers the next row that is due; false when none is, and old ones are forgotten. */
  #answerNext(): boolean {
    const { rows } = this.#left
    const bound = this.#watermark
    const row = rows.popBefore(bound === Number.POSITIVE_INFINITY ? bound : bound + 1)
    if (row !== 0) {
      if (rows.word(row, ANSWERED) === 0) this.#answerAndKeep(row)
      return true
    }
    this.#forget()
    this.#isAnswering = false
    return false
  }

  #answerAndKeep(row: RowRef): void {
    const { rows } = this.#left
    const asOf = rows.time(row)
    this.#tasks.push(this.#answer(row, INSERT))
    rows.setWord(row, ANSWERED, 1)
    if (asOf + this.#options.core.left.keepLongerMs <= this.#watermark)
      this.#tasks.push({ kind: 'forget', side: LEFT, row })
    else this.#kept.push(asOf, row)
  }

  #answer(left: RowRef, change: number): Task {
    return { kind: 'say', left, version: this.#versionOf(left), change }
  }

  #versionOf(left: RowRef): RowRef {
    const first = this.#left.firstForRow(this.#versions.side, left)
    return this.#versions.validAt(first, this.#left.rows.time(left))
  }

  #forget(): void {
    const { left, right } = this.#options.core
    for (;;) {
      const row = this.#kept.popBelow(this.#watermark - left.keepLongerMs + 1)
      if (row < 0) break
      if (this.#left.rows.isAt(row, this.#kept.poppedTime)) this.#left.rows.remove(row)
    }
    this.#versions.forgetBefore(this.#watermark - right.keepLongerMs - left.keepLongerMs)
    this.#ttl?.expire(this.#watermark, this.#opened().counters, (key) => this.#forgetKey(key))
  }

  /** Rows that were answered with a version of the key get no corrections any more. */
  #forgetKey(key: KeyedBatch): void {
    const { rows } = this.#left
    const [a, b] = [key.laneA[0] as number, key.laneB[0] as number]
    for (let ref = rows.first(a, b, key.columns, 0); ref !== 0;) {
      const next = rows.next(ref)
      if (rows.word(ref, ANSWERED) === 1) rows.remove(ref)
      ref = next
    }
    this.#versions.forgetKey(key)
  }

  #isForgotten(row: number, asOf: number): boolean {
    if (asOf === NEVER || asOf > this.#watermark || this.#left.isNullKey(row)) return false
    return this.#versions.hasForgotten(this.#left.firstIn(this.#versions.side, row), asOf)
  }

  #isWaiting(row: RowRef, eventTime: number): boolean {
    const { rows } = this.#left
    if (!rows.isAt(row, rows.time(row)) || rows.word(row, ANSWERED) === 1) return false
    return rows.word(row, EVENT_TIME) === eventTime
  }

  #asOf(batch: Batch, row: number): number {
    const column = batch.columns[this.#timeIndex]
    assert(column?.layout === 'f64', 'as_of is a timestamp')
    if (column.nulls !== null && column.nulls[row] === 1) return NEVER
    return column.values[row] as number
  }

  #sideState(side: Side): SideState {
    return side === LEFT ? this.#left : this.#versions.side
  }

  #openWriter(): PairWriter {
    assert(this.#writer !== null, 'the operator is open')
    return this.#writer
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }
}
