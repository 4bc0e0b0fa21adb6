/**
 * Where the values of one declared field go while a batch is read from text: arrays of fixed
 * capacity, written by row number. A row that fails is simply written over by the next.
 *
 * All slots are of one class with all arrays (unused ones empty), so that the readers' loops see
 * one shape. Text is never copied: starts and ends are relative to where the batch began in the block
 * that is being read.
 */
import { assert, unreachable } from '../../base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../base/limits.ts'
import type { Column } from '../../model/batch.ts'
import type { DataType, FieldType } from '../../model/data-type.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import { printType } from '../../model/type-text.ts'

/** How a value is parsed. Small numbers, so that a switch over them is a jump. */
export const IS_STRING = 0
export const IS_INTEGER = 1
export const IS_NUMBER = 2
export const IS_BOOLEAN = 3
export const IS_TIMESTAMP = 4
export const IS_DATE = 5
export const IS_DECIMAL = 6
export const IS_BYTES = 7
/** Into `any`: bigint, large decimals, json, arrays, maps. */
export const IS_VALUE = 8
/** Presence of a struct; never parsed. */
export const IS_PRESENCE = 9

const NO_F64 = new Float64Array(0)
const NO_I32 = new Int32Array(0)
const NO_U32 = new Uint32Array(0)
const NO_BYTES = new Uint8Array(0)

export class FieldSlot {
  readonly spec: ColumnSpec
  /** As declared: null where a struct around it is absent is no matter of the field. */
  readonly field: FieldType
  readonly path: string
  readonly code: number
  readonly nullable: boolean
  /** Digits behind the point, of decimals that are numbers. */
  readonly scale: number
  readonly precision: number
  /** Whether somebody reads the column; others are checked only. */
  readonly wanted: boolean
  readonly expected: string
  f64: Float64Array = NO_F64
  i32: Int32Array = NO_I32
  u8: Uint8Array = NO_BYTES
  starts: Uint32Array = NO_U32
  ends: Uint32Array = NO_U32
  any: unknown[] = []
  nulls: Uint8Array = NO_BYTES
  hasNulls = false
  /** Number of the row that last had a value, to see what is missing. */
  seen = -1

  constructor(spec: ColumnSpec, field: FieldType, wanted: boolean) {
    this.spec = spec
    this.field = field
    this.path = spec.path
    this.code = spec.path.endsWith('.?') ? IS_PRESENCE : codeOf(spec.type)
    this.nullable = field.nullable
    this.scale = spec.type.kind === 'decimal' ? spec.type.scale : 0
    this.precision = spec.type.kind === 'decimal' ? spec.type.precision : 0
    this.wanted = wanted
    this.expected = printType(spec.type)
    this.renew()
  }

  /** New arrays, after the old ones went into a batch. */
  renew(): void {
    if (!this.wanted) return
    this.hasNulls = false
    this.nulls = NO_BYTES
    switch (this.spec.layout) {
      case 'f64':
        this.f64 = new Float64Array(BATCH_RECORDS_MAX)
        return
      case 'i32':
        this.i32 = new Int32Array(BATCH_RECORDS_MAX)
        return
      case 'bool':
        this.u8 = new Uint8Array(BATCH_RECORDS_MAX)
        return
      case 'utf8':
      case 'bytes':
        this.starts = new Uint32Array(BATCH_RECORDS_MAX)
        this.ends = new Uint32Array(BATCH_RECORDS_MAX)
        return
      case 'any':
        this.any = []
        return
      case 'dict':
        return assert(false, `${this.path}: text readers deliver strings as utf8`)
      default:
        unreachable(this.spec.layout)
    }
  }

  setNull(row: number): void {
    if (!this.wanted) return
    if (!this.hasNulls) {
      this.hasNulls = true
      this.nulls = new Uint8Array(BATCH_RECORDS_MAX)
    }
    this.nulls[row] = 1
    if (this.spec.layout === 'f64') this.f64[row] = 0
    else if (this.spec.layout === 'i32') this.i32[row] = 0
    else if (this.spec.layout === 'bool') this.u8[row] = 0
    else if (this.spec.layout === 'any') this.any[row] = null
    else {
      this.starts[row] = 0
      this.ends[row] = 0
    }
  }

  setNumber(row: number, value: number): void {
    if (!this.wanted) return
    this.f64[row] = value
    if (this.hasNulls) this.nulls[row] = 0
  }

  setDays(row: number, value: number): void {
    if (!this.wanted) return
    this.i32[row] = value
    if (this.hasNulls) this.nulls[row] = 0
  }

  setBoolean(row: number, value: number): void {
    if (!this.wanted) return
    this.u8[row] = value
    if (this.hasNulls) this.nulls[row] = 0
  }

  setText(row: number, start: number, end: number): void {
    if (!this.wanted) return
    this.starts[row] = start
    this.ends[row] = end
    if (this.hasNulls) this.nulls[row] = 0
  }

  setValue(row: number, value: unknown): void {
    if (this.wanted) this.any[row] = value
  }

  column(count: number, bytes: Uint8Array): Column {
    const nulls = this.hasNulls ? this.nulls : null
    switch (this.spec.layout) {
      case 'f64':
        return { layout: 'f64', values: this.f64, nulls }
      case 'i32':
        return { layout: 'i32', values: this.i32, nulls }
      case 'bool':
        return { layout: 'bool', values: this.u8, nulls }
      case 'utf8':
        return { layout: 'utf8', starts: this.starts, ends: this.ends, bytes, nulls }
      case 'bytes':
        return { layout: 'bytes', starts: this.starts, ends: this.ends, bytes, nulls }
      default:
        this.any.length = count
        return { layout: 'any', values: this.any, nulls: null }
    }
  }
}

function codeOf(type: DataType): number {
  switch (type.kind) {
    case 'string':
      return IS_STRING
    case 'integer':
      return IS_INTEGER
    case 'number':
    case 'duration':
      return IS_NUMBER
    case 'boolean':
      return IS_BOOLEAN
    case 'timestamp':
      return IS_TIMESTAMP
    case 'date':
      return IS_DATE
    case 'decimal':
      return type.precision <= 15 ? IS_DECIMAL : IS_VALUE
    case 'bytes':
      return IS_BYTES
    default:
      return IS_VALUE
  }
}
