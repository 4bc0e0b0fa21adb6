/** What every state of a process function is made of, and what the operator does with it. */
import type { StateStore } from '../../state/state-store.ts'
import type { KeyedBatch } from '../keyed-batch.ts'

/** The key whose state is at hand: row `row` of an open batch of keys. */
export interface CurrentKey {
  batch: KeyedBatch
  row: number
}

export interface HeldState {
  /** Whether the call wrote to it. */
  readonly isWritten: boolean
  commit(): void
  discard(): void
  /** Removes everything of the current key. */
  forget(): void
}

export interface StateParts {
  readonly store: StateStore
  readonly key: CurrentKey
}
