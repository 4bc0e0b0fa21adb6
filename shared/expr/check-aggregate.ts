/**
 * Expressions of aggregates (`coalesce(sum(total).where(open <= 0), 0)`) as two layers: the calls,
 * over the input row, and the result, over columns `$0`, `$1`, … that hold what the calls give.
 * Equal calls are one.
 */
import type { Field, FieldType } from '../model/data-type.ts'
import { printDuration } from '../model/duration-text.ts'
import { printFieldType } from '../model/type-text.ts'
import { aggregateNamed } from './aggregates.ts'
import type { Expr, TypedExpr } from './ast.ts'
import { checkExpression, finish } from './check.ts'
import { castArgument, type Argument } from './checking/argument.ts'
import { Checker, spanOf } from './checking/checker.ts'
import type { AggregateDef } from './overload.ts'
import { untyped } from './print-typed.ts'
import { printExpr } from './print.ts'
import { exprError, type ExprProblem } from './problem.ts'
import type { CheckOptions, ExprScope } from './scope.ts'
import { timeLiteral } from './checking/time-literal.ts'

export interface AggregateScope extends ExprScope {
  /** Fields of the input row, for the arguments; `fields` are those of the result: keys, bounds. */
  readonly input: readonly Field[]
  /** Whether `.last(duration)` may stand: rolling windows only. */
  readonly isRolling?: boolean
}

export interface CheckedCall {
  readonly fn: string
  readonly args: readonly TypedExpr[]
  readonly where: TypedExpr | null
  readonly lastMs: number | null
  readonly options: Readonly<Record<string, number | string | boolean>>
  readonly result: FieldType
}

export interface CheckedAggregate {
  readonly result: TypedExpr | null
  readonly calls: readonly CheckedCall[]
  readonly problems: readonly ExprProblem[]
}

type CallExpr = Extract<Expr, { kind: 'call' }>

/** `calls` of earlier fields of the same block may be passed in, so that they are shared. */
export function checkAggregateExpression(
  expr: Expr,
  scope: AggregateScope,
  options: CheckOptions & { readonly calls?: readonly CheckedCall[] } = {},
): CheckedAggregate {
  const problems: ExprProblem[] = []
  const collector = new CallCollector(scope, problems, options.calls ?? [])
  const outer = { ...scope, elsewhere: (name: string) => inputName(scope, name) }
  const checker = new Checker(outer, problems, (call) => collector.take(call))
  const typed = checker.check(expr)
  const result = typed === null ? null : finish(checker, typed, expr, options)
  return { result, calls: collector.calls, problems }
}

/** The text by which equal calls are found. */
export function printCall(call: CheckedCall): string {
  return printExpr(exprOfCall(call))
}

/** The whole field as its author wrote it: the result with the calls in their places. */
export function printAggregate(result: TypedExpr, calls: readonly CheckedCall[]): string {
  return printExpr(withCalls(untyped(result), calls))
}

function exprOfCall(call: CheckedCall): Expr {
  const options = Object.values(call.options).map(optionLiteral)
  let expr: Expr = { kind: 'call', fn: call.fn, args: [...call.args.map(untyped), ...options] }
  if (call.where !== null) {
    expr = { kind: 'call', fn: 'where', method: true, args: [expr, untyped(call.where)] }
  }
  if (call.lastMs === null) return expr
  const last = optionLiteral(printDuration(call.lastMs))
  return { kind: 'call', fn: 'last', method: true, args: [expr, last] }
}

function optionLiteral(value: number | string | boolean): Expr {
  if (typeof value === 'string') return { kind: 'literal', value: { type: 'string', value } }
  if (typeof value === 'boolean') return { kind: 'literal', value: { type: 'boolean', value } }
  const type = Number.isInteger(value) ? 'integer' : 'number'
  return { kind: 'literal', value: { type, digits: String(value) } }
}

function withCalls(expr: Expr, calls: readonly CheckedCall[]): Expr {
  if (expr.kind === 'ident' && expr.name.startsWith('$')) {
    const call = calls[Number(expr.name.slice(1))]
    return call === undefined ? expr : exprOfCall(call)
  }
  if (expr.kind === 'member') return { ...expr, of: withCalls(expr.of, calls) }
  if (expr.kind !== 'call') return expr
  return { ...expr, args: expr.args.map((arg) => withCalls(arg, calls)) }
}

function inputName(scope: AggregateScope, name: string): { message: string; fix: string } | null {
  if (!scope.input.some((field) => field.name === name)) return null
  return {
    message: `\`${name}\` has many values per group`,
    fix: `aggregate it (\`first(${name})\`, \`max(${name})\`) or add it to \`key_by\``,
  }
}

interface Parts {
  readonly base: CallExpr
  readonly wheres: readonly Expr[]
  readonly lasts: readonly Expr[]
}

/** Owns: the calls found so far, each once. */
class CallCollector {
  readonly calls: CheckedCall[]
  readonly #scope: AggregateScope
  readonly #inputScope: ExprScope
  readonly #problems: ExprProblem[]
  readonly #known: Map<string, number>

  constructor(scope: AggregateScope, problems: ExprProblem[], calls: readonly CheckedCall[]) {
    this.#scope = scope
    this.#inputScope = { ...scope, fields: scope.input }
    this.#problems = problems
    this.calls = [...calls]
    this.#known = new Map(calls.map((call, index) => [printCall(call), index]))
  }

  /** An aggregate with what follows it, as a column; null when the call is none. */
  take(call: CallExpr): TypedExpr | 'refused' | null {
    const parts = this.#parts(call)
    if (parts === null) return null
    const def = this.#def(parts.base.fn)
    if (def === null) return null
    const checked = this.#check(parts, def)
    if (checked === null) return 'refused'
    const index = this.#add(checked)
    return { node: 'column', path: `$${index}`, ...checked.result, ...spanOf(call) }
  }

  #def(name: string): AggregateDef | null {
    return this.#scope.aggregates?.get(name) ?? aggregateNamed(name)
  }

  #add(call: CheckedCall): number {
    const text = printCall(call)
    const known = this.#known.get(text)
    if (known !== undefined) return known
    this.#known.set(text, this.calls.length)
    return this.calls.push(call) - 1
  }

  /** `sum(x).where(c).last("1h")` taken apart; null when no call stands at its start. */
  #parts(call: CallExpr): Parts | null {
    const wheres: Expr[] = []
    const lasts: Expr[] = []
    let at = call
    while (at.method === true && (at.fn === 'where' || at.fn === 'last')) {
      const [receiver, arg, ...more] = at.args
      if (receiver?.kind !== 'call' || arg === undefined || more.length > 0) return null
      if (at.fn === 'where') wheres.unshift(arg)
      else lasts.unshift(arg)
      at = receiver
    }
    return at.method === true ? null : { base: at, wheres, lasts }
  }

  #check(parts: Parts, def: AggregateDef): CheckedCall | null {
    const before = this.#problems.length
    const where = this.#where(parts.wheres)
    const lastMs = this.#last(parts.lasts)
    const made = this.#arguments(parts.base, def)
    if (made === null || this.#problems.length > before) return null
    return { fn: def.name, where, lastMs, ...made }
  }

  #where(wheres: readonly Expr[]): TypedExpr | null {
    const [first, ...more] = wheres
    if (first === undefined) return null
    const all = more.reduce(
      (left, right): Expr => ({ kind: 'call', fn: '&&', args: [left, right] }),
      first,
    )
    const { typed, problems } = checkExpression(all, this.#inputScope, {
      expected: { kind: 'boolean' },
    })
    this.#problems.push(...problems)
    return typed
  }

  #last(lasts: readonly Expr[]): number | null {
    const [last] = lasts
    if (last === undefined) return null
    const { span } = last
    if (this.#scope.isRolling !== true) {
      const fix = 'write `window: { type: rolling, size: … }`'
      this.#refuse('EXPR_AGGREGATE_MISPLACED', '`.last(…)` stands only in a rolling window', {
        span,
        fix,
      })
      return null
    }
    const text = last.kind === 'literal' && last.value.type === 'string' ? last.value.value : null
    if (text === null) {
      this.#refuse('EXPR_LITERAL_INVALID', '`.last(…)` takes a duration as text', {
        span,
        fix: '`.last("1 minute")`',
      })
      return null
    }
    const literal = timeLiteral(text, 'duration')
    if (literal.problem === null && literal.value > 0) return literal.value
    const message = literal.problem ?? `\`${text}\` is not longer than 0`
    this.#refuse('EXPR_LITERAL_INVALID', message, { span, fix: '`.last("1 minute")`' })
    return null
  }

  #arguments(
    call: CallExpr,
    def: AggregateDef,
  ): Pick<CheckedCall, 'args' | 'options' | 'result'> | null {
    const checker = new Checker(this.#inputScope, this.#problems, (inner) => this.#nested(inner))
    const args = checker.checkAll(call.args)
    if (args === null) return null
    const literals = args.map(({ typed }) => (typed.node === 'literal' ? typed.value : undefined))
    const isWhole = args.some(({ typed }) => typed.node === 'struct')
    const match = isWhole
      ? null
      : def.resolve(
          args.map((arg) => arg.as),
          literals,
        )
    if (match === null) {
      this.#problems.push(aggregateMismatch(call, def, args))
      return null
    }
    const cast = match.columns.map((column, index) => {
      const arg = args[column]
      const param = match.params[index]
      return arg === undefined || param === undefined ? null : castArgument(checker, arg, param)
    })
    const good = cast.filter((arg) => arg !== null)
    if (good.length !== cast.length) return null
    return { args: good, options: match.options, result: match.result }
  }

  #nested(call: CallExpr): 'refused' | null {
    if (call.method === true || this.#def(call.fn) === null) return null
    const message = `\`${call.fn}\` stands inside another aggregate`
    const fix = 'aggregate in two blocks, the second over the first'
    this.#refuse('EXPR_AGGREGATE_MISPLACED', message, { span: call.span, fix })
    return 'refused'
  }

  #refuse(
    code: ExprProblem['code'],
    message: string,
    details: { span: Expr['span']; fix: string },
  ): void {
    this.#problems.push(exprError(code, message, details))
  }
}

function aggregateMismatch(
  call: CallExpr,
  def: AggregateDef,
  args: readonly Argument[],
): ExprProblem {
  const whole = args.find(({ typed }) => typed.node === 'struct')
  const span = call.span
  if (whole !== undefined) {
    const name = printExpr(whole.expr)
    const fix =
      def.name === 'count'
        ? `\`count().where(${name} != null)\``
        : `name a field of it: \`${name}.…\``
    return exprError('EXPR_STRUCT_AS_VALUE', `\`${name}\` is a struct, not one value`, {
      span,
      fix,
    })
  }
  const isPair = (def.name === 'min' || def.name === 'max') && args.length > 1
  const types = args.map(({ typed }) => printFieldType(typed)).join(' and ')
  const message = `\`${def.name}\` does not take ${types === '' ? 'no arguments' : types}`
  const other = def.name === 'min' ? 'least' : 'greatest'
  const names = args.map((arg) => printExpr(arg.expr)).join(', ')
  const fix = isPair
    ? `of several values per row: \`${other}(${names})\``
    : `it is \`${def.signature}\``
  return exprError('EXPR_TYPE_MISMATCH', message, { span, fix })
}
