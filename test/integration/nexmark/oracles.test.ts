/**
 * Oracle, pipeline file and hand-written loop of each query over the same 100,000 events: in order
 * and out of order up to the slack, with batches as they come and cut at random places. Hunted: any
 * dependence on cuts or order, and loops that compute something else than the engine is timed at.
 *
 * The engine's rows are compared with the oracle's line by line; engine and loop by the checksum of
 * what they emit, in the same cuts.
 */
import test from 'ava'
import { baselineChecksum, oracleLines, runEngine, type Setup } from './query-fixture.ts'

const EVENTS = 100_000
const SETUPS: Readonly<Record<string, Setup>> = {
  'in order, whole batches': { events: EVENTS, seed: 1, rate: 100_000, group: 1, cut: null },
  'out of order, batches cut': { events: EVENTS, seed: 2, rate: 10_000, group: 1000, cut: 4096 },
  'out of order by the slack, small batches': {
    events: EVENTS,
    seed: 3,
    rate: 1000,
    group: 4000,
    cut: 1500,
  },
}

const QUERIES = 'q0 q1 q2 q3 q4 q5 q7 q8 q9 q11 q13 q14 q15 q16 q17 q18 q19 q20 q21 q22'.split(' ')

for (const [name, setup] of Object.entries(SETUPS)) {
  for (const query of QUERIES) {
    test(`${query}: oracle, engine and loop agree, ${name}`, async (t) => {
      const file = `nexmark/${query}.yaml`
      const { lines, checksum, report } = await runEngine(file, setup)
      const expected = oracleLines(query, setup)
      t.is(lines.length, expected.length)
      const differs = lines.findIndex((line, index) => line !== expected[index])
      t.is(lines[differs], expected[differs])
      const loop = await baselineChecksum(file, setup)
      t.is(loop.value, checksum.value)
      t.is(loop.rows, checksum.rows)
      t.true(report.blocks.every((block) => block.records.late === 0))
    })
  }
}
