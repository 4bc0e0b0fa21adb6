/**
 * Hunts: types, nulls and decimals other than LANGUAGE §2 and DESIGN D1 say, and mistakes that are
 * reported without their name, place or fix.
 */
import test from 'ava'
import * as fc from 'fast-check'
import type { Expr } from '../../../shared/expr/ast.ts'
import { checkExpression } from '../../../shared/expr/check.ts'
import { parseExpression } from '../../../shared/expr/parse.ts'
import { printFieldType } from '../../../shared/model/type-text.ts'
import { fieldsOf, parsed, problemsOf, SCOPE, typed } from './expr-kit.ts'

/** An expression and the type it has. */
const TYPES: readonly (readonly [string, string])[] = [
  ['n + 1', 'integer'],
  ['n + m', 'integer?'],
  ['n + x', 'number'],
  ['n / 2.0', 'number'],
  ['div(n, 2)', 'integer'],
  ['b + n', 'bigint'],
  ['d + 1', 'decimal(15,2)'],
  ['d + 1.005', 'decimal(15,3)'],
  ['d + n', 'decimal(15,2)'],
  ['d + e', 'decimal(15,3)?'],
  ['d * e', 'decimal(15,5)?'],
  ['d * 0.19', 'decimal(15,4)'],
  ['w + d', 'decimal(38,2)'],
  ['w * d', 'decimal(38,4)'],
  ['-d', 'decimal(12,2)'],
  ['round(d * 0.19, 2)', 'decimal(15,2)'],
  ['div(d, 3, 4)', 'decimal(15,4)'],
  ['coalesce(e, 0)', 'decimal(10,3)'],
  ['d > 1', 'boolean'],
  ['e == d', 'boolean?'],
  ['ratio(n, 2)', 'number?'],
  ['ratio(d, e)', 'number?'],
  ['ts - ts', 'duration'],
  ['ts - "2026-01-01"', 'duration'],
  ['ts - "5m"', 'timestamp'],
  ['ts + dur', 'timestamp'],
  ['day + "1d"', 'date'],
  ['day - day', 'duration'],
  ['dur * 2', 'duration'],
  ['dur / dur', 'number'],
  ['ts > "2026-01-01"', 'boolean'],
  ['day >= params.since', 'boolean'],
  ['user == null', 'boolean'],
  ['user == "a"', 'boolean?'],
  ['customer == null', 'boolean'],
  ['customer.tier', 'string?'],
  ['merchant.mcc', 'string?'],
  ['bot && maybe', 'boolean?'],
  ['!maybe', 'boolean?'],
  ['maybe ? 1 : 2', 'integer'],
  ['bot ? 1 : 2.5', 'number'],
  ['bot ? user : url', 'string?'],
  ['bot ? null : 1', 'integer?'],
  ['tags[0]', 'string?'],
  ['attrs["k"]', 'integer?'],
  ['items[0].qty', 'integer?'],
  ['items.map(i, i.sku)', 'array<string>'],
  ['items.exists(i, i.qty > 1)', 'boolean?'],
  ['tags.filter(t, t != "")', 'array<string>'],
  ['j.a.b', 'json?'],
  ['json_string(j, "a")', 'string?'],
  ['n in [1, 2]', 'boolean'],
  ['m in [1, null]', 'boolean?'],
  ['ts in ["2026-01-01"]', 'boolean'],
  ['user in attrs', 'boolean?'],
  ['flags({"a": maybe, "b": true})', 'array<string>'],
  ['change() == "insert"', 'boolean'],
  ['now() - ts', 'duration'],
  ['null', 'null'],
  ['least(1, 2.5)', 'number'],
  ['concat(url, user)', 'string?'],
  ['record["url"]', 'string'],
]

for (const [text, type] of TYPES) {
  test(`check: \`${text}\` is ${type}`, (t) => t.is(printFieldType(typed(text)), type))
}

/** An expression, the code of its mistake, and what the fix names. */
const MISTAKES: readonly (readonly [string, string, string])[] = [
  ['n / 2', 'EXPR_INTEGER_DIVISION', '`n / 2.0` or `div(n, 2)`'],
  ['n / m', 'EXPR_INTEGER_DIVISION', 'div(n, m)'],
  ['d + x', 'EXPR_DECIMAL_WITH_NUMBER', 'to_decimal(x, 12, 2)'],
  ['d == x', 'EXPR_DECIMAL_WITH_NUMBER', 'to_number(d)'],
  ['d / 2', 'EXPR_TYPE_MISMATCH', 'div(d, 2, 2)'],
  ['url == null', 'EXPR_NULL_COMPARISON', 'string?'],
  ['url != null', 'EXPR_NULL_COMPARISON', 'leave it out'],
  ['merchant == null', 'EXPR_NULL_COMPARISON', 'leave it out'],
  ['usr', 'EXPR_FIELD_UNKNOWN', 'user'],
  ['merchant.idd', 'EXPR_FIELD_UNKNOWN', 'merchant.id'],
  ['tier', 'EXPR_FIELD_UNKNOWN', 'customer.tier'],
  ['params.sinc', 'EXPR_FIELD_UNKNOWN', 'params.since'],
  ['lowr(url)', 'EXPR_FUNCTION_UNKNOWN', 'lower'],
  ['nvl(user, "a")', 'EXPR_FUNCTION_UNKNOWN', 'coalesce'],
  ['cast(url)', 'EXPR_FUNCTION_UNKNOWN', 'to_integer'],
  ['median(n)', 'EXPR_FUNCTION_UNKNOWN', 'quantile'],
  ['url.startsWith("a")', 'EXPR_FOREIGN_SYNTAX', 'starts_with(url, "a")'],
  ['Math.floor(x)', 'EXPR_FOREIGN_SYNTAX', 'floor(x)'],
  ['tags.length', 'EXPR_FOREIGN_SYNTAX', 'size(tags)'],
  ['url || user', 'EXPR_FOREIGN_SYNTAX', 'url + user'],
  ['url + 1', 'EXPR_TYPE_MISMATCH', 'to_string(1)'],
  ['n == "5"', 'EXPR_TYPE_MISMATCH', 'leave out the quotes'],
  ['day > ts', 'EXPR_TYPE_MISMATCH', 'date(ts)'],
  ['ts > "soon"', 'EXPR_LITERAL_INVALID', '2026-01-31T10:05:00Z'],
  ['date_trunc("houre", ts)', 'EXPR_LITERAL_INVALID', ''],
  ['hour(ts, "Europe/Berln")', 'EXPR_LITERAL_INVALID', ''],
  ['regex_match(url, "(a")', 'EXPR_LITERAL_INVALID', ''],
  ['format_time(ts, "YYYY")', 'EXPR_LITERAL_INVALID', ''],
  ['9007199254740993', 'EXPR_LITERAL_INVALID', 'to_bigint("9007199254740993")'],
  ['merchant', 'EXPR_STRUCT_AS_VALUE', 'merchant.id'],
  ['size(merchant)', 'EXPR_STRUCT_AS_VALUE', 'merchant.id'],
  ['n && bot', 'EXPR_NOT_BOOLEAN', 'n != 0'],
  ['url ? 1 : 2', 'EXPR_NOT_BOOLEAN', 'url != ""'],
  ['sum(n)', 'EXPR_AGGREGATE_MISPLACED', 'block of its own'],
  ['count().where(bot) > 1', 'EXPR_AGGREGATE_MISPLACED', 'block of its own'],
  ['lower()', 'EXPR_ARGUMENT_COUNT', 'lower(text: string)'],
  ['lower(url, url)', 'EXPR_ARGUMENT_COUNT', 'lower(text: string)'],
  ['1 / 0.0', 'EXPR_DIVISION_BY_ZERO', 'ratio'],
  ['9007199254740991 + 1', 'EXPR_OVERFLOW', 'to_bigint'],
  ['date("2026-02-30")', 'EXPR_CONVERSION_FAILED', '2026-01-31'],
  ['lower', 'EXPR_FIELD_UNKNOWN', 'lower(…)'],
  ['n.map(i, i)', 'EXPR_TYPE_MISMATCH', ''],
  ['tags.filter(i, i)', 'EXPR_NOT_BOOLEAN', ''],
]

for (const [text, code, fix] of MISTAKES) {
  test(`check: \`${text}\` is refused as ${code}`, (t) => {
    const [problem, ...more] = problemsOf(text)
    t.is(problem?.code, code as never)
    t.deepEqual(more, [], 'one mistake is reported once')
    const said = `${problem?.message} ${problem?.fix ?? ''}`
    t.true(said.includes(fix), said)
    t.true(problem?.span !== undefined && problem.span.end <= text.length)
  })
}

test('check: all mistakes are reported, each where it stands', (t) => {
  const text = 'usr == "a" && n / 2 > lowr(url) && merchant.idd == "b"'
  const problems = problemsOf(text)
  t.deepEqual(
    problems.map(({ span }) => text.slice(span?.start, span?.end)),
    ['usr', 'n / 2', 'lowr(url)', 'merchant.idd'],
  )
})

test('check: a mistake says where its types come from', (t) => {
  t.is(
    problemsOf('d + x')[0]?.cause,
    'd is decimal(12,2) (schema Click), x is number (schema Click)',
  )
  t.is(problemsOf('url == null')[0]?.cause, 'url is string: schema Click')
})

test('check: a sibling of the same set is answered with steps', (t) => {
  const problems = problemsOf('net * 2', { ...SCOPE, siblings: new Set(['net']) })
  t.is(problems[0]?.fix, 'write two `set` under `steps:`')
})

test('check: a condition must be boolean, a null one counts as false', (t) => {
  const expected = { kind: 'boolean' } as const
  t.is(checkExpression(parsed('maybe'), SCOPE, { expected }).problems.length, 0)
  t.is(checkExpression(parsed('n'), SCOPE, { expected }).problems[0]?.code, 'EXPR_NOT_BOOLEAN')
  t.is(checkExpression(parsed('null'), SCOPE, { expected }).problems.length, 0)
})

test('check: an expected type takes literals and widens', (t) => {
  const time = checkExpression(parsed('"2026-01-01"'), SCOPE, { expected: { kind: 'timestamp' } })
  t.is(time.typed?.node === 'literal' ? time.typed.value : null, Date.UTC(2026, 0, 1))
  const number = checkExpression(parsed('n'), SCOPE, { expected: { kind: 'number' } })
  t.is(number.typed?.node, 'cast')
})

test('check: names of prototypes are unknown like any other', (t) => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']) {
    t.is(problemsOf(name)[0]?.code, 'EXPR_FIELD_UNKNOWN', name)
    t.is(problemsOf(`${name}(1)`)[0]?.code, 'EXPR_FUNCTION_UNKNOWN', name)
    t.is(problemsOf(`merchant.${name}`)[0]?.code, 'EXPR_FIELD_UNKNOWN', name)
    t.is(problemsOf(`params.${name}`)[0]?.code, 'EXPR_FIELD_UNKNOWN', name)
  }
})

test('check: a field may have the name of a function or of a macro variable', (t) => {
  const scope = { fields: fieldsOf('{ count: integer, size: integer, i: array<integer> }') }
  t.is(printFieldType(typed('count + size', scope)), 'integer')
  t.is(printFieldType(typed('i.map(i, i + 1)', scope)), 'array<integer>')
})

test('check: built trees deeper than the limit are refused, not run out of stack', (t) => {
  let expr: Expr = { kind: 'ident', name: 'bot' }
  for (let depth = 0; depth < 100_000; depth++) expr = { kind: 'call', fn: '!', args: [expr] }
  t.is(checkExpression(expr, SCOPE).problems[0]?.code, 'EXPR_TOO_LARGE')
})

const WORDS = [
  'n',
  'm',
  'x',
  'd',
  'w',
  'ts',
  'day',
  'dur',
  'user',
  'tags',
  'attrs',
  'items',
  'j',
  'merchant',
  'customer',
  'params',
  'since',
  'record',
  'null',
  'true',
  '1',
  '2.5',
  '"a"',
  '"5m"',
  '"2026-01-01"',
  '+',
  '-',
  '*',
  '/',
  '%',
  '==',
  '!=',
  '<',
  '>=',
  '&&',
  '||',
  '!',
  '?',
  ':',
  'in',
  '.',
  ',',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  'coalesce',
  'sum',
  'count',
  'where',
  'map',
  'filter',
  'lower',
  'round',
  'div',
  'date_trunc',
  'to_decimal',
  'json_get',
  'regex_match',
  'has',
  'if',
  '__proto__',
  'list',
  'neg',
  '"',
]

test('check: no sequence of words makes it throw', (t) => {
  let checked = 0
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 14 }), (words) => {
      const { expr } = parseExpression(words.join(' '))
      if (expr === null) return
      checked += 1
      const { typed: result, problems } = checkExpression(expr, SCOPE)
      t.is(result === null, problems.length > 0, words.join(' '))
    }),
    { numRuns: 10_000 },
  )
  t.true(checked > 300, `${checked} parsed`)
})

const NAMES = [
  'lower',
  'round',
  'div',
  'clamp',
  'flags',
  'keys',
  'slice',
  'to_decimal',
  'date_diff',
  'json_get',
  'in',
  '[]',
  'list',
  'map',
  '?:',
  'coalesce',
  '==',
  'ratio',
  'format',
  'is_null',
  'sum',
  'where',
  '.',
  'constructor',
  '__proto__',
]

test('check: no built tree makes it throw, whatever its arguments', (t) => {
  const { tree } = fc.letrec<{ tree: Expr }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc
        .constantFrom('n', 'd', 'tags', 'attrs', 'merchant', 'j')
        .map((name): Expr => ({ kind: 'ident', name })),
      fc.nat().map((value): Expr => ({
        kind: 'literal',
        value: { type: 'integer', digits: String(value) },
      })),
      fc
        .tuple(fc.constantFrom(...NAMES), fc.boolean(), fc.array(tie('tree'), { maxLength: 4 }))
        .map(([fn, method, args]): Expr => ({
          kind: 'call',
          fn,
          args,
          ...(method ? { method } : {}),
        })),
    ),
  }))
  fc.assert(
    fc.property(tree, (expr) => {
      const { typed: result, problems } = checkExpression(expr, SCOPE)
      t.is(result === null, problems.length > 0)
    }),
    { numRuns: 5000 },
  )
})
