/**
 * Rows between batches and functions of the author: a plain object per record in, objects that are
 * checked field by field out.
 *
 * The fields of a row are its own properties, read when the record is given, so that
 * `{ ...row, more }` does what it says. Changing them changes nothing but the object.
 */
import { StreamError } from '../../../shared/base/errors.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { columnTree, type ColumnNode } from '../../../shared/model/column-tree.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { fromUserValue, toUserValue } from '../../../shared/model/rows/user-value.ts'
import { shown } from '../../../shared/model/value-json.ts'

export type UserRow = Record<string, unknown>

export class UserRowReader {
  readonly #tree: readonly ColumnNode[]

  /** `names`: the fields that are shown; null for all that the author can name. */
  constructor(columns: readonly ColumnSpec[], names: readonly string[] | null = null) {
    const isShown = (name: string): boolean => names?.includes(name) ?? !name.startsWith('$')
    this.#tree = columnTree(columns).filter((node) => isShown(node.name))
  }

  read(batch: Batch, row: number): UserRow {
    return objectAt(this.#tree, batch, row)
  }
}

function objectAt(tree: readonly ColumnNode[], batch: Batch, row: number): UserRow {
  const made: UserRow = {}
  for (const node of tree) setField(made, node.name, nodeValue(node, batch, row))
  return made
}

function nodeValue(node: ColumnNode, batch: Batch, row: number): unknown {
  if (node.kind === 'struct') {
    const presence = node.presence === null ? undefined : batch.columns[node.presence]
    if (presence !== undefined && valueAt(presence, row) !== true) return null
    return objectAt(node.children, batch, row)
  }
  const column = batch.columns[node.index]
  if (column === undefined) return null
  return toUserValue(valueAt(column, row), node.spec.type)
}

/** Not by assignment where a field is named like the prototype. */
function setField(target: UserRow, name: string, value: unknown): void {
  if (name !== '__proto__') target[name] = value
  else Object.defineProperty(target, name, { value, enumerable: true, writable: true })
}

/** Makes internal values, one per column, of the rows that a function emits. */
export class UserRowWriter {
  readonly #tree: readonly ColumnNode[]
  readonly #width: number
  readonly #what: string

  /** `what` stands in messages: "a row emitted to late_cards". */
  constructor(columns: readonly ColumnSpec[], what: string) {
    this.#tree = columnTree(columns)
    this.#width = columns.length
    this.#what = what
  }

  /** Throws PROCESS_ROW_INVALID or VALUE_TYPE_WRONG. Fields that are no columns are left out. */
  write(row: unknown): unknown[] {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      throw new StreamError('PROCESS_ROW_INVALID', `${this.#what} is ${shown(row)}, no object`, {
        fix: 'emit one object with a value per field of the output',
      })
    }
    const values: unknown[] = Array.from({ length: this.#width }, () => null)
    this.#fill(this.#tree, row as UserRow, { values, path: '' })
    return values
  }

  #fill(
    tree: readonly ColumnNode[],
    row: UserRow,
    to: { readonly values: unknown[]; readonly path: string },
  ): void {
    for (const node of tree) {
      const value = fieldOf(row, node.name)
      const path = to.path === '' ? node.name : `${to.path}.${node.name}`
      if (node.kind === 'leaf')
        to.values[node.index] = fromUserValue(value, node.spec, `${this.#what}: ${path}`)
      else this.#fillStruct(node, value, { values: to.values, path })
    }
  }

  #fillStruct(
    node: Extract<ColumnNode, { kind: 'struct' }>,
    value: unknown,
    to: { readonly values: unknown[]; readonly path: string },
  ): void {
    const isPresent = typeof value === 'object' && value !== null
    if (node.presence !== null) {
      to.values[node.presence] = isPresent
      if (value === null || value === undefined) {
        clearPresences(node.children, to.values)
        return
      }
    }
    if (!isPresent) {
      throw new StreamError(
        'PROCESS_ROW_INVALID',
        `${this.#what}: ${to.path} is ${shown(value)}, no object`,
        { fix: `give ${to.path} as an object of its fields` },
      )
    }
    this.#fill(node.children, value as UserRow, to)
  }
}

/** A field may be named like something that every object inherits. */
function fieldOf(row: UserRow, name: string): unknown {
  return Object.hasOwn(row, name) || !(name in Object.prototype) ? row[name] : undefined
}

/** Presence columns are never null: below a struct that is not there they are false. */
function clearPresences(tree: readonly ColumnNode[], values: unknown[]): void {
  for (const node of tree) {
    if (node.kind === 'leaf') continue
    if (node.presence !== null) values[node.presence] = false
    clearPresences(node.children, values)
  }
}
