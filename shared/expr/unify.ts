/** Which types go where: implicit steps, literals beside typed values, one type for several. */
import type { DataType, FieldType } from '../model/data-type.ts'
import { commonType, sameType, widens } from '../model/type-relations.ts'
import { decimalOfDigits, isNarrowDecimal, resultDecimal, type DecimalType } from './decimal.ts'
import type { ArgumentType } from './overload.ts'

const TIMES: ReadonlySet<DataType['kind']> = new Set(['timestamp', 'date', 'duration'])
export const INTEGER_AS_DECIMAL: DecimalType = { kind: 'decimal', precision: 15, scale: 0 }

/** Whether an argument may stand where `param` is wanted, by an implicit step. */
export function accepts(arg: ArgumentType, param: DataType): boolean {
  if (arg.text !== undefined && TIMES.has(param.kind)) return true
  return widens(arg.type, param)
}

/**
 * The one type that all arguments take; null when there is none. Literals go by the others: a
 * number beside decimals is a decimal of its own digits, a text beside timestamps a timestamp.
 */
export function unify(args: readonly ArgumentType[]): DataType | null {
  const typed = args.filter((arg) => !isLiteral(arg))
  const firm = typed.length === 0 ? args : typed
  let type: DataType | null = { kind: 'null' }
  for (const arg of firm) {
    type = type === null ? null : commonOfTwo(type, arg.type)
  }
  if (type === null || typed.length === 0) return type
  for (const arg of args) {
    if (isLiteral(arg)) type = type === null ? null : withLiteral(type, arg)
  }
  return type
}

function isLiteral(arg: ArgumentType): boolean {
  return arg.digits !== undefined || arg.text !== undefined
}

function commonOfTwo(a: DataType, b: DataType): DataType | null {
  if (a.kind === 'decimal' && b.kind === 'decimal') return commonDecimal(a, b)
  if (a.kind === 'decimal' && b.kind === 'integer') return commonDecimal(a, INTEGER_AS_DECIMAL)
  if (a.kind === 'integer' && b.kind === 'decimal') return commonDecimal(INTEGER_AS_DECIMAL, b)
  return commonType(a, b)
}

/** Equal ones stay what they are; others take the larger scale. */
function commonDecimal(a: DecimalType, b: DecimalType): DecimalType {
  return sameType(a, b) ? a : resultDecimal(Math.max(a.scale, b.scale), a, b)
}

function withLiteral(type: DataType, literal: ArgumentType): DataType | null {
  if (literal.text !== undefined && TIMES.has(type.kind)) return type
  if (literal.digits !== undefined && type.kind === 'decimal') {
    const own = decimalOfDigits(literal.digits)
    if (own === null) return null
    const fits = own.type.scale <= type.scale && isNarrowDecimal(type)
    return fits && isNarrowDecimal(own.type) ? type : commonDecimal(type, own.type)
  }
  return commonOfTwo(type, literal.type)
}

/** The decimal an argument counts as in arithmetic; null when it is none and no literal of one. */
export function asDecimal(arg: ArgumentType): DecimalType | null {
  if (arg.type.kind === 'decimal') return arg.type
  if (arg.digits !== undefined) return decimalOfDigits(arg.digits)?.type ?? null
  return arg.type.kind === 'integer' ? INTEGER_AS_DECIMAL : null
}

export function anyNullable(args: readonly FieldType[]): boolean {
  return args.some((arg) => arg.nullable || arg.type.kind === 'null')
}

/** The one array type of several lists; null when an argument is no list or they do not agree. */
export function commonElement(args: readonly ArgumentType[]): DataType | null {
  const isList = args.every((arg) => arg.type.kind === 'array' || arg.type.kind === 'null')
  const type = isList ? unify(args) : null
  return type?.kind === 'array' ? type : null
}
