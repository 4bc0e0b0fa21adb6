/**
 * Writers of output columns by row number: what generated readers of entries write to. One class
 * per layout, with its arrays open to generated code, so that a number costs one store.
 *
 * Owns: the arrays of the batch being written. `take` hands them to the batch; they are immutable
 * from then on and the writer starts on new ones. Rows are written in order, each once, or again
 * before the next one (a row that turns out to be unneeded is overwritten).
 */
import { unreachable } from '../../shared/base/assert.ts'
import type { Column } from '../../shared/model/batch.ts'
import type { Layout } from '../../shared/model/layout.ts'
import { type ColumnWriter, NullableWriter } from './nullable-writer.ts'
import { sameValue } from './same-value.ts'
import { DictWriter, TextWriter } from './text-writer.ts'

export { DictWriter, TextWriter } from './text-writer.ts'
export type { ColumnWriter } from './nullable-writer.ts'

export function columnWriter(layout: Layout, capacity: number): ColumnWriter {
  switch (layout) {
    case 'f64':
      return new F64Writer(capacity)
    case 'i32':
      return new I32Writer(capacity)
    case 'bool':
      return new BoolWriter(capacity)
    case 'utf8':
    case 'bytes':
      return new TextWriter(layout, capacity)
    case 'dict':
      return new DictWriter(capacity)
    case 'any':
      return new AnyWriter()
    default:
      return unreachable(layout)
  }
}

export class F64Writer extends NullableWriter implements ColumnWriter {
  values: Float64Array

  constructor(capacity: number) {
    super(capacity)
    this.values = new Float64Array(capacity)
  }

  putNull(row: number): void {
    this.values[row] = 0
    this.markNull(row)
  }

  copyRow(from: F64Writer, fromRow: number, row: number): void {
    this.values[row] = from.values[fromRow] as number
    if (from.isNull(fromRow)) this.markNull(row)
    else this.clearNull(row)
  }

  sameRow(from: F64Writer, fromRow: number, row: number): boolean {
    if (from.isNull(fromRow) || this.isNull(row)) return from.isNull(fromRow) === this.isNull(row)
    return Object.is((this.values[row] as number) + 0, (from.values[fromRow] as number) + 0)
  }

  peek(): Column {
    return { layout: 'f64', values: this.values, nulls: this.nulls }
  }

  take(length: number): Column {
    const { values } = this
    const nulls = this.takeNulls()
    if (this.isSmall(length)) return { layout: 'f64', values: values.slice(0, length), nulls }
    this.values = new Float64Array(this.capacity)
    return { layout: 'f64', values, nulls }
  }
}

export class I32Writer extends NullableWriter implements ColumnWriter {
  values: Int32Array

  constructor(capacity: number) {
    super(capacity)
    this.values = new Int32Array(capacity)
  }

  putNull(row: number): void {
    this.values[row] = 0
    this.markNull(row)
  }

  copyRow(from: I32Writer, fromRow: number, row: number): void {
    this.values[row] = from.values[fromRow] as number
    if (from.isNull(fromRow)) this.markNull(row)
    else this.clearNull(row)
  }

  sameRow(from: I32Writer, fromRow: number, row: number): boolean {
    if (from.isNull(fromRow) || this.isNull(row)) return from.isNull(fromRow) === this.isNull(row)
    return Object.is((this.values[row] as number) + 0, (from.values[fromRow] as number) + 0)
  }

  peek(): Column {
    return { layout: 'i32', values: this.values, nulls: this.nulls }
  }

  take(length: number): Column {
    const { values } = this
    const nulls = this.takeNulls()
    if (this.isSmall(length)) return { layout: 'i32', values: values.slice(0, length), nulls }
    this.values = new Int32Array(this.capacity)
    return { layout: 'i32', values, nulls }
  }
}

export class BoolWriter extends NullableWriter implements ColumnWriter {
  values: Uint8Array

  constructor(capacity: number) {
    super(capacity)
    this.values = new Uint8Array(capacity)
  }

  putNull(row: number): void {
    this.values[row] = 0
    this.markNull(row)
  }

  copyRow(from: BoolWriter, fromRow: number, row: number): void {
    this.values[row] = from.values[fromRow] as number
    if (from.isNull(fromRow)) this.markNull(row)
    else this.clearNull(row)
  }

  sameRow(from: BoolWriter, fromRow: number, row: number): boolean {
    if (from.isNull(fromRow) || this.isNull(row)) return from.isNull(fromRow) === this.isNull(row)
    return Object.is((this.values[row] as number) + 0, (from.values[fromRow] as number) + 0)
  }

  peek(): Column {
    return { layout: 'bool', values: this.values, nulls: this.nulls }
  }

  take(length: number): Column {
    const { values } = this
    const nulls = this.takeNulls()
    if (this.isSmall(length)) return { layout: 'bool', values: values.slice(0, length), nulls }
    this.values = new Uint8Array(this.capacity)
    return { layout: 'bool', values, nulls }
  }
}

export class AnyWriter implements ColumnWriter {
  #values: unknown[] = []

  put(row: number, value: unknown): void {
    this.#values[row] = value
  }

  putNull(row: number): void {
    this.#values[row] = null
  }

  clearNull(): void {
    // A null is a value here.
  }

  reset(): void {
    this.#values = []
  }

  copyRow(from: AnyWriter, fromRow: number, row: number): void {
    this.#values[row] = from.#values[fromRow]
  }

  sameRow(from: AnyWriter, fromRow: number, row: number): boolean {
    return sameValue(this.#values[row], from.#values[fromRow])
  }

  peek(): Column {
    return { layout: 'any', values: this.#values, nulls: null }
  }

  take(length: number): Column {
    const values = this.#values
    values.length = length
    this.#values = []
    return { layout: 'any', values, nulls: null }
  }
}
