/** Ctrl-C with real signals: the first drains, a second cancels; nothing is left half-written. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { projectOf, start } from './cli-fixture.ts'

const ENDLESS = `pipeline: endless
sources:
  numbers:
    connector: generator
    kind: sequence
    rate: 2000
    watermark: { out_of_orderness: 0s }
transformations:
  counts:
    from: numbers
    window: { type: tumbling, size: 1 hour }
    aggregate: { n: count() }
sinks:
  out: { from: counts, connector: file, path: out/, format: jsonl }
`

/** Counts are printed by a stdout sink as soon as records flow. */
const WITH_SIGN = `${ENDLESS}  sign: { from: numbers, connector: stdout }\n`

test('signals: the first Ctrl-C drains: open windows fire, all adds up, the exit is 0', async (t) => {
  const folder = projectOf(t, { 'endless.yaml': WITH_SIGN })
  const running = start(folder, ['run', 'endless.yaml'])
  await running.printed(/"n":/)
  running.child.kill('SIGINT')
  const { exit, stdout, stderr } = await running.ended
  t.is(exit, 0, stderr)
  t.regex(stderr, /draining: sources stop/)
  t.regex(stderr, /drained/)
  const [file = ''] = readdirSync(join(folder, 'out'))
  const { n } = JSON.parse(readFileSync(join(folder, 'out', file), 'utf8'))
  t.is(n, stdout.trimEnd().split('\n').length)
})

/** Rows so wide that a few dozen fill a pipe that nobody reads. */
const WITH_WIDE_SIGN = `${ENDLESS}  sign: { from: wide, connector: stdout }\n`
  .replace('rate: 2000', 'rate: 200000')
  .replace(
    '  counts:',
    `  wide:\n    from: numbers\n    set: { x: 'repeat("x", 5000)' }\n  counts:`,
  )

test('signals: a second one cancels: no output is visible, the exit is 4', async (t) => {
  const folder = projectOf(t, { 'endless.yaml': WITH_WIDE_SIGN })
  const running = start(folder, ['run', 'endless.yaml'])
  await running.printed(/"n":/)
  // Nobody reads its output for a while, so that draining is not over before the second signal.
  running.child.stdout?.pause()
  const draining = running.printed(/draining/)
  running.child.kill('SIGINT')
  await draining
  const cancelling = running.printed(/cancelling/)
  running.child.kill('SIGTERM')
  await cancelling
  running.child.stdout?.resume()
  const { exit, stderr } = await running.ended
  t.is(exit, 4, stderr)
  t.regex(stderr, /cancelled: no output was made visible/)
  const left = existsSync(join(folder, 'out')) ? readdirSync(join(folder, 'out')) : []
  t.deepEqual(left, [])
})

test('run --duration drains by itself', async (t) => {
  const folder = projectOf(t, { 'endless.yaml': ENDLESS })
  const { exit, stderr } = await start(folder, ['run', 'endless.yaml', '--duration', '300ms']).ended
  t.is(exit, 0, stderr)
  t.regex(stderr, /drained/)
  t.is(readdirSync(join(folder, 'out')).length, 1)
})
