/**
 * The contract of a baseline: the fastest single-threaded loop an expert would write by hand for one
 * query, in plain JavaScript over the same columns and batch cuts as the engine, which emits into the
 * checksum what the engine's sink receives: results of windows once the watermark (largest time − 4 s,
 * after every batch) passes their end, net changes of updating queries after every batch.
 */
import type { Batch, DictColumn, Utf8Column } from '../../../shared/model/batch.ts'
import type { Checksum } from '../../measure/checksum.ts'
import type { Entity } from '../replay.ts'

export interface Baseline {
  /** Columns it reads, per stream. Streams are merged by the time of their first record. */
  readonly inputs: Readonly<Partial<Record<Entity, readonly string[]>>>
  onBatch(entity: Entity, batch: Batch): void
  /** After the last batch: windows that are open fire. */
  onEnd(): void
}

export type MakeBaseline = (checksum: Checksum) => Baseline

export const WATERMARK_DELAY_MS = 4000

/** Values of a numeric column, by position. */
export function numbersOf(batch: Batch, index: number): Float64Array {
  const column = batch.columns[index]
  if (column?.layout !== 'f64') throw new TypeError(`column ${index} has numbers`)
  return column.values
}

export function textsOf(batch: Batch, index: number): Utf8Column {
  const column = batch.columns[index]
  if (column?.layout !== 'utf8') throw new TypeError(`column ${index} has texts`)
  return column
}

export function codesOf(batch: Batch, index: number): DictColumn {
  const column = batch.columns[index]
  if (column?.layout !== 'dict') throw new TypeError(`column ${index} has a dictionary`)
  return column
}
