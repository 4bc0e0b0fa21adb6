/** Joining batches of one schema, and bringing a batch to another schema. */
import { assert } from '../base/assert.ts'
import type { Batch, BatchSchema, Column } from './batch.ts'
import { columnBuilder } from './column-builder.ts'
import { valueAt } from './column-value.ts'

/** The rows of all batches, in order; a new batch unless there is only one. */
export function concat(schema: BatchSchema, batches: readonly Batch[]): Batch {
  const [first] = batches
  if (first !== undefined && batches.length === 1) return first
  const length = batches.reduce((sum, batch) => sum + batch.length, 0)
  const eventTime = new Float64Array(length)
  const hasKinds = batches.some((batch) => batch.kind !== null)
  const kind = hasKinds ? new Uint8Array(length) : null
  let at = 0
  for (const batch of batches) {
    assert(batch.columns.length === schema.columns.length, 'concatenated batches have one schema')
    eventTime.set(batch.eventTime.subarray(0, batch.length), at)
    if (kind !== null && batch.kind !== null) kind.set(batch.kind.subarray(0, batch.length), at)
    at += batch.length
  }
  const columns = schema.columns.map((spec, index) => {
    const builder = columnBuilder(spec.layout, length)
    for (const batch of batches) appendRows(builder, columnOf(batch, index), batch.length)
    return builder.finish()
  })
  return { schema, length, eventTime, kind, columns }
}

function appendRows(
  builder: { append(value: unknown): void },
  column: Column,
  length: number,
): void {
  for (let row = 0; row < length; row++) builder.append(valueAt(column, row))
}

function columnOf(batch: Batch, index: number): Column {
  const column = batch.columns[index]
  assert(column !== undefined, `column ${index} exists`)
  return column
}
