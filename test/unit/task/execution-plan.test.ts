/** Which stages a plan becomes, how they are chained, and how rows find their subtask. */
import test from 'ava'
import type { AggregateCore, PlanBlock } from '../../../shared/planning/plan.ts'
import { alignmentGroups } from '../../../shared/planning/execution/alignment-groups.ts'
import { keyGroupTable, planExecution } from '../../../shared/planning/execution/execution-plan.ts'
import { COLUMNS, planOf, sink, source, steps } from '../../integration/engine/engine-fixture.ts'

const CORE: AggregateCore = {
  kind: 'aggregate',
  input: COLUMNS.map((spec) => ({
    spec,
    expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable } as const,
  })),
  key: [0],
  window: {
    type: 'session',
    gapMs: 10,
    time: 'event',
    allowedLatenessMs: 0,
    earlyMs: null,
    emit: 'updates',
  },
  calls: [],
  passed: [],
  output: COLUMNS,
}

function planned(parallelism: number, ...blocks: readonly PlanBlock[]) {
  const options = { parallelism, isSingleSink: () => true }
  const execution = planExecution(planOf(...blocks), options)
  const chains = execution.chains.map((chain) => chain.map((at) => execution.stages[at]!.id))
  const routes = Object.fromEntries(
    execution.stages.map((stage) => [stage.id, stage.inputs.map((edge) => edge.route.kind)]),
  )
  return { execution, chains, routes }
}

test('execution plan: with one subtask everything with one input is one chain', (t) => {
  const { chains } = planned(
    1,
    source('in'),
    steps('clean', ['in']),
    steps('sums', ['clean'], { core: CORE }),
    sink('out', 'sums'),
  )
  t.deepEqual(chains, [['in', 'clean', 'sums/pre0', 'sums'], ['out']])
})

test('execution plan: a keyed core gets its rows by key group, a second of its key directly', (t) => {
  const { chains, routes } = planned(
    3,
    source('in'),
    steps('sums', ['in'], { core: CORE }),
    steps('again', ['sums'], { core: CORE }),
    steps('other', ['again'], { core: { ...CORE, key: [1] } }),
    sink('out', 'other'),
  )
  t.deepEqual(routes['sums'], ['hash'])
  t.deepEqual(routes['again'], ['forward'])
  t.deepEqual(routes['other'], ['hash'])
  t.deepEqual(routes['out'], ['single'])
  t.deepEqual(chains, [
    ['in', 'sums/pre0'],
    ['sums', 'again/pre0', 'again', 'other/pre0'],
    ['other'],
    ['out'],
  ])
})

test('execution plan: a core without a key has one subtask', (t) => {
  const { execution, routes } = planned(
    3,
    source('in'),
    steps('all', ['in'], { core: { ...CORE, key: [] } }),
    sink('out', 'all'),
  )
  t.deepEqual(routes['all'], ['single'])
  t.is(execution.stages.find((stage) => stage.id === 'all')!.parallelism, 1)
})

test('execution plan: steps of another parallelism get whole batches in turn', (t) => {
  const { routes } = planned(
    3,
    source('in', { parallelism: 1 }),
    steps('wide', ['in'], { parallelism: 3 }),
    sink('out', 'wide'),
  )
  t.deepEqual(routes['wide'], ['rebalance'])
})

test('execution plan: a union before a core starts a chain of its own', (t) => {
  const { chains } = planned(
    1,
    source('a'),
    source('b'),
    steps('sums', ['a', 'b'], { core: CORE }),
    sink('out', 'sums'),
  )
  t.deepEqual(chains, [['a', 'sums/pre0'], ['b', 'sums/pre1'], ['sums/core'], ['out']])
})

test('key group table: every subtask owns a group, neighbours differ by one at most', (t) => {
  for (const parallelism of [1, 2, 3, 7, 48, 720]) {
    const counts = Array.from({ length: parallelism }, () => 0)
    for (const owner of keyGroupTable(720, parallelism)) counts[owner]! += 1
    t.true(Math.max(...counts) - Math.min(...counts) <= 1, `parallelism ${parallelism}`)
  }
})

test('alignment groups: sources that meet in event-time state, and no others', (t) => {
  const { execution } = planned(
    1,
    source('a'),
    source('b'),
    source('c'),
    steps('sums', ['a', 'b'], { core: CORE }),
    steps('alone', ['c'], { core: CORE }),
    sink('out', 'sums'),
    sink('rest', 'alone'),
  )
  t.deepEqual(
    alignmentGroups(execution).map((group) => group.toSorted((x, y) => (x < y ? -1 : 1))),
    [['a', 'b']],
  )
})
