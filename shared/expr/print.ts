/**
 * Canonical text of an untyped tree: one spelling, the fewest parentheses, one blank around binary
 * operators. Parsing it gives the tree back, whether it was written or built.
 */
import type { Expr, LiteralValue } from './ast.ts'

type CallExpr = Extract<Expr, { kind: 'call' }>

/** Binary operators by how tightly they bind; all associate to the left. */
export const BINDING: Readonly<Record<string, number>> = {
  '||': 2, '&&': 3, '==': 4, '!=': 4, '<': 5, '<=': 5, '>': 5, '>=': 5, in: 5,
  '+': 6, '-': 6, '*': 7, '/': 7, '%': 7,
} // prettier-ignore

export const TERNARY = 1
export const UNARY = 8
export const POSTFIX = 9

/** `$0` is a column that holds what an aggregate gives; no author writes it. */
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$|^\$\d+$/
/** Words the grammar takes for something else where a name may stand. */
const NOT_NAMES: ReadonlySet<string> = new Set(['true', 'false', 'null', 'in'])

export function isPlainName(name: string): boolean {
  return NAME.test(name) && !NOT_NAMES.has(name)
}

export function printExpr(expr: Expr): string {
  return print(expr, 0)
}

/** Parenthesised when it binds less than `least`. */
function print(expr: Expr, least: number): string {
  const [text, binding] = printed(expr)
  return binding < least ? `(${text})` : text
}

function printed(expr: Expr): readonly [text: string, binding: number] {
  switch (expr.kind) {
    case 'literal':
      return [printLiteral(expr.value), isNegative(expr) ? UNARY : POSTFIX]
    case 'ident':
      return [isPlainName(expr.name) ? expr.name : `record[${printText(expr.name)}]`, POSTFIX]
    case 'member':
      return [`${print(expr.of, POSTFIX)}.${expr.name}`, POSTFIX]
    default:
      return printCall(expr)
  }
}

function isNegative(expr: Expr): boolean {
  if (expr.kind !== 'literal') return false
  const { value } = expr
  return (value.type === 'integer' || value.type === 'number') && value.digits.startsWith('-')
}

function printCall(expr: CallExpr): readonly [text: string, binding: number] {
  const [first, second, third] = expr.args
  if (expr.method === true && first !== undefined) {
    const rest = expr.args.slice(1).map((arg) => print(arg, 0))
    return [`${print(first, POSTFIX)}.${expr.fn}(${rest.join(', ')})`, POSTFIX]
  }
  const binding = Object.hasOwn(BINDING, expr.fn) ? BINDING[expr.fn] : undefined
  if (binding !== undefined && first !== undefined && second !== undefined) {
    return [`${print(first, binding)} ${expr.fn} ${print(second, binding + 1)}`, binding]
  }
  if (expr.fn === '?:' && first !== undefined && second !== undefined && third !== undefined) {
    return [`${print(first, TERNARY + 1)} ? ${print(second, 0)} : ${print(third, 0)}`, TERNARY]
  }
  if (first !== undefined && (expr.fn === '!' || expr.fn === 'neg')) {
    return [`${expr.fn === '!' ? '!' : '-'}${print(first, UNARY)}`, UNARY]
  }
  return [printForm(expr), POSTFIX]
}

function printForm(expr: CallExpr): string {
  const args = expr.args.map((arg) => print(arg, 0))
  const [first, second] = expr.args
  if (expr.fn === '[]' && first !== undefined && second !== undefined) {
    return `${print(first, POSTFIX)}[${print(second, 0)}]`
  }
  if (expr.fn === 'list') return `[${args.join(', ')}]`
  if (expr.fn === 'map') {
    const pairs = args.flatMap((key, index) =>
      index % 2 === 0 ? [`${key}: ${args[index + 1] ?? 'null'}`] : [],
    )
    return `{${pairs.join(', ')}}`
  }
  return `${expr.fn}(${args.join(', ')})`
}

export function printLiteral(value: LiteralValue): string {
  switch (value.type) {
    case 'null':
      return 'null'
    case 'boolean':
      return value.value ? 'true' : 'false'
    case 'string':
      return printText(value.value)
    case 'bytes':
      return `b"${value.hex.replaceAll(/../g, (byte) => `\\x${byte}`)}"`
    case 'number':
      return printNumber(value.digits)
    default:
      return value.digits
  }
}

/** A number keeps its digits; a whole one needs its point to stay a number. */
function printNumber(digits: string): string {
  return /[.eE]/.test(digits) ? digits : `${digits}.0`
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

// oxlint-disable-next-line no-control-regex -- control characters are what has to be escaped
const ESCAPED = /["\\\u0000-\u001f\u007f\u2028\u2029]/g

/** In double quotes; control characters and lone surrogates escaped or replaced. */
export function printText(text: string): string {
  const body = text.toWellFormed().replaceAll(ESCAPED, (character) => {
    const known = ESCAPES[character]
    return known ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
  return `"${body}"`
}
