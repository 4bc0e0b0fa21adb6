/**
 * The checker's walk: names to columns, calls to overloads, every implicit step explicit.
 *
 * Owns: the problems of one expression. A node that is wrong answers null, and what stands above it
 * stays silent, so that one mistake is reported once and all mistakes are.
 */
import { EXPRESSION_DEPTH_MAX, INTEGER_MAX } from '../../base/limits.ts'
import type { DataType } from '../../model/data-type.ts'
import { printFieldType } from '../../model/type-text.ts'
import type { Expr, LiteralValue, ScalarValue, TypedExpr } from '../ast.ts'
import { functionNamed } from '../library.ts'
import { exprError, type ExprProblem } from '../problem.ts'
import { printExpr } from '../print.ts'
import type { ExprScope } from '../scope.ts'
import { unify } from '../unify.ts'
import { argumentOf, castArgument, type Argument } from './argument.ts'
import { unknownFunction } from './foreign-functions.ts'
import { resolveCall } from './resolve-call.ts'
import { fieldOfStruct, resolveName } from './resolve-name.ts'

const MACRO_OPS = ['map', 'filter', 'exists', 'all'] as const
type MacroOp = (typeof MACRO_OPS)[number]

type CallExpr = Extract<Expr, { kind: 'call' }>

/** Takes over calls that are aggregates; null leaves a call to the checker. */
export type CallHook = (call: CallExpr, checker: Checker) => TypedExpr | 'refused' | null

export class Checker {
  readonly scope: ExprScope
  readonly problems: ExprProblem[]
  readonly #hook: CallHook
  readonly #variables = new Map<string, TypedExpr>()
  #depth = 0

  constructor(scope: ExprScope, problems: ExprProblem[], hook: CallHook) {
    this.scope = scope
    this.problems = problems
    this.#hook = hook
  }

  /** The typed node, or null when a problem was reported. */
  check(expr: Expr): TypedExpr | null {
    if (this.#depth > EXPRESSION_DEPTH_MAX) {
      return this.refuse(
        exprError('EXPR_TOO_LARGE', `the expression nests deeper than ${EXPRESSION_DEPTH_MAX}`),
      )
    }
    this.#depth += 1
    try {
      return this.#node(expr)
    } finally {
      this.#depth -= 1
    }
  }

  refuse(problem: ExprProblem): null {
    // Printed calls of one tree can meet the same literal twice.
    this.problems.push(problem)
    return null
  }

  #node(expr: Expr): TypedExpr | null {
    switch (expr.kind) {
      case 'literal':
        return this.#literal(expr.value, expr)
      case 'ident':
        return this.#variables.get(expr.name) ?? resolveName(this, expr.name, expr)
      case 'member':
        return this.#member(expr)
      default:
        return this.#call(expr)
    }
  }

  #literal(value: LiteralValue, expr: Expr): TypedExpr | null {
    switch (value.type) {
      case 'null':
        return literal({ kind: 'null' }, null, expr)
      case 'boolean':
        return literal({ kind: 'boolean' }, value.value, expr)
      case 'string':
        return literal({ kind: 'string' }, value.value, expr)
      case 'bytes':
        return literal({ kind: 'bytes' }, Uint8Array.from(Buffer.from(value.hex, 'hex')), expr)
      case 'number':
        return this.#number(value.digits, expr)
      default:
        return this.#integer(value.digits, expr)
    }
  }

  #integer(digits: string, expr: Expr): TypedExpr | null {
    const value = Number(digits)
    if (Math.abs(value) <= INTEGER_MAX) return literal({ kind: 'integer' }, value + 0, expr)
    return this.refuse(
      exprError('EXPR_LITERAL_INVALID', `the integer ${digits} is beyond ±(2^53 − 1)`, {
        span: expr.span,
        fix: `write \`to_bigint("${digits}")\` or \`to_decimal("${digits}", 38, 0)\``,
      }),
    )
  }

  #number(digits: string, expr: Expr): TypedExpr | null {
    const value = Number(digits)
    if (Number.isFinite(value)) return literal({ kind: 'number' }, value, expr)
    const message = `the number ${digits} is beyond the range of numbers`
    return this.refuse(exprError('EXPR_LITERAL_INVALID', message, { span: expr.span }))
  }

  #member(expr: Extract<Expr, { kind: 'member' }>): TypedExpr | null {
    if (expr.of.kind === 'ident' && expr.of.name === 'params' && !this.#hasField('params')) {
      return this.#param(expr.name, expr)
    }
    const of = this.check(expr.of)
    return of === null ? null : fieldOfStruct(this, of, expr.name, expr)
  }

  #hasField(name: string): boolean {
    return this.#variables.has(name) || this.scope.fields.some((field) => field.name === name)
  }

  #param(name: string, expr: Expr): TypedExpr | null {
    const constant = this.scope.params?.get(name)
    if (constant !== undefined) {
      return { ...literal(constant.type, constant.value, expr), nullable: constant.nullable }
    }
    const known = [...(this.scope.params?.keys() ?? [])]
    const fix =
      known.length === 0
        ? 'declare it under `params:`'
        : `one of ${known.map((one) => `\`params.${one}\``).join(', ')}`
    return this.refuse(
      exprError('EXPR_FIELD_UNKNOWN', `there is no parameter \`${name}\``, {
        span: expr.span,
        fix,
      }),
    )
  }

  #call(expr: CallExpr): TypedExpr | null {
    const taken = this.#hook(expr, this)
    if (taken === 'refused') return null
    if (taken !== null) return taken
    if (expr.method === true) return this.#method(expr)
    const record = this.#recordField(expr)
    if (record !== undefined) return record
    if (expr.fn === '==' || expr.fn === '!=') {
      const test = this.#nullTest(expr)
      if (test !== undefined) return test
    }
    if (expr.fn === 'in' && isList(expr.args[1])) return this.#inList(expr, expr.args[1])
    const def = this.scope.functions?.get(expr.fn) ?? functionNamed(expr.fn)
    if (def === null) return this.refuse(unknownFunction(expr, this.scope))
    const args = this.checkAll(expr.args)
    return args === null ? null : resolveCall(this, expr, def, args)
  }

  /** All arguments, so that every one reports its problems; null when one has some. */
  checkAll(exprs: readonly Expr[]): Argument[] | null {
    const args = exprs.map((arg) => {
      const typed = this.check(arg)
      return typed === null ? null : argumentOf(typed, arg)
    })
    const good = args.filter((arg) => arg !== null)
    return good.length === args.length ? good : null
  }

  /** `record["a b"]` is the field of that name; undefined when the call is something else. */
  #recordField(expr: CallExpr): TypedExpr | null | undefined {
    const [of, key] = expr.args
    if (expr.fn !== '[]' || of?.kind !== 'ident' || of.name !== 'record') return undefined
    if (this.#hasField('record')) return undefined
    if (key?.kind === 'literal' && key.value.type === 'string') {
      return resolveName(this, key.value.value, expr)
    }
    const message = '`record[…]` takes the name of a field as text'
    return this.refuse(
      exprError('EXPR_FIELD_UNKNOWN', message, { span: expr.span, fix: 'write `record["a b"]`' }),
    )
  }

  /** `x == null`; undefined when no side is the literal null. */
  #nullTest(expr: CallExpr): TypedExpr | null | undefined {
    const [left, right] = expr.args
    if (left === undefined || right === undefined) return undefined
    const other = isNull(right) ? left : isNull(left) ? right : undefined
    if (other === undefined) return undefined
    const typed = this.check(other)
    if (typed === null) return null
    if (!typed.nullable && typed.type.kind !== 'null') {
      return this.refuse(this.#neverNull(expr, typed, other))
    }
    const isEqual = expr.fn === '=='
    if (typed.node === 'struct') return presence(typed.path, !isEqual, expr)
    return call(isEqual ? 'is_null' : 'is_not_null', [typed], { type: { kind: 'boolean' }, expr })
  }

  #neverNull(expr: CallExpr, typed: TypedExpr, other: Expr): ExprProblem {
    const path = typed.node === 'column' || typed.node === 'struct' ? typed.path : ''
    const origin = this.scope.origin?.(path)
    const name = printExpr(other)
    const always = expr.fn === '==' ? 'false' : 'true'
    const nullable = printFieldType({ ...typed, nullable: true })
    return exprError(
      'EXPR_NULL_COMPARISON',
      `\`${name}\` is never null, so this is always ${always}`,
      {
        span: expr.span,
        cause: `${name} is ${printFieldType(typed)}${origin === undefined ? '' : `: ${origin}`}`,
        fix: `leave it out, or declare the field as \`${nullable}\``,
      },
    )
  }

  /** Elements that are literals take the type of what is looked for. */
  #inList(expr: CallExpr, list: CallExpr): TypedExpr | null {
    const [first] = expr.args
    const args = first === undefined ? null : this.checkAll([first, ...list.args])
    const value = args?.[0]
    if (args === null || value === undefined) return null
    const elements = args.slice(1)
    const type = unify(args.map((arg) => arg.as))
    const def = functionNamed('in')
    if (type === null || type.kind === 'null' || def === null) {
      const listed = functionNamed('list')
      const made = listed === null ? null : resolveCall(this, list, listed, elements)
      if (made === null || def === null) return null
      return resolveCall(this, expr, def, [value, argumentOf(made, list)])
    }
    const casts = elements.map((arg) => castArgument(this, arg, type))
    const good = casts.filter((cast) => cast !== null)
    if (good.length !== casts.length) return null
    const element = { type, nullable: good.some((one) => one.nullable) }
    const made = call('list', good, { type: { kind: 'array', element }, expr: list })
    return resolveCall(this, expr, def, [value, argumentOf(made, list)])
  }

  #method(expr: CallExpr): TypedExpr | null {
    const op = MACRO_OPS.find((one) => one === expr.fn)
    const [over, variable, body] = expr.args
    if (op !== undefined && over && body && variable?.kind === 'ident' && expr.args.length === 3) {
      return this.#macro(op, { over, body, name: variable.name }, expr)
    }
    return this.refuse(unknownFunction(expr, this.scope))
  }

  #macro(
    op: MacroOp,
    parts: { over: Expr; body: Expr; name: string },
    expr: CallExpr,
  ): TypedExpr | null {
    const over = this.check(parts.over)
    if (over === null) return null
    if (over.type.kind !== 'array') {
      const message = `\`${op}\` goes over a list, not over ${printFieldType(over)}`
      return this.refuse(exprError('EXPR_TYPE_MISMATCH', message, { span: parts.over.span }))
    }
    const { element } = over.type
    const outer = this.#variables.get(parts.name)
    this.#variables.set(parts.name, { node: 'variable', name: parts.name, ...element })
    const body = this.check(parts.body)
    if (outer === undefined) this.#variables.delete(parts.name)
    else this.#variables.set(parts.name, outer)
    if (body === null) return null
    if (op !== 'map' && body.type.kind !== 'boolean' && body.type.kind !== 'null') {
      const message = `\`${op}\` takes a condition, not ${printFieldType(body)}`
      return this.refuse(exprError('EXPR_NOT_BOOLEAN', message, { span: parts.body.span }))
    }
    const result = macroResult(op, over, body)
    return { node: 'macro', op, variable: parts.name, over, body, ...result, ...spanOf(expr) }
  }
}

function macroResult(
  op: MacroOp,
  over: TypedExpr,
  body: TypedExpr,
): Pick<TypedExpr, 'type' | 'nullable'> {
  if (op === 'filter') return { type: over.type, nullable: over.nullable }
  if (op === 'map') {
    const element = { type: body.type, nullable: body.nullable }
    return { type: { kind: 'array', element }, nullable: over.nullable }
  }
  return { type: { kind: 'boolean' }, nullable: over.nullable || body.nullable }
}

function isNull(expr: Expr): boolean {
  return expr.kind === 'literal' && expr.value.type === 'null'
}

function isList(expr: Expr | undefined): expr is CallExpr {
  return expr?.kind === 'call' && expr.fn === 'list' && expr.method !== true
}

export function spanOf(expr: Expr): { readonly span?: { start: number; end: number } } {
  return expr.span === undefined ? {} : { span: expr.span }
}

export function literal(type: DataType, value: ScalarValue, expr: Expr): TypedExpr {
  return { node: 'literal', value, type, nullable: value === null, ...spanOf(expr) }
}

function call(
  overload: string,
  args: readonly TypedExpr[],
  made: { type: DataType; expr: Expr },
): TypedExpr {
  return { node: 'call', overload, args, type: made.type, nullable: false, ...spanOf(made.expr) }
}

/** A struct is there where its presence column is true. */
function presence(path: string, isThere: boolean, expr: Expr): TypedExpr {
  const column: TypedExpr = {
    node: 'column',
    path: `${path}.?`,
    type: { kind: 'boolean' },
    nullable: false,
    ...spanOf(expr),
  }
  return isThere ? column : call('not', [column], { type: { kind: 'boolean' }, expr })
}
