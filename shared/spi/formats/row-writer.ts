/** Batches as bytes of one format. */
import type { Batch } from '../../model/batch.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import type { ByteOutput } from './byte-output.ts'

export interface RowWriter {
  /** What stands before the first row. */
  begin(output: ByteOutput): void
  write(batch: Batch, output: ByteOutput): void
}

export interface RowWriterOptions {
  readonly columns: readonly ColumnSpec[]
  /** Rows say their change kind in `_kind`, which comes first. */
  readonly kinds: boolean
}
