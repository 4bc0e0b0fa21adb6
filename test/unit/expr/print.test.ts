/**
 * Hunts: trees that print to a text of another meaning, and typed trees that change when what was
 * printed is read again. Random trees, the seed is in fast-check's failure.
 */
import test from 'ava'
import * as fc from 'fast-check'
import type { Expr } from '../../../shared/expr/ast.ts'
import { checkExpression } from '../../../shared/expr/check.ts'
import { parseExpression } from '../../../shared/expr/parse.ts'
import { printTyped } from '../../../shared/expr/print-typed.ts'
import { printExpr } from '../../../shared/expr/print.ts'
import { bare, parsed, SCOPE, typed } from './expr-kit.ts'

const name = fc.constantFrom('a', 'b', 'user', 'package', 'x1', '_y')
const digits = fc.nat(1_000_000).map(String)
const literal: fc.Arbitrary<Expr> = fc.oneof(
  fc.constant<Expr>({ kind: 'literal', value: { type: 'null' } }),
  fc.boolean().map((value): Expr => ({ kind: 'literal', value: { type: 'boolean', value } })),
  fc.tuple(fc.boolean(), digits).map(([negative, text]): Expr => ({
    kind: 'literal',
    value: { type: 'integer', digits: negative && text !== '0' ? `-${text}` : text },
  })),
  fc.tuple(digits, digits).map(([whole, part]): Expr => ({
    kind: 'literal',
    value: { type: 'number', digits: `${whole}.${part}` },
  })),
  fc
    .string({ unit: 'grapheme', maxLength: 8 })
    .map((value): Expr => ({ kind: 'literal', value: { type: 'string', value } })),
  fc.uint8Array({ maxLength: 4 }).map((bytes): Expr => ({
    kind: 'literal',
    value: { type: 'bytes', hex: Buffer.from(bytes).toString('hex') },
  })),
)

const OPERATORS = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in']

const { tree } = fc.letrec<{ tree: Expr }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    literal,
    name.map((one): Expr => ({ kind: 'ident', name: one })),
    fc.constant<Expr>({ kind: 'ident', name: 'odd name' }),
    fc.tuple(tie('tree'), name).map(([of, one]): Expr => ({ kind: 'member', of, name: one })),
    fc
      .tuple(fc.constantFrom(...OPERATORS), tie('tree'), tie('tree'))
      .map(([fn, ...args]): Expr => ({ kind: 'call', fn, args })),
    fc
      .tuple(tie('tree'), tie('tree'), tie('tree'))
      .map((args): Expr => ({ kind: 'call', fn: '?:', args })),
    fc
      .tuple(fc.constantFrom('!', 'neg'), tie('tree'))
      .map(([fn, arg]): Expr => ({ kind: 'call', fn, args: [arg] })),
    fc
      .array(tie('tree'), { maxLength: 3 })
      .map((args): Expr => ({ kind: 'call', fn: 'list', args })),
    fc
      .array(fc.tuple(tie('tree'), tie('tree')), { maxLength: 2 })
      .map((pairs): Expr => ({ kind: 'call', fn: 'map', args: pairs.flat() })),
    fc.tuple(tie('tree'), tie('tree')).map((args): Expr => ({ kind: 'call', fn: '[]', args })),
    fc
      .array(tie('tree'), { maxLength: 3 })
      .map((args): Expr => ({ kind: 'call', fn: 'round', args })),
    fc.tuple(tie('tree'), name, tie('tree')).map(([of, one, body]): Expr => ({
      kind: 'call',
      fn: 'exists',
      method: true,
      args: [of, { kind: 'ident', name: one }, body],
    })),
  ),
}))

/** An ident of an odd name is `record["…"]` in text, minus a literal is a literal. */
function asText(expr: Expr): Expr {
  if (expr.kind === 'ident' && expr.name === 'odd name') {
    return {
      kind: 'call',
      fn: '[]',
      args: [
        { kind: 'ident', name: 'record' },
        { kind: 'literal', value: { type: 'string', value: expr.name } },
      ],
    }
  }
  const [arg] = expr.kind === 'call' ? expr.args : []
  if (expr.kind === 'call' && expr.fn === 'neg' && arg?.kind === 'literal') {
    const { value } = arg
    const isNumeric = value.type === 'integer' || value.type === 'number'
    if (isNumeric && !value.digits.startsWith('-')) {
      return { kind: 'literal', value: { ...value, digits: `-${value.digits}` } }
    }
  }
  if (expr.kind === 'member') return { ...expr, of: asText(expr.of) }
  if (expr.kind === 'call') return { ...expr, args: expr.args.map(asText) }
  return expr
}

test('print: reading what was printed gives the tree back', (t) => {
  fc.assert(
    fc.property(tree, (expr) => {
      const text = printExpr(expr)
      const again = parseExpression(text)
      t.deepEqual(again.problems, [], text)
      if (again.expr !== null) t.deepEqual(bare(again.expr), bare(asText(expr)), text)
    }),
    { numRuns: 800 },
  )
})

test('print: parentheses stand only where they are needed', (t) => {
  const same = [
    'a + b * c',
    '(a + b) * c',
    'a - (b - c)',
    'a - b - c',
    '!(a && b) || c',
    '-(a + b)',
    '(a ? b : c) + 1',
    'a ? b : c ? d : e',
    '(a == b) == c',
    'a.b[0].c',
    '(a + b).c',
    '-a.b',
    '(-5).x',
    '- (-5)',
    'f(a, b)[1]',
    'xs.map(x, x + 1)',
    '{"a": 1, "b": [2]}',
  ]
  const expected = [
    'a + b * c',
    '(a + b) * c',
    'a - (b - c)',
    'a - b - c',
    '!(a && b) || c',
    '-(a + b)',
    '(a ? b : c) + 1',
    'a ? b : c ? d : e',
    'a == b == c',
    'a.b[0].c',
    '(a + b).c',
    '-a.b',
    '(-5).x',
    '--5',
    'f(a, b)[1]',
    'xs.map(x, x + 1)',
    '{"a": 1, "b": [2]}',
  ]
  t.deepEqual(
    same.map((text) => printExpr(parsed(text))),
    expected,
  )
})

/** Written, and as the plan shows it. */
const TYPED: readonly (readonly [string, string])[] = [
  ['n + x', 'n + x'],
  ['d * 0.190', 'd * 0.190'],
  ['d + 1', 'd + 1'],
  ['d > 1.00', 'd > 1'],
  ['d > 1.005', 'd > 1.005'],
  ['coalesce(d, 0)', 'coalesce(d, 0)'],
  ['ts >= "2026-01-01"', 'ts >= "2026-01-01T00:00Z"'],
  ['ts - "5 minutes"', 'ts - "5m"'],
  ['ts in ["2026-01-01"]', 'ts in ["2026-01-01T00:00Z"]'],
  ['d in [1, 2.50]', 'd in [1, 2.5]'],
  ['day >= params.since', 'day >= "2026-01-01"'],
  ['year(params.since)', 'year(date("2026-01-01"))'],
  ['customer == null', 'customer == null'],
  ['customer != null && bot', 'customer != null && bot'],
  ['user == null', 'user == null'],
  ['record["url"]', 'url'],
  ['if(bot, 1, 2.5)', 'bot ? 1 : 2.5'],
  ['items[0].sku', 'items[0].sku'],
  ['j.a.b', 'j.a.b'],
  ['items.exists(i, i.qty > 1)', 'items.exists(i, i.qty > 1)'],
  ['to_decimal("1.5", 12, 2)', 'to_decimal("1.50", 12, 2)'],
  ['merchant.id', 'merchant.id'],
  ['date_trunc("hour", ts)', 'date_trunc("hour", ts)'],
]

for (const [text, shown] of TYPED) {
  test(`print: \`${text}\` is shown as \`${shown}\` and means the same again`, (t) => {
    const first = typed(text)
    t.is(printTyped(first), shown)
    const again = typed(shown)
    t.is(printTyped(again), shown)
    t.deepEqual(again.type, first.type)
    t.is(again.nullable, first.nullable)
  })
}

test('print: what checks prints to a text that checks to the same type', (t) => {
  const leaf = fc.constantFrom(
    'n',
    'm',
    'x',
    'd',
    'e',
    'ts',
    'dur',
    'user',
    'url',
    'bot',
    'maybe',
    '1',
    '2.5',
    '"a"',
    'null',
    'true',
    'tags',
    'attrs',
  )
  const { text } = fc.letrec<{ text: string }>((tie) => ({
    text: fc.oneof(
      { maxDepth: 3 },
      leaf,
      fc
        .tuple(tie('text'), fc.constantFrom(...OPERATORS), tie('text'))
        .map(([a, op, b]) => `(${a}) ${op} (${b})`),
      fc
        .tuple(
          fc.constantFrom('coalesce', 'least', 'null_if', 'round', 'to_string', 'size', 'abs'),
          fc.array(tie('text'), { minLength: 1, maxLength: 2 }),
        )
        .map(([fn, args]) => `${fn}(${args.join(', ')})`),
      fc
        .tuple(tie('text'), tie('text'), tie('text'))
        .map(([c, a, b]) => `(${c}) ? (${a}) : (${b})`),
    ),
  }))
  let count = 0
  fc.assert(
    fc.property(text, (one) => {
      const { expr } = parseExpression(one)
      const first = expr === null ? null : checkExpression(expr, SCOPE).typed
      if (first === null || first.type.kind === 'null') return
      count += 1
      const shown = printTyped(first)
      const again = checkExpression(parsed(shown), SCOPE)
      t.deepEqual(again.problems, [], `${one} → ${shown}`)
      t.deepEqual(again.typed?.type, first.type, `${one} → ${shown}`)
      t.is(again.typed === null ? '' : printTyped(again.typed), shown)
    }),
    { numRuns: 4000 },
  )
  t.true(count > 200, `${count} texts checked`)
})
