/** A value as the key of a Map, and the order of values: equal by content, one zero, one NaN. */
import { Buffer } from 'node:buffer'

/** Strings get a mark in front, so that they never equal the text of something else. */
export function valueKey(value: unknown): unknown {
  if (typeof value === 'string') return `s${value}`
  if (typeof value !== 'object' || value === null) return value
  return canonicalText(value)
}

/** Text that is equal for equal values only; names of maps are sorted. */
export function canonicalText(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`
  if (value instanceof Date) return String(value.getTime())
  const entries: [string, unknown][] =
    value instanceof Map
      ? [...value].map(([name, inner]) => [String(name), inner])
      : Object.entries(value)
  entries.sort(([left], [right]) => compareText(left, right))
  const parts = entries.map(([name, inner]) => `${JSON.stringify(name)}:${canonicalText(inner)}`)
  return `{${parts.join(',')}}`
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

/** Below 0 when `left` comes first: null, then by value; texts by their bytes. */
export function compareValues(left: unknown, right: unknown): number {
  if (left === null || right === null) return left === right ? 0 : left === null ? -1 : 1
  if (typeof left === 'string' && typeof right === 'string') {
    return Buffer.compare(Buffer.from(left), Buffer.from(right))
  }
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right)
  if (isScalar(left) && isScalar(right)) return left < right ? -1 : left > right ? 1 : 0
  return compareText(canonicalText(left), canonicalText(right))
}

function isScalar(value: unknown): value is number | bigint | boolean {
  return typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean'
}

// oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
export function compareBytes(
  left: Uint8Array,
  leftStart: number,
  leftEnd: number,
  right: Uint8Array,
  rightStart: number,
  rightEnd: number,
): number {
  const shorter = Math.min(leftEnd - leftStart, rightEnd - rightStart)
  for (let index = 0; index < shorter; index++) {
    const order = (left[leftStart + index] as number) - (right[rightStart + index] as number)
    if (order !== 0) return order
  }
  return leftEnd - leftStart - (rightEnd - rightStart)
}
