/**
 * What a Parquet file holds against what was declared: one plan per asked column, and every declared
 * field checked. Columns are found by their path.
 */
import type { FileMetaData, SchemaElement, SchemaTree } from 'hyparquet'
import { parquetSchema } from 'hyparquet'
import { StreamError } from '../../../shared/base/errors.ts'
import type { Field, FieldType } from '../../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import { mismatch } from './parquet-errors.ts'
import { valueKind, type ValueKind } from './value-kind.ts'

export type ColumnPlan =
  | { readonly kind: 'leaf'; readonly leaf: Leaf; readonly value: ValueKind }
  /** Where a struct is there: by the levels of a leaf in it. */
  | { readonly kind: 'presence'; readonly leaf: Leaf; readonly level: number }
  | { readonly kind: 'nested'; readonly top: string; readonly path: readonly string[] }
  /** The file does not have it. */
  | { readonly kind: 'absent' }

export interface Leaf {
  /** Index of its chunk in a row group. */
  readonly index: number
  readonly element: SchemaElement
  readonly maxLevel: number
}

export class FileLayout {
  readonly #root: SchemaTree
  readonly #leafIndexes = new Map<string, number>()

  constructor(metadata: FileMetaData) {
    this.#root = parquetSchema(metadata)
    metadata.row_groups[0]?.columns.forEach((column, index) => {
      this.#leafIndexes.set((column.meta_data?.path_in_schema ?? []).join('\0'), index)
    })
  }

  /** Refuses what no row of the file could satisfy. */
  check(fields: readonly Field[]): void {
    for (const spec of columnsOf(fields)) this.plan(spec)
  }

  plan(spec: ColumnSpec): ColumnPlan {
    const names = spec.path.split('.')
    const isPresence = names.at(-1) === '?'
    const found = this.#find(isPresence ? names.slice(0, -1) : names)
    if (found === null) {
      if (spec.nullable || isPresence) return { kind: 'absent' }
      throw new StreamError('FILE_COLUMN_MISSING', `there is no column ${spec.path}`, {
        fix: 'correct the schema, or make the field nullable',
      })
    }
    if (found.isRepeated) throw mismatch(`column ${spec.path} is inside a list`, 'declare an array')
    if (isPresence) return this.#presence(found)
    return this.#column(found, spec, names)
  }

  /** The leaf of a top-level text column such as `_kind`; null: there is none. */
  leafOf(name: string): Leaf | null {
    const found = this.#find([name])
    return found === null ? null : this.#leaf(found)
  }

  #column(found: Found, spec: ColumnSpec, names: readonly string[]): ColumnPlan {
    const { kind } = spec.type
    const leaf = this.#leaf(found)
    const isNested =
      found.node.children.length > 0 || found.node.element.repetition_type === 'REPEATED'
    if (isNested) {
      if (kind === 'array' || kind === 'map' || kind === 'json')
        return { kind: 'nested', top: names[0] ?? '', path: names }
      throw mismatch(
        `column ${spec.path} is a group, not a single value`,
        `declare ${spec.path} as a struct, array or map`,
      )
    }
    if (leaf === null) return { kind: 'absent' } // a file without rows
    return { kind: 'leaf', leaf, value: valueKind(leaf.element, fieldOf(spec), spec.path) }
  }

  #presence(found: Found): ColumnPlan {
    let below = found
    while (below.node.children[0] !== undefined) below = step(below, below.node.children[0])
    const leaf = this.#leaf(below)
    return leaf === null ? { kind: 'absent' } : { kind: 'presence', leaf, level: found.level }
  }

  #leaf(found: Found): Leaf | null {
    const index = this.#leafIndexes.get(found.node.path.join('\0'))
    if (index === undefined) return null
    return { index, element: found.node.element, maxLevel: found.level }
  }

  #find(names: readonly string[]): Found | null {
    let found: Found = { node: this.#root, level: 0, isRepeated: false }
    for (const name of names) {
      const isRepeated = found.isRepeated || found.node.element.repetition_type === 'REPEATED'
      const child = found.node.children.find((one) => one.element.name === name)
      if (child === undefined) return null
      found = { ...step(found, child), isRepeated }
    }
    return found
  }
}

interface Found {
  readonly node: SchemaTree
  /** Definition level of a value that is there. */
  readonly level: number
  /** Whether a list is around it. */
  readonly isRepeated: boolean
}

function step(from: Found, node: SchemaTree): Found {
  const level = from.level + (node.element.repetition_type === 'REQUIRED' ? 0 : 1)
  return { node, level, isRepeated: from.isRepeated }
}

function fieldOf(spec: ColumnSpec): FieldType {
  return { type: spec.type, nullable: spec.nullable }
}
