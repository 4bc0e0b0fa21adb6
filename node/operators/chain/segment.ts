/**
 * Parts of a chain, run one after the other over the same records. Where one record can become
 * several rows, every row knows the record it came from.
 */
import type { Batch } from '../../../shared/model/batch.ts'

export interface Rows {
  readonly batch: Batch
  /** Per row, the row of the chain's input it came from; null: row i came from row i. */
  readonly origin: Int32Array | null
}

export interface SegmentHost {
  /** A row of the segment's input failed: its record is in no output. */
  fail(row: number, error: unknown): void
  reject(row: number, rules: readonly string[], values: readonly unknown[]): void
  observe(rule: string, action: 'observe' | 'warn'): void
  now(): number
}

export interface Segment {
  /** Generated code, or a line that says what runs instead. */
  readonly code: string
  /** What is left; null for nothing. */
  run(rows: Rows, host: SegmentHost): Rows | null
}

/** The origins of selected rows. */
export function originsOf(
  origin: Int32Array | null,
  selection: Int32Array,
  count: number,
): Int32Array {
  if (origin === null) return selection.slice(0, count)
  const out = new Int32Array(count)
  for (let at = 0; at < count; at++) out[at] = origin[selection[at] as number] as number
  return out
}
