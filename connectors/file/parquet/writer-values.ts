/** Values of batches as hyparquet-writer takes them: whole numbers of 64 bits as BigInts. */
import type { Batch, Column } from '../../../shared/model/batch.ts'
import type { ColumnNode } from '../../../shared/model/column-tree.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import type { DataType } from '../../../shared/model/data-type.ts'

export function appendValues(node: ColumnNode, batch: Batch, to: unknown[]): void {
  if (node.kind === 'struct') {
    for (let row = 0; row < batch.length; row++) to.push(structAt(node, batch, row))
    return
  }
  const column = batch.columns[node.index]
  if (column === undefined) return
  const { type } = node.spec
  for (let row = 0; row < batch.length; row++) to.push(leafAt(column, type, row))
}

function leafAt(column: Column, type: DataType, row: number): unknown {
  return writable(valueAt(column, row), type)
}

function structAt(node: ColumnNode, batch: Batch, row: number): unknown {
  if (node.kind === 'leaf') {
    const column = batch.columns[node.index]
    return column === undefined ? null : leafAt(column, node.spec.type, row)
  }
  const presence = node.presence === null ? undefined : batch.columns[node.presence]
  if (presence !== undefined && valueAt(presence, row) !== true) return null
  return Object.fromEntries(node.children.map((child) => [child.name, structAt(child, batch, row)]))
}

function writable(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null
  switch (type.kind) {
    case 'integer':
    case 'timestamp':
      return BigInt(value as number)
    case 'duration':
      return BigInt(Math.trunc(value as number))
    case 'decimal':
      return BigInt(value as number | bigint)
    case 'array':
      return (value as unknown[]).map((one) => writable(one, type.element.type))
    case 'map':
      return [...(value as Map<string, unknown>)].map(([key, held]) => ({
        key,
        value: writable(held, type.value.type),
      }))
    case 'struct': {
      const held = value as Readonly<Record<string, unknown>>
      return Object.fromEntries(
        type.fields.map((field) => [field.name, writable(held[field.name], field.type)]),
      )
    }
    default:
      return value
  }
}
