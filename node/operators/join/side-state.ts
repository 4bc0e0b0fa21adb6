/**
 * One side of a join: its rows by key, and the batch of that side that is being worked through.
 *
 * Owns: the rows of the side and the key lanes of the open batch.
 *
 * Rows hold the columns that go to the output first, then those that only the residual condition
 * reads. Key columns have one layout and nullability on both sides, so that either side's batches
 * and entries find keys in the other's rows.
 */
import { assert } from '../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { columnBuilder } from '../../../shared/model/column-builder.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { compileKeyHash, type KeyHash } from '../../../shared/model/key-hash/key-hash-compile.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { JoinCore, JoinSide } from '../../../shared/planning/plan.ts'
import { columnWriter, type ColumnWriter } from '../../state/column-writer.ts'
import { type EntrySlot, nullPlace } from '../../state/entry-layout.ts'
import type { KeptBatches } from '../../state/kept/kept-batches.ts'
import type { KeyedRows, RowRef } from '../../state/keyed-rows.ts'
import type { Pages } from '../../state/pages.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { KeyedBatch } from '../keyed-batch.ts'
import { storedReader, type StoredReader } from '../stored-reader.ts'

export interface SideOptions {
  readonly store: StateStore
  /** Of the state. */
  readonly name: string
  /** Indexes into the side's input that are stored besides the kept ones. */
  readonly extra: readonly number[]
  readonly words: number
  readonly expires: boolean
}

export interface BatchRow {
  readonly batch: Batch
  readonly row: number
}

/** A row as the only one of a batch. */
function onlyRow(specs: readonly ColumnSpec[], columns: readonly Column[]): BatchRow {
  const eventTime = new Float64Array(1)
  return {
    batch: { schema: { columns: specs }, length: 1, eventTime, kind: null, columns },
    row: 0,
  }
}

/** As `onlyRow`, with all columns of a kept row; `specs` are theirs. */
export function onlyKeptRow(
  specs: readonly ColumnSpec[],
  kept: KeptBatches,
  row: number,
): BatchRow {
  const rows = Int32Array.of(row)
  return onlyRow(
    specs,
    specs.map((_, index) => kept.gather(rows, 1, index)),
  )
}

/** Reads some input columns of a stored row to writers. */
export type SideReader = (row: RowRef, writers: readonly ColumnWriter[], at: number) => void

export class SideState {
  readonly rows: KeyedRows
  readonly keySpecs: readonly ColumnSpec[]
  /** Of the open batch. */
  keyColumns: readonly Column[] = []
  valueColumns: readonly Column[] = []
  laneA = new Int32Array(BATCH_RECORDS_MAX)
  laneB = new Int32Array(BATCH_RECORDS_MAX)
  readonly #side: JoinSide
  readonly #stored: readonly number[]
  readonly #hash: KeyHash
  readonly #readers = new Map<string, StoredReader>()
  /** Of the open batch: 1 where a key column is null; null where none is. */
  #nullKeys: Uint8Array | null = null

  constructor(core: JoinCore, side: JoinSide, options: SideOptions) {
    this.#side = side
    this.keySpecs = keySpecs(core)
    const kept = core.right === side && isLeftOnly(core) ? [] : side.kept
    this.#stored = [...new Set([...kept, ...options.extra])]
    assert(new Set(kept).size === kept.length, 'a column goes to the output once')
    this.#hash = compileKeyHash(this.keySpecs)
    this.rows = options.store.rows(options.name, {
      key: this.keySpecs,
      value: this.#stored.map((index) => specAt(side, index)),
      words: options.words,
      expires: options.expires,
    })
  }

  openBatch(batch: Batch): void {
    if (batch.length > this.laneA.length) {
      this.laneA = new Int32Array(batch.length)
      this.laneB = new Int32Array(batch.length)
    }
    this.keyColumns = this.#side.key.map((index, at) =>
      inLayout(columnAt(batch, index), this.keySpecs[at], batch.length),
    )
    this.valueColumns = this.#stored.map((index) => columnAt(batch, index))
    this.#hash(this.keyColumns, batch.length, this.laneA, this.laneB)
    this.#nullKeys = nullRows(this.keyColumns, batch.length)
  }

  /** The keys of the open batch. */
  get lanes(): Pick<KeyedBatch, 'columns' | 'laneA' | 'laneB'> {
    return { columns: this.keyColumns, laneA: this.laneA, laneB: this.laneB }
  }

  /** A null key never matches. */
  isNullKey(row: number): boolean {
    return this.#nullKeys !== null && this.#nullKeys[row] === 1
  }

  /** Whether the key of a stored row has a null. */
  isNullKeyOf(row: RowRef): boolean {
    const { index } = this.rows
    const key = this.rows.keyOf(row)
    return index.layout.key.some((slot) => isNullIn(index, key, slot))
  }

  /** First row of the other side with the key of row i of this side's batch; 0 for none. */
  firstIn(other: SideState, i: number): RowRef {
    return other.rows.first(this.laneA[i] as number, this.laneB[i] as number, this.keyColumns, i)
  }

  append(i: number, time: number): RowRef {
    return this.rows.append(
      this.laneA[i] as number,
      this.laneB[i] as number,
      this.keyColumns,
      i,
      this.valueColumns,
      i,
      time,
    )
  }

  /** A stored row equal to row i of the batch; with the same time where one has it. */
  findEqual(i: number, time: number): RowRef {
    let found = 0
    let row = this.firstIn(this, i)
    while (row !== 0) {
      if (this.rows.sameValues(row, this.valueColumns, i)) {
        if (this.rows.time(row) === time) return row
        if (found === 0) found = row
      }
      row = this.rows.next(row)
    }
    return found
  }

  /** First row of the other side with the key of a stored row of this side; 0 for none. */
  firstForRow(other: SideState, row: RowRef): RowRef {
    const own = this.rows.index
    const key = this.rows.keyOf(row)
    const found = other.rows.index.locateFrom(own.groupOf(key), own, key)
    return found === 0 ? 0 : other.rows.firstOfKey(found)
  }

  /** A reader of these input columns, which must be stored. */
  reader(inputs: readonly number[]): SideReader {
    const read = this.#reader(inputs)
    const { rows } = this.rows
    return (row, writers, at) => read(rows, row, writers, at)
  }

  /** A stored row with all of its columns, as the only row of a batch. Slow: for messages. */
  rowAsBatch(row: RowRef): BatchRow {
    const columns = this.#stored.map((index) => specAt(this.#side, index))
    const writers = columns.map((spec) => columnWriter(spec.layout, 1))
    this.reader(this.#stored)(row, writers, 0)
    return onlyRow(
      columns,
      writers.map((writer) => writer.take(1)),
    )
  }

  #reader(inputs: readonly number[]): StoredReader {
    const name = inputs.join()
    const known = this.#readers.get(name)
    if (known !== undefined) return known
    const positions = inputs.map((index) => this.#stored.indexOf(index))
    const made = storedReader(this.rows.rows, positions)
    this.#readers.set(name, made)
    return made
  }
}

export function isLeftOnly(core: JoinCore): boolean {
  return core.type === 'semi' || core.type === 'anti'
}

/** One spec per key column, good for both sides. */
export function keySpecs(core: JoinCore): ColumnSpec[] {
  return core.left.key.map((index, at) => {
    const left = specAt(core.left, index)
    const right = specAt(core.right, core.right.key[at] ?? -1)
    const layout = left.layout === right.layout ? left.layout : 'utf8'
    return { ...left, layout, nullable: left.nullable || right.nullable }
  })
}

export function specAt(side: JoinSide, index: number): ColumnSpec {
  const spec = side.input[index]?.spec
  assert(spec !== undefined, `column ${index} of a side exists`)
  return spec
}

export function columnAt(batch: Batch, index: number): Column {
  const column = batch.columns[index]
  assert(column !== undefined, `column ${index} of a batch exists`)
  return column
}

/** Sides that hold a key in different layouts of text meet in utf8. */
export function inLayout(column: Column, spec: ColumnSpec | undefined, length: number): Column {
  if (spec === undefined || column.layout === spec.layout) return column
  const builder = columnBuilder(spec.layout, length)
  for (let row = 0; row < length; row++) builder.append(valueAt(column, row))
  return builder.finish()
}

export function nullRows(columns: readonly Column[], length: number): Uint8Array | null {
  let found: Uint8Array | null = null
  for (const column of columns) {
    if (column.layout === 'any') {
      if (!column.values.includes(null)) continue
    } else if (column.nulls === null) continue
    found ??= new Uint8Array(length)
    for (let row = 0; row < length; row++) {
      const isNull =
        column.layout === 'any' ? column.values[row] === null : column.nulls?.[row] === 1
      if (isNull) found[row] = 1
    }
  }
  return found
}

function isNullIn(pages: Pages, entry: number, slot: EntrySlot): boolean {
  const { i32 } = pages.arena
  if (slot.spec.layout === 'any') return i32[(entry + slot.word) * 2] === 0
  if (slot.nullBit < 0) return false
  const { half, mask } = nullPlace(slot.nullBit)
  return ((i32[entry * 2 + half] as number) & mask) !== 0
}
