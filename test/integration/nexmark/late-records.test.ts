/**
 * Beyond the slack: events up to 50 s out of order where sources allow for 4 s. No window may lose a
 * record or count it twice: what was counted and what was late adds up to what was read. The queries
 * without time must not even notice.
 */
import test from 'ava'
import { q12Totals } from '../../../bench/nexmark/oracle/windows.ts'
import { eventStreams, oracleLines, runEngine, type Setup } from './query-fixture.ts'

const SETUP: Setup = { events: 50_000, seed: 5, rate: 100, group: 5000, cut: 900 }

for (const [file, column] of [
  ['micro/tumbling.yaml', 'num'],
  ['nexmark/q11.yaml', 'bid_count'],
] as const) {
  test(`${file}: counts and late records add up to the input, far out of order`, async (t) => {
    const { rows, report } = await runEngine(file, SETUP)
    const counted = rows.reduce((sum, row) => sum + Number(row[column]), 0)
    const late = report.blocks.reduce((sum, block) => sum + block.records.late, 0)
    t.true(late > 0)
    t.is(counted + late, eventStreams(SETUP).bids.length)
  })
}

test('sliding windows: what a record is not late for counts it, far out of order', async (t) => {
  const { rows, report } = await runEngine('micro/sliding.yaml', SETUP)
  const counted = rows.reduce((sum, row) => sum + Number(row['num']), 0)
  const late = report.blocks.reduce((sum, block) => sum + block.records.late, 0)
  const { length } = eventStreams(SETUP).bids
  t.true(counted <= (length - late) * 5)
  t.true(counted >= length - late)
})

for (const query of ['q0', 'q3', 'q15', 'q17', 'q18', 'q19', 'q20']) {
  test(`${query}: an unbounded query loses nothing, far out of order`, async (t) => {
    const { lines, report } = await runEngine(`nexmark/${query}.yaml`, SETUP)
    t.deepEqual(lines, oracleLines(query, SETUP))
    t.true(report.blocks.every((block) => block.records.late === 0))
  })
}

for (const setup of [SETUP, { ...SETUP, group: 1, rate: 100_000, cut: null }]) {
  test(`q12: counts per bidder are conserved, groups of ${setup.group}`, async (t) => {
    const { rows } = await runEngine('nexmark/q12.yaml', setup)
    const counted = new Map<number, number>()
    for (const row of rows) {
      const bidder = Number(row['bidder'])
      counted.set(bidder, (counted.get(bidder) ?? 0) + Number(row['bid_count']))
    }
    t.deepEqual(sortedEntries(counted), sortedEntries(q12Totals(eventStreams(setup))))
  })
}

function sortedEntries(counts: ReadonlyMap<number, number>): [number, number][] {
  return [...counts].toSorted(([a], [b]) => a - b)
}
