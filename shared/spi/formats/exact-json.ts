/** An internal value as JSON text with all its digits: decimals and bigints never become floats. */
import type { DataType } from '../../model/data-type.ts'
import { formatDecimal } from '../../model/text/decimal-text.ts'
import { toJsonValue } from '../../model/value-json.ts'

export function exactJson(value: unknown, type: DataType, quotesDecimals: boolean): string {
  if (value === null || value === undefined) return 'null'
  switch (type.kind) {
    case 'bigint':
      return `${value as bigint}`
    case 'decimal': {
      const digits = formatDecimal(value as number | bigint, type.scale)
      return quotesDecimals ? `"${digits}"` : digits
    }
    case 'array': {
      const of = type.element.type
      const texts = (value as unknown[]).map((one) => exactJson(one, of, quotesDecimals))
      return `[${texts.join(',')}]`
    }
    case 'map': {
      const of = type.value.type
      return object([...(value as Map<string, unknown>)], (held) =>
        exactJson(held, of, quotesDecimals),
      )
    }
    case 'struct': {
      const held = value as Readonly<Record<string, unknown>>
      const members = type.fields.map(
        (field) =>
          `${JSON.stringify(field.name)}:${exactJson(held[field.name], field.type, quotesDecimals)}`,
      )
      return `{${members.join(',')}}`
    }
    default: {
      const text: string | undefined = JSON.stringify(toJsonValue(value, type))
      return text ?? 'null'
    }
  }
}

function object(
  members: readonly (readonly [string, unknown])[],
  show: (value: unknown) => string,
): string {
  return `{${members.map(([key, held]) => `${JSON.stringify(key)}:${show(held)}`).join(',')}}`
}
