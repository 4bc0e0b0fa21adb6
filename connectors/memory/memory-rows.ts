/**
 * What tests give to and take from a pipeline without anything outside: batches by split, and a
 * place where the batches of a sink are collected. They travel in the config by reference.
 */
import type { Batch } from '../../shared/model/batch.ts'

/** Batches by split; a batch may hold all columns, the source delivers those that are asked for. */
export class MemoryInput {
  readonly splits: ReadonlyMap<string, readonly Batch[]>

  constructor(splits: readonly Batch[] | ReadonlyMap<string, readonly Batch[]>) {
    this.splits = Array.isArray(splits)
      ? new Map([['memory', splits as readonly Batch[]]])
      : (splits as ReadonlyMap<string, readonly Batch[]>)
  }
}

/** What a sink was given, in order of arrival over all its subtasks. */
export class MemoryOutput {
  readonly batches: Batch[] = []
  /** Counts of how sinks ended; a test may look at them. */
  finished = 0
  aborted = 0
  closed = 0
}
