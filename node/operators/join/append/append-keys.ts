/**
 * The keys of an append join with the heads of the lists of their rows: what the join asks of them.
 * Kinds: in pages of key groups (grouped-keys.ts), or in one flat table (flat-keys.ts).
 */
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { KeptBatches } from '../../../state/kept/kept-batches.ts'
import type { StateStore } from '../../../state/state-store.ts'
import type { Side } from '../pair-writer.ts'
import type { AppendRows, AppendShape } from './append-code.ts'

export interface AppendKeys {
  /** The rows to be worked are others. */
  open(rows: AppendRows): void
  /** Takes rows from `from` on into the lists until there are enough pairs; answers where it stopped. */
  run(side: Side, rows: AppendRows, from: number): number
  /** Moves the rows of a side together; `from` is the oldest time that matters, null: all do. */
  compact(side: Side, from: number | null): void
  /** Rows may have gone. `step`: that of the watermark in parts of the time that rows are kept. */
  forget(step: number): void
}

export interface AppendKeysOptions {
  readonly key: readonly ColumnSpec[]
  readonly store: StateStore
  readonly kept: readonly [KeptBatches, KeptBatches]
  readonly shapes: readonly [AppendShape, AppendShape]
}
