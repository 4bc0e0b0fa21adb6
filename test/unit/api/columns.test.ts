/**
 * Hunts built expressions that are not the tree of the text an author would write: every operator
 * and function, fields with the names of methods, variables of lists, literals of every kind.
 */
import test from 'ava'
import * as millrace from '../../../index.ts'
import { columnOf, recordColumns, rowColumns, treeOf } from '../../../shared/api/column-builder.ts'
import { withFunctionNames } from '../../../shared/api/function-names.ts'
import type { Columns } from '../../../shared/api/column.ts'
import { camelCase } from '../../../shared/api/option-text.ts'
import { AGGREGATES } from '../../../shared/expr/aggregates.ts'
import type { Expr } from '../../../shared/expr/ast.ts'
import { FUNCTIONS } from '../../../shared/expr/library.ts'
import { parseExpression } from '../../../shared/expr/parse.ts'
import { printExpr } from '../../../shared/expr/print.ts'

const {
  call,
  coalesce,
  count,
  dateTrunc,
  expr,
  flags,
  listOf,
  literal,
  mapOf,
  ratio,
  round,
  slice,
  sum,
  when,
} = millrace

const r = rowColumns() as Columns<{
  name: 'string'
  ts: 'timestamp'
  price: 'decimal(12,2)'
  tags: 'array<string>'
  a: 'number'
  b: 'number'
  x: 'boolean'
  y: 'boolean'
  order: { at: 'string' }
  items: 'array<number>'
}>
const built = (column: unknown): string => printExpr(treeOf(column))

function withoutSpans(tree: Expr | null): unknown {
  return JSON.parse(
    JSON.stringify(tree, (key, value: unknown) => (key === 'span' ? undefined : value)),
  )
}

const CASES: readonly (readonly [unknown, string])[] = [
  [millrace.upper(r.name), 'upper(name)'],
  [dateTrunc('hour', r.ts), 'date_trunc("hour", ts)'],
  [dateTrunc('hour', r.ts, 'Europe/Berlin'), 'date_trunc("hour", ts, "Europe/Berlin")'],
  [round(r.price), 'round(price)'],
  [slice(r.tags, 1), 'slice(tags, 1)'],
  [coalesce(r.a, r.b, 0), 'coalesce(a, b, 0)'],
  [flags({ a: r.x, 'b c': r.y }), 'flags({"a": x, "b c": y})'],
  [listOf(r.a, 2), '[a, 2]'],
  [mapOf({ a: 1 }), '{"a": 1}'],
  [when(r.x).then(1).else(2), 'x ? 1 : 2'],
  [when(r.x).then(1).when(r.y).then(2).else(3), 'x ? 1 : (y ? 2 : 3)'],
  [count(), 'count()'],
  [count(r.a).where(r.x).last('1 minute'), 'count(a).where(x).last("1 minute")'],
  [call<'number'>('risk', r.a, 1), 'risk(a, 1)'],
  [literal('it\'s "x" \\').add(r.name), '"it\'s \\"x\\" \\\\" + name'],
  [literal(true), 'true'],
  [literal(-1.5), '-1.5'],
  [literal(10n), '10'],
  [coalesce(r.a, null), 'coalesce(a, null)'],
  [literal(new Date(0)), '"1970-01-01T00:00:00.000Z"'],
  [expr<'number'>('a + b * 2'), 'a + b * 2'],
  [ratio(sum(r.a), sum(r.b)), 'ratio(sum(a), sum(b))'],
]

test('columns: what is built is the tree of its text', (t) => {
  for (const [column, text] of CASES) {
    const parsed = parseExpression(text)
    t.deepEqual(withoutSpans(treeOf(column)), withoutSpans(parsed.expr), text)
  }
})

const METHODS: readonly (readonly [string, unknown[], string])[] = [
  ['add', [1], 'x + 1'],
  ['sub', [1], 'x - 1'],
  ['mul', [1], 'x * 1'],
  ['div', [1], 'x / 1'],
  ['mod', [1], 'x % 1'],
  ['neg', [], '-x'],
  ['plus', ['5m'], 'x + "5m"'],
  ['minus', ['5m'], 'x - "5m"'],
  ['since', [r.y], 'x - y'],
  ['eq', [1], 'x == 1'],
  ['ne', [1], 'x != 1'],
  ['lt', [1], 'x < 1'],
  ['le', [1], 'x <= 1'],
  ['gt', [1], 'x > 1'],
  ['ge', [1], 'x >= 1'],
  ['and', [r.y], 'x && y'],
  ['or', [r.y], 'x || y'],
  ['not', [], '!x'],
  ['isNull', [], 'x == null'],
  ['isNotNull', [], 'x != null'],
  ['isIn', ['a', 'b'], 'x in ["a", "b"]'],
  ['at', ['k'], 'x["k"]'],
]

test('columns: every method is the operator it stands for', (t) => {
  const x = columnOf({ kind: 'ident', name: 'x' }) as Record<
    string,
    (...args: unknown[]) => unknown
  >
  for (const [name, args, text] of METHODS) {
    t.deepEqual(
      withoutSpans(treeOf(x[name]?.(...args))),
      withoutSpans(parseExpression(text).expr),
      text,
    )
  }
})

test('columns: a field may have the name of a method', (t) => {
  const order = r.order as unknown as Record<string, { gt(x: number): unknown }>
  for (const name of ['last', 'where', 'at', 'map', 'add', 'eq']) {
    t.is(built(order[name]?.gt(1)), `order.${name} > 1`)
    t.is(built(order[name]), `order.${name}`)
  }
})

test('columns: the variable of a list has the name of the parameter', (t) => {
  t.is(built(r.items.filter((price) => price.gt(1))), 'items.filter(price, price > 1)')
  t.is(
    built(
      r.items.filter(function (price) {
        return price.gt(1)
      }),
    ),
    'items.filter(item, item > 1)',
  )
})

test('columns: the variable of a list never hides a column that the body reads', (t) => {
  t.is(built(r.items.filter((a) => a.gt(r.a))), 'items.filter(a_, a_ > a)')
})

test('columns: an expression that the result does not hold is found, and only the outermost', (t) => {
  const { unused } = recordColumns(
    () => {
      r.a.gt(1).and(r.a.gt(2))
      return treeOf(r.a.gt(3))
    },
    (tree) => [tree],
  )
  t.deepEqual(
    unused.map((tree) => printExpr(tree)),
    ['a > 1 && a > 2'],
  )
})

test('functions: every function and aggregate of the library has a builder of its name', (t) => {
  const names = [...FUNCTIONS, ...AGGREGATES].map((one) => one.name)
  const needed = names.filter((name) => /^[a-z]/.test(name) && !SYNTAX.has(name))
  const missing = needed.filter((name) => !(camelCase(name) in millrace))
  t.deepEqual(missing, [])
})

/** Written with operators, lists and maps of the language. */
const SYNTAX = new Set(['in', 'neg', 'list', 'map'])

test('functions: a name that is given in `functions` is the name in expressions', (t) => {
  const risk = millrace.fn({ input: ['number'], output: 'number', run: (x) => x })
  withFunctionNames({ danger: risk }, () => {
    t.is(built(risk(r.a)), 'danger(a)')
  })
  t.throws(() => risk(r.a), { code: 'FUNCTION_NOT_FOUND' })
})

test('literals: numbers keep their digits, and what is no literal is refused', (t) => {
  t.is(built(literal(0.1)), '0.1')
  t.is(built(literal(-0)), '0')
  for (const wrong of [Number.NaN, Infinity, undefined, {}, [], Symbol('x'), new Date('soon')]) {
    t.throws(() => treeOf(wrong), { code: 'LITERAL_UNKNOWN' })
  }
})

test('expressions as text: a mistake names the text', (t) => {
  t.throws(() => expr('a ==='), { message: /in "a ==="/ })
})
