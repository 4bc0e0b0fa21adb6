/** Equality of what lies in state: bytes, and JavaScript values of `any` columns. */

// oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
export function sameBytes(
  left: Uint8Array,
  leftStart: number,
  right: Uint8Array,
  rightStart: number,
  length: number,
): boolean {
  for (let index = 0; index < length; index++) {
    if (left[leftStart + index] !== right[rightStart + index]) return false
  }
  return true
}

/** Deep equality of internal values; one zero, one NaN, insertion order of maps is nothing. */
export function sameValue(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (left === null || right === null || left === undefined || right === undefined) {
    return (left ?? null) === (right ?? null)
  }
  if (typeof left !== 'object' || typeof right !== 'object') {
    return Number.isNaN(left) && Number.isNaN(right)
  }
  if (Array.isArray(left)) return Array.isArray(right) && sameList(left, right)
  if (Array.isArray(right)) return false
  if (left instanceof Uint8Array || right instanceof Uint8Array) {
    if (!(left instanceof Uint8Array && right instanceof Uint8Array)) return false
    return left.length === right.length && sameBytes(left, 0, right, 0, left.length)
  }
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime()
  return sameEntries(entriesOf(left), entriesOf(right))
}

function sameList(left: readonly unknown[], right: readonly unknown[]): boolean {
  return left.length === right.length && left.every((one, index) => sameValue(one, right[index]))
}

function entriesOf(value: object): Map<unknown, unknown> {
  return value instanceof Map ? value : new Map(Object.entries(value))
}

function sameEntries(left: Map<unknown, unknown>, right: Map<unknown, unknown>): boolean {
  if (left.size !== right.size) return false
  for (const [name, value] of left) {
    if (!right.has(name) || !sameValue(value, right.get(name))) return false
  }
  return true
}
