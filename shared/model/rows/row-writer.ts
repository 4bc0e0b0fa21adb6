/**
 * Rows that functions of the author give, as internal values: checked field by field against the
 * declared output. What is wrong is said with the function, the field and the value.
 */
import { StreamError } from '../../base/errors.ts'
import { nearestName } from '../../base/nearest-name.ts'
import { columnTree, type ColumnNode, type StructNode } from '../column-tree.ts'
import type { ColumnSpec } from '../layout.ts'
import { fromUserValue } from './user-value.ts'
import { shown } from '../value-json.ts'

export class RowWriter {
  readonly #tree: readonly ColumnNode[]
  readonly #width: number
  readonly #what: string

  /** `what` stands in messages: `a row of flat_map ./split.ts#words`. */
  constructor(columns: readonly ColumnSpec[], what: string) {
    this.#tree = columnTree(columns)
    this.#width = columns.length
    this.#what = what
  }

  /** One internal value per column, in order. */
  values(row: unknown): unknown[] {
    if (!isObject(row)) {
      throw new StreamError('FUNCTION_RESULT_WRONG', `${this.#what} is ${shown(row)}, no object`, {
        fix: 'give one object with the declared fields per row',
      })
    }
    const values: unknown[] = Array.from({ length: this.#width }, () => null)
    this.#fill(this.#tree, row, { values, path: '' })
    return values
  }

  #fill(
    tree: readonly ColumnNode[],
    row: Readonly<Record<string, unknown>>,
    { values, path }: { readonly values: unknown[]; readonly path: string },
  ): void {
    this.#refuseUnknown(tree, row, path)
    for (const node of tree) {
      const where = path === '' ? node.name : `${path}.${node.name}`
      const value = fieldOf(row, node.name)
      if (node.kind === 'struct') this.#fillStruct(node, value, { values, path: where })
      else {
        if (value === undefined && !node.spec.nullable) throw this.#missing(where)
        values[node.index] = fromUserValue(value, node.spec, `${this.#what}: ${where}`)
      }
    }
  }

  #fillStruct(
    node: StructNode,
    value: unknown,
    to: { readonly values: unknown[]; readonly path: string },
  ): void {
    if (node.presence !== null) to.values[node.presence] = isObject(value)
    if (isObject(value)) {
      this.#fill(node.children, value, to)
      return
    }
    if (value === undefined && node.presence === null) throw this.#missing(to.path)
    if (node.presence !== null && (value === null || value === undefined)) {
      clearPresence(node, to.values)
      return
    }
    const message = `${this.#what}: ${to.path} is ${shown(value)}, no object`
    throw new StreamError('FUNCTION_RESULT_WRONG', message, {
      fix: `give ${to.path} as an object of its fields`,
    })
  }

  /** Own fields only: a row view has none, and gives its own columns back. */
  #refuseUnknown(
    tree: readonly ColumnNode[],
    row: Readonly<Record<string, unknown>>,
    path: string,
  ): void {
    for (const name of Object.keys(row)) {
      if (tree.some((node) => node.name === name)) continue
      const near = nearestName(
        name,
        tree.map((node) => node.name),
      )
      const where = path === '' ? name : `${path}.${name}`
      throw new StreamError(
        'FUNCTION_RESULT_WRONG',
        `${this.#what} has a field ${where}, which its output does not declare`,
        {
          fix:
            near === null ? `add ${name} to \`output\` or leave it out` : `did you mean ${near}?`,
        },
      )
    }
  }

  #missing(where: string): StreamError {
    return new StreamError('FUNCTION_RESULT_WRONG', `${this.#what} has no field ${where}`, {
      fix: `give ${where}, or declare it nullable; \`{ ...row.toJSON() }\` spreads a given row`,
    })
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return !(value instanceof Map || value instanceof Promise)
}

/** What every object inherits is no field. */
function fieldOf(row: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(row, name) || !(name in Object.prototype) ? row[name] : undefined
}

/** Below a struct that is not there, presences are false and never null. */
function clearPresence(node: StructNode, values: unknown[]): void {
  if (node.presence !== null) values[node.presence] = false
  for (const child of node.children) if (child.kind === 'struct') clearPresence(child, values)
}
