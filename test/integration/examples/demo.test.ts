/**
 * `npm run demo` as a person without a terminal sees it: from any folder, plain text, every count of
 * its summary adding up, the worst routes as they are known.
 */
import test from 'ava'
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../../tidy/source-files.ts'

const DEMO = join(ROOT, 'examples/flights/run-demo.ts')

interface Ended {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

const INTERRUPT_AFTER_MS = 1500 // when it reads flights

function demo({ isInterrupted }: { isInterrupted: boolean }): Promise<Ended> {
  const child = spawn(process.execPath, [DEMO], {
    cwd: tmpdir(),
    env: { ...process.env, FORCE_COLOR: '0' },
  })
  let stdout = ''
  let stderr = ''
  let isSent = false
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()))
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
    const hasBegun = stderr.includes('→ 5 files')
    if (!isInterrupted || !hasBegun || isSent) return
    isSent = true
    setTimeout(() => child.kill('SIGINT'), INTERRUPT_AFTER_MS)
  })
  return new Promise((resolve) => child.on('exit', (exit) => resolve({ exit, stdout, stderr })))
}

interface Route {
  readonly rank: number
  readonly delay_p95: number
}

function routesIn(path: string): Route[] {
  const lines = readFileSync(join(ROOT, 'examples/flights', path), 'utf8')
    .trim()
    .split('\n')
  return lines.map((line) => JSON.parse(line) as Route)
}

/** The sketch of quantiles may be another one later. */
const withoutSketch = (routes: Route[]) => routes.map(({ delay_p95: _sketch, ...rest }) => rest)

test.serial(
  'demo: shows the worst routes, a summary that balances and the corrections',
  async (t) => {
    t.timeout(120_000)
    const { exit, stdout, stderr } = await demo({ isInterrupted: false })
    t.is(exit, 0, stderr)
    t.regex(stderr, /13 blocks, no mistakes/)
    t.false(
      (stdout + stderr).includes('\u001b'),
      'no colours and no cursor movements in plain text',
    )
    t.regex(stdout, /PHX → DTW +1,491 +26 % +28\.7 min +\d+ min +[▁-█ ]+/)
    t.regex(stdout, /hourly +2,999,989 +2,999,935 +54 +161,315\b/)
    t.regex(stdout, /267 hours were corrected/)
    t.regex(stdout, /54 flights came too late/)
    t.is(stdout.match(/npm run -s millrace -- /g)?.length, 4)
    const found = routesIn('out/worst_routes.jsonl')
    const expected = routesIn('expected/worst_routes.jsonl')
    t.deepEqual(withoutSketch(found), withoutSketch(expected))
    for (const [index, route] of found.entries()) {
      const p95 = expected[index]?.delay_p95 ?? 0
      t.true(Math.abs(route.delay_p95 - p95) <= 0.02 * p95 + 1, `p95 of rank ${route.rank}`)
    }
  },
)

test.serial(
  'demo: Ctrl-C drains it, and it says of how many flights its figures are',
  async (t) => {
    t.timeout(120_000)
    const { exit, stdout, stderr } = await demo({ isInterrupted: true })
    t.true(exit === 0 || exit === 4, stderr)
    t.false(/\n {4}at /.test(stderr), 'no stack trace')
    if (exit === 0) t.regex(stdout, /Stopped early/)
  },
)
