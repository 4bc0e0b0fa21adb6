/** A value as the reference and messages show it: texts quoted, times in ISO, decimals exactly. */
import { isTimeKind } from './checking/time-literal.ts'
import type { DataType } from '../model/data-type.ts'
import { printDuration } from '../model/duration-text.ts'
import { formatDate, formatTimestamp } from '../model/text/civil-time.ts'
import { formatDecimal } from '../model/text/decimal-text.ts'

export function printValue(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number' && isTimeKind(type.kind)) {
    if (type.kind === 'date') return formatDate(value)
    return type.kind === 'duration' ? printDuration(value) : formatTimestamp(value)
  }
  if (type.kind === 'decimal' && (typeof value === 'number' || typeof value === 'bigint')) {
    return formatDecimal(value, type.scale)
  }
  if (type.kind === 'array' && Array.isArray(value)) {
    return `[${value.map((one) => printValue(one, type.element.type)).join(', ')}]`
  }
  if (type.kind === 'map' && value instanceof Map) {
    const pairs = [...value].map(
      ([key, one]) => `${JSON.stringify(key)}: ${printValue(one, type.value.type)}`,
    )
    return `{${pairs.join(', ')}}`
  }
  if (value instanceof Uint8Array) return `b"${Buffer.from(value).toString('hex')}"`
  if (typeof value === 'object' || typeof value === 'string') return JSON.stringify(value)
  return typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint'
    ? String(value)
    : 'null'
}
