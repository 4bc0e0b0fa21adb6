/**
 * The join of appended rows against the general one: the same batches, in random cuts and out of
 * order, of sizes that make kept batches, compactions and sweeps; and against what it must let go.
 */
import test from 'ava'
import {
  joinOperator,
  pairColumns,
  type PairPredicate,
} from '../../../node/operators/join/join-operator.ts'
import { AppendJoin } from '../../../node/operators/join/append/append-join.ts'
import { KeyedJoin } from '../../../node/operators/join/keyed-join.ts'
import {
  DONE,
  type Operator,
  type OperatorContext,
  type OperatorCounters,
  type Progress,
} from '../../../node/operators/operator.ts'
import type { KeptBatches } from '../../../node/state/kept/kept-batches.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'
import { compilePredicate } from '../../../shared/expr/compile/compile-predicate.ts'
import type { JoinCore } from '../../../shared/planning/plan.ts'
import { overload } from '../compile/typed-trees.ts'
import { CountingStore } from '../state/counting-store.ts'

type Scalar = 'integer' | 'string' | 'number' | 'timestamp'
const column = (path: string, kind: Scalar, nullable = false): ColumnSpec =>
  columnOf(path, { type: { kind }, nullable })

const timeAt = (path: string) =>
  ({ node: 'column', path, type: { kind: 'timestamp' }, nullable: false }) as const

const noteColumn: ColumnSpec = { ...column('n', 'string', true), layout: 'utf8' }

interface Case {
  readonly key: 'integer' | 'string' | 'number'
  readonly keys: number
  readonly bounds: readonly [number, number] | null
  readonly hasResidual: boolean
  readonly rowsMax: number
  readonly batchRows?: number
  /** The fast join judges the condition in its loop. */
  readonly isJudgedInLoop?: boolean
  /** Batches hold much larger buffers than their rows need. */
  readonly isPinning?: boolean
}

function coreOf(of: Case): JoinCore {
  const columns = [column('k', of.key, true), column('at', 'timestamp'), noteColumn]
  const input = columns.map((spec) => ({
    spec,
    expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable } as const,
  }))
  const side = {
    input,
    key: [0],
    kept: [0, 1, 2],
    edge: 'append',
    uniqueKey: null,
    keepLongerMs: 0,
  } as const
  return {
    kind: 'join',
    alias: 'r',
    type: 'inner',
    mode:
      of.bounds === null
        ? { kind: 'updating' }
        : { kind: 'interval', lowMs: of.bounds[0], highMs: of.bounds[1] },
    left: side,
    right: side,
    residual: of.hasResidual
      ? {
          node: 'call',
          overload: 'ge.timestamp',
          type: { kind: 'boolean' },
          nullable: false,
          args: [timeAt('at'), timeAt('r.at')],
        }
      : null,
    output: [...columns, ...columns.map((spec) => ({ ...spec, path: `r.${spec.path}` }))],
  }
}

/** By hand, every third millisecond of the left row matches nothing; compiled it is the condition. */
function predicateOf(core: JoinCore, isCompiled = false): PairPredicate | null {
  if (core.residual === null) return null
  if (isCompiled) {
    const compiled = compilePredicate(core.residual, pairColumns(core), overload)
    return (pairs, fail) => compiled.run(pairs, fail)
  }
  const at = pairColumns(core).findIndex(({ path }) => path === 'at')
  return ({ length, columns }) =>
    Uint8Array.from({ length }, (_, row) => ((valueAt(columns[at]!, row) as number) % 3 ? 1 : 0))
}

/** Runs one operator; its output is full now and then. */
class Harness {
  readonly rows: string[] = []
  readonly counters = { late: 0, absorbed: 0 } as OperatorCounters
  readonly operator: Operator
  #isFull = false
  #emitted = 0

  constructor(operator: Operator) {
    this.operator = operator
    const output = { emit: (batch: Batch) => this.#take(batch), isFull: false }
    Object.defineProperty(output, 'isFull', { get: () => this.#isFull })
    const context: Partial<OperatorContext> = {
      output: () => output,
      counters: this.counters,
      fail: () => {
        throw new TypeError('no pair fails')
      },
    }
    operator.open(context as OperatorContext)
  }

  finish(progress: Progress): void {
    for (let last = progress; last !== DONE; last = this.operator.resume()) this.#isFull = false
    this.#isFull = false
  }

  #take(batch: Batch): void {
    if (this.#isFull) throw new TypeError('nothing is emitted while the output is full')
    this.#isFull = this.#emitted++ % 3 === 2
    for (let row = 0; row < batch.length; row++) {
      const values = batch.columns.map((one) => valueAt(one, row))
      this.rows.push(JSON.stringify([...values, batch.eventTime[row]]))
    }
  }
}

function batchesOf(of: Case, random: SeededRandom, core: JoinCore, start: number): Batch {
  const length = 1 + random.below(of.rowsMax)
  const columns = core.left.input.map(({ spec }) => spec)
  const builder = new BatchBuilder({ columns }, length)
  for (let row = 0; row < length; row++) {
    const number = random.below(of.keys)
    const key = of.key === 'string' ? `k${number}` : number - of.keys / 2
    const time = start + random.below(150) - 40
    const isRogue = random.below(3000) === 0
    builder.append(
      [
        random.below(20) === 0 ? null : key,
        start * 7 + row,
        random.below(4) === 0 ? null : `note ${random.below(100)}`,
      ],
      isRogue ? time + 2000 : time,
    )
  }
  const batch = builder.finish()
  return of.isPinning === true ? pinning(batch) : batch
}

/** The same rows in text buffers of 4 MiB. */
function pinning(batch: Batch): Batch {
  const columns = batch.columns.map((one): Column => {
    if (one.layout !== 'utf8') return one
    const bytes = new Uint8Array(4 << 20)
    bytes.set(one.bytes)
    return { ...one, bytes }
  })
  return { ...batch, columns }
}

function compare(of: Case, steps: number): [Harness, Harness, CountingStore] {
  const random = new SeededRandom(1)
  const core = coreOf(of)
  const store = new CountingStore(new CountingMemory())
  const isJudged = of.isJudgedInLoop === true
  const options = { core, predicate: predicateOf(core, isJudged), ttlMs: null }
  const batchRows = of.batchRows === undefined ? {} : { batchRows: of.batchRows }
  const judged = isJudged ? { overload, predicate: judgedElsewhere } : {}
  const fast = joinOperator({ ...options, ...batchRows, ...judged, store })
  if (!(fast instanceof AppendJoin)) throw new TypeError('appended rows have their own join')
  const slow = new KeyedJoin({ ...options, store: new StateStore(new CountingMemory()) })
  const [one, other] = [new Harness(fast), new Harness(slow)]
  let watermark = 0
  for (let step = 0; step < steps; step++) {
    const batch = batchesOf(of, random, core, watermark)
    const side = random.below(2)
    for (const harness of [one, other]) harness.finish(harness.operator.onBatch(side, batch))
    if (random.below(2) === 0) continue
    watermark += random.below(60)
    for (const { operator } of [one, other]) operator.onWatermark(watermark)
  }
  return [one, other, store]
}

const judgedElsewhere: PairPredicate = () => {
  throw new TypeError('the loop judges pairs')
}

const CASES: readonly (readonly [string, Case, number])[] = [
  ['for ever', { key: 'integer', keys: 3000, bounds: null, hasResidual: false, rowsMax: 3000 }, 16],
  [
    'for ever, out of large buffers,',
    {
      key: 'integer',
      keys: 3000,
      bounds: null,
      hasResidual: false,
      rowsMax: 2000,
      isPinning: true,
    },
    20,
  ],
  [
    'with text keys',
    { key: 'string', keys: 300, bounds: null, hasResidual: true, rowsMax: 400 },
    30,
  ],
  ['with few keys', { key: 'number', keys: 3, bounds: null, hasResidual: true, rowsMax: 60 }, 20],
  [
    'within a time',
    { key: 'integer', keys: 900, bounds: [0, 120], hasResidual: true, rowsMax: 2500 },
    60,
  ],
  [
    'within a time, judged in the loop,',
    {
      key: 'integer',
      keys: 60_000,
      bounds: [-60, 120],
      hasResidual: true,
      isJudgedInLoop: true,
      rowsMax: 4000,
    },
    60,
  ],
  [
    'within a time, judged in the loop, in small batches,',
    {
      key: 'integer',
      keys: 20,
      bounds: [-30, 90],
      hasResidual: true,
      isJudgedInLoop: true,
      rowsMax: 90,
      batchRows: 7,
    },
    60,
  ],
  [
    'within a time, out of large buffers,',
    {
      key: 'integer',
      keys: 3000,
      bounds: [0, 300],
      hasResidual: false,
      rowsMax: 2000,
      isPinning: true,
    },
    40,
  ],
  [
    'within a time around',
    { key: 'string', keys: 200, bounds: [-50, 50], hasResidual: false, rowsMax: 300 },
    200,
  ],
  [
    'in small batches of pairs',
    { key: 'integer', keys: 20, bounds: [-30, 90], hasResidual: true, rowsMax: 90, batchRows: 7 },
    120,
  ],
]

for (const [name, of, steps] of CASES) {
  test(`append join: ${name} equals the general join`, (t) => {
    const [one, other, store] = compare(of, steps)
    t.true(one.rows.length > 0)
    t.is(one.rows.length, other.rows.length)
    t.deepEqual(one.rows.toSorted(), other.rows.toSorted())
    t.deepEqual(one.counters, other.counters)
    if (of.isPinning === true) t.true(store.moves > 0, 'rows were moved together')
  })
}

test('append join: pairs of one row come out in the order in which its partners came', (t) => {
  const of: Case = { key: 'integer', keys: 1, bounds: null, hasResidual: false, rowsMax: 50 }
  const core = coreOf(of)
  const operator = joinOperator({
    core,
    predicate: null,
    ttlMs: null,
    store: new StateStore(new CountingMemory()),
  })
  const harness = new Harness(operator)
  const random = new SeededRandom(5)
  for (let step = 0; step < 5; step++) {
    harness.finish(operator.onBatch(0, batchesOf({ ...of }, random, core, step * 100)))
  }
  const builder = new BatchBuilder({ columns: core.right.input.map(({ spec }) => spec) }, 1)
  builder.append([-0.5, 9999, null], 0)
  harness.finish(operator.onBatch(1, builder.finish()))
  const order = harness.rows.map((row) => (JSON.parse(row) as number[])[1])
  t.true(order.length > 20)
  t.deepEqual(
    order,
    order.toSorted((a, b) => (a as number) - (b as number)),
  )
})

/** Its kept rows of each side can be told to have had many rows before. */
class AgingStore extends StateStore {
  readonly #kept: KeptBatches[] = []

  override kept(...options: Parameters<StateStore['kept']>): KeptBatches {
    const made = super.kept(...options)
    this.#kept.push(made)
    return made
  }

  /** As if so many batches of a side had come and gone. */
  age(side: number, batches: number): void {
    const { ledger } = this.#kept[side] as unknown as { ledger: { first: number; next: number } }
    if (ledger.first !== ledger.next) throw new TypeError('no row is kept')
    // The next one lies in the slot in which the first one did.
    const number = ((ledger.next + batches) & 0xf_ff_f0) | 1
    Object.assign(ledger, { first: number, next: number })
    Object.assign(this.#kept[side]!, { first: number << 12 })
  }
}

test('append join: a key that stays by its other side forgets rows before their numbers come again', (t) => {
  const of: Case = {
    key: 'integer',
    keys: 8,
    bounds: [-100, 100],
    hasResidual: false,
    rowsMax: 1,
  }
  const core = coreOf(of)
  const store = new AgingStore(new CountingMemory())
  const operator = joinOperator({ core, predicate: null, ttlMs: null, store })
  const harness = new Harness(operator)
  const give = (side: number, key: number, time: number): void => {
    const builder = new BatchBuilder({ columns: core.left.input.map(({ spec }) => spec) }, 1)
    builder.append([key, time, null], time)
    harness.finish(operator.onBatch(side, builder.finish()))
  }
  give(1, 1, 0)
  let time = 0
  for (let step = 0; step < 40; step++) {
    time += 50
    give(0, 1, time)
    operator.onWatermark(time - 10)
    if (step < 10) continue
    // Four billion rows of the right side in the end: the first one's number names another row.
    if (step % 4 === 1) store.age(1, 2 ** 17)
  }
  harness.rows.length = 0
  give(1, 2, time)
  give(0, 1, time)
  t.deepEqual(harness.rows, [])
  give(0, 2, time)
  t.is(harness.rows.length, 1)
})

test('append join: a long run within a time holds no more memory than a short one', (t) => {
  const of: Case = {
    key: 'integer',
    keys: 1e6,
    bounds: [0, 100],
    hasResidual: false,
    rowsMax: 3000,
  }
  const core = coreOf(of)
  const memory = new CountingMemory()
  const operator = joinOperator({
    core,
    predicate: null,
    ttlMs: null,
    store: new StateStore(memory),
  })
  const harness = new Harness(operator)
  const random = new SeededRandom(9)
  let early = 0
  for (let step = 0; step < 400; step++) {
    const batch = batchesOf(of, random, core, step * 40)
    harness.finish(operator.onBatch(step % 2, batch))
    operator.onWatermark(step * 40)
    if (step === 60) early = memory.usedBytes
  }
  t.true(memory.usedBytes < early * 2, `${memory.usedBytes} after ${early}`)
})
