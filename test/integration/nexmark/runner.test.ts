/**
 * The runner of the benchmark in its short form: few events, one round. Hunted: a figure that counts
 * although results differ, a loop that became slower unnoticed, sides that no longer start.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { casesOf } from '../../../bench/cases.ts'
import { caseResult } from '../../../bench/measure/case-result.ts'
import { type RunFigures, spreadOf } from '../../../bench/measure/rounds.ts'
import { ratioChart } from '../../../bench/report/chart.ts'
import { textTable } from '../../../bench/report/text-report.ts'
import { withTable } from '../../../bench/report/write-docs.ts'
import { BENCH } from './query-fixture.ts'

const run = promisify(execFile)
const [Q0] = casesOf('nexmark')
const [PASSTHROUGH] = casesOf('micro')

function figures(cpuMs: number, checksum = 7): RunFigures {
  const { events, rows } = { events: 1000, rows: 10 }
  return { events, cpuMs, wallMs: cpuMs, checksum, rows, startMs: 5, peakMemoryBytes: 1 }
}

/** The best version takes 10 ms. */
function failureAgainstBest(loopMs: number): string | null {
  const best = [figures(10)]
  const sides = { engine: [figures(10)], loop: [figures(loopMs)], best, generator: null }
  return caseResult(Q0!, sides).failure
}

function microVerdict(cpuMs: number): string {
  const sides = { engine: [figures(cpuMs)], loop: [figures(0.01)], best: null, generator: null }
  return caseResult(PASSTHROUGH!, sides).verdict
}

test('the runner prints one object with equal results of all sides', async (t) => {
  const words = ['nexmark', '--queries', 'q2', '--events', '20000', '--rounds', '1', '--json']
  const { stdout } = await run(process.execPath, [join(BENCH, 'run-bench.ts'), ...words])
  const { results, failures } = JSON.parse(stdout) as {
    results: { areEqual: boolean; events: number; ratio: { median: number } }[]
    failures: string[]
  }
  t.deepEqual(failures, [])
  t.is(results.length, 1)
  t.true(results[0]?.areEqual)
  t.is(results[0]?.events, 20_000)
  t.true((results[0]?.ratio.median ?? 0) > 0)
})

test('the runner names a suite or case that is not there', async (t) => {
  for (const words of [['nexmrk'], ['nexmark', '--queries', 'q6']]) {
    const error = await t.throwsAsync<Error & { code: number; stderr: string }>(
      run(process.execPath, [join(BENCH, 'run-bench.ts'), ...words]),
    )
    t.is(error.code, 2)
  }
})

test('a case: the ratio is the median of the rounds, each compared within itself', (t) => {
  const engine = [figures(20), figures(40), figures(10)]
  const loop = [figures(10), figures(10), figures(10)]
  const result = caseResult(Q0!, { engine, loop, best: null, generator: null })
  t.deepEqual(result.ratio, { median: 0.5, low: 0.25, high: 1 })
  t.is(result.verdict, 'below the floor')
  t.is(result.failure, null)
})

test('a case: results that differ do not count, and fail the benchmark', (t) => {
  const sides = { engine: [figures(9)], loop: [figures(9, 8)], best: null, generator: null }
  const result = caseResult(Q0!, sides)
  t.is(result.verdict, 'does not count')
  t.regex(result.failure ?? '', /q0: the results of engine and loop differ/)
})

test('a case: a loop more than a tenth slower than its best version fails the benchmark', (t) => {
  t.is(failureAgainstBest(10.9), null)
  t.regex(failureAgainstBest(12) ?? '', /q0: the loop is 20 % slower than its best version/)
})

test('micro cases are judged by nanoseconds per bid', (t) => {
  t.is(microVerdict(0.018), 'reached')
  t.is(microVerdict(0.019), 'below the goal')
})

test('spread: the median of an even count lies between the middle two', (t) => {
  t.deepEqual(spreadOf([4, 1, 3, 2]), { median: 2.5, low: 1, high: 4 })
})

test('reports: a table for people, a table between the marks of the page, a chart', (t) => {
  const result = caseResult(Q0!, {
    engine: [figures(10)],
    loop: [figures(9)],
    best: null,
    generator: null,
  })
  t.regex(
    textTable([result]),
    /q0 +stateless +10000\.0 +9000\.0 +0\.90 +0\.90–0\.90 +0\.8 +reached/,
  )
  const page = 'a\n<!-- nexmark: written by the benchmark -->\nold\n<!-- nexmark: end -->\nb\n'
  const made = withTable(page, { suite: 'nexmark', results: [result], command: 'npm run bench' })
  t.false(made.includes('old'))
  t.true(made.startsWith('a\n<!-- nexmark') && made.endsWith('<!-- nexmark: end -->\nb\n'))
  t.true(made.includes('| q0 | stateless |'))
  t.true(ratioChart([result]).includes('>q0</text>'))
})
