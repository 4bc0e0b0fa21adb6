/** Hunts: rows that a generated loop mixes up, loses, or writes although they threw. */
import test from 'ava'
import { compileLoop } from '../../../shared/expr/compile/compile-loop.ts'
import type { LoopSpec } from '../../../shared/expr/compile/loop-spec.ts'
import { INTEGER_MAX } from '../../../shared/base/limits.ts'
import { UPDATE_AFTER } from '../../../shared/model/batch.ts'
import { rowsToBatch } from '../../../shared/model/batch-rows.ts'
import { call, col, listener, lit, overload, rows, spec } from './typed-trees.ts'

const user = spec('user', 'string')
const price = spec('price', 'integer?')
const count = spec('count', 'integer')
const channel = spec('channel', 'string?', 'dict')
const input = [user, price, count, channel]
const batch = rowsToBatch(
  [
    { user: 'ann', price: 5, count: 1, channel: 'web', _time: 1 },
    { user: 'bob', price: null, count: 0, channel: null, _time: 2, _kind: 'update_after' },
    { user: 'ann', price: 7, count: 2, channel: 'app', _time: 3 },
    { user: 'Ünal', price: -1, count: 0, channel: 'web', _time: 4 },
  ],
  input,
)
const same = (columns: LoopSpec['input']): LoopSpec['output'] =>
  columns.map((column) => ({ spec: column, expr: col(column) }))
const base: LoopSpec = { input, steps: [], output: same(input), rejected: [], overload }

test('loop: without steps every column passes by reference', (t) => {
  const passed = compileLoop(base).run(batch, listener())
  t.true(passed?.columns.every((column, index) => column === batch.columns[index]))
  t.is(passed?.eventTime, batch.eventTime)
})

test('loop: a filter keeps the rows for which it is true, with their times and kinds', (t) => {
  const predicate = call('<', col(price), lit(6))
  const host = listener()
  const loop = compileLoop({ ...base, steps: [{ kind: 'filter', predicate, role: 'where' }] })
  const left = loop.run(batch, host)
  t.deepEqual(
    rows(left).map((row) => (row as { user: string }).user),
    ['ann', 'Ünal'],
  )
  t.deepEqual([...(left?.eventTime ?? [])], [1, 4])
  t.is(host.filtered, 2)
  t.deepEqual([...(host.selection ?? [])].slice(0, 2), [0, 3])
  const all = call('!=', col(user), lit('x'))
  const kept = compileLoop({ ...base, steps: [{ kind: 'filter', predicate: all, role: 'where' }] })
  t.is(kept.run(batch, host)?.columns[0], batch.columns[0])
})

test('loop: a row that throws is told and in no output', (t) => {
  const ratio = call('%', col(price), col(count))
  const output = [{ spec: spec('ratio', 'integer?'), expr: ratio }, ...same([user])]
  const host = listener()
  const left = compileLoop({ ...base, output }).run(batch, host)
  t.deepEqual(rows(left), [
    { ratio: 0, user: 'ann' },
    { ratio: null, user: 'bob' },
    { ratio: 1, user: 'ann' },
  ])
  t.is(host.failures.length, 1)
  t.is(host.failures[0]?.row, 3)
  t.is(host.filtered, 0)
})

test('loop: what throws in a projection is not hidden by a later filter', (t) => {
  const ratio = spec('ratio', 'integer?')
  const columns = [...same([user]), { spec: ratio, expr: call('%', col(price), col(count)) }]
  const host = listener()
  const left = compileLoop({
    ...base,
    steps: [
      { kind: 'project', columns },
      { kind: 'filter', predicate: call('==', col(user), lit('ann')), role: 'having' },
    ],
    output: same([user, ratio]),
  }).run(batch, host)
  t.deepEqual(rows(left), [
    { user: 'ann', ratio: 0 },
    { user: 'ann', ratio: 1 },
  ])
  t.deepEqual(
    host.failures.map((failure) => failure.row),
    [3],
  )
  t.is(host.filtered, 1)
})

test('loop: validate names every rule that is not true and gives the row as it came', (t) => {
  const rules = [
    { name: 'has price', predicate: call('>', col(price), lit(0)) },
    { name: "it's ann", predicate: call('==', col(user), lit('ann')) },
  ]
  const rule = spec('_rule', 'array<string>')
  const host = listener()
  const left = compileLoop({
    ...base,
    steps: [{ kind: 'validate', rules, action: 'reject' }],
    rejected: [rule, user, price],
  }).run(batch, host)
  t.is(left?.length, 2)
  t.deepEqual(host.rejections, [
    { row: 1, rules: ['has price', "it's ann"], values: [['has price', "it's ann"], 'bob', null] },
    { row: 3, rules: ['has price', "it's ann"], values: [['has price', "it's ann"], 'Ünal', -1] },
  ])
  t.is(host.filtered, 0)
  const observing = compileLoop({ ...base, steps: [{ kind: 'validate', rules, action: 'warn' }] })
  t.is(observing.run(batch, host)?.length, 4)
  t.is(host.observed.length, 4)
})

test('loop: a dictionary column is judged once per entry', (t) => {
  const seen: unknown[] = []
  const shout = {
    ...overload('is_null'),
    id: 'user.shout',
    nulls: 'propagate' as const,
    run: ([text]: readonly unknown[]) => (seen.push(text), `${String(text)}!`),
    prepare: () => (text: string) => (seen.push(text), `${text}!`),
  }
  const { node, ...rest } = call('is_null', col(channel)) as {
    node: 'call'
    overload: string
    args: never[]
    type: never
    nullable: boolean
  }
  const expr = { node, ...rest, overload: 'user.shout', type: channel.type, nullable: true }
  const out = spec('loud', 'string?')
  const loop = compileLoop({
    ...base,
    output: [{ spec: out, expr }],
    overload: (id) => (id === 'user.shout' ? shout : overload(id)),
  })
  for (let time = 0; time < 3; time++) {
    t.deepEqual(rows(loop.run(batch, listener())), [
      { loud: 'web!' },
      { loud: null },
      { loud: 'app!' },
      { loud: 'web!' },
    ])
  }
  t.deepEqual(seen, ['web', 'app'])
})

test('loop: change() reads the kinds', (t) => {
  const change = {
    node: 'call',
    overload: 'change',
    args: [],
    type: { kind: 'string' },
    nullable: false,
  } as const
  const predicate = {
    node: 'call',
    overload: 'eq.string',
    args: [change, lit('update_after')],
    type: { kind: 'boolean' },
    nullable: false,
  } as const
  const loop = compileLoop({
    ...base,
    steps: [{ kind: 'filter', predicate, role: 'where' }],
    output: [...same([user]), { spec: spec('change', 'string'), expr: change }],
  })
  const left = loop.run(batch, listener())
  t.deepEqual(rows(left), [{ user: 'bob', change: 'update_after' }])
  t.deepEqual([...(left?.kind ?? [])], [UPDATE_AFTER])
  t.regex(loop.code, /kind\[i\] === 2/)
})

test('loop: the rest of a division by a literal is exact for every integer', (t) => {
  const by = [1, 3, 123, 10_000, 2 ** 31 - 1]
  const magnitudes = [0, 1, 2 ** 31, 1.7e12, 2 ** 52, INTEGER_MAX - 1]
  const values = magnitudes
    .flatMap((value) => [value, ...by.map((divisor) => Math.floor(value / divisor) * divisor)])
    .flatMap((value) => [value - 1, value, value + 1])
    .flatMap((value) => [value, 0 - value])
    .filter((value) => Math.abs(value) <= INTEGER_MAX)
  const from = rowsToBatch(
    values.map((value) => ({ count: value })),
    [count],
  )
  for (const divisor of by) {
    const rest = [{ spec: count, expr: call('%', col(count), lit(divisor)) }]
    const left = compileLoop({ ...base, input: [count], output: rest }).run(from, listener())
    const expected = values.map((value) => Number(BigInt(value) % BigInt(divisor)))
    t.deepEqual(
      rows(left).map((row) => (row as { count: number }).count),
      expected,
    )
  }
})
