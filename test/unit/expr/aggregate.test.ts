/** Hunts: aggregates of a wrong type, calls that are not shared, and filters that get lost. */
import test from 'ava'
import {
  checkAggregateExpression,
  printAggregate,
  printCall,
  type AggregateScope,
} from '../../../shared/expr/check-aggregate.ts'
import { AGGREGATES } from '../../../shared/expr/aggregates.ts'
import { printFieldType } from '../../../shared/model/type-text.ts'
import { fieldsOf, FIELDS, parsed } from './expr-kit.ts'

const SCOPE: AggregateScope = {
  fields: fieldsOf('{ hour: timestamp, window_start: timestamp, window_end: timestamp }'),
  input: FIELDS,
}

function check(
  text: string,
  scope: AggregateScope = SCOPE,
): ReturnType<typeof checkAggregateExpression> {
  return checkAggregateExpression(parsed(text), scope)
}

const TYPES: readonly (readonly [string, string])[] = [
  ['count()', 'integer'],
  ['count(user)', 'integer'],
  ['count_distinct(user)', 'integer'],
  ['approx_count_distinct(user)', 'integer'],
  ['sum(n)', 'integer?'],
  ['sum(x)', 'number?'],
  ['sum(d)', 'decimal(15,2)?'],
  ['sum(w)', 'decimal(38,2)?'],
  ['sum(dur)', 'duration?'],
  ['avg(n)', 'number?'],
  ['avg(d)', 'decimal(15,6)?'],
  ['min(ts)', 'timestamp?'],
  ['max(url)', 'string?'],
  ['stddev(n)', 'number?'],
  ['quantile(x, 0.95)', 'number?'],
  ['first(url)', 'string?'],
  ['last(tags)', 'array<string>?'],
  ['min_by(url, n)', 'string?'],
  ['max_by(d, ts)', 'decimal(12,2)?'],
  ['collect(n)', 'array<integer>'],
  ['top_k(url, 3)', 'array<string>'],
  ['string_agg(url, ",")', 'string?'],
  ['any(bot)', 'boolean?'],
  ['all(maybe)', 'boolean?'],
  ['coalesce(sum(d).where(n > 1), 0)', 'decimal(15,2)'],
  ['ratio(count().where(bot), count())', 'number?'],
  ['max(ts) - window_start', 'duration?'],
  ['hour', 'timestamp'],
  ['sum(n * 2) + 1', 'integer?'],
]

for (const [text, type] of TYPES) {
  test(`aggregate: \`${text}\` is ${type}`, (t) => {
    const { result, problems } = check(text)
    t.deepEqual(problems, [])
    t.is(result === null ? '' : printFieldType(result), type)
  })
}

test('aggregate: equal calls are one, also over several fields', (t) => {
  const first = check('ratio(count().where(bot), count()) + count()')
  t.deepEqual(first.calls.map(printCall), ['count().where(bot)', 'count()'])
  t.is(
    first.result === null ? '' : printAggregate(first.result, first.calls),
    'ratio(count().where(bot), count()) + count()',
  )
  const second = checkAggregateExpression(parsed('sum(n) / to_number(count())'), SCOPE, {
    calls: first.calls,
  })
  t.deepEqual(second.calls.map(printCall), ['count().where(bot)', 'count()', 'sum(n)'])
  t.is(
    second.result === null ? '' : printAggregate(second.result, second.calls),
    'sum(n) / to_number(count())',
  )
})

test('aggregate: filters join and options are apart from columns', (t) => {
  const { calls } = check('quantile(x, 0.5).where(bot).where(n > 1)')
  t.is(calls.map(printCall).join(), 'quantile(x, 0.5).where(bot && n > 1)')
  t.deepEqual(calls[0]?.options, { q: 0.5 })
  t.is(calls[0]?.args.length, 1)
})

test('aggregate: `.last` stands only in rolling windows', (t) => {
  t.is(check('count().last("1 minute")').problems[0]?.code, 'EXPR_AGGREGATE_MISPLACED')
  const rolling = check('count().where(bot).last("1 minute")', { ...SCOPE, isRolling: true })
  t.is(rolling.calls[0]?.lastMs, 60_000)
  t.is(rolling.calls.map(printCall).join(), 'count().where(bot).last("1m")')
  t.is(
    check('count().last("soon")', { ...SCOPE, isRolling: true }).problems[0]?.code,
    'EXPR_LITERAL_INVALID',
  )
})

const MISTAKES: readonly (readonly [string, string, string])[] = [
  ['n + 1', 'EXPR_FIELD_UNKNOWN', 'first(n)'],
  ['sum(sum(n))', 'EXPR_AGGREGATE_MISPLACED', 'two blocks'],
  ['min(n, m)', 'EXPR_TYPE_MISMATCH', 'least(n, m)'],
  ['sum(url)', 'EXPR_TYPE_MISMATCH', 'sum('],
  ['sum(nn)', 'EXPR_FIELD_UNKNOWN', '`n`'],
  ['count(customer)', 'EXPR_STRUCT_AS_VALUE', 'count().where(customer != null)'],
  ['quantile(x, 2)', 'EXPR_TYPE_MISMATCH', '0…1'],
  ['quantile(x, n)', 'EXPR_TYPE_MISMATCH', '0…1'],
  ['countDistinct(url)', 'EXPR_FUNCTION_UNKNOWN', 'count_distinct'],
  ['average(n)', 'EXPR_FUNCTION_UNKNOWN', 'avg'],
  ['countif(n > 1)', 'EXPR_FUNCTION_UNKNOWN', 'count().where'],
  ['count().where(n)', 'EXPR_NOT_BOOLEAN', 'n != 0'],
  ['sum(n) / 2', 'EXPR_INTEGER_DIVISION', 'sum(n) / 2.0'],
]

for (const [text, code, fix] of MISTAKES) {
  test(`aggregate: \`${text}\` is refused as ${code}`, (t) => {
    const { problems } = check(text)
    t.is(problems[0]?.code, code as never)
    t.is(problems.length, 1)
    t.true(problems[0]?.fix?.includes(fix) ?? false, problems[0]?.fix)
  })
}

test('aggregate: all mistakes of a call are reported', (t) => {
  const { problems } = check('sum(foo).where(baz > 1)')
  t.is(problems.length, 2)
})

test('aggregate: each says what it does and what retraction costs', (t) => {
  t.is(new Set(AGGREGATES.map((def) => def.name)).size, AGGREGATES.length)
  const subtracting = AGGREGATES.filter((def) => def.retraction === 'subtract').map(
    (def) => def.name,
  )
  t.deepEqual(subtracting, ['count', 'count_distinct', 'sum', 'avg', 'stddev', 'any', 'all'])
  const ordered = AGGREGATES.filter((def) => def.ordered).map((def) => def.name)
  t.deepEqual(ordered, ['first', 'last', 'collect', 'string_agg'])
  for (const def of AGGREGATES) t.regex(def.summary, /\.$/)
})
