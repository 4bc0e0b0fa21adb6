/**
 * Hunts: texts that are read wrongly, foreign spellings without an answer, and inputs that make the
 * parser throw instead of answering problems.
 */
import test from 'ava'
import * as fc from 'fast-check'
import { parseExpression, parseOrder } from '../../../shared/expr/parse.ts'
import { printExpr } from '../../../shared/expr/print.ts'
import { bare, parsed } from './expr-kit.ts'

/** A foreign spelling and what its fix must name. */
const HABITS: readonly (readonly [string, string])[] = [
  ['a === b', '=='],
  ['a !== b', '!='],
  ['a = b', '=='],
  ['a <> b', '!='],
  ['a ?? b', 'coalesce'],
  ['a?.b', '`.`'],
  ['a and b', '&&'],
  ['a AND b', '&&'],
  ['a or b', '||'],
  ['not a', '!a'],
  ['not (a)', '!a'],
  ['a is null', '== null'],
  ['a is not null', '!= null'],
  ['a IS NULL', '== null'],
  ['a is not true', '!= true'],
  ['a like "b%"', 'contains'],
  ['a not like "b%"', '!contains'],
  ['a between 1 and 2', 'a >= low && a <= high'],
  ['a in (1, 2)', 'a in [b, c]'],
  ['a not in (1, 2)', '!(a in'],
  ['case when a then 1 else 2 end', 'condition ? a : b'],
  ['a & b', '&&'],
  ['a | b', '||'],
  ['a ** b', 'pow'],
  ['a::integer', 'to_integer'],
  ['a -> "b"', 'json_get'],
  ['NULL', 'null'],
  ['TRUE', 'true'],
  ['None', 'null'],
  ['undefined', 'null'],
  ['`a b`', 'record["a b"]'],
  ['a =~ "b"', 'regex_match'],
  ['a.matches("b")', 'regex_match'],
  ['matches(a, "b")', 'regex_match'],
  ['5 minutes', 'duration("5 minutes")'],
  ['10s', 'duration("10s")'],
  ["interval '5' minute", 'duration'],
  ["timestamp '2026-01-01'", 'timestamp("'],
  ['.5', '0.5'],
  ['1_000', '1000'],
  ['10n', 'to_bigint'],
  ['a += 1', 'set'],
  ['x => x + 1', 'list.map'],
  ['a;', 'leave it out'],
  ['“a”', '"'],
  ['a ≤ b', '<='],
  ['$a', 'params.name'],
]

for (const [text, fix] of HABITS) {
  test(`foreign habit: \`${text}\` is answered with our spelling`, (t) => {
    const { expr, problems } = parseExpression(text)
    t.is(expr, null)
    const [first] = problems
    t.is(first?.code, 'EXPR_FOREIGN_SYNTAX')
    t.true(first?.fix?.includes(fix) ?? false, `${first?.fix} names ${fix}`)
    t.true(first?.span !== undefined && first.span.end > first.span.start)
  })
}

test('foreign habits: every one of a text is reported where it stands', (t) => {
  const { problems } = parseExpression('a = 1 and b <> 2')
  t.deepEqual(
    problems.map((problem) => problem.span),
    [
      { start: 2, end: 3 },
      { start: 6, end: 9 },
      { start: 12, end: 14 },
    ],
  )
})

test('foreign habits: words inside texts, members and names stay what they are', (t) => {
  for (const text of [
    '"a and b = c"',
    'a.and',
    'is',
    'a.not',
    'band || nota',
    'like',
    'date + 1',
  ]) {
    t.not(parseExpression(text).expr, null, text)
  }
})

test('parse: one meaning has one tree, however it is spelled', (t) => {
  const same = [
    ['if(a, b, c)', 'a ? b : c'],
    ['when(a, 1, b, 2, 3)', 'a ? 1 : b ? 2 : 3'],
    ['has(a.b)', 'a.b != null'],
    ['xs.map(x, x > 1, x + 1)', 'xs.filter(x, x > 1).map(x, x + 1)'],
    ["'a'", '"a"'],
    ['0x10', '16'],
    ['((a))', 'a'],
    ['a // comment', 'a'],
  ] as const
  for (const [one, other] of same) t.deepEqual(bare(parsed(one)), bare(parsed(other)), one)
})

test('parse: spans lead back to the text', (t) => {
  const text = '  price * (count + 1)'
  const expr = parsed(text)
  t.is(
    expr.span === undefined ? '' : text.slice(expr.span.start, expr.span.end).trim(),
    'price * (count + 1',
  )
  t.is(expr.kind === 'call' ? expr.args[0]?.span?.start : -1, 2)
})

test('parse: words that CEL reserves are names', (t) => {
  for (const name of ['package', 'if', 'function', 'namespace', 'loop', 'cel']) {
    t.deepEqual(bare(parsed(`${name} + 1`)), {
      kind: 'call',
      fn: '+',
      args: [
        { kind: 'ident', name },
        { kind: 'literal', value: { type: 'integer', digits: '1' } },
      ],
    })
  }
})

test('parse: numbers keep their digits and take their sign', (t) => {
  t.is(printExpr(parsed('-0.10')), '-0.10')
  t.deepEqual(bare(parsed('-5')), { kind: 'literal', value: { type: 'integer', digits: '-5' } })
})

test('parse: syntax errors say what does not follow what', (t) => {
  const cases = [
    ['a b', '`b` does not follow `a`'],
    ['(a', '`(` is not closed'],
    ['"a', 'a text is not closed'],
    ['', 'an expression is missing'],
    ['a ? b', 'the end does not follow `b`'],
    [') a', 'an expression does not start with `)`'],
  ] as const
  for (const [text, message] of cases) {
    t.is(parseExpression(text).problems[0]?.message, message, text)
  }
})

test('parse: what is too long or too deep is refused, not run out of stack', (t) => {
  const deep = [
    '!'.repeat(50_000) + 'a',
    '('.repeat(5000) + 'a',
    '-('.repeat(400) + 'a' + ')'.repeat(400),
    'a' + ' || a'.repeat(2000),
    'a'.repeat(70_000),
    `[${'1,'.repeat(20_000)}1]`,
  ]
  for (const text of deep)
    t.is(parseExpression(text).problems[0]?.code, 'EXPR_TOO_LARGE', text.slice(0, 20))
})

test('parse: texts made to be slow are answered at once', (t) => {
  const slow = [
    'a in ('.repeat(10_000),
    '[1 in ('.repeat(9000),
    '"'.repeat(60_000),
    'a.'.repeat(30_000),
    ' '.repeat(60_000),
  ]
  for (const text of slow) {
    const start = process.cpuUsage().user
    t.is(parseExpression(text).problems.length, 1, text.slice(0, 10))
    const ms = (process.cpuUsage().user - start) / 1000
    t.true(ms < 2000, `${text.slice(0, 10)} took ${ms} ms`)
  }
})

test('parse: no text makes it throw', (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
      const { expr, problems } = parseExpression(text)
      return (expr === null) === problems.length > 0
    }),
    { numRuns: 3000 },
  )
  t.pass()
})

test('order: terms have a direction each', (t) => {
  const { terms, problems } = parseOrder('price desc, coalesce(a, b) ASC, ts')
  t.deepEqual(problems, [])
  t.deepEqual(
    terms.map(({ expr, descending }) => [printExpr(expr), descending]),
    [
      ['price', true],
      ['coalesce(a, b)', false],
      ['ts', false],
    ],
  )
  t.is(terms[2]?.expr.span?.start, 32)
})

test('order: a wrong direction and an empty term are answered', (t) => {
  t.true(parseOrder('price descending').problems[0]?.fix?.includes('price desc') ?? false)
  t.is(parseOrder('price desc,').problems.length, 1)
})
