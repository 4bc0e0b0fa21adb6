/**
 * Process functions: state, timers and rows kept on return and discarded on a throw, ends, and
 * every delivery of the conformance kit.
 */
import test from 'ava'
import { checkConformance } from '../../conformance/kit/conformance.ts'
import { plainDelivery } from '../../conformance/kit/delivery.ts'
import { drive } from '../../conformance/kit/drive.ts'
import type { Script } from '../../conformance/kit/script.ts'
import type { Subject } from '../../conformance/kit/subject.ts'
import { ProcessOperator } from '../../../node/operators/process/process-operator.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import type {
  ProcessContext,
  ProcessorDefinition,
} from '../../../shared/api/processor-definition.ts'
import { list, map, processor, value } from '../../../shared/api/processor.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import type { ProcessCore } from '../../../shared/planning/plan.ts'

const inputTokens = { k: 'string', amount: 'integer?' } as const

function subject(
  definition: ProcessorDefinition,
  isKeyed = true,
  ttl: { readonly ttlMs?: number; readonly ttlByProcessingTime?: boolean } = {},
): Subject {
  const columns = columnsOf(definition.input!)
  const sides = Object.fromEntries(
    Object.entries(definition.outputs).map(([name, fields]) => [name, columnsOf(fields)]),
  )
  const core: ProcessCore = {
    kind: 'process',
    input: columns.map((spec) => ({
      spec,
      expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable },
    })),
    key: isKeyed ? [0] : [],
    fn: { ref: './f.ts#f' },
    with: { factor: 2 },
    output: columnsOf(definition.output),
    sides,
  }
  const outputs = Object.entries({ main: core.output, ...sides }).map(
    ([name, own]) => [name, { columns: own, edge: 'append' as const }] as const,
  )
  return {
    name: 'process',
    inputs: [{ columns, edge: 'append', key: core.key }],
    outputs: Object.fromEntries(outputs),
    build: () =>
      new ProcessOperator({
        core,
        definition,
        store: new StateStore(new CountingMemory()),
        ttlMs: ttl.ttlMs ?? null,
        ttlByProcessingTime: ttl.ttlByProcessingTime ?? false,
        batchRows: 3,
      }),
  }
}

const row = (k: string, amount: number | null, time: number): Script[number] => ({
  kind: 'row',
  input: 0,
  row: { values: [k, amount], time, change: 0 },
})
const watermark = (time: number): Script[number] => ({ kind: 'watermark', input: 0, time })
const now = (time: number): Script[number] => ({ kind: 'now', time })
const END: Script[number] = { kind: 'end', input: 0 }

function play(
  definition: ProcessorDefinition,
  script: Script,
  ttl: Parameters<typeof subject>[2] = {},
) {
  const delivery = plainDelivery(new SeededRandom(1))
  const made = subject(definition, true, ttl)
  const observed = drive(made, script, { delivery, isCalm: false })
  const rows = (name: string): unknown[] =>
    observed.emitted[name]!.map((one) => [...one.values, one.eventTime])
  return { observed, rows }
}

const everything = processor({
  input: inputTokens,
  output: { k: 'string', seen: 'integer', sum: 'integer', kinds: 'integer', text: 'string' },
  state: { seen: value('integer'), amounts: list('integer'), kinds: map('string', 'integer') },
  outputs: { odd: { k: 'string', at: 'timestamp' } },
  onRecord(r, ctx) {
    const seen = (ctx.state.seen.get() ?? 0) + 1
    ctx.state.seen.set(seen)
    if (r.amount !== null) ctx.state.amounts.add(r.amount)
    const kind = `kind ${(r.amount ?? 0) % 3}`
    ctx.state.kinds.set(kind, (ctx.state.kinds.get(kind) ?? 0) + 1)
    if (seen % 7 === 0) ctx.state.kinds.delete('kind 0')
    if (seen % 11 === 0) ctx.state.amounts.clear()
    if (r.amount === 13) throw new Error('unlucky')
    const sum = ctx.state.amounts.values().reduce((total, one) => total + one, 0)
    const text = [...ctx.state.kinds.entries()].map(([key, count]) => `${key}=${count}`).join()
    ctx.emit({ k: r.k, seen, sum, kinds: ctx.state.kinds.size, text })
    if ((r.amount ?? 0) % 2 === 1) ctx.emitTo('odd', { k: r.k, at: new Date(ctx.time) })
    ctx.timers.event(ctx.time + 50)
  },
  onTimer(time, ctx) {
    ctx.emitTo('odd', { k: `timer ${String(ctx.key)}`, at: new Date(time) })
  },
})

test('process: the same rows come out whatever the cuts, push-back and subtasks', (t) => {
  t.notThrows(() =>
    checkConformance({
      subject: subject(everything),
      inputs: [
        {
          row: (random) => [`k${random.below(4)}`, random.below(5) === 0 ? null : random.below(20)],
        },
      ],
      seeds: 12,
    }),
  )
})

test('process: without a key there is one state for all', (t) => {
  t.notThrows(() =>
    checkConformance({
      subject: subject(everything, false),
      inputs: [{ row: (random) => [`k${random.below(4)}`, random.below(20)] }],
      seeds: 4,
    }),
  )
})

test('process: a call that throws leaves no row, no state and no timer behind', (t) => {
  const definition = processor({
    input: inputTokens,
    output: { n: 'integer' },
    state: { n: value('integer'), all: list('integer'), by: map('string', 'integer') },
    onRecord(r, ctx) {
      const n = (ctx.state.n.get() ?? 0) + 1
      ctx.state.n.set(n)
      ctx.state.all.add(n)
      ctx.state.by.set(`${n}`, n)
      ctx.timers.event(100)
      ctx.emit({ n: n * 100 + ctx.state.all.size * 10 + ctx.state.by.size })
      if (r.amount === null) throw new Error('no amount')
    },
    onTimer(_time, ctx) {
      ctx.emit({ n: -1 })
    },
  })
  const { observed, rows } = play(definition, [
    row('a', null, 1),
    row('a', 1, 2),
    row('a', null, 3),
    row('a', 1, 4),
    END,
  ])
  t.deepEqual(rows('main'), [
    [111, 2],
    [222, 4],
    [-1, 100],
  ])
  t.deepEqual(observed.failures, ['PROCESS_THREW', 'PROCESS_THREW'])
  t.is(observed.counters['absorbed'], 2)
})

test('process: event timers fire in order when the watermark passes them, once', (t) => {
  const definition = processor({
    input: inputTokens,
    output: { text: 'string' },
    onRecord(r, ctx) {
      ctx.timers.event(r.amount!)
      ctx.timers.event(r.amount!)
      if (r.amount === 30) ctx.timers.delete(20)
    },
    onTimer(time, ctx) {
      ctx.emit({ text: `${String(ctx.key)} ${time} at ${ctx.watermark}` })
      if (time < 100) ctx.timers.event(time - 1) // has passed: fires with the next watermark
    },
  })
  const script = [
    row('a', 20, 1),
    row('b', 10, 2),
    row('a', 30, 3),
    watermark(15),
    watermark(30),
    END,
  ]
  const { observed, rows } = play(definition, script)
  t.deepEqual(rows('main'), [
    ['b 10 at 15', 10],
    ['b 9 at 30', 9],
    ['a 30 at 30', 30],
    ['b 8 at Infinity', 8],
    ['a 29 at Infinity', 29],
  ])
  t.is(observed.counters['droppedTimers'], 2)
})

test('process: processing timers fire by the clock, and are dropped and counted at the end', (t) => {
  const definition = processor({
    input: inputTokens,
    output: { text: 'string' },
    onRecord(r, ctx) {
      ctx.timers.processing(r.amount!)
    },
    onTimer(time, ctx) {
      ctx.emit({ text: `${String(ctx.key)} ${time}` })
    },
  })
  const { observed, rows } = play(definition, [row('a', 50, 1), row('b', 500, 2), now(60), END])
  t.deepEqual(rows('main'), [['a 50', 50]])
  t.is(observed.counters['droppedTimers'], 1)
})

test('process: rubbish is refused with a code, even when the function catches it', (t) => {
  const acts: Record<string, (ctx: ProcessContext) => unknown> = {
    PROCESS_ROW_INVALID: (ctx) => ctx.emit('text'),
    VALUE_TYPE_WRONG: (ctx) => {
      try {
        ctx.emit({ n: 'one' })
      } catch {
        // swallowed
      }
    },
    PROCESS_OUTPUT_UNKNOWN: (ctx) => ctx.emitTo('nowhere', { n: 1 }),
    PROCESS_TIMER_INVALID: (ctx) => ctx.timers.event(Number.NaN),
    PROCESS_THREW: async (ctx) => ctx.emit({ n: 1 }),
  }
  for (const [code, act] of Object.entries(acts)) {
    const definition = processor({
      input: inputTokens,
      output: { n: 'integer' },
      onRecord: (_r, ctx) => act(ctx as unknown as ProcessContext) as void,
    })
    const { observed, rows } = play(definition, [row('a', 1, 1), END])
    t.deepEqual(observed.failures, [code])
    t.deepEqual(rows('main'), [])
  }
})

test('process: the context refuses to be used after the call', (t) => {
  let kept: { emit(row: { n: number }): void } | null = null
  const definition = processor({
    input: inputTokens,
    output: { n: 'integer' },
    onRecord(_r, ctx) {
      kept = ctx
    },
  })
  play(definition, [row('a', 1, 1), END])
  t.throws(() => kept!.emit({ n: 1 }), { message: /after its call had returned/ })
})

const counting = processor({
  input: inputTokens,
  output: { n: 'integer' },
  state: { n: value('integer'), all: list('integer'), by: map('integer', 'integer') },
  onRecord(r, ctx) {
    const n = ctx.state.n.get() ?? 0
    ctx.emit({ n: n * 100 + ctx.state.all.size * 10 + ctx.state.by.size })
    if (r.amount === null) return // only reads
    ctx.state.n.set(n + 1)
    ctx.state.all.add(r.amount)
    ctx.state.by.set(r.amount, 1)
  },
})

for (const ttlByProcessingTime of [false, true]) {
  const clock = ttlByProcessingTime ? 'the clock' : 'the watermark'
  test(`process: ttl forgets a key that was not written for so long, by ${clock}`, (t) => {
    const time = ttlByProcessingTime ? now : watermark
    const script = [
      time(0),
      row('a', 1, 1),
      row('b', 1, 1),
      time(60),
      row('a', 2, 61),
      row('b', null, 61),
      time(120),
      row('a', 3, 121),
      row('b', 3, 121),
      END,
    ]
    const { observed, rows } = play(counting, script, { ttlMs: 100, ttlByProcessingTime })
    t.deepEqual(
      rows('main').map((one) => (one as number[])[0]),
      [0, 0, 111, 111, 222, 0],
    )
    t.is(observed.counters['expiredKeys'], 1)
  })
}

test('process: by the clock keys are forgotten though no record comes', (t) => {
  const script = [now(1), row('a', 1, 1), now(50), row('b', 1, 1), now(120), now(151), END]
  const { observed } = play(counting, script, { ttlMs: 100, ttlByProcessingTime: true })
  t.is(observed.counters['expiredKeys'], 2)
})
