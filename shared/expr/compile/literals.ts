/** Literals and neutral values as JavaScript text. Texts of users go by reference (Constants). */
import type { DataType } from '../../model/data-type.ts'
import { DECIMAL_DOUBLE_PRECISION } from '../../model/type-relations.ts'
import type { ScalarValue } from '../ast.ts'
import { atom, type Value } from './code-block.ts'
import type { Constants } from './constants.ts'

export function literal(constants: Constants, value: ScalarValue, type: DataType): Value {
  switch (typeof value) {
    case 'boolean':
      return atom(value ? 'true' : 'false')
    case 'number':
      return atom(numberText(value))
    case 'bigint':
      return atom(value < 0n ? `(${value}n)` : `${value}n`)
    case 'string':
      return atom(constants.name(value, JSON.stringify(value)))
    default:
      return value === null
        ? atom(neutralText(type), 'true')
        : atom(constants.name(value, type.kind))
  }
}

export function numberText(value: number): string {
  if (Object.is(value, -0)) return '(-0)'
  return value < 0 ? `(${value})` : `${value}`
}

/** What stands for a null where only `isNull` counts; of the type's JavaScript type. */
export function neutralText(type: DataType): string {
  switch (type.kind) {
    case 'string':
      return "''"
    case 'boolean':
      return 'false'
    case 'bigint':
      return '0n'
    case 'decimal':
      return type.precision <= DECIMAL_DOUBLE_PRECISION ? '0' : '0n'
    case 'integer':
    case 'number':
    case 'timestamp':
    case 'date':
    case 'duration':
      return '0'
    default:
      return 'null'
  }
}
