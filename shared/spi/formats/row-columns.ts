/**
 * The columns of the batch that a text reader is filling: one slot per declared leaf, of which the
 * asked ones go into the batch, in the order asked.
 *
 * Owns: the arrays of the batch being filled.
 * Invariant: a row counts only from `endRow`; whatever a failed row wrote is written over.
 */
import { assert } from '../../base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../base/limits.ts'
import type { Batch, BatchSchema, Column } from '../../model/batch.ts'
import { KIND_NAMES } from '../../model/batch-rows.ts'
import type { Field, FieldType } from '../../model/data-type.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import { lostTimes } from '../../model/lost-times.ts'
import { columnOf, presenceColumn } from '../../model/row-schema.ts'
import { FieldSlot } from './field-slot.ts'

export interface RowColumnsOptions {
  readonly fields: readonly Field[]
  readonly columns: readonly ColumnSpec[]
  readonly eventTime: string | null
  /** Rows say their change kind in `_kind`. */
  readonly kinds: boolean
}

const DAY_MS = 86_400_000

export class RowColumns {
  readonly schema: BatchSchema
  readonly fields: readonly Field[]
  readonly slots: ReadonlyMap<string, FieldSlot>
  readonly hasKinds: boolean
  count = 0
  kind: Uint8Array
  readonly #asked: readonly FieldSlot[]
  readonly #time: FieldSlot | null

  constructor(options: RowColumnsOptions) {
    this.schema = { columns: options.columns }
    const wanted = new Map(options.columns.map((column) => [column.path, column]))
    this.fields = options.fields
    const leaves = leavesOf(options.fields, '').map(
      ({ spec, field }) =>
        new FieldSlot(wanted.get(spec.path) ?? spec, field, wanted.has(spec.path)),
    )
    this.slots = new Map(leaves.map((slot) => [slot.path, slot]))
    this.#asked = options.columns.map((column) => {
      const slot = this.slots.get(column.path)
      assert(slot !== undefined, `asked column ${column.path} is a leaf of the schema`)
      return slot
    })
    this.#time = options.eventTime === null ? null : (this.slots.get(options.eventTime) ?? null)
    this.hasKinds = options.kinds
    this.kind = new Uint8Array(options.kinds ? BATCH_RECORDS_MAX : 0)
  }

  /** The rows so far, whose text lies in `bytes`; then empty. */
  finish(bytes: Uint8Array): Batch {
    const length = this.count
    const columns = this.#asked.map((slot) => slot.column(length, bytes))
    const batch: Batch = {
      schema: this.schema,
      length,
      eventTime: eventTimes(this.#time, columns[this.#timeIndex()], length),
      kind: this.hasKinds && this.kind.some((kind) => kind !== 0) ? this.kind : null,
      columns,
    }
    for (const slot of this.#asked) slot.renew()
    if (this.hasKinds) this.kind = new Uint8Array(BATCH_RECORDS_MAX)
    this.count = 0
    return batch
  }

  #timeIndex(): number {
    return this.#time === null ? -1 : this.#asked.indexOf(this.#time)
  }
}

interface Leaf {
  readonly spec: ColumnSpec
  readonly field: FieldType
}

function leavesOf(fields: readonly Field[], prefix: string): Leaf[] {
  return fields.flatMap((field) => {
    const path = prefix === '' ? field.name : `${prefix}.${field.name}`
    if (field.type.kind !== 'struct') return [{ spec: columnOf(path, field), field }]
    const below = leavesOf(field.type.fields, path)
    if (!field.nullable) return below
    const spec = presenceColumn(path)
    return [{ spec, field: spec }, ...below]
  })
}

/** The change kind of a name such as `update_after`; -1: there is none. */
export function kindByName(name: string): number {
  return KIND_NAMES.findIndex((known) => known === name)
}

/** Event times of rows from the column that holds them; NaN where there is none. */
export function eventTimes(
  known: object | null,
  column: Column | undefined,
  length: number,
): Float64Array {
  if (known === null || column === undefined) return lostTimes(length)
  if (column.layout === 'f64' && column.nulls === null) return column.values
  assert(column.layout === 'f64' || column.layout === 'i32', 'event time is a timestamp or a date')
  const unit = column.layout === 'i32' ? DAY_MS : 1
  const times = new Float64Array(length)
  for (let row = 0; row < length; row++)
    times[row] = column.nulls?.[row] === 1 ? Number.NaN : (column.values[row] ?? 0) * unit
  return times
}
