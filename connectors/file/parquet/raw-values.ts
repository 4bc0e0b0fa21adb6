/**
 * The values of one page, before nulls are put between them: numbers, texts as places in bytes, or
 * whatever a column of kind `any` holds.
 */
import type { ParquetType, SchemaElement } from 'hyparquet'
import { broken } from './parquet-errors.ts'
import { readWhole32, readWhole64, wholeOf } from './whole-numbers.ts'
import type { ValueKind } from './value-kind.ts'

export type RawValues =
  | { readonly form: 'numbers'; readonly values: Float64Array }
  | {
      readonly form: 'texts'
      readonly starts: Uint32Array
      readonly ends: Uint32Array
      readonly bytes: Uint8Array
    }
  | { readonly form: 'any'; readonly values: unknown[] }

export interface PageBytes {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly at: number
}

export function pageBytes(bytes: Uint8Array, at: number): PageBytes {
  return { bytes, at, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}

const WIDTHS: Readonly<Partial<Record<ParquetType, number>>> = {
  INT32: 4,
  INT64: 8,
  INT96: 12,
  FLOAT: 4,
  DOUBLE: 8,
}

/** Values in the encoding PLAIN. */
export function plainValues(
  page: PageBytes,
  count: number,
  element: SchemaElement,
  kind: ValueKind,
): RawValues {
  const { view, at } = page
  const width = WIDTHS[element.type ?? 'BOOLEAN'] ?? 0
  if (at + width * count > view.byteLength) throw broken('a page holds fewer values than it says')
  switch (kind.kind) {
    case 'whole': {
      const how = { ...kind, isSigned: !isUnsigned(element) }
      const values =
        element.type === 'INT32'
          ? readWhole32(view, at, count, how)
          : readWhole64(view, at, count, how)
      return { form: 'numbers', values }
    }
    case 'days':
      return {
        form: 'numbers',
        values: numbers(count, (index) => view.getInt32(at + index * 4, true)),
      }
    case 'float':
      return { form: 'numbers', values: floats(page, count, element.type === 'FLOAT') }
    case 'int96':
      return { form: 'numbers', values: numbers(count, (index) => int96Ms(view, at + index * 12)) }
    case 'boolean':
      return {
        form: 'numbers',
        values: numbers(
          count,
          (index) => ((page.bytes[at + (index >> 3)] ?? 0) >> (index & 7)) & 1,
        ),
      }
    case 'text':
      return texts(page, count, element)
    case 'bigint': {
      const values: unknown[] = []
      for (let index = 0; index < count; index++)
        values.push(bigintOf(wholeAt(view, at + index * width, element), kind))
      return { form: 'any', values }
    }
    default:
      return anyTexts(texts(page, count, element), kind)
  }
}

/** Values that a library decoded one by one (delta encodings, split streams). */
export function decodedValues(decoded: ArrayLike<unknown>, kind: ValueKind): RawValues {
  const count = decoded.length
  if (kind.kind === 'text' || kind.kind === 'json' || kind.kind === 'decimal-bytes') {
    const held = joined(decoded as ArrayLike<Uint8Array>)
    return kind.kind === 'text' ? held : anyTexts(held, kind)
  }
  if (kind.kind === 'bigint') {
    const values = Array.from({ length: count }, (_, index) =>
      bigintOf(BigInt(decoded[index] as number | bigint), kind),
    )
    return { form: 'any', values }
  }
  const values = numbers(count, (index) => {
    const value = decoded[index]
    if (typeof value === 'boolean') return value ? 1 : 0
    if (kind.kind === 'whole') return wholeOf(value as number | bigint, kind)
    return Number(value)
  })
  return { form: 'numbers', values }
}

function isUnsigned(element: SchemaElement): boolean {
  const { logical_type: logical, converted_type: converted } = element
  if (logical?.type === 'INTEGER') return !logical.isSigned
  return converted?.startsWith('UINT') === true
}

function numbers(count: number, value: (index: number) => number): Float64Array {
  const out = new Float64Array(count)
  for (let index = 0; index < count; index++) out[index] = value(index)
  return out
}

function floats({ view, at }: PageBytes, count: number, isSingle: boolean): Float64Array {
  if (isSingle) return numbers(count, (index) => view.getFloat32(at + index * 4, true))
  return numbers(count, (index) => view.getFloat64(at + index * 8, true))
}

const JULIAN_1970 = 2_440_588
const DAY_MS = 86_400_000

/** Nanoseconds of the day and a Julian day. */
function int96Ms(view: DataView, at: number): number {
  const nanos = view.getUint32(at + 4, true) * 2 ** 32 + view.getUint32(at, true)
  return (view.getInt32(at + 8, true) - JULIAN_1970) * DAY_MS + Math.floor(nanos / 1_000_000)
}

type Texts = Extract<RawValues, { form: 'texts' }>

function texts(page: PageBytes, count: number, element: SchemaElement): Texts {
  const { bytes, view } = page
  const starts = new Uint32Array(count)
  const ends = new Uint32Array(count)
  const fixed = element.type === 'FIXED_LEN_BYTE_ARRAY' ? (element.type_length ?? 0) : -1
  let at = page.at
  for (let index = 0; index < count; index++) {
    let length = fixed
    if (fixed < 0) {
      if (at + 4 > bytes.length) throw broken('a page holds fewer values than it says')
      length = view.getUint32(at, true)
      at += 4
    }
    if (at + length > bytes.length) throw broken('a text goes beyond its page')
    starts[index] = at
    at += length
    ends[index] = at
  }
  return { form: 'texts', starts, ends, bytes }
}

function joined(values: ArrayLike<Uint8Array>): Texts {
  const starts = new Uint32Array(values.length)
  const ends = new Uint32Array(values.length)
  const parts = Array.from(values)
  let at = 0
  parts.forEach((part, index) => {
    starts[index] = at
    at += part.length
    ends[index] = at
  })
  return { form: 'texts', starts, ends, bytes: Buffer.concat(parts) }
}

function anyTexts(held: Texts, kind: ValueKind): RawValues {
  const values: unknown[] = []
  for (let index = 0; index < held.starts.length; index++) {
    const bytes = held.bytes.subarray(held.starts[index], held.ends[index])
    values.push(kind.kind === 'decimal-bytes' ? decimalOf(bytes, kind) : jsonOf(bytes))
  }
  if (kind.kind !== 'decimal-bytes' || kind.isBig) return { form: 'any', values }
  return { form: 'numbers', values: Float64Array.from(values as number[]) }
}

/** Undefined (NaN for numbers): beyond the limit. */
function decimalOf(
  bytes: Uint8Array,
  kind: Extract<ValueKind, { kind: 'decimal-bytes' }>,
): number | bigint | undefined {
  let value = 0n
  for (const byte of bytes) value = (value << 8n) | BigInt(byte)
  if (bytes.length > 0) value = BigInt.asIntN(bytes.length * 8, value)
  value *= kind.factor
  const fits = value < kind.limit && value > -kind.limit
  if (kind.isBig) return fits ? value : undefined
  return fits ? Number(value) : Number.NaN
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    return parsed
  } catch {
    return undefined
  }
}

function wholeAt(view: DataView, at: number, element: SchemaElement): bigint {
  const isSigned = !isUnsigned(element)
  if (element.type === 'INT32')
    return BigInt(isSigned ? view.getInt32(at, true) : view.getUint32(at, true))
  return isSigned ? view.getBigInt64(at, true) : view.getBigUint64(at, true)
}

function bigintOf(
  value: bigint,
  kind: { readonly factor: bigint; readonly limit: bigint | null },
): bigint | undefined {
  const made = value * kind.factor
  return kind.limit === null || (made < kind.limit && made > -kind.limit) ? made : undefined
}
