/**
 * Rows as functions of the author see them: a new, read-only object per record, of a class made for
 * the schema, whose fields read the batch when they are asked for. Keeping one keeps its batch.
 *
 * Values: text, numbers, booleans, bigints as they are; timestamps and dates are Dates (a date is
 * midnight UTC), durations milliseconds, decimals exact objects with `toNumber()` and `toString()`,
 * structs rows again (null where they are not there), lists and maps copies.
 *
 * Fields are getters of the class. `row.toJSON()` gives a plain object, for spreading and logging,
 * unless a field has that name.
 */
import { assert } from '../../base/assert.ts'
import { factoryOf } from '../../base/generated-code.ts'
import type { Batch, Column } from '../batch.ts'
import { columnTree, type ColumnNode, type LeafNode, type StructNode } from '../column-tree.ts'
import { valueAt } from '../column-value.ts'
import type { ColumnSpec } from '../layout.ts'
import { ColumnText } from '../string-columns.ts'
import { toUserValue } from './user-value.ts'

export type RowView = Readonly<Record<string, unknown>>

/** What the rows of one batch share. */
interface OpenBatch {
  readonly columns: readonly Column[]
  /** Strings of utf8 columns, where one was asked for. */
  readonly texts: (ColumnText | undefined)[]
  readonly length: number
}

type RowClass = new (batch: OpenBatch, row: number) => RowView

export class RowViews {
  readonly #class: RowClass

  constructor(columns: readonly ColumnSpec[]) {
    this.#class = rowClass(columnTree(columns))
  }

  /** Gives the rows of a batch whose columns are those of the constructor, by index. */
  open(batch: Batch): (row: number) => RowView {
    const { columns, length } = batch
    const open: OpenBatch = { columns, texts: columns.map(() => undefined), length }
    return (row) => new this.#class(open, row)
  }
}

/** Getters by index, since names of fields never become code; they are named afterwards. */
function rowClass(tree: readonly ColumnNode[]): RowClass {
  const getters = tree.map((node, index) => getterCode(node, index))
  const body = [
    'return class Row {',
    '  #batch',
    '  #row',
    '  constructor(batch, row) { this.#batch = batch; this.#row = row }',
    '  static getters = [',
    ...getters,
    '  ]',
    '}',
  ]
  const reads = tree.map((node) => (node.kind === 'leaf' ? leafReader(node) : null))
  const nested = tree.map((node) => (node.kind === 'struct' ? rowClass(node.children) : null))
  const made = factoryOf(['reads', 'nested', 'text'], body.join('\n'))(reads, nested, textAt)
  const Row = made as RowClass & { readonly getters: readonly (() => unknown)[] }
  tree.forEach((node, index) => {
    const get = Row.getters[index]
    assert(get !== undefined, `field ${index} has a getter`)
    Object.defineProperty(Row.prototype, node.name, { get, enumerable: true })
  })
  addPlain(Row, tree)
  return Row
}

function getterCode(node: ColumnNode, index: number): string {
  return `    function () { return ${node.kind === 'struct' ? structCode(node, index) : leafCode(node, index)} },`
}

function structCode(node: StructNode, index: number): string {
  const view = `new nested[${index}](this.#batch, this.#row)`
  if (node.presence === null) return view
  return `this.#batch.columns[${node.presence}].values[this.#row] === 1 ? ${view} : null`
}

function leafCode({ index: column, spec }: LeafNode, index: number): string {
  const isNull = `this.#batch.columns[${column}].nulls?.[this.#row] === 1`
  const direct = directCode(column, spec)
  if (direct === null) return `reads[${index}](this.#batch.columns[${column}], this.#row)`
  return spec.nullable ? `${isNull} ? null : ${direct}` : direct
}

/** For the types that are as they lie; the others go through a reader. */
function directCode(column: number, spec: ColumnSpec): string | null {
  const at = `this.#batch.columns[${column}]`
  const isNumber = ['integer', 'number', 'duration'].includes(spec.type.kind)
  if (isNumber && (spec.layout === 'f64' || spec.layout === 'i32')) return `${at}.values[this.#row]`
  if (spec.layout === 'bool') return `${at}.values[this.#row] === 1`
  if (spec.layout === 'utf8') return `text(this.#batch, ${column}).at(this.#row)`
  if (spec.layout === 'dict') return `${at}.dictionary.values[${at}.codes[this.#row]]`
  if (spec.type.kind === 'timestamp') return `new Date(${at}.values[this.#row])`
  return null
}

function leafReader({ spec }: LeafNode): (column: Column, row: number) => unknown {
  return (column, row) => toUserValue(valueAt(column, row), spec.type)
}

function textAt(batch: OpenBatch, index: number): ColumnText {
  const known = batch.texts[index]
  if (known !== undefined) return known
  const column = batch.columns[index]
  assert(column?.layout === 'utf8', `column ${index} is utf8`)
  const made = new ColumnText(column, batch.length)
  batch.texts[index] = made
  return made
}

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** `toJSON` (and what console.log shows): the fields as own properties of a plain object. */
function addPlain(Row: RowClass, tree: readonly ColumnNode[]): void {
  function plain(this: RowView): Record<string, unknown> {
    const entries = tree.map(({ name }) => {
      const value = this[name]
      return [name, isView(value) ? value.toJSON() : value] as const
    })
    return Object.fromEntries(entries)
  }
  if (!tree.some((node) => node.name === 'toJSON')) {
    Object.defineProperty(Row.prototype, 'toJSON', { value: plain })
  }
  Object.defineProperty(Row.prototype, INSPECT, { value: plain })
  VIEWS.add(Row.prototype)
}

/** Prototypes of row classes. */
const VIEWS = new WeakSet<object>()

function isView(value: unknown): value is { toJSON(): unknown } {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return typeof prototype === 'object' && prototype !== null && VIEWS.has(prototype)
}
