/**
 * Builds expression trees from what an author writes on columns.
 *
 * A column is a proxy over a tree: a method name builds a call, any other name goes into a struct.
 * While a callback of the author runs, a recorder keeps the trees that were built, so that one that
 * was built and never used (what `a.gt(1) && b.gt(2)` leaves behind) is a mistake that `check`
 * names instead of a silent half condition.
 *
 * Owns: the recorder of the callback that runs now. Callbacks do not nest across pipelines.
 */
import { assert } from '../base/assert.ts'
import { StreamError } from '../base/errors.ts'
import type { Expr, LiteralValue } from '../expr/ast.ts'

/** Key under which a column proxy gives its tree. */
const TREE: unique symbol = Symbol('millrace.tree')

type Method = (self: Expr, args: readonly Expr[]) => Expr

const call = (fn: string, ...args: readonly Expr[]): Expr => record({ kind: 'call', fn, args })
const operator =
  (fn: string): Method =>
  (self, args) =>
    call(fn, self, ...args)
const NULL_LITERAL: Expr = { kind: 'literal', value: { type: 'null' } }

const METHODS: Readonly<Record<string, Method>> = {
  add: operator('+'),
  and: operator('&&'),
  at: operator('[]'),
  div: operator('/'),
  eq: operator('=='),
  ge: operator('>='),
  gt: operator('>'),
  isIn: (self, args) => call('in', self, call('list', ...args)),
  isNotNull: (self) => call('!=', self, NULL_LITERAL),
  isNull: (self) => call('==', self, NULL_LITERAL),
  // Of aggregates: a call on the receiver, as `count().where(x)`.
  last: (self, args) => record({ kind: 'call', fn: 'last', method: true, args: [self, ...args] }),
  le: operator('<='),
  lt: operator('<'),
  minus: operator('-'),
  mod: operator('%'),
  mul: operator('*'),
  ne: operator('!='),
  neg: operator('neg'),
  not: operator('!'),
  or: operator('||'),
  plus: operator('+'),
  since: operator('-'),
  sub: operator('-'),
  where: (self, args) => record({ kind: 'call', fn: 'where', method: true, args: [self, ...args] }),
}

let recorder: Expr[] | null = null

function record(expr: Expr): Expr {
  recorder?.push(expr)
  return expr
}

/** The result of a callback, and the trees it built that its result does not hold. */
export interface Recorded<T> {
  readonly value: T
  readonly unused: readonly Expr[]
}

/** Runs an author's callback; `treesOf` says which trees its result holds. */
export function recordColumns<T>(
  run: () => T,
  treesOf: (value: T) => readonly Expr[],
): Recorded<T> {
  assert(recorder === null, 'callbacks of an author do not nest')
  const built: Expr[] = []
  recorder = built
  try {
    const value = run()
    const used = new Set<Expr>()
    for (const tree of treesOf(value)) markUsed(tree, used)
    return { value, unused: outermost(built.filter((expr) => !used.has(expr))) }
  } finally {
    recorder = null
  }
}

function markUsed(expr: Expr, used: Set<Expr>): void {
  used.add(expr)
  if (expr.kind === 'call') for (const arg of expr.args) markUsed(arg, used)
  if (expr.kind === 'member') markUsed(expr.of, used)
}

/** Of unused trees only those that are not part of another one. */
function outermost(unused: readonly Expr[]): Expr[] {
  const inner = new Set<Expr>()
  for (const expr of unused) {
    const below = new Set<Expr>()
    markUsed(expr, below)
    below.delete(expr)
    for (const one of below) inner.add(one)
  }
  return unused.filter((expr) => !inner.has(expr))
}

/** A column proxy over a tree. The type it is given is the caller's promise. */
export function columnOf(tree: Expr): unknown {
  return new Proxy(Object.create(null) as object, {
    get(_target, name) {
      if (name === TREE) return tree
      if (name === Symbol.toPrimitive) return refusePrimitive
      if (typeof name === 'symbol') return undefined
      const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
      if (method === undefined) return columnOf({ kind: 'member', of: tree, name })
      return (...args: unknown[]) => columnOf(method(tree, args.map(treeOf)))
    },
  })
}

function refusePrimitive(): never {
  throw new StreamError('COLUMN_AS_VALUE', 'a column has no value while the pipeline is built', {
    fix: 'write r.price.gt(0), not r.price > 0',
  })
}

/** The columns of a row: every name is one. `r['a b']` reaches odd names. */
export function rowColumns(): unknown {
  return new Proxy(Object.create(null) as object, {
    get(_target, name) {
      return typeof name === 'symbol' ? undefined : columnOf({ kind: 'ident', name })
    },
  })
}

/** The columns of a struct under an alias. */
export function aliasColumns(alias: string): unknown {
  return columnOf({ kind: 'ident', name: alias })
}

export function isColumn(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, TREE) !== undefined
}

/** The tree of a column or of a literal. */
export function treeOf(value: unknown): Expr {
  if (isColumn(value)) return Reflect.get(value as object, TREE) as Expr
  return { kind: 'literal', value: literalOf(value) }
}

function literalOf(value: unknown): LiteralValue {
  if (value === null) return { type: 'null' }
  if (typeof value === 'string') return { type: 'string', value }
  if (typeof value === 'boolean') return { type: 'boolean', value }
  if (typeof value === 'bigint') return { type: 'integer', digits: value.toString() }
  if (typeof value === 'number') return numberLiteral(value)
  if (value instanceof Date) return { type: 'string', value: value.toISOString() }
  throw new StreamError('LITERAL_UNKNOWN', `${describe(value)} is no column and no literal`, {
    fix: 'give a column, text, a number, a boolean, a Date or null',
  })
}

/** Digits as an author would write them: never an exponent where plain digits do. */
function numberLiteral(value: number): LiteralValue {
  if (!Number.isFinite(value)) {
    throw new StreamError('LITERAL_UNKNOWN', `${value} is not a finite number`)
  }
  const digits = String(value)
  return Number.isSafeInteger(value) ? { type: 'integer', digits } : { type: 'number', digits }
}

function describe(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value === 'function') return 'a function'
  return JSON.stringify(value)
}

/** A call of a library function by its name in the language. */
export function callColumn(fn: string, args: readonly unknown[]): unknown {
  return columnOf(record({ kind: 'call', fn, args: args.map(treeOf) }))
}
