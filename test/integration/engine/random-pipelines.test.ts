/**
 * Hunts rows that are lost, doubled or wrong anywhere between sources and sinks: random pipelines
 * over random rows give the same folded rows for every cut of their batches, on one subtask and on
 * three; a repeated run gives the same batches bit by bit, and every count adds up.
 *
 * A failure shows the seed and the file; `checkSeed(seed)` plays it again.
 */
import test from 'ava'
import { checkSeed } from './random/check-seed.ts'

const SEEDS = 50
const FIRST = 10_001

test('random pipelines: every way of running one gives its rows, and its counts add up', async (t) => {
  t.timeout(60_000)
  let planned = 0
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const { isPlanned, broken, text } = await checkSeed(seed, 40)
    if (isPlanned) planned++
    t.deepEqual(broken, [], `seed ${seed}\n${text}\n${broken.join('\n')}`)
  }
  t.true(planned > SEEDS / 3, `${planned} of ${SEEDS} have a plan`)
  t.log(`${planned} of ${SEEDS} pipelines ran`)
})
