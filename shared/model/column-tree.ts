/** The shape of a record from its physical columns: leaves by path become nested structs again. */
import type { ColumnSpec } from './layout.ts'

export type ColumnNode = LeafNode | StructNode

export interface LeafNode {
  readonly kind: 'leaf'
  readonly name: string
  /** Index of the column. */
  readonly index: number
  readonly spec: ColumnSpec
}

export interface StructNode {
  readonly kind: 'struct'
  readonly name: string
  /** Index of the bool column that is 1 where the struct is there; null when it always is. */
  presence: number | null
  readonly children: ColumnNode[]
}

/** The fields of the record, in the order in which their first columns stand. */
export function columnTree(columns: readonly ColumnSpec[]): readonly ColumnNode[] {
  const root: StructNode = { kind: 'struct', name: '', presence: null, children: [] }
  columns.forEach((spec, index) => place(root, { names: spec.path.split('.'), index, spec }))
  return root.children
}

interface Placed {
  readonly names: readonly string[]
  readonly index: number
  readonly spec: ColumnSpec
}

function place(root: StructNode, column: Placed): void {
  let parent = root
  for (const name of column.names.slice(0, -1)) parent = structBelow(parent, name)
  const last = column.names.at(-1) ?? ''
  if (last === '?' && parent !== root) parent.presence = column.index
  else parent.children.push({ kind: 'leaf', name: last, index: column.index, spec: column.spec })
}

function structBelow(parent: StructNode, name: string): StructNode {
  const known = parent.children.find((child) => child.name === name)
  if (known?.kind === 'struct') return known
  const made: StructNode = { kind: 'struct', name, presence: null, children: [] }
  parent.children.push(made)
  return made
}
