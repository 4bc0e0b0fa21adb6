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
import type { Expr } from '../expr/ast.ts'
import { nearestName } from '../base/nearest-name.ts'
import { functionNamed } from '../expr/library.ts'
import { type CallSite, callSite } from './call-site.ts'
import { literalOf } from './literal.ts'
import { snakeCase } from './option-text.ts'

/** Key under which a column proxy gives its tree. */
const TREE: unique symbol = Symbol('millrace.tree')

type Method = (self: Expr, args: readonly Expr[]) => Expr

const call = (fn: string, ...args: readonly Expr[]): Expr => record({ kind: 'call', fn, args })
const operator =
  (fn: string): Method =>
  (self, args) =>
    call(fn, self, ...args)
const NULL_LITERAL: Expr = { kind: 'literal', value: { type: 'null' } }

/** `r.items.filter(x => x.gt(1))`: the callback is called once, with a column for the variable. */
const macro =
  (fn: string) =>
  (self: Expr, [of]: readonly unknown[]): Expr => {
    if (typeof of !== 'function') {
      throw new StreamError('LITERAL_UNKNOWN', `${fn} of a list takes a function of one item`, {
        fix: `write .${fn}(item => …)`,
      })
    }
    const { variable, body } = macroBody(of as (item: unknown) => unknown)
    return record({ kind: 'call', fn, method: true, args: [self, variable, body] })
  }

const MACROS: Readonly<Record<string, (self: Expr, args: readonly unknown[]) => Expr>> = {
  all: macro('all'),
  exists: macro('exists'),
  filter: macro('filter'),
  map: macro('map'),
}

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

/** Where the author built a tree. */
const SITES = new WeakMap<Expr, CallSite>()

export function siteOf(tree: Expr): CallSite | null {
  return SITES.get(tree) ?? null
}

function record(expr: Expr): Expr {
  SITES.set(expr, callSite())
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

/**
 * A column proxy over a tree. The type it is given is the caller's promise. A member is both a
 * field of a struct and, called, a method; calling what is no method is a mistake of the author.
 */
export function columnOf(tree: Expr): unknown {
  return new Proxy(() => {}, {
    get: (_target, name) => propertyOf(tree, name),
    apply: (_target, _self, args: unknown[]) => columnOf(applied(tree, args)),
  })
}

function propertyOf(tree: Expr, name: string | symbol): unknown {
  if (name === TREE) return tree
  if (name === Symbol.toPrimitive) return refusePrimitive
  return typeof name === 'symbol' ? undefined : columnOf({ kind: 'member', of: tree, name })
}

function applied(tree: Expr, args: readonly unknown[]): Expr {
  const method = tree.kind === 'member' ? methodNamed(tree.name) : null
  if (tree.kind === 'member' && method !== null) return method(tree.of, args)
  const name = tree.kind === 'member' || tree.kind === 'ident' ? tree.name : tree.kind
  throw new StreamError('COLUMN_METHOD_UNKNOWN', `a column has no method ${name}`, {
    fix: methodFix(name),
  })
}

function methodFix(name: string): string {
  const fn = snakeCase(name)
  if (functionNamed(fn) !== null) return `it is a function: ${name}(column, …)`
  const near = nearestName(name, [...Object.keys(METHODS), ...Object.keys(MACROS)])
  return near === null
    ? 'functions stand before the column: lower(r.name)'
    : `did you mean .${near}(…)?`
}

function methodNamed(name: string): ((self: Expr, args: readonly unknown[]) => Expr) | null {
  if (Object.hasOwn(MACROS, name)) return MACROS[name] ?? null
  const method = Object.hasOwn(METHODS, name) ? METHODS[name] : undefined
  return method === undefined ? null : (self, args) => method(self, args.map(treeOf))
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
  return typeof value === 'function' && Reflect.get(value, TREE) !== undefined
}

/** The tree of a column or of a literal. */
export function treeOf(value: unknown): Expr {
  if (isColumn(value)) return Reflect.get(value as object, TREE) as Expr
  return { kind: 'literal', value: literalOf(value) }
}

/** The variable has the name of the callback's parameter, unless the body reads such a column. */
function macroBody(of: (item: unknown) => unknown): { variable: Expr; body: Expr } {
  const written = /^(?:\(\s*)?([A-Za-z_]\w*)/.exec(of.toString())?.[1]
  const named = written === undefined || written === 'function' ? 'item' : written
  const variable: Expr = { kind: 'ident', name: named }
  const body = treeOf(of(columnOf(variable)))
  let name = named
  while (readsName(body, name, variable)) name += '_'
  if (name === named) return { variable, body }
  const renamed: Expr = { kind: 'ident', name }
  return { variable: renamed, body: replaced(body, variable, renamed) }
}

function readsName(expr: Expr, name: string, except: Expr): boolean {
  if (expr.kind === 'ident') return expr !== except && expr.name === name
  if (expr.kind === 'member') return readsName(expr.of, name, except)
  return expr.kind === 'call' && expr.args.some((arg) => readsName(arg, name, except))
}

function replaced(expr: Expr, from: Expr, to: Expr): Expr {
  if (expr === from) return to
  if (expr.kind === 'member') return { ...expr, of: replaced(expr.of, from, to) }
  if (expr.kind !== 'call') return expr
  return { ...expr, args: expr.args.map((arg) => replaced(arg, from, to)) }
}

/** A call of a library function by its name in the language. */
export function callColumn(fn: string, args: readonly unknown[]): unknown {
  // Arguments that may be left out are undefined, and the last ones.
  const given = args.slice(0, args.findLastIndex((arg) => arg !== undefined) + 1)
  return columnOf(record({ kind: 'call', fn, args: given.map(treeOf) }))
}
