/** Values of a program as tests take them: decimals and the like by their text, the rest as it is. */
import { isObject } from './bind-value.ts'

export function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue)
  if (!isObject(value) || value instanceof Date || value instanceof Map) return value
  if (value instanceof Uint8Array) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  const isOwnKind = prototype !== Object.prototype && prototype !== null
  if (isOwnKind) return (value as { toString(): string }).toString()
  return Object.fromEntries(Object.entries(value).map(([name, held]) => [name, plainValue(held)]))
}
