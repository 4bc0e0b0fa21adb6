/** Why no overload takes these arguments: the likely mistake by name, else types and signatures. */
import { printFieldType, printType } from '../../model/type-text.ts'
import type { Expr } from '../ast.ts'
import type { FunctionDef } from '../overload.ts'
import { printExpr } from '../print.ts'
import { exprError, type ExprProblem } from '../problem.ts'
import type { ExprScope } from '../scope.ts'
import type { Argument } from './argument.ts'

type CallExpr = Extract<Expr, { kind: 'call' }>

interface Case {
  readonly scope: ExprScope
  readonly expr: CallExpr
  readonly def: FunctionDef
  readonly args: readonly Argument[]
}

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>='])
const NUMERIC: ReadonlySet<string> = new Set(['integer', 'number', 'decimal', 'bigint'])

export function mismatch(
  scope: ExprScope,
  expr: CallExpr,
  def: FunctionDef,
  args: readonly Argument[],
): ExprProblem {
  const found: Case = { scope, expr, def, args }
  return (
    structAsValue(found) ??
    wrongCount(found) ??
    decimalWithNumber(found) ??
    division(found) ??
    dateWithTimestamp(found) ??
    notBoolean(found) ??
    textWithOther(found) ??
    general(found)
  )
}

function report(
  { scope, expr, args }: Case,
  code: ExprProblem['code'],
  message: string,
  fix?: string,
): ExprProblem {
  return exprError(code, message, { span: expr.span, cause: causeOf(scope, args), fix })
}

/** Where the types of the columns come from. */
function causeOf(scope: ExprScope, args: readonly Argument[]): string | undefined {
  const parts = args.map(({ typed, expr }) => {
    if (typed.node !== 'column' && typed.node !== 'struct') return ''
    const origin = scope.origin?.(typed.path)
    const from = origin === undefined ? '' : ` (${origin})`
    return `${printExpr(expr)} is ${printFieldType(typed)}${from}`
  })
  const said = [...new Set(parts.filter((part) => part !== ''))]
  return said.length === 0 ? undefined : said.join(', ')
}

function structAsValue(found: Case): ExprProblem | null {
  const arg = found.args.find(({ typed }) => typed.node === 'struct')
  if (arg === undefined || arg.typed.type.kind !== 'struct') return null
  const [field] = arg.typed.type.fields
  const name = printExpr(arg.expr)
  const message = `\`${name}\` is a struct of ${arg.typed.type.fields.length} fields, not one value`
  const fix =
    field === undefined ? undefined : `name a field of it, for instance \`${name}.${field.name}\``
  return report(found, 'EXPR_STRUCT_AS_VALUE', message, fix)
}

/** Parameters of a signature: `f(a: T, b?: T) -> R`; null where it says no number. */
function arity(signature: string): { least: number; most: number } | null {
  const inside = /^\w+\((.*)\) ->/.exec(signature)?.[1]
  if (inside === undefined || inside.includes('…')) return null
  const names = inside.match(/\w+\??:/g) ?? []
  return { least: names.filter((name) => !name.endsWith('?:')).length, most: names.length }
}

function wrongCount(found: Case): ExprProblem | null {
  const { def, args } = found
  const counts = def.overloads.map((overload) => arity(overload.signature))
  const isKnown = counts.every((count) => count !== null)
  const fits = counts.some(
    (count) => count !== null && args.length >= count.least && args.length <= count.most,
  )
  if (!isKnown || fits) return null
  const given = args.length === 1 ? '1 argument' : `${args.length} arguments`
  const message = `\`${def.name}\` does not take ${given}`
  return report(found, 'EXPR_ARGUMENT_COUNT', message, `it is ${signatures(def)}`)
}

function decimalWithNumber(found: Case): ExprProblem | null {
  const decimal = found.args.find(({ typed }) => typed.type.kind === 'decimal')
  const number = found.args.find(
    ({ typed, as }) => typed.type.kind === 'number' && as.digits === undefined,
  )
  if (decimal?.typed.type.kind !== 'decimal' || number === undefined) return null
  const exact = printExpr(decimal.expr)
  const approximate = printExpr(number.expr)
  const { precision, scale } = decimal.typed.type
  const kind = printType(decimal.typed.type)
  const message = `\`${exact}\` is an exact ${kind} and \`${approximate}\` an approximate number`
  const toDecimal = `to_decimal(${approximate}, ${precision}, ${scale})`
  const fix = `\`${toDecimal}\` for an exact, \`to_number(${exact})\` for an approximate result`
  return report(found, 'EXPR_DECIMAL_WITH_NUMBER', message, fix)
}

function division(found: Case): ExprProblem | null {
  const [left, right] = found.args
  if (found.def.name !== '/' || left === undefined || right === undefined) return null
  const kinds = [left.typed.type.kind, right.typed.type.kind]
  const [a, b] = [printExpr(left.expr), printExpr(right.expr)]
  if (kinds.every((kind) => kind === 'integer' || kind === 'null')) {
    const exact = right.as.digits === undefined ? `${a} / to_number(${b})` : `${a} / ${b}.0`
    const fix = `\`${exact}\` or \`div(${a}, ${b})\``
    return report(
      found,
      'EXPR_INTEGER_DIVISION',
      `\`${a} / ${b}\` divides integers: with or without a fraction?`,
      fix,
    )
  }
  if (kinds.includes('decimal')) {
    const message = `\`${a} / ${b}\` divides decimals: to how many digits?`
    return report(
      found,
      'EXPR_TYPE_MISMATCH',
      message,
      `\`div(${a}, ${b}, 2)\` rounds to two digits`,
    )
  }
  if (kinds.includes('bigint')) {
    return report(
      found,
      'EXPR_INTEGER_DIVISION',
      `\`${a} / ${b}\` divides integers`,
      `\`div(${a}, ${b})\``,
    )
  }
  return null
}

function dateWithTimestamp(found: Case): ExprProblem | null {
  const date = found.args.find(({ typed }) => typed.type.kind === 'date')
  const timestamp = found.args.find(({ typed }) => typed.type.kind === 'timestamp')
  if (date === undefined || timestamp === undefined) return null
  const [day, time] = [printExpr(date.expr), printExpr(timestamp.expr)]
  const message = `\`${day}\` is a date and \`${time}\` a timestamp`
  return report(found, 'EXPR_TYPE_MISMATCH', message, `\`date(${time})\` or \`timestamp(${day})\``)
}

function notBoolean(found: Case): ExprProblem | null {
  const { def, args } = found
  const isLogic = def.name === '&&' || def.name === '||' || def.name === '!'
  const condition = def.name === '?:' ? args.slice(0, 1) : isLogic ? args : []
  const wrong = condition.find(
    ({ typed }) => typed.type.kind !== 'boolean' && typed.type.kind !== 'null',
  )
  if (wrong === undefined) return null
  const name = printExpr(wrong.expr)
  const { type } = wrong.typed
  const message = `\`${name}\` is ${printFieldType(wrong.typed)}, \`${def.name}\` takes conditions`
  const isText = args.every(({ typed }) => typed.type.kind === 'string')
  if (def.name === '||' && isText) {
    return report(
      found,
      'EXPR_FOREIGN_SYNTAX',
      '`||` does not join texts',
      `\`${args.map((arg) => printExpr(arg.expr)).join(' + ')}\``,
    )
  }
  const fix = NUMERIC.has(type.kind)
    ? `\`${name} != 0\``
    : type.kind === 'string'
      ? `\`${name} != ""\``
      : `\`${name} != null\``
  return report(found, 'EXPR_NOT_BOOLEAN', message, fix)
}

function textWithOther(found: Case): ExprProblem | null {
  const { def, args } = found
  const text = args.find(({ typed }) => typed.type.kind === 'string')
  const other = args.find(({ typed }) => typed.type.kind !== 'string')
  const isOperator = COMPARISONS.has(def.name) || '+-*/%'.includes(def.name)
  if (text === undefined || other === undefined || !isOperator || args.length !== 2) return null
  const [a, b] = [printExpr(text.expr), printExpr(other.expr)]
  const message = `\`${a}\` is text and \`${b}\` is ${printFieldType(other.typed)}`
  const { kind } = other.typed.type
  if (def.name === '+') {
    const shown = args.map((arg) => (arg === other ? `to_string(${b})` : printExpr(arg.expr)))
    return report(found, 'EXPR_TYPE_MISMATCH', message, `\`${shown.join(' + ')}\` joins texts`)
  }
  if (!NUMERIC.has(kind) && kind !== 'boolean') return null
  const isQuoted = text.as.text !== undefined && /^-?\d+(\.\d+)?$/.test(text.as.text)
  if (isQuoted)
    return report(found, 'EXPR_TYPE_MISMATCH', message, `leave out the quotes: \`${text.as.text}\``)
  const convert = kind === 'number' ? 'to_number' : kind === 'boolean' ? 'to_boolean' : 'to_integer'
  const fix = `\`${convert}(${a})\`${COMPARISONS.has(def.name) ? ` or \`to_string(${b})\`` : ''}`
  return report(found, 'EXPR_TYPE_MISMATCH', message, fix)
}

function general(found: Case): ExprProblem {
  const { def, args } = found
  const types = args.map(({ typed }) => printFieldType(typed))
  const list = types.length === 0 ? 'no arguments' : types.join(' and ')
  const name = def.name === 'neg' ? '-' : def.name
  const isSame = COMPARISONS.has(name) || name === '?:' || name === 'coalesce' || name === 'list'
  if (isSame) {
    const said = name === 'list' ? 'a list' : `\`${name}\``
    return report(found, 'EXPR_TYPE_MISMATCH', `${said} takes values of one type, not ${list}`)
  }
  return report(
    found,
    'EXPR_TYPE_MISMATCH',
    `\`${name}\` does not take ${list}`,
    `it is ${signatures(def)}`,
  )
}

const SIGNATURES_MAX = 6

function signatures(def: FunctionDef): string {
  const all = def.overloads.map((overload) => `\`${overload.signature}\``)
  const shown = [...new Set(all)].slice(0, SIGNATURES_MAX)
  return shown.join(' or ')
}
