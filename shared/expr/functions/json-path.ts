/** Reading inside JSON values: own properties and elements only, never a prototype. */

/** An element by key or position; null where there is none. */
export function jsonIndex(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return typeof key === 'number' ? (value[key] ?? null) : null
  if (typeof key !== 'string' || !Object.hasOwn(value, key)) return null
  const found: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
  return found ?? null
}
