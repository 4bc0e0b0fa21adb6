/** Dedupe under every delivery of the conformance kit, against models that follow the script. */
import test from 'ava'
import { checkConformance, type ExpectedRow } from '../../conformance/kit/conformance.ts'
import { rowsWithWatermarks, type ScriptRow } from '../../conformance/kit/script.ts'
import type { Subject } from '../../conformance/kit/subject.ts'
import { dedupeOperator } from '../../../node/operators/dedupe/dedupe-operator.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import type { Random } from '../../../shared/base/random.ts'
import { compareCanonicalRows } from '../../../shared/model/canonical/canonical-order.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'
import type { DedupeCore, EdgeKind } from '../../../shared/planning/plan.ts'

const columns = [
  columnOf('k', { type: { kind: 'string' }, nullable: true }),
  columnOf('version', { type: { kind: 'integer' }, nullable: true }),
  columnOf('note', { type: { kind: 'string' }, nullable: false }),
]

function subject(mode: DedupeCore['mode'], edge: EdgeKind, ttlMs: number | null = null): Subject {
  const core: DedupeCore = {
    kind: 'dedupe',
    input: columns.map((spec) => ({
      spec,
      expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable },
    })),
    key: [0],
    mode,
    kept: [0, 1, 2],
    output: columns,
  }
  return {
    name: `dedupe ${JSON.stringify(mode)}`,
    inputs: [{ columns, edge: 'append', key: [0] }],
    outputs: { main: { columns, edge, uniqueKey: [0], isTimely: mode.kind === 'first' } },
    build: () => dedupeOperator({ core, store: new StateStore(new CountingMemory()), ttlMs, edge }),
  }
}

const row = (random: Random): unknown[] => [
  random.below(6) === 0 ? null : `k${random.below(5)}`,
  random.below(6) === 0 ? null : random.below(4),
  `n${random.below(3)}`,
]

const expected = (one: ScriptRow): ExpectedRow => ({ values: one.values, eventTime: one.time })

test('dedupe first: the first row of a key to arrive is kept', (t) => {
  t.notThrows(() =>
    checkConformance({
      subject: subject({ kind: 'first' }, 'append'),
      inputs: [{ row }],
      model: (script) => {
        const seen = new Set<unknown>()
        return {
          main: rowsWithWatermarks(script, 1).flatMap(({ row: one }) => {
            if (seen.has(one.values[0])) return []
            seen.add(one.values[0])
            return [expected(one)]
          }),
        }
      },
    }),
  )
})

for (const late of [0, 0.3]) {
  test(`dedupe within: keeps what is more than d from every kept row, ${late} late`, (t) => {
    const d = 60
    t.notThrows(() =>
      checkConformance({
        subject: subject({ kind: 'within', ms: d }, 'append'),
        inputs: [{ row }],
        late,
        slack: 50,
        model: (script) => {
          const kept: ScriptRow[] = []
          for (const { row: one, watermark } of rowsWithWatermarks(script, 1)) {
            if (one.time + d <= watermark) continue
            const isNear = kept.some(
              (other) => other.values[0] === one.values[0] && Math.abs(other.time - one.time) <= d,
            )
            if (!isNear) kept.push(one)
          }
          return { main: kept.map(expected) }
        },
      }),
    )
  })
}

const rankBy = (by: number | null, one: ScriptRow): number =>
  by === null ? one.time : ((one.values[by] as number | null) ?? Number.NEGATIVE_INFINITY)

for (const edge of ['upsert', 'retract'] as const) {
  for (const by of [1, null]) {
    test(`dedupe keep last by ${by === null ? 'event time' : 'a column'}, ${edge}`, (t) => {
      t.notThrows(() =>
        checkConformance({
          subject: subject({ kind: 'last', by }, edge),
          inputs: [{ row }],
          model: (script) => {
            const best = new Map<unknown, ScriptRow>()
            for (const { row: one } of rowsWithWatermarks(script, 1)) {
              const key = one.values[0]
              const known = best.get(key)
              const order = known === undefined ? 1 : rankBy(by, one) - rankBy(by, known)
              const isBetter =
                known === undefined ||
                order > 0 ||
                (!(order < 0) && compareCanonicalRows(one.values, known.values) < 0)
              if (isBetter) best.set(key, one)
            }
            return { main: [...best.values()].map(expected) }
          },
        }),
      )
    })
  }
}
