/** Prepares a batch for the generated loops: key columns, lanes, times, kinds. */
import type { StreamError } from '../../../shared/base/errors.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { rowAt } from '../../../shared/model/batch-rows.ts'
import type { AggregateCore } from '../../../shared/planning/plan.ts'
import type { OperatorContext } from '../operator.ts'
import type { AggregateBatch, CompiledAggregate } from './compile-aggregate.ts'

export interface BatchParts {
  readonly core: AggregateCore
  readonly compiled: CompiledAggregate
  readonly context: OperatorContext
}

export function openBatch(
  into: AggregateBatch,
  batch: Batch,
  { core, compiled, context }: BatchParts,
): void {
  const { length } = batch
  if (into.laneA.length < length) growLanes(into, length)
  into.columns = batch.columns
  into.keyColumns = core.key.map((index) => columnAt(batch, index))
  into.times = batch.eventTime
  into.kinds = batch.kind
  into.serial += 1
  if (!compiled.isLaneless) compiled.keyHash(into.keyColumns, length, into.laneA, into.laneB)
  into.refused = 0
  into.refuse = (row, failure) => {
    into.refused += 1
    refuseRow(batch, row, failure, context)
  }
  for (const [k, { column, hash }] of compiled.hashed.entries()) {
    const lanes = into.hashLanes[k]
    if (lanes !== undefined) hash([columnAt(batch, column)], length, lanes.a, lanes.b)
  }
  for (const [d, { column, hash }] of compiled.distinct.entries()) {
    const lane = into.distinctLanes[d]
    if (lane !== undefined && hash !== null)
      hash([columnAt(batch, column)], length, into.spareLane, lane)
  }
}

// oxlint-disable-next-line max-params -- which row failed, why, and who is told
function refuseRow(batch: Batch, row: number, error: StreamError, context: OperatorContext): void {
  const { code, message } = error
  context.fail({ code, message, error, payload: () => rowAt(batch, row) })
}

function growLanes(into: AggregateBatch, length: number): void {
  into.laneA = new Int32Array(length)
  into.laneB = new Int32Array(length)
  into.spareLane = new Int32Array(length)
  into.hashLanes = into.hashLanes.map(() => ({
    a: new Int32Array(length),
    b: new Int32Array(length),
  }))
  into.distinctLanes = into.distinctLanes.map(() => new Int32Array(length))
}

export function columnAt(batch: Batch, index: number): Column {
  const column = batch.columns[index]
  if (column === undefined) throw new TypeError(`batch has column ${index} of its core`)
  return column
}
