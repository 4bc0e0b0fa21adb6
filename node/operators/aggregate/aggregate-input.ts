/** Prepares a batch for the generated loops: key columns, lanes, times, kinds. */
import type { Batch, Column } from '../../../shared/model/batch.ts'
import type { AggregateCore } from '../../../shared/planning/plan.ts'
import type { AggregateBatch, CompiledAggregate } from './compile-aggregate.ts'

export function openBatch(
  into: AggregateBatch,
  batch: Batch,
  core: AggregateCore,
  compiled: CompiledAggregate,
): void {
  const { length } = batch
  if (into.laneA.length < length) growLanes(into, length)
  into.columns = batch.columns
  into.keyColumns = core.key.map((index) => columnAt(batch, index))
  into.times = batch.eventTime
  into.kinds = batch.kind
  into.serial += 1
  compiled.keyHash(into.keyColumns, length, into.laneA, into.laneB)
  for (const [d, { column, hash }] of compiled.distinct.entries()) {
    const lane = into.distinctLanes[d]
    if (lane !== undefined) hash([columnAt(batch, column)], length, into.spareLane, lane)
  }
}

function growLanes(into: AggregateBatch, length: number): void {
  into.laneA = new Int32Array(length)
  into.laneB = new Int32Array(length)
  into.spareLane = new Int32Array(length)
  into.distinctLanes = into.distinctLanes.map(() => new Int32Array(length))
}

function columnAt(batch: Batch, index: number): Column {
  const column = batch.columns[index]
  if (column === undefined) throw new TypeError(`batch has column ${index} of its core`)
  return column
}
