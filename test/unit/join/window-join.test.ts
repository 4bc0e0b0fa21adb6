/**
 * Window joins that collect rows until the firing, against the general path, which keeps rows by
 * key: the same rows come out, whatever batches, layouts of text and back-pressure do.
 */
import test from 'ava'
import { joinOperator } from '../../../node/operators/join/join-operator.ts'
import { KeyedJoin } from '../../../node/operators/join/keyed-join.ts'
import { WindowJoin } from '../../../node/operators/join/window/window-join.ts'
import { DONE, type Operator, type OperatorContext } from '../../../node/operators/operator.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { rowAt } from '../../../shared/model/batch-rows.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { JoinCore } from '../../../shared/planning/plan.ts'
import {
  joinCore,
  leftColumns,
  residualPredicate,
  rightColumns,
  type JoinCase,
} from './join-subject.ts'

const TYPES: readonly JoinCore['type'][] = ['inner', 'left', 'right', 'full', 'semi', 'anti']
const WINDOW_MS = 100

interface Setup {
  readonly type: JoinCore['type']
  readonly hasResidual?: boolean
  /** Texts of the right key come by dictionary. */
  readonly isMixed?: boolean
  readonly batchRows?: number
}

function coreOf({ type, hasResidual = false, isMixed = false }: Setup): JoinCore {
  const of: JoinCase = {
    type,
    mode: { kind: 'window' },
    left: 'append',
    right: 'append',
    hasResidual,
  }
  const core = joinCore(of)
  if (!isMixed) return core
  const input = core.right.input.map((one, index) =>
    index === 0 ? { ...one, spec: { ...one.spec, layout: 'dict' as const } } : one,
  )
  const output = core.output.map((spec) =>
    spec.path === 'r.k' ? { ...spec, layout: 'dict' as const } : spec,
  )
  return { ...core, right: { ...core.right, input }, output }
}

type Step =
  | { readonly kind: 'batch'; readonly input: number; readonly batch: Batch }
  | { readonly kind: 'watermark'; readonly time: number }

/** Batches of several windows, in any order within the lead of a side, some rows late. */
function stepsOf(
  random: SeededRandom,
  core: JoinCore,
  size: { rows: number; keys: number },
): Step[] {
  const steps: Step[] = []
  for (let window = 0; window < 6; window++) {
    for (let turn = 0; turn < 3; turn++) {
      const input = random.below(2)
      const specs = (input === 0 ? core.left : core.right).input.map(({ spec }) => spec)
      const builder = new BatchBuilder({ columns: specs }, size.rows)
      const length = 1 + random.below(random.below(2) === 0 ? 5 : size.rows)
      for (let row = 0; row < length; row++) {
        const lead = random.below(8) === 0 ? random.below(4) - 1 : 0
        const end = (window + 1 + lead) * WINDOW_MS
        const key = random.below(10) === 0 ? null : `k${random.below(size.keys)}`
        const values =
          input === 0
            ? [key, end, random.below(10), random.below(3) === 0 ? null : `n${random.below(3)}`]
            : [key, end, random.below(5) === 0 ? null : random.below(10)]
        builder.append(values, end - 1)
      }
      steps.push({ kind: 'batch', input, batch: builder.finish() })
    }
    steps.push({ kind: 'watermark', time: (window + 1) * WINDOW_MS - 1 })
  }
  return [...steps, { kind: 'watermark', time: Number.POSITIVE_INFINITY }]
}

interface Run {
  /** Sorted. */
  readonly rows: string[]
  readonly late: number
  readonly absorbed: number
  readonly memory: CountingMemory
}

function run(make: Maker, setup: Setup, steps: readonly Step[]): Run {
  const core = coreOf(setup)
  const memory = new CountingMemory()
  const { batchRows } = setup
  const operator = make({
    core,
    store: new StateStore(memory),
    predicate: residualPredicate(core),
    ttlMs: null,
    ...(batchRows === undefined ? {} : { batchRows }),
  })
  const rows: string[] = []
  // Full after every batch that is emitted, so that the operator stops wherever it can.
  const output = {
    isFull: true,
    emit: (batch: Batch) => {
      for (let row = 0; row < batch.length; row++) {
        rows.push(JSON.stringify([batch.eventTime[row], rowAt(batch, row)]))
      }
    },
  }
  const counters = { late: 0, absorbed: 0 } as OperatorContext['counters']
  operator.open({ output: () => output, counters, fail: () => {} } as unknown as OperatorContext)
  for (const step of steps) {
    let progress =
      step.kind === 'batch'
        ? operator.onBatch(step.input, step.batch)
        : operator.onWatermark(step.time)
    while (progress !== DONE) progress = operator.resume()
  }
  const { late, absorbed } = counters
  return { rows: rows.toSorted(), late, absorbed, memory }
}

type Maker = (options: ConstructorParameters<typeof WindowJoin>[0]) => Operator
const collected: Maker = (options) => new WindowJoin(options)
const general: Maker = (options) => new KeyedJoin(options)

for (const type of TYPES) {
  for (const hasResidual of [false, true]) {
    const title = `${type}${hasResidual ? ', with a condition' : ''}`
    test(`window join: ${title}: collected rows meet as rows by key do`, (t) => {
      for (let seed = 0; seed < 4; seed++) {
        const setup = {
          type,
          hasResidual,
          isMixed: seed % 3 === 0,
          ...(seed % 2 === 0 ? { batchRows: 3 } : {}),
        }
        const size = seed % 4 === 3 ? { rows: 3000, keys: 900 } : { rows: 12, keys: 5 }
        const steps = stepsOf(new SeededRandom(seed), coreOf(setup), size)
        const expected = run(general, setup, steps)
        const actual = run(collected, setup, steps)
        t.deepEqual(actual.rows, expected.rows, `seed ${seed}`)
        t.is(actual.late, expected.late)
        t.is(actual.absorbed, expected.absorbed)
        t.true(expected.rows.length > 0)
      }
    })
  }
}

function operatorOf(of: JoinCase): Operator {
  const store = new StateStore(new CountingMemory())
  return joinOperator({ core: joinCore(of), store, predicate: null, ttlMs: null })
}

test('window join: which rows are kept is told by the edges and by lateness', (t) => {
  const of: JoinCase = { type: 'inner', mode: { kind: 'window' }, left: 'append', right: 'append' }
  t.true(operatorOf(of) instanceof WindowJoin)
  t.true(operatorOf({ ...of, right: 'retract' }) instanceof KeyedJoin)
  t.true(operatorOf({ ...of, leftLateness: 10 }) instanceof KeyedJoin)
})

test('window join: memory does not grow with the windows that have fired', (t) => {
  const core = coreOf({ type: 'inner' })
  const steps: Step[] = []
  for (let window = 0; window < 60; window++) {
    for (const input of [0, 1]) {
      const columns = input === 0 ? leftColumns : rightColumns
      const builder = new BatchBuilder({ columns }, 2000)
      for (let row = 0; row < 2000; row++) {
        const end = (window + 1) * WINDOW_MS
        builder.append(input === 0 ? [`k${row}`, end, 1, 'n'] : [`k${row}`, end, 1], end - 1)
      }
      steps.push({ kind: 'batch', input, batch: builder.finish() })
    }
    steps.push({ kind: 'watermark', time: (window + 1) * WINDOW_MS - 1 })
  }
  const { rows, memory } = run(collected, { type: 'inner' }, steps)
  t.is(rows.length, 60 * 2000)
  t.is(core.output.length, 7)
  const few = run(collected, { type: 'inner' }, steps.slice(0, 15)).memory
  t.true(memory.peakBytes <= few.peakBytes * 1.5, `${memory.peakBytes} and ${few.peakBytes}`)
})
