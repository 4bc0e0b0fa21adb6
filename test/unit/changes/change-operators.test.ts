/** Normalizer and materializers under every delivery of the conformance kit. */
import test from 'ava'
import { checkConformance, type ExpectedRow } from '../../conformance/kit/conformance.ts'
import { survivors, type Script } from '../../conformance/kit/script.ts'
import { materializer } from '../../../node/operators/changes/materializer.ts'
import { Normalizer } from '../../../node/operators/changes/normalizer.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import type { Random } from '../../../shared/base/random.ts'
import { DELETE, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import { compareCanonical } from '../../../shared/model/canonical/canonical-order.ts'
import { FinalRows } from '../../../shared/model/rows/final-rows.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'

const columns = [
  columnOf('id', { type: { kind: 'string' }, nullable: false }),
  columnOf('group', { type: { kind: 'string' }, nullable: true }),
  columnOf('version', { type: { kind: 'number' }, nullable: true }),
]

const version = (random: Random): number | null => (random.below(5) === 0 ? null : random.below(6))
const group = (random: Random): string | null =>
  random.below(5) === 0 ? null : `g${random.below(3)}`
const store = () => new StateStore(new CountingMemory())

test('normalizer: full changes fold to the newest row per key, and each taken back was there', (t) => {
  t.notThrows(() =>
    checkConformance({
      subject: {
        name: 'normalizer',
        inputs: [{ columns, edge: 'upsert', key: [0], uniqueKey: [0] }],
        outputs: { main: { columns, edge: 'retract' } },
        build: () => new Normalizer({ columns, key: [0], store: store(), batchRows: 3 }),
      },
      inputs: [
        {
          row: (random) => [`i${random.below(8)}`, group(random), version(random)],
          update: (random, row) => [row.values[0], group(random), version(random)],
        },
      ],
      // An equal row is no change: it keeps the event time of the first.
      model: (script) => ({ main: newestPerKey(script) }),
    }),
  )
})

function newestPerKey(script: Script): ExpectedRow[] {
  const last = new Map<unknown, ExpectedRow>()
  for (const step of script) {
    if (step.kind !== 'row' || step.row.change === UPDATE_BEFORE) continue
    const { values, time, change } = step.row
    const known = last.get(values[0])
    if (change === DELETE) last.delete(values[0])
    else if (known === undefined || String(known.values) !== String(values))
      last.set(values[0], { values, eventTime: time })
  }
  return [...last.values()]
}

test('materializer: shows the newest row of each sink key that is still there', (t) => {
  let id = 0
  t.notThrows(() =>
    checkConformance({
      subject: {
        name: 'materializer',
        inputs: [{ columns, edge: 'retract', key: [1] }],
        outputs: { main: { columns, edge: 'upsert', uniqueKey: [1] } },
        build: () =>
          materializer({ columns, key: [1], store: store(), latestBy: null, batchRows: 3 }),
      },
      inputs: [
        {
          row: (random) => [`i${id++}`, group(random), version(random)],
          update: (random, row) => [row.values[0], row.values[1], version(random)],
        },
      ],
      model: (script) => {
        const shown = new FinalRows([1])
        for (const row of survivors(script, 0)) shown.add({ ...row, eventTime: row.time }, 0)
        return { main: shown.rows() }
      },
    }),
  )
})

test('materializer: latest_by shows the largest, of equal ones the newer, and brings nothing back', (t) => {
  let id = 0
  t.notThrows(() =>
    checkConformance({
      subject: {
        name: 'latest',
        inputs: [{ columns, edge: 'retract', key: [1] }],
        outputs: { main: { columns, edge: 'upsert', uniqueKey: [1] } },
        build: () => materializer({ columns, key: [1], store: store(), latestBy: 2, batchRows: 3 }),
      },
      inputs: [
        {
          row: (random) => [`i${id++}`, group(random), version(random)],
          update: (random, row) => [row.values[0], row.values[1], version(random)],
        },
      ],
      model: (script) => {
        const shown = new Map<unknown, ExpectedRow>()
        for (const step of script) {
          if (step.kind !== 'row') continue
          const { values, time, change } = step.row
          const known = shown.get(values[1])
          const isBack = change === DELETE || change === UPDATE_BEFORE
          if (isBack && known?.values[0] === values[0] && known?.values[2] === values[2])
            shown.delete(values[1])
          if (isBack) continue
          if (known === undefined || compareCanonical(values[2], known.values[2]) >= 0)
            shown.set(values[1], { values, eventTime: time })
        }
        return { main: [...shown.values()] }
      },
    }),
  )
})
