/**
 * Internal values as text that is equal exactly where the values are: for folding changes to final
 * rows and comparing results, never per record of a run.
 */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? '0' : `${value}`
    case 'bigint':
      return `${value}n`
    case 'string':
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      return value === null ? 'null' : canonicalObject(value)
    default:
      return 'null' // undefined: an absent value
  }
}

function canonicalObject(value: object): string {
  if (value instanceof Uint8Array) return `x${Buffer.from(value).toString('hex')}`
  if (value instanceof Date) return `t${value.getTime()}`
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  const parts = entries.map(([key, held]) => `${JSON.stringify(key)}:${canonicalText(held)}`)
  return `${value instanceof Map ? 'm' : ''}{${parts.toSorted().join()}}`
}

/** The values at these positions; all of them when no positions are given. */
export function canonicalRow(values: readonly unknown[], positions?: readonly number[]): string {
  const chosen = positions === undefined ? values : positions.map((index) => values[index])
  return chosen.map(canonicalText).join()
}
