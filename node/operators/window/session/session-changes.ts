/**
 * What one input batch changed in sessions whose rows had been emitted: first every row that is no
 * more is deleted, then the rows that are due now are inserted (D18). Nothing is emitted for a row
 * that is as it was.
 *
 * Owns: the rows in force before the batch and the rows after it; where the emission stands.
 */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../../shared/model/batch.ts'
import type { AggregateCore } from '../../../../shared/planning/plan.ts'
import { ResultWriter } from '../../aggregate/result-writer.ts'

const CAPACITY = 256

/** What becomes of an old row. */
const GOES = 0
const CHANGES = 1
const STAYS = 2

export class SessionChanges {
  readonly #core: AggregateCore
  readonly #isRetract: boolean
  #before: ResultWriter
  #after: ResultWriter
  /** Per old row: what becomes of it. Per new row: 1 + the old row that it changes. */
  #fates: number[] = []
  #pairs: number[] = []
  #nextBefore = 0
  #nextAfter = 0

  constructor(core: AggregateCore, isRetract: boolean) {
    this.#core = core
    this.#isRetract = isRetract
    this.#before = new ResultWriter(core, CAPACITY)
    this.#after = new ResultWriter(core, CAPACITY)
  }

  get isEmpty(): boolean {
    return this.#before.length === 0 && this.#after.length === 0
  }

  /** The writer whose next row is to be an old row; then `keepBefore` or `clearRow`. */
  get before(): ResultWriter {
    this.#before = this.#withRoom(this.#before)
    return this.#before
  }

  get after(): ResultWriter {
    this.#after = this.#withRoom(this.#after)
    return this.#after
  }

  /** Keeps the old row that was written; answers 1 + its index. */
  keepBefore(): number {
    this.#before.advance(Number.NaN, INSERT)
    this.#fates.push(GOES)
    return this.#before.length
  }

  /** Keeps the new row that was written; `before` is 1 + the old row of that session, 0 for none. */
  keepAfter(before: number): void {
    const row = this.#after.length
    let pair = 0
    if (before > 0 && sameBounds(this.#after, row, this.#before, before - 1)) {
      if (this.#after.sameResults(this.#before, before - 1)) {
        this.#fates[before - 1] = STAYS
        this.#after.clearRow()
        return
      }
      this.#fates[before - 1] = CHANGES
      pair = before
    }
    this.#pairs.push(pair)
    this.#after.advance(Number.NaN, INSERT)
  }

  /** Emits all; false when the output is full. */
  emit(out: ResultWriter, flush: () => boolean): boolean {
    while (this.#nextBefore < this.#before.length) {
      if (out.isFull && !flush()) return false
      const row = this.#nextBefore
      this.#nextBefore += 1
      if (this.#fates[row] === GOES) copy(out, this.#before, row, DELETE)
    }
    while (this.#nextAfter < this.#after.length) {
      if (out.length + 2 > out.capacity && !flush()) return false
      const row = this.#nextAfter
      this.#nextAfter += 1
      const pair = this.#pairs[row] ?? 0
      if (pair > 0 && this.#isRetract) copy(out, this.#before, pair - 1, UPDATE_BEFORE)
      copy(out, this.#after, row, pair > 0 ? UPDATE_AFTER : INSERT)
    }
    this.#before.reset()
    this.#after.reset()
    this.#fates = []
    this.#pairs = []
    this.#nextBefore = 0
    this.#nextAfter = 0
    return true
  }

  #withRoom(writer: ResultWriter): ResultWriter {
    if (!writer.isFull) return writer
    const larger = new ResultWriter(this.#core, writer.capacity * 2)
    for (let row = 0; row < writer.length; row++) {
      larger.copyRow(writer, row)
      larger.advance(Number.NaN, INSERT)
    }
    return larger
  }
}

// oxlint-disable-next-line max-params -- which row goes where, as what
function copy(out: ResultWriter, from: ResultWriter, row: number, kind: number): void {
  out.clearRow()
  out.copyRow(from, row)
  out.advance((from.bounds[1]?.values[row] ?? Number.NaN) - 1, kind)
}

// oxlint-disable-next-line max-params -- two rows
function sameBounds(left: ResultWriter, row: number, right: ResultWriter, other: number): boolean {
  return left.bounds.every((one, index) => one.values[row] === right.bounds[index]?.values[other])
}
