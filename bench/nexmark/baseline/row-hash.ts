/** Rows of batches as a hand-written loop sees them: hashed for the checksum, compared for ties. */
import { encodedTexts, mixBytes, mixNumber } from '../../measure/checksum.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'

/** One column after the other; none of them has nulls. */
export function mixRow(hash: number, batch: Batch, row: number): number {
  let mixed = hash
  const { columns } = batch
  for (let index = 0; index < columns.length; index++) mixed = mixCell(mixed, batch, index, row)
  return mixed
}

export function mixCell(hash: number, batch: Batch, index: number, row: number): number {
  const column = batch.columns[index]
  switch (column?.layout) {
    case 'f64':
      return mixNumber(hash, column.values[row] as number)
    case 'utf8':
      return mixBytes(hash, column.bytes, column.starts[row] as number, column.ends[row] as number)
    case 'dict': {
      const bytes = encodedTexts(column.dictionary.values)[column.codes[row] as number]
      return mixBytes(hash, bytes as Uint8Array, 0, (bytes as Uint8Array).length)
    }
    default:
      throw new TypeError(`column ${index} has values of the benchmark`)
  }
}

/** Of two rows with the same columns: negative when the first has the smaller values, in order. */
export function compareRows(a: Batch, rowA: number, b: Batch, rowB: number): number {
  for (let index = 0; index < a.columns.length; index++) {
    const order = compareCells(a.columns[index], rowA, b.columns[index], rowB)
    if (order !== 0) return order
  }
  return 0
}

function compareCells(
  a: Column | undefined,
  rowA: number,
  b: Column | undefined,
  rowB: number,
): number {
  if (a?.layout === 'f64' && b?.layout === 'f64') {
    return (a.values[rowA] as number) - (b.values[rowB] as number)
  }
  return Buffer.compare(bytesAt(a, rowA), bytesAt(b, rowB))
}

function bytesAt(column: Column | undefined, row: number): Uint8Array {
  if (column?.layout === 'utf8') {
    return column.bytes.subarray(column.starts[row], column.ends[row])
  }
  if (column?.layout !== 'dict') throw new TypeError('the column has texts')
  return encodedTexts(column.dictionary.values)[column.codes[row] as number] as Uint8Array
}
