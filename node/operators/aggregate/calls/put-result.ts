/** Writes a result in its internal form to a writer of any layout; for accumulators with objects. */
/* oxlint-disable typescript/no-unsafe-type-assertion -- a result has the type of its column */
import {
  AnyWriter,
  type ColumnWriter,
  DictWriter,
  F64Writer,
  I32Writer,
  TextWriter,
} from '../../../state/column-writer.ts'

const ENCODER = new TextEncoder()

export function putResult(writer: ColumnWriter, row: number, value: unknown): void {
  if (writer instanceof AnyWriter) writer.put(row, value ?? null)
  else if (value === null || value === undefined) writer.putNull(row)
  else if (writer instanceof F64Writer) writer.values[row] = value as number
  else if (writer instanceof TextWriter || writer instanceof DictWriter) {
    const bytes = typeof value === 'string' ? ENCODER.encode(value) : (value as Uint8Array)
    writer.put(row, bytes, 0, bytes.length)
  } else if (writer instanceof I32Writer) writer.values[row] = value as number
  else putBoolean(writer as unknown as { values: Uint8Array }, row, value)
}

function putBoolean(writer: { values: Uint8Array }, row: number, value: unknown): void {
  writer.values[row] = value === true || value === 1 ? 1 : 0
}
