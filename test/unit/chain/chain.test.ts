/** Hunts: records that a chain loses, counts twice or lets out in part. */
import test from 'ava'
import { ChainOperator } from '../../../node/operators/chain/chain-operator.ts'
import type { ChainEnvironment } from '../../../node/operators/chain/compile-chain.ts'
import { overloadsWith } from '../../../node/operators/chain/user-functions.ts'
import { LookupTable } from '../../../node/operators/lookup/lookup-table.ts'
import type { OperatorContext, RecordFailure } from '../../../node/operators/operator.ts'
import { flatMap } from '../../../shared/api/function-definition.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { batchToRows, rowsToBatch } from '../../../shared/model/batch-rows.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { ProjectedColumn, Step } from '../../../shared/planning/plan.ts'
import { call, col, lit, spec } from '../compile/typed-trees.ts'

const id = spec('id', 'integer')
const word = spec('word', 'string')
const tags = spec('tags', 'array<string?>?')
const input = [id, word, tags]
const rows = [
  { id: 1, word: 'a', tags: ['x', 'y'], _time: 10 },
  { id: 2, word: 'b', tags: [], _time: 20 },
  { id: 3, word: 'c', tags: null, _time: 30 },
  { id: 4, word: 'd', tags: ['z', null, 'x'], _time: 40 },
]

interface Ran {
  readonly main: Record<string, unknown>[]
  readonly rejected: Record<string, unknown>[]
  readonly failures: RecordFailure[]
  readonly counters: OperatorContext['counters']
  readonly batches: Batch[]
}

function asItIs(column: ColumnSpec): ProjectedColumn {
  return { spec: column, expr: col(column) }
}

interface Case {
  readonly steps: readonly Step[]
  readonly output: readonly ColumnSpec[]
  readonly rejected?: readonly ColumnSpec[]
  readonly environment?: Partial<ChainEnvironment>
  readonly batches?: readonly Batch[]
}

function run({ steps, output, rejected = [], environment = {}, batches }: Case): Ran {
  const operator = new ChainOperator(
    { input, steps, output: output.map(asItIs), rejected },
    {
      overload: overloadsWith({}),
      table: (name) => {
        throw new Error(name)
      },
      ...environment,
    },
  )
  const emitted: Record<string, Batch[]> = { main: [], rejected: [] }
  const failures: RecordFailure[] = []
  const counters = {
    passed: 0,
    absorbed: 0,
    filtered: 0,
    duplicate: 0,
    late: 0,
    rejected: 0,
    expiredKeys: 0,
    droppedTimers: 0,
    unmatchedRetractions: 0,
  }
  operator.open({
    output: (name) => ({ emit: (batch) => emitted[name]?.push(batch), isFull: false }),
    fail: (failure) => failures.push(failure),
    wakeAt: () => {},
    now: () => 5,
    counters,
    subtask: 0,
    subtaskCount: 1,
  })
  for (const batch of batches ?? [rowsToBatch(rows, input)]) operator.onBatch(0, batch)
  const read = (name: string): Record<string, unknown>[] =>
    (emitted[name] ?? []).flatMap((batch) => batchToRows(batch))
  return {
    main: read('main'),
    rejected: read('rejected'),
    failures,
    counters,
    batches: emitted['main'] ?? [],
  }
}

const tag = spec('tag', 'string?')
const at = spec('at', 'integer')
const unnest: Step = {
  kind: 'unnest',
  list: col(tags),
  item: 'tag',
  itemColumns: [tag],
  index: 'at',
  keepEmpty: false,
}

test('unnest: one row per element with its index, records without elements are filtered', (t) => {
  const ran = run({ steps: [unnest], output: [id, tag, at] })
  t.deepEqual(ran.main, [
    { id: 1, tag: 'x', at: 0 },
    { id: 1, tag: 'y', at: 1 },
    { id: 4, tag: 'z', at: 0 },
    { id: 4, tag: null, at: 1 },
    { id: 4, tag: 'x', at: 2 },
  ])
  t.deepEqual([...(ran.batches[0]?.eventTime ?? [])], [10, 10, 40, 40, 40])
  t.like(ran.counters, { passed: 2, filtered: 2 })
})

test('unnest: keep_empty keeps a record without elements, with nulls', (t) => {
  const kept = { ...unnest, keepEmpty: true }
  const ran = run({ steps: [kept], output: [id, tag, spec('at', 'integer?')] })
  t.deepEqual(ran.main.slice(2, 4), [
    { id: 2, tag: null, at: null },
    { id: 3, tag: null, at: null },
  ])
  t.like(ran.counters, { passed: 4, filtered: 0 })
})

test('unnest: a struct in the list becomes its leaves', (t) => {
  const lines = spec('lines', 'array<{ sku: string, size: { w: integer }? }>')
  const leaves = [
    spec('line.sku', 'string'),
    spec('line.size.?', 'boolean'),
    spec('line.size.w', 'integer?'),
  ]
  const step: Step = {
    kind: 'unnest',
    list: col(lines),
    item: 'line',
    itemColumns: leaves,
    index: null,
    keepEmpty: false,
  }
  const batch = rowsToBatch(
    [
      {
        lines: [
          { sku: 'a', size: { w: 2 } },
          { sku: 'b', size: null },
        ],
      },
    ],
    [lines],
  )
  const operator = new ChainOperator(
    { input: [lines], steps: [step], output: leaves.map(asItIs) },
    { overload: overloadsWith({}), table: () => new LookupTable('t', []) },
  )
  let out: unknown
  operator.open({
    output: () => ({ emit: (made: Batch) => (out = batchToRows(made)), isFull: false }),
    counters: { passed: 0, filtered: 0, rejected: 0 },
  } as unknown as OperatorContext)
  operator.onBatch(0, batch)
  t.deepEqual(out, [{ line: { sku: 'a', size: { w: 2 } } }, { line: { sku: 'b', size: null } }])
})

test('chain: a record with one failing row is in no output and counted once', (t) => {
  const by: Step = {
    kind: 'project',
    columns: [
      { spec: id, expr: col(id) },
      { spec: at, expr: col(at) },
      { spec: spec('r', 'integer'), expr: call('%', col(id), call('-', col(at), lit(2))) },
    ],
  }
  const ran = run({ steps: [unnest, by], output: [id, at, spec('r', 'integer')] })
  t.deepEqual(ran.main, [
    { id: 1, at: 0, r: 1 },
    { id: 1, at: 1, r: 0 },
  ])
  t.is(ran.failures.length, 1)
  t.deepEqual(ran.failures[0]?.payload(), { id: 4, word: 'd', tags: ['z', null, 'x'] })
  t.like(ran.counters, { passed: 1, filtered: 2, rejected: 0 })
})

test('chain: rejected rows leave as they entered the step, with the rules they broke', (t) => {
  const rule = spec('_rule', 'array<string>')
  const steps: Step[] = [
    { kind: 'filter', predicate: call('<', col(id), lit(4)), role: 'where' },
    {
      kind: 'validate',
      rules: [{ name: 'odd', predicate: call('==', call('%', col(id), lit(2)), lit(1)) }],
      action: 'reject',
    },
  ]
  const ran = run({ steps, output: [id], rejected: [word, rule] })
  t.deepEqual(ran.main, [{ id: 1 }, { id: 3 }])
  t.deepEqual(ran.rejected, [{ word: 'b', _rule: ['odd'] }])
  t.like(ran.counters, { passed: 2, filtered: 1, rejected: 1 })
  t.is(run({ steps, output: [id] }).counters.rejected, 1)
})

test('flat_map: rows of the function, with event time of the record', (t) => {
  const out = [spec('part', 'string'), spec('n', 'integer?')]
  const definition = {
    run: (row: { id: number; word: string }) =>
      Array.from({ length: row.id - 1 }, (_, n) => ({
        part: `${row.word}${n}`,
        n: n === 0 ? undefined : n,
      })),
  }
  const step: Step = {
    kind: 'flat_map',
    fn: { ref: './f.ts#parts', definition },
    input: [id, word],
    output: out,
  }
  const ran = run({ steps: [step], output: out })
  t.deepEqual(ran.main.slice(0, 3), [
    { part: 'b0', n: null },
    { part: 'c0', n: null },
    { part: 'c1', n: 1 },
  ])
  t.like(ran.counters, { passed: 3, filtered: 1 })
})

test('flat_map: fields that nobody reads are checked and left out', (t) => {
  const definition = flatMap({
    output: { part: 'string', unread: 'integer' },
    run: () => [{ part: 'a', unread: 1 }],
  })
  const out = [spec('part', 'string')]
  const step: Step = {
    kind: 'flat_map',
    fn: { ref: './f.ts#parts', definition },
    input: [id],
    output: out,
  }
  t.deepEqual(run({ steps: [step], output: out }).main[0], { part: 'a' })
  t.deepEqual(run({ steps: [step], output: [] }).counters.passed, 4)
})

test('flat_map: what throws or gives rubbish fails its record and leaves nothing of it', (t) => {
  const out = [spec('part', 'string')]
  const given: Record<number, () => unknown> = {
    1: () => [{ part: 'fine' }],
    2: () => [{ part: 'lost' }, { part: 7 }],
    3: () => 'text',
    4: () => [{ part: 'lost', prt: 1 }],
  }
  const definition = { run: (row: { id: number }) => given[row.id]?.() }
  const step: Step = {
    kind: 'flat_map',
    fn: { ref: './f.ts#parts', definition },
    input: [id],
    output: out,
  }
  const ran = run({ steps: [step], output: out })
  t.deepEqual(ran.main, [{ part: 'fine' }])
  t.deepEqual(
    ran.failures.map((failure) => failure.message),
    [
      'a row of flat_map ./f.ts#parts: part is 7, which is no string',
      'flat_map ./f.ts#parts gave "text", which is no list of rows',
      'a row of flat_map ./f.ts#parts has a field prt, which its output does not declare',
    ],
  )
  t.like(ran.counters, { passed: 1, filtered: 0 })
})

const tableColumns = [spec('key', 'string?'), spec('low', 'integer'), spec('name', 'string')]
function pricesTable(): LookupTable {
  const table = new LookupTable('prices', tableColumns)
  table.replace([
    rowsToBatch(
      [
        { key: 'a', low: 1, name: 'A1' },
        { key: 'b', low: 5, name: 'B5' },
      ],
      tableColumns,
    ),
    rowsToBatch(
      [
        { key: 'a', low: 0, name: 'A0' },
        { key: null, low: 0, name: 'none' },
      ],
      tableColumns,
    ),
  ])
  return table
}
const lookup: Extract<Step, { kind: 'lookup' }> = {
  kind: 'lookup',
  alias: 'p',
  table: 'prices',
  type: 'left',
  equal: [{ left: col(word), right: 'key' }],
  residual: null,
  columns: [spec('p.?', 'boolean'), spec('p.low', 'integer?'), spec('p.name', 'string?')],
  onError: 'fail',
}
const found = [id, spec('p.?', 'boolean'), spec('p.name', 'string?')]

test('lookup: every match in the order of the table; left keeps a row without one', (t) => {
  const table = pricesTable()
  const ran = run({ steps: [lookup], output: found, environment: { table: () => table } })
  t.deepEqual(ran.main, [
    { id: 1, p: { name: 'A1' } },
    { id: 1, p: { name: 'A0' } },
    { id: 2, p: { name: 'B5' } },
    { id: 3, p: null },
    { id: 4, p: null },
  ])
  t.like(ran.counters, { passed: 4, filtered: 0 })
  t.is(table.hitRate, 0.5)
})

test('lookup: inner drops misses, and what is left of the condition judges matches', (t) => {
  const residual = call('>', col(spec('p.low', 'integer?')), call('-', col(id), lit(1)))
  const environment = { table: () => pricesTable() }
  const left = run({ steps: [{ ...lookup, residual }], output: found, environment })
  t.deepEqual(
    left.main.map((row) => row['p']),
    [{ name: 'A1' }, { name: 'B5' }, null, null],
  )
  const inner = run({ steps: [{ ...lookup, residual, type: 'inner' }], output: [id], environment })
  t.deepEqual(inner.main, [{ id: 1 }, { id: 2 }])
  t.like(inner.counters, { passed: 2, filtered: 2 })
})

test('lookup: a replaced table answers anew', (t) => {
  const table = pricesTable()
  table.replace([rowsToBatch([{ key: 'd', low: 1, name: 'D' }], tableColumns)])
  const ran = run({
    steps: [{ ...lookup, type: 'inner' }],
    output: found,
    environment: { table: () => table },
  })
  t.deepEqual(ran.main, [{ id: 4, p: { name: 'D' } }])
})

test('chain: batches of a union with other orders and layouts are brought to one', (t) => {
  const dict = { ...word, layout: 'dict' as const }
  const other = rowsToBatch([{ id: 9, word: 'q', tags: null }], [dict, id, tags])
  const ran = run({
    steps: [],
    output: [word, id],
    batches: [rowsToBatch(rows.slice(0, 1), input), other],
  })
  t.deepEqual(ran.main, [
    { word: 'a', id: 1 },
    { word: 'q', id: 9 },
  ])
})
