/** The memory that a batch keeps alive, by its arrays; columns shared with others count again. */
import type { Batch, Column } from '../../shared/model/batch.ts'

const ANY_VALUE_BYTES = 64

export function batchBytes(batch: Batch): number {
  let bytes = batch.eventTime.byteLength + (batch.kind?.byteLength ?? 0)
  for (let index = 0; index < batch.columns.length; index++) {
    const column = batch.columns[index]
    if (column !== undefined) bytes += columnBytes(column)
  }
  return bytes
}

function columnBytes(column: Column): number {
  const nulls = column.nulls?.byteLength ?? 0
  switch (column.layout) {
    case 'utf8':
    case 'bytes':
      return column.starts.byteLength + column.ends.byteLength + column.bytes.byteLength + nulls
    case 'dict':
      return column.codes.byteLength + nulls
    case 'any':
      return column.values.length * ANY_VALUE_BYTES
    default:
      return column.values.byteLength + nulls
  }
}
