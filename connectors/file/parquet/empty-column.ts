/** The column of a field that a file does not have: null in every row, or a struct never there. */
import { unreachable } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'

export function emptyColumn(spec: ColumnSpec, rowCount: number): Column {
  const nulls = spec.path.endsWith('.?') ? null : new Uint8Array(rowCount).fill(1)
  switch (spec.layout) {
    case 'f64':
      return { layout: 'f64', values: new Float64Array(rowCount), nulls }
    case 'i32':
      return { layout: 'i32', values: new Int32Array(rowCount), nulls }
    case 'bool':
      return { layout: 'bool', values: new Uint8Array(rowCount), nulls }
    case 'utf8':
    case 'bytes':
      return {
        layout: spec.layout,
        starts: new Uint32Array(rowCount),
        ends: new Uint32Array(rowCount),
        bytes: new Uint8Array(0),
        nulls,
      }
    case 'dict':
      return {
        layout: 'dict',
        codes: new Int32Array(rowCount),
        dictionary: { values: [''] },
        nulls,
      }
    case 'any':
      return { layout: 'any', values: Array.from({ length: rowCount }, () => null), nulls: null }
    default:
      return unreachable(spec.layout)
  }
}
