/**
 * The parser's tree as ours. The library only parses: what it would evaluate, check or expand is
 * never used. Names are read from the text, because reserved words reach the parser masked.
 */
import type { ASTNode } from '@marcbachmann/cel-js'
import { EXPRESSION_DEPTH_MAX } from '../../base/limits.ts'
import type { Expr, Span } from '../ast.ts'
import { exprError, type ExprProblem } from '../problem.ts'

/** Refuses an expression from inside its conversion; caught by parse.ts. */
export class ExprRefusal extends Error {
  readonly problem: ExprProblem

  constructor(problem: ExprProblem) {
    super(problem.message)
    this.problem = problem
  }
}

const MACROS: ReadonlySet<string> = new Set(['map', 'filter', 'exists', 'all'])

export function exprOfCel(node: ASTNode, text: string): Expr {
  return convert(node, text, 0)
}

function convert(node: ASTNode, text: string, depth: number): Expr {
  const span = { start: node.start, end: node.end }
  if (depth > EXPRESSION_DEPTH_MAX) throw tooDeep(span)
  const inner = (child: ASTNode): Expr => convert(child, text, depth + 1)
  switch (node.op) {
    case 'value':
      return literal(node.args, text.slice(node.start, node.end), span)
    case 'id':
      return { kind: 'ident', name: text.slice(node.start, node.end), span }
    case '.':
      return { kind: 'member', of: inner(node.args[0]), name: node.args[1], span }
    case '[]':
      return call('[]', [inner(node.args[0]), inner(node.args[1])], span)
    case 'list':
      return call('list', node.args.map(inner), span)
    case 'map':
      return call(
        'map',
        node.args.flatMap(([key, value]) => [inner(key), inner(value)]),
        span,
      )
    case '?:':
      return call('?:', node.args.map(inner), span)
    case '!_':
      return call('!', [inner(node.args)], span)
    case '-_':
      return negated(inner(node.args), span)
    case 'call':
      return functionCall(text, span, node.args[1].map(inner))
    case 'rcall':
      return methodCall(node.args[0], [inner(node.args[1]), ...node.args[2].map(inner)], span)
    case '.?':
    case '[?]':
      throw refusal('`?` is not needed: null propagates', span)
    default:
      return call(node.op, [inner(node.args[0]), inner(node.args[1])], span)
  }
}

function call(fn: string, args: readonly Expr[], span: Span): Expr {
  return { kind: 'call', fn, args, span }
}

/** `if(c, a, b)` and `when(c1, a, c2, b, d)` are spellings of `?:`; `has(a.b)` of `a.b != null`. */
function functionCall(text: string, span: Span, args: readonly Expr[]): Expr {
  const fn = /^[A-Za-z0-9_]+/.exec(text.slice(span.start))?.[0] ?? ''
  const [first] = args
  if (fn === 'if' && args.length === 3) return call('?:', args, span)
  if (fn === 'when' && args.length >= 3 && args.length % 2 === 1) return branches(args, span)
  if (fn === 'has' && args.length === 1 && first !== undefined) {
    return call('!=', [first, { kind: 'literal', value: { type: 'null' } }], span)
  }
  if (fn === 'matches') throw matchesRefused(span)
  return call(fn, args, span)
}

function branches(args: readonly Expr[], span: Span): Expr {
  const [condition, value, ...rest] = args
  const [otherwise] = rest
  if (condition === undefined || value === undefined || otherwise === undefined) {
    throw refusal('`when` takes conditions and values in turn, and a last value', span)
  }
  const last = rest.length === 1 ? otherwise : branches(rest, span)
  return call('?:', [condition, value, last], span)
}

/** `xs.map(x, condition, e)` is `xs.filter(x, condition).map(x, e)`. */
function methodCall(fn: string, args: readonly Expr[], span: Span): Expr {
  if (fn === 'matches') throw matchesRefused(span)
  const [over, variable, condition, body] = args
  if (fn === 'map' && over && variable && condition && body && args.length === 4) {
    const kept: Expr = {
      kind: 'call',
      fn: 'filter',
      method: true,
      args: [over, variable, condition],
      span,
    }
    return { kind: 'call', fn, method: true, args: [kept, variable, body], span }
  }
  if (MACROS.has(fn) && (args.length !== 3 || variable?.kind !== 'ident')) {
    throw refusal(`\`${fn}\` takes a name and an expression of it`, span, `\`list.${fn}(x, …)\``)
  }
  return { kind: 'call', fn, method: true, args, span }
}

/** The sign of a literal belongs to the literal, so that `-5` and a built -5 are one tree. */
function negated(arg: Expr, span: Span): Expr {
  if (arg.kind === 'literal' && (arg.value.type === 'integer' || arg.value.type === 'number')) {
    const { digits } = arg.value
    if (!digits.startsWith('-')) {
      return { kind: 'literal', value: { ...arg.value, digits: `-${digits}` }, span }
    }
  }
  return call('neg', [arg], span)
}

function literal(value: unknown, digits: string, span: Span): Expr {
  if (value === null) return { kind: 'literal', value: { type: 'null' }, span }
  if (typeof value === 'boolean') {
    return { kind: 'literal', value: { type: 'boolean', value }, span }
  }
  if (typeof value === 'string') return { kind: 'literal', value: { type: 'string', value }, span }
  if (typeof value === 'bigint') {
    const text = value.toString()
    return { kind: 'literal', value: { type: 'integer', digits: text }, span }
  }
  if (typeof value === 'number') return { kind: 'literal', value: { type: 'number', digits }, span }
  if (value instanceof Uint8Array) {
    return {
      kind: 'literal',
      value: { type: 'bytes', hex: Buffer.from(value).toString('hex') },
      span,
    }
  }
  throw refusal(`\`${digits}\` is not a literal of this language`, span)
}

function refusal(message: string, span: Span, fix?: string): ExprRefusal {
  return new ExprRefusal(exprError('EXPR_SYNTAX', message, { span, fix }))
}

function matchesRefused(span: Span): ExprRefusal {
  const message = '`matches` of CEL can take seconds for one text'
  const fix = 'write `regex_match(text, "pattern")`, which takes time in proportion to the text'
  return new ExprRefusal(exprError('EXPR_FOREIGN_SYNTAX', message, { span, fix }))
}

export function tooDeep(span?: Span): ExprRefusal {
  const message = `the expression nests deeper than ${EXPRESSION_DEPTH_MAX}`
  const fix = 'split it over several `set`, or write `x in [a, b]` for a long chain of `||`'
  return new ExprRefusal(exprError('EXPR_TOO_LARGE', message, { span, fix }))
}
