/** Reading one value of a column, for code that is not hot. Loops are generated instead. */
import { unreachable } from '../base/assert.ts'
import type { Column } from './batch.ts'
import { bufferOf, readUtf8 } from './text/utf8.ts'

export function isNullAt(column: Column, row: number): boolean {
  if (column.layout === 'any') return column.values[row] === null
  return column.nulls !== null && column.nulls[row] === 1
}

/** The internal value (see ScalarValue) at a row; null for null. */
export function valueAt(column: Column, row: number): unknown {
  if (column.layout !== 'any' && column.nulls !== null && column.nulls[row] === 1) return null
  switch (column.layout) {
    case 'f64':
    case 'i32':
      return column.values[row]
    case 'bool':
      return column.values[row] === 1
    case 'utf8':
      return readUtf8(bufferOf(column.bytes), column.starts[row] ?? 0, column.ends[row] ?? 0)
    case 'bytes':
      return column.bytes.slice(column.starts[row], column.ends[row])
    case 'dict':
      return column.dictionary.values[column.codes[row] ?? 0]
    case 'any':
      return column.values[row]
    default:
      return unreachable(column)
  }
}
