/**
 * Canonical text of a typed tree, as an author would write it: implicit casts are not shown, and
 * literals beside typed values have the short form that gives the same tree when read again.
 */
import type { DataType } from '../model/data-type.ts'
import { printDuration } from '../model/duration-text.ts'
import { formatDate, formatTimestamp } from '../model/text/civil-time.ts'
import { formatDecimal } from '../model/text/decimal-text.ts'
import type { Expr, ScalarValue, TypedExpr } from './ast.ts'
import { nameOfOverload } from './library.ts'
import { printExpr } from './print.ts'
import { isTimeKind } from './checking/time-literal.ts'

export function printTyped(typed: TypedExpr): string {
  return printExpr(untyped(typed))
}

/** The untyped tree that checks to this one. */
export function untyped(typed: TypedExpr): Expr {
  return restore(typed, [])
}

const NULL: Expr = { kind: 'literal', value: { type: 'null' } }

/** `beside`: the values next to this one, which decide how a literal may be written. */
function restore(typed: TypedExpr, beside: readonly TypedExpr[]): Expr {
  switch (typed.node) {
    case 'literal':
      return restoreLiteral(typed.value, typed.type, beside)
    case 'column':
      return restoreColumn(typed.path)
    case 'struct':
      return restorePath(typed.path)
    case 'cast':
      return restore(typed.arg, beside)
    case 'variable':
      return { kind: 'ident', name: typed.name }
    case 'macro': {
      const variable: Expr = { kind: 'ident', name: typed.variable }
      const args = [restore(typed.over, []), variable, restore(typed.body, [])]
      return { kind: 'call', fn: typed.op, method: true, args }
    }
    default:
      return restoreCall(typed)
  }
}

function restoreColumn(path: string): Expr {
  if (!path.endsWith('.?')) return restorePath(path)
  return { kind: 'call', fn: '!=', args: [restorePath(path.slice(0, -2)), NULL] }
}

function restorePath(path: string): Expr {
  const [first, ...rest] = path.split('.')
  return rest.reduce((of: Expr, name): Expr => ({ kind: 'member', of, name }), {
    kind: 'ident',
    name: first ?? '',
  })
}

type Call = Extract<TypedExpr, { node: 'call' }>

function restoreCall(typed: Call): Expr {
  const [first, second] = typed.args
  const { overload, args } = typed
  if (first !== undefined && overload.startsWith('field.')) {
    return { kind: 'member', of: restore(first, []), name: String(typed.statics?.['name']) }
  }
  if (first !== undefined && (overload === 'is_null' || overload === 'is_not_null')) {
    const fn = overload === 'is_null' ? '==' : '!='
    return { kind: 'call', fn, args: [restore(first, []), NULL] }
  }
  if (overload === 'not' && first?.node === 'column' && first.path.endsWith('.?')) {
    return { kind: 'call', fn: '==', args: [restorePath(first.path.slice(0, -2)), NULL] }
  }
  const fn = nameOfOverload(overload)
  if (overload === 'in.list' && second?.node === 'call' && second.overload === 'list') {
    const siblings = [...(first === undefined ? [] : [first]), ...second.args]
    const list: Expr = {
      kind: 'call',
      fn: 'list',
      args: second.args.map((arg) => restore(arg, siblings)),
    }
    return { kind: 'call', fn, args: [...(first === undefined ? [] : [restore(first, [])]), list] }
  }
  const isBeside = BESIDE.has(fn)
  return {
    kind: 'call',
    fn,
    args: args.map((arg) => restore(arg, isBeside ? siblingsOf(typed, arg) : [])),
  }
}

function siblingsOf(typed: Call, arg: TypedExpr): readonly TypedExpr[] {
  const values = typed.overload === 'if' ? typed.args.slice(1) : typed.args
  return values.filter((one) => one !== arg)
}

/** Where a literal takes its type from its neighbours. */
const BESIDE: ReadonlySet<string> = new Set([
  '==', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '?:', 'coalesce', 'null_if', 'least',
  'greatest', 'list', 'map',
]) // prettier-ignore

function bare(typed: TypedExpr): TypedExpr {
  return typed.node === 'cast' ? bare(typed.arg) : typed
}

function firm(beside: readonly TypedExpr[]): TypedExpr[] {
  return beside.map(bare).filter((one) => one.node !== 'literal')
}

function call(fn: string, ...args: readonly Expr[]): Expr {
  return { kind: 'call', fn, args }
}

function text(value: string): Expr {
  return { kind: 'literal', value: { type: 'string', value } }
}

function integer(value: number | bigint): Expr {
  return { kind: 'literal', value: { type: 'integer', digits: value.toString() } }
}

function restoreLiteral(value: ScalarValue, type: DataType, beside: readonly TypedExpr[]): Expr {
  if (value === null) return NULL
  if (isTimeKind(type.kind) && typeof value === 'number') {
    const written = text(timeText(value, type.kind))
    const isBesideTime = firm(beside).some((one) => isTimeKind(one.type.kind))
    return isBesideTime ? written : call(type.kind, written)
  }
  if (type.kind === 'decimal' && (typeof value === 'number' || typeof value === 'bigint')) {
    return decimalLiteral(value, type, beside)
  }
  if (type.kind === 'json') return call('parse_json', text(JSON.stringify(value)))
  if (type.kind === 'array' && Array.isArray(value)) {
    const { element } = type
    return call(
      'list',
      ...value.map((one: ScalarValue) => restoreLiteral(one, element.type, beside)),
    )
  }
  if (typeof value === 'bigint') return call('to_bigint', text(value.toString()))
  if (typeof value === 'string') return text(value)
  if (typeof value === 'boolean') return { kind: 'literal', value: { type: 'boolean', value } }
  if (typeof value === 'number') return numberLiteral(value, type, beside)
  if (value instanceof Uint8Array) {
    const hex = Buffer.from(value).toString('hex')
    return { kind: 'literal', value: { type: 'bytes', hex } }
  }
  return NULL
}

/** A whole number is written without its point where a number beside it makes it one. */
function numberLiteral(value: number, type: DataType, beside: readonly TypedExpr[]): Expr {
  if (type.kind === 'integer') return integer(value)
  const isNumberBeside = beside.map(bare).some((one) => one.type.kind === 'number' && !isWhole(one))
  if (isNumberBeside && Number.isSafeInteger(value) && !Object.is(value, -0)) return integer(value)
  const digits = Object.is(value, -0) ? '-0.0' : String(value)
  const written = /[.e]/.test(digits) ? digits : `${digits}.0`
  return { kind: 'literal', value: { type: 'number', digits: written } }
}

function isWhole(typed: TypedExpr): boolean {
  return typed.node === 'literal' && Number.isInteger(typed.value)
}

function timeText(value: number, kind: 'timestamp' | 'date' | 'duration'): string {
  if (kind === 'date') return formatDate(value)
  if (kind === 'duration') return printDuration(value)
  return formatTimestamp(value).replace(/(?::00)?\.000Z$/, 'Z')
}

/** Beside a decimal its digits; without trailing zeros where they change nothing. */
function decimalLiteral(
  value: number | bigint,
  type: Extract<DataType, { kind: 'decimal' }>,
  beside: readonly TypedExpr[],
): Expr {
  const digits = formatDecimal(value, type.scale)
  const scales = firm(beside).map(({ type: one }) => (one.kind === 'decimal' ? one.scale : -1))
  const largest = Math.max(-1, ...scales)
  if (largest < 0) {
    return call('to_decimal', text(digits), integer(type.precision), integer(type.scale))
  }
  const shown = type.scale <= largest ? digits.replace(/\.?0+$/, '') : digits
  const trimmed = digits.includes('.') ? shown : digits
  const isWhole = !trimmed.includes('.')
  return { kind: 'literal', value: { type: isWhole ? 'integer' : 'number', digits: trimmed } }
}
