/**
 * The key of every row of a batch: its columns and both lanes of its hash, in arrays that are used
 * again for the next batch.
 */
import { assert } from '../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'
import type { Batch, Column } from '../../shared/model/batch.ts'
import { compileKeyHash, type KeyHash } from '../../shared/model/key-hash/key-hash-compile.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { ProjectedColumn } from '../../shared/planning/plan.ts'

export class KeyedBatch {
  readonly specs: readonly ColumnSpec[]
  readonly #key: readonly number[]
  readonly #hash: KeyHash
  columns: readonly Column[] = []
  laneA = new Int32Array(BATCH_RECORDS_MAX)
  laneB = new Int32Array(BATCH_RECORDS_MAX)

  /** `key`: indexes into the columns of the batches. */
  constructor(input: readonly ColumnSpec[], key: readonly number[]) {
    this.#key = key
    this.specs = key.map((index) => {
      const spec = input[index]
      assert(spec !== undefined, `key column ${index} is in the input`)
      return spec
    })
    this.#hash = compileKeyHash(this.specs)
  }

  open(batch: Batch): void {
    this.columns = columnsAt(batch, this.#key)
    this.#fill(batch.length)
  }

  /** The same for key columns alone, e.g. those of a timer. */
  openColumns(columns: readonly Column[], length: number): void {
    this.columns = columns
    this.#fill(length)
  }

  #fill(length: number): void {
    if (length > this.laneA.length) {
      this.laneA = new Int32Array(length)
      this.laneB = new Int32Array(length)
    }
    this.#hash(this.columns, length, this.laneA, this.laneB)
  }
}

export function columnsAt(batch: Batch, indexes: readonly number[]): Column[] {
  return indexes.map((index) => {
    const column = batch.columns[index]
    assert(column !== undefined, `column ${index} of a batch exists`)
    return column
  })
}

export function specsOf(input: readonly ProjectedColumn[]): ColumnSpec[] {
  return input.map((column) => column.spec)
}
