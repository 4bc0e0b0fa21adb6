/**
 * Windows without a key, whose words stand in variables while a batch is added, give what windows
 * with the same key in every row give.
 */
import test from 'ava'
import type { WindowPlan } from '../../../shared/planning/plan.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, coreOf, fold, Harness, type InputRow, spec, TIMING } from './window-model.ts'

const INPUT = [
  spec('k', 'integer'),
  spec('x', 'integer', { nullable: true }),
  spec('y', 'number'),
  spec('b', 'boolean', { nullable: true }),
  spec('keep', 'boolean'),
]
const nullable = (kind: string) => spec('r', kind, { nullable: true })
const CALLS = [
  call('count', [], spec('r', 'integer')),
  call('count', [], spec('r', 'integer'), 4),
  call('count', [1], spec('r', 'integer')),
  call('sum', [1], nullable('integer')),
  call('avg', [1], nullable('number'), 4),
  call('sum', [2], nullable('number')),
  call('max', [2], nullable('number')),
  call('min', [1], nullable('integer'), 4),
  call('stddev', [1], nullable('number')),
  call('any', [3], nullable('boolean')),
  call('all', [3], nullable('boolean')),
]
const PLANS: readonly WindowPlan[] = [
  { ...TIMING, type: 'tumbling', size: { ms: 100 }, offsetMs: 0, zone: 'UTC' },
  { ...TIMING, type: 'sliding', sizeMs: 90, slideMs: 30, allowedLatenessMs: 60 },
  { ...TIMING, type: 'global' },
]

for (const plan of PLANS) {
  test(`windows without a key: ${plan.type} windows equal those of one key`, (t) => {
    for (let seed = 1; seed <= 5; seed++) {
      const [lone, keyed] = [[], [0]].map((key) => {
        const core = coreOf(INPUT, key, plan, CALLS)
        return new Harness(
          { core, inputEdge: 'append', outputEdge: 'upsert', ttlMs: null, lateColumns: null },
          { pushBack: seed % 2 === 0 },
        )
      }) as [Harness, Harness]
      t.regex(lone.operator.code, /let w\d+ = /)
      t.notRegex(keyed.operator.code, /let w\d+ = /)
      const random = new SeededRandom(seed * 31)
      let clock = 1000
      for (let step = 0; step < 40; step++) {
        const rows = randomRows(random, clock)
        clock += rows.length * 3
        for (const one of [lone, keyed]) {
          one.batch(rows)
          if (step % 3 === 0) one.watermark(clock - 60)
        }
        t.is(lone.rows.length, keyed.rows.length)
      }
      for (const one of [lone, keyed]) one.end()
      const without = keyed.rows.map((row) => ({ ...row, values: row.values.slice(1) }))
      const retract = { retract: false }
      t.deepEqual(fold(lone.rows, CALLS.length, retract), fold(without, CALLS.length, retract))
      t.deepEqual(lone.counters, keyed.counters)
      t.true(lone.rows.length > (plan.type === 'global' ? 0 : 5))
    }
  })
}

function randomRows(random: SeededRandom, clock: number): InputRow[] {
  return Array.from({ length: random.below(30) }, (_, at) => ({
    time: clock + at * 3 - random.below(random.below(9) === 0 ? 200 : 40),
    values: [
      7,
      random.below(5) === 0 ? null : random.below(99) - 40,
      random.below(1000) / 8 - 50,
      random.below(3) === 0 ? null : random.below(2) === 0,
      random.below(2) === 0,
    ],
  }))
}
