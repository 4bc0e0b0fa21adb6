/** The rows of a batch that a dedupe keeps, as a batch of its output: by reference where all are. */
import type { Batch } from '../../../shared/model/batch.ts'
import { gatherColumn, gatherF64 } from '../../../shared/model/gather.ts'
import type { DedupeCore } from '../../../shared/planning/plan.ts'
import { columnsAt } from '../keyed-batch.ts'

export function keptRows(
  core: DedupeCore,
  batch: Batch,
  rows: { readonly selection: Int32Array; readonly count: number },
): Batch {
  const { selection, count } = rows
  const columns = columnsAt(batch, core.kept)
  const schema = { columns: core.output }
  if (count === batch.length)
    return { schema, length: count, eventTime: batch.eventTime, kind: null, columns }
  return {
    schema,
    length: count,
    eventTime: gatherF64(batch.eventTime, selection, count),
    kind: null,
    columns: columns.map((column) => gatherColumn(column, selection, count)),
  }
}
