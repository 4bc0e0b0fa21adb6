/**
 * Bringing columns and batches to the layout that code was compiled for, so that no loop meets two
 * kinds of column in one place. A column that fits is passed by reference.
 */
import { assert } from '../base/assert.ts'
import type { Batch, BatchSchema, Column, DictColumn, Dictionary, Utf8Column } from './batch.ts'
import { columnBuilder } from './column-builder.ts'
import { valueAt } from './column-value.ts'
import type { ColumnSpec, Layout } from './layout.ts'

/** The columns of `schema`, taken from the batch by path, in the schema's order and layouts. */
export function convertBatch(batch: Batch, schema: BatchSchema): Batch {
  if (batch.schema === schema) return batch
  const indexes = new Map(batch.schema.columns.map((spec, index) => [spec.path, index]))
  const columns = schema.columns.map((spec) => {
    const column = batch.columns[indexes.get(spec.path) ?? -1]
    assert(column !== undefined, `the batch has a column ${spec.path}`)
    return convertColumn(column, batch.length, spec.layout)
  })
  return { ...batch, schema, columns }
}

/** Converts batches that do not fit a schema; the others, nearly all, are passed as they are. */
export class BatchFit {
  readonly #schema: BatchSchema
  /** The last schema whose batches fit. */
  #fitting: BatchSchema | null = null

  constructor(schema: BatchSchema) {
    this.#schema = schema
  }

  fitted(batch: Batch): Batch {
    if (batch.schema === this.#fitting) return batch
    if (!sameColumns(batch.schema.columns, this.#schema.columns)) {
      return convertBatch(batch, this.#schema)
    }
    this.#fitting = batch.schema
    return batch
  }
}

function sameColumns(left: readonly ColumnSpec[], right: readonly ColumnSpec[]): boolean {
  if (left.length !== right.length) return false
  return left.every((one, index) => {
    const other = right[index]
    return other !== undefined && one.path === other.path && one.layout === other.layout
  })
}

export function convertColumn(column: Column, length: number, layout: Layout): Column {
  if (column.layout === layout) return column
  if (column.layout === 'dict' && layout === 'utf8') return dictToUtf8(column, length)
  if (column.layout === 'i32' && layout === 'f64') {
    return { layout, values: Float64Array.from(column.values), nulls: column.nulls }
  }
  if (column.layout === 'f64' && layout === 'i32') {
    return { layout, values: Int32Array.from(column.values), nulls: column.nulls }
  }
  const builder = columnBuilder(layout, length)
  for (let row = 0; row < length; row++) builder.append(valueAt(column, row))
  return builder.finish()
}

/** Entries of a dictionary as UTF-8, once per dictionary: rows point into them. */
interface DictionaryBytes {
  starts: Uint32Array
  ends: Uint32Array
  bytes: Uint8Array
  count: number
}

const ENCODED = new WeakMap<Dictionary, DictionaryBytes>()

/** A dictionary only grows, so what was encoded stays true; new entries make a new encoding. */
function encoded(dictionary: Dictionary): DictionaryBytes {
  const known = ENCODED.get(dictionary)
  if (known !== undefined && known.count === dictionary.values.length) return known
  const builder = columnBuilder('utf8', Math.max(dictionary.values.length, 1))
  for (const text of dictionary.values) builder.append(text)
  const made = builder.finish()
  assert(made.layout === 'utf8', 'a utf8 builder makes a utf8 column')
  const { starts, ends, bytes } = made
  const entry = { starts, ends, bytes, count: dictionary.values.length }
  ENCODED.set(dictionary, entry)
  return entry
}

function dictToUtf8(column: DictColumn, length: number): Utf8Column {
  const { starts: entryStarts, ends: entryEnds, bytes } = encoded(column.dictionary)
  const starts = new Uint32Array(length)
  const ends = new Uint32Array(length)
  for (let row = 0; row < length; row++) {
    const code = column.codes[row] as number
    starts[row] = entryStarts[code] as number
    ends[row] = entryEnds[code] as number
  }
  return { layout: 'utf8', starts, ends, bytes, nulls: column.nulls }
}
