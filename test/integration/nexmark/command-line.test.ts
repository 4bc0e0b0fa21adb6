/**
 * Benchmark files as a person runs them: `millrace run` with EVENTS, SEED, RATE and OUT from the
 * environment. Hunted: what the in-memory runs do not see, above all how rows are written.
 */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import {
  BENCH,
  environmentOf,
  eventStreams,
  linesOfFile,
  oracleLines,
  type Setup,
  sortedLines,
} from './query-fixture.ts'

const run = promisify(execFile)
const CLI = resolve(BENCH, '../scripts/cli.ts')
const SETUP: Setup = { events: 20_000, seed: 11, rate: 1000, group: 1, cut: null }

/** Lines of the output, sorted. */
async function linesOf(file: string, setup: Setup): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'nexmark-'))
  try {
    const out = join(directory, 'out.jsonl')
    const env = { ...process.env, ...environmentOf(setup), OUT: out }
    await run(process.execPath, [CLI, 'run', resolve(BENCH, file)], { env })
    return await linesOfFile(out)
  } finally {
    await rm(directory, { recursive: true })
  }
}

/** Decimals are numbers with all digits in a file, and texts in an oracle's rows. */
function bareDecimals(lines: readonly string[]): string[] {
  return lines.map((line) => line.replace(/"price":"([\d.]+)"/, '"price":$1')).toSorted()
}

for (const query of ['q1', 'q5', 'q8', 'q9', 'q11', 'q15', 'q19']) {
  test(`${query}: the file that a run writes holds the oracle's rows`, async (t) => {
    t.deepEqual(
      await linesOf(`nexmark/${query}.yaml`, SETUP),
      bareDecimals(oracleLines(query, SETUP)),
    )
  })
}

test('events: the raw events are written as flat rows, all fields, in ISO times', async (t) => {
  const setup = { ...SETUP, events: 1000 }
  const { persons, auctions, bids } = eventStreams(setup)
  const written = await linesOf('nexmark/events.yaml', setup)
  const expected = [...persons, ...auctions, ...bids].map((event) =>
    byName(
      Object.entries(event).map(([name, value]: [string, unknown]) => [
        name,
        name === 'dateTime' || name === 'expires' ? new Date(value as number).toISOString() : value,
      ]),
    ),
  )
  const present = written.map((line) => {
    const row = JSON.parse(line) as Readonly<Record<string, unknown>>
    return byName(Object.entries(row).filter(([, value]) => value !== null))
  })
  t.deepEqual(sortedLines(present), sortedLines(expected))
})

function byName(entries: readonly [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
