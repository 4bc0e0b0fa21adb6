/**
 * Collects the rows a join makes and emits them as batches.
 *
 * A row has two halves. While a batch is worked through, the half of the batch's side is only a row
 * number, gathered column by column when the output batch is full; the other half is written from
 * state by generated code. Rows that timers and firings make have both halves from state.
 *
 * Owns: the rows not yet emitted. Between two calls of the operator there are none.
 */
import { assert } from '../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import { INSERT, type Batch, type BatchSchema, type Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { JoinCore, JoinSide } from '../../../shared/planning/plan.ts'
import { columnWriter, type ColumnWriter } from '../../state/column-writer.ts'
import type { Output } from '../operator.ts'
import { gatherOrNull, NO_ROW } from './gather-or-null.ts'

export { NO_ROW }

export const LEFT = 0
export const RIGHT = 1
export type Side = typeof LEFT | typeof RIGHT

interface Half {
  /** Where its columns stand in the output. */
  readonly positions: readonly number[]
  /** Indexes into the side's input. */
  readonly kept: readonly number[]
  readonly writers: readonly ColumnWriter[]
  readonly nullable: readonly ColumnWriter[]
  /** Those that say whether a struct is there. */
  readonly presences: readonly ColumnWriter[]
}

export class PairWriter {
  readonly #output: Output
  readonly #schema: BatchSchema
  readonly #halves: readonly [Half, Half]
  /** Position of the bool column that says whether the right half is there; −1 for none. */
  readonly #presenceAt: number
  /** Rows of an emitted batch, at most. */
  readonly capacity: number
  readonly #selection: Int32Array
  #present: Uint8Array
  #eventTime: Float64Array
  #kind: Uint8Array
  #hasChanges = false
  #hasGaps = false
  /** The batch whose rows `add` names, and its side; null while both halves come from state. */
  #batch: Batch | null = null
  #batchSide: Side = LEFT
  count = 0

  constructor(core: JoinCore, output: Output, capacity = BATCH_RECORDS_MAX) {
    this.#output = output
    this.capacity = capacity
    this.#selection = new Int32Array(capacity)
    this.#present = new Uint8Array(capacity)
    this.#eventTime = new Float64Array(capacity)
    this.#kind = new Uint8Array(capacity)
    this.#schema = { columns: core.output }
    const isLeftOnly = core.type === 'semi' || core.type === 'anti'
    this.#presenceAt = isLeftOnly ? -1 : presencePosition(core)
    const right = isLeftOnly ? { ...core.right, kept: [] } : core.right
    this.#halves = [this.#half(core.left, 0), this.#half(right, core.left.kept.length)]
    const width = core.left.kept.length + right.kept.length + (this.#presenceAt < 0 ? 0 : 1)
    assert(width === core.output.length, 'a join has the columns of both sides')
  }

  /** From here on the half of `side` is a row of this batch. */
  openBatch(side: Side, batch: Batch): void {
    assert(this.count === 0, 'rows of one batch are emitted before the next is opened')
    this.#batch = batch
    this.#batchSide = side
  }

  /** From here on both halves come from state. */
  openState(): void {
    assert(this.count === 0, 'rows of a batch are emitted before rows of state')
    this.#batch = null
    this.#batchSide = LEFT
  }

  /** The writers of the half of a side, one per kept column. */
  writers(side: Side): readonly ColumnWriter[] {
    return this.#halves[side].writers
  }

  /**
   * Begins a row; answers its number for the writers. `row` is the row of the open batch or NO_ROW.
   * Halves from state are then written or made null by the caller.
   */
  add(row: number, eventTime: number, kind: number): number {
    const at = this.count++
    this.#selection[at] = row
    this.#eventTime[at] = eventTime
    this.#kind[at] = kind
    if (row === NO_ROW) this.#hasGaps = true
    if (kind !== INSERT) this.#hasChanges = true
    if (this.#batchSide === RIGHT) this.#present[at] = row === NO_ROW ? 0 : 1
    else this.#present[at] = 1
    return at
  }

  /** The half from state of this side is not there in row `at`. */
  putNull(side: Side, at: number): void {
    const { nullable, presences } = this.#halves[side]
    for (const writer of nullable) writer.putNull(at)
    for (const writer of presences) {
      writer.putNull(at) // 0: arrays are written again, and an earlier row may have said 1
      writer.clearNull(at)
    }
    if (side === RIGHT) this.#present[at] = 0
  }

  /** Room for this many more rows; emits what there is to make it. False: stop, output is full. */
  makeRoom(rows: number): boolean {
    return this.count + rows <= this.capacity || !this.flush()
  }

  /** Emits what there is. Answers whether the operator should stop. */
  flush(): boolean {
    if (this.count > 0) {
      this.#output.emit(this.#take())
      this.count = 0
    }
    return this.#output.isFull
  }

  #take(): Batch {
    const { count } = this
    const columns: Column[] = Array.from({ length: this.#schema.columns.length })
    this.#takeHalf(LEFT, columns)
    this.#takeHalf(RIGHT, columns)
    if (this.#presenceAt >= 0) {
      columns[this.#presenceAt] = { layout: 'bool', values: this.#present, nulls: null }
      this.#present = new Uint8Array(this.capacity)
    }
    const batch: Batch = {
      schema: this.#schema,
      length: count,
      eventTime: this.#eventTime,
      kind: this.#hasChanges ? this.#kind : null,
      columns,
    }
    this.#eventTime = new Float64Array(this.capacity)
    if (this.#hasChanges) this.#kind = new Uint8Array(this.capacity)
    this.#hasChanges = false
    this.#hasGaps = false
    return batch
  }

  #takeHalf(side: Side, into: Column[]): void {
    const { positions, kept, writers } = this.#halves[side]
    const batch = this.#batch
    if (batch === null || side !== this.#batchSide) {
      writers.forEach((writer, index) => {
        into[positions[index] as number] = writer.take(this.count)
      })
      return
    }
    const rows = { selection: this.#selection, count: this.count, hasGaps: this.#hasGaps }
    kept.forEach((input, index) => {
      const position = positions[index] as number
      const spec = this.#schema.columns[position]
      const column = batch.columns[input]
      assert(column !== undefined && spec !== undefined, `column ${input} of a side exists`)
      const gathered = gatherOrNull(column, spec.layout, rows)
      into[position] = fitted(gathered, spec)
    })
  }

  #half(side: JoinSide, first: number): Half {
    const positions = side.kept.map((_, index) => {
      const position = first + index
      return this.#presenceAt >= 0 && position >= this.#presenceAt ? position + 1 : position
    })
    const writers = positions.map((position) =>
      columnWriter(this.#schema.columns[position]?.layout ?? 'any', this.capacity),
    )
    const isNullable = (_: ColumnWriter, index: number): boolean =>
      this.#schema.columns[positions[index] ?? -1]?.nullable === true
    const nullable = writers.filter(isNullable)
    const presences = writers.filter((_, index) => {
      const spec = this.#schema.columns[positions[index] ?? -1]
      return spec?.nullable === false && spec.path.endsWith('.?')
    })
    return { positions, kept: side.kept, writers, nullable, presences }
  }
}

/** The presence of the right row stands between the halves where it is read. */
export function presencePosition(core: JoinCore): number {
  const at = core.left.kept.length
  return core.output[at]?.path === `${core.alias}.?` ? at : -1
}

/** Without nulls where none may be: those of a column that says whether a struct is there. */
export function fitted(column: Column, { nullable }: ColumnSpec): Column {
  return nullable || column.layout === 'any' ? column : { ...column, nulls: null }
}
