/** Goes on hashing a row with values of some of a batch's columns, for the checksum. */
import { encodedTexts, mixBytes, mixNumber } from '../../measure/checksum.ts'
import type { Batch } from '../../../shared/model/batch.ts'

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
