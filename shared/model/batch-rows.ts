/**
 * Batches as arrays of JSON-like objects and back: for payloads, previews and tests. Nested structs
 * are rebuilt from their leaves. See value-json.ts for how each type is shown.
 */
import { StreamError } from '../base/errors.ts'
import { INSERT, type Batch, type BatchSchema } from './batch.ts'
import { BatchBuilder } from './batch-builder.ts'
import { columnTree, type ColumnNode, type LeafNode, type StructNode } from './column-tree.ts'
import { valueAt } from './column-value.ts'
import type { ColumnSpec } from './layout.ts'
import { fromJsonValue, shown, toJsonValue, type ExactNumbers } from './value-json.ts'

export type JsonRow = Record<string, unknown>

/** As `_kind` shows them, by change kind. */
export const KIND_NAMES = ['insert', 'update_before', 'update_after', 'delete'] as const

export interface BatchRowsOptions {
  /** Adds `_kind` to every row. */
  readonly kinds?: boolean
  /** Adds `_time`, the event time (null where it was lost). */
  readonly eventTime?: boolean
}

export function batchToRows(batch: Batch, options: BatchRowsOptions = {}): JsonRow[] {
  const tree = columnTree(batch.schema.columns)
  const rows: JsonRow[] = []
  for (let row = 0; row < batch.length; row++) {
    const made = objectAt(tree, { batch, numbers: 'text' }, row)
    if (options.kinds === true) made['_kind'] = KIND_NAMES[batch.kind?.[row] ?? INSERT]
    if (options.eventTime === true) {
      const time = batch.eventTime[row] ?? Number.NaN
      made['_time'] = Number.isNaN(time) ? null : toJsonValue(time, { kind: 'timestamp' })
    }
    rows.push(made)
  }
  return rows
}

/** One row for JSON.stringify, e.g. the payload of a failure: decimals become their exact digits. */
export function rowAt(batch: Batch, row: number): JsonRow {
  return objectAt(columnTree(batch.schema.columns), { batch, numbers: 'raw' }, row)
}

interface Reading {
  readonly batch: Batch
  readonly numbers: ExactNumbers
}

function objectAt(tree: readonly ColumnNode[], from: Reading, row: number): JsonRow {
  const made: JsonRow = {}
  for (const node of tree) {
    // Not by assignment: a field may be named __proto__.
    const value = node.kind === 'leaf' ? leafAt(node, from, row) : structAt(node, from, row)
    Object.defineProperty(made, node.name, {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    })
  }
  return made
}

function leafAt(node: LeafNode, { batch, numbers }: Reading, row: number): unknown {
  const column = batch.columns[node.index]
  return column === undefined ? null : toJsonValue(valueAt(column, row), node.spec.type, numbers)
}

function structAt(node: StructNode, from: Reading, row: number): JsonRow | null {
  const presence = node.presence === null ? undefined : from.batch.columns[node.presence]
  if (presence !== undefined && valueAt(presence, row) !== true) return null
  return objectAt(node.children, from, row)
}

export interface RowsBatchOptions {
  /** Path of the event time column; without it and without `_time` event time is NaN. */
  readonly eventTime?: string
}

/**
 * A batch of these columns. Rows are nested or flat (`'a.b': 1`); `_kind` and `_time` set kind and
 * event time. A value that does not fit is an error that names row and field.
 */
export function rowsToBatch(
  rows: readonly Readonly<Record<string, unknown>>[],
  columns: readonly ColumnSpec[],
  options: RowsBatchOptions = {},
): Batch {
  const schema: BatchSchema = { columns }
  const builder = new BatchBuilder(schema, Math.max(rows.length, 1))
  rows.forEach((row, index) => {
    const values = columns.map((spec) => fieldOf(row, spec, index))
    builder.append(
      values,
      eventTimeOf({ row, index, values, columns }, options),
      kindOf(row, index),
    )
  })
  return builder.finish()
}

function fieldOf(row: Readonly<Record<string, unknown>>, spec: ColumnSpec, index: number): unknown {
  const where = `row ${index}: ${spec.path}`
  if (Object.hasOwn(row, spec.path)) return fromJsonValue(row[spec.path], spec, where)
  const names = spec.path.split('.')
  const isPresence = names.at(-1) === '?'
  let value: unknown = row
  for (const name of isPresence ? names.slice(0, -1) : names) {
    if (typeof value !== 'object' || value === null) break
    value = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : null
  }
  if (isPresence) return value !== null && value !== undefined
  return fromJsonValue(value, spec, where)
}

interface TimedRow {
  readonly row: Readonly<Record<string, unknown>>
  readonly index: number
  readonly values: readonly unknown[]
  readonly columns: readonly ColumnSpec[]
}

function eventTimeOf({ row, index, values, columns }: TimedRow, options: RowsBatchOptions): number {
  if (row['_time'] !== undefined && row['_time'] !== null) {
    const timestamp = { type: { kind: 'timestamp' }, nullable: false } as const
    return fromJsonValue(row['_time'], timestamp, `row ${index}: _time`) as number
  }
  const at = columns.findIndex((spec) => spec.path === options.eventTime)
  const value = at < 0 ? null : values[at]
  return typeof value === 'number' ? value : Number.NaN
}

function kindOf(row: Readonly<Record<string, unknown>>, index: number): number {
  const name = row['_kind']
  if (name === undefined || name === null) return INSERT
  const kind = KIND_NAMES.findIndex((known) => known === name)
  if (kind >= 0) return kind
  throw new StreamError(
    'KIND_UNKNOWN',
    `row ${index}: _kind is ${shown(name)}, which is no kind of change`,
    { fix: `write one of ${KIND_NAMES.join(', ')}` },
  )
}
