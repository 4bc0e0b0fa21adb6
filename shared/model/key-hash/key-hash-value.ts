/**
 * Hashing of values that lie as JavaScript values: bigint, wide decimals, lists, maps, JSON.
 * Part of the key hash: see key-hash.ts for what breaks when this changes.
 */
import type { DataType } from '../data-type.ts'
import {
  type Lanes,
  SEED_BYTES,
  SEED_TEXT,
  TAG_BIGINT,
  TAG_DECIMAL,
  TAG_LIST,
  TAG_MAP,
  WORD_FALSE,
  WORD_NULL,
  WORD_TRUE,
} from './key-hash.ts'

const ENCODER = new TextEncoder()
const SAFE_MAX = BigInt(Number.MAX_SAFE_INTEGER)
const WORD_BITS = 32n
const WORD_MASK = 0xffffffffn

export function hashString(lanes: Lanes, text: string): void {
  const bytes = ENCODER.encode(text) // a lone surrogate becomes U+FFFD
  lanes.bytes(SEED_TEXT, bytes, 0, bytes.length)
}

/** A scaled integer without the zeros at its end, then its scale: 1.50 and 1.5 are one key. */
export function hashDecimal(lanes: Lanes, scaled: number, scale: number): void {
  let digits = scaled
  let left = scale
  while (left > 0 && digits % 10 === 0) {
    digits /= 10
    left -= 1
  }
  lanes.number(digits)
  lanes.word(TAG_DECIMAL + left)
}

function hashWideDecimal(lanes: Lanes, scaled: bigint, scale: number): void {
  let digits = scaled
  let left = scale
  while (left > 0 && digits % 10n === 0n) {
    digits /= 10n
    left -= 1
  }
  if (digits <= SAFE_MAX && digits >= -SAFE_MAX) lanes.number(Number(digits))
  else hashBigint(lanes, digits)
  lanes.word(TAG_DECIMAL + left)
}

/** Sign, magnitude in words from the lowest, their count. */
function hashBigint(lanes: Lanes, value: bigint): void {
  lanes.word(value < 0n ? WORD_TRUE : WORD_FALSE)
  let rest = value < 0n ? -value : value
  let count = 0
  for (; rest > 0n; rest >>= WORD_BITS) {
    lanes.word(Number(rest & WORD_MASK) | 0)
    count += 1
  }
  lanes.word(TAG_BIGINT + count)
}

/** Any value in its internal form, by the type of its column. */
export function hashTyped(lanes: Lanes, value: unknown, type: DataType): void {
  if (value === null || value === undefined) {
    lanes.word(WORD_NULL)
    return
  }
  if (type.kind === 'decimal') {
    if (typeof value === 'bigint') hashWideDecimal(lanes, value, type.scale)
    else hashDecimal(lanes, Number(value), type.scale)
    return
  }
  if (type.kind === 'array' && Array.isArray(value)) {
    for (const element of value) hashTyped(lanes, element, type.element.type)
    lanes.word(TAG_LIST + value.length)
    return
  }
  if (type.kind === 'map' && value instanceof Map) {
    const { type: inner } = type.value
    hashEntries(lanes, [...value.entries()], (entry) => hashTyped(lanes, entry, inner))
    return
  }
  hashUntyped(lanes, value)
}

/** JSON values and scalars, by what they are. */
function hashUntyped(lanes: Lanes, value: unknown): void {
  if (value === null || value === undefined) lanes.word(WORD_NULL)
  else if (typeof value === 'number') lanes.number(value)
  else if (typeof value === 'string') hashString(lanes, value)
  else if (typeof value === 'boolean') lanes.word(value ? WORD_TRUE : WORD_FALSE)
  else if (typeof value === 'bigint') hashBigint(lanes, value)
  else if (value instanceof Uint8Array) lanes.bytes(SEED_BYTES, value, 0, value.length)
  else if (value instanceof Date) lanes.number(value.getTime())
  else if (Array.isArray(value)) {
    for (const element of value) hashUntyped(lanes, element)
    lanes.word(TAG_LIST + value.length)
  } else {
    const entries = value instanceof Map ? [...value.entries()] : Object.entries(value)
    hashEntries(lanes, entries, (entry) => hashUntyped(lanes, entry))
  }
}

/** In the order of the keys' UTF-16 units: insertion order is no part of a map. */
function hashEntries(
  lanes: Lanes,
  entries: [unknown, unknown][],
  hashValue: (value: unknown) => void,
): void {
  const named = entries.map(([name, value]) => ({ name: String(name), value }))
  named.sort((left, right) => (left.name < right.name ? -1 : left.name > right.name ? 1 : 0))
  for (const { name, value } of named) {
    hashString(lanes, name)
    hashValue(value)
  }
  lanes.word(TAG_MAP + named.length)
}
