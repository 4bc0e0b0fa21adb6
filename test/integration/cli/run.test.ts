/**
 * `run` as scripts see it: exit codes, what stands on which stream, what is refused before anything
 * starts, and what is left on the disk.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { cli, ORDERS, projectOf, SHARES } from './cli-fixture.ts'

const SKIPPING = SHARES.replace('on_error: fail', 'on_error: skip')
const FILES = { 'shares.yaml': SKIPPING, 'orders.jsonl': ORDERS }

test('run: ends with 0, talks on stderr, and its summary balances', async (t) => {
  const folder = projectOf(t, FILES)
  const { exit, stdout, stderr } = await cli(folder, ['run', 'shares.yaml'])
  t.is(exit, 0, stderr)
  t.is(stdout, '')
  t.regex(stderr, /orders +3 +3 +3\n/)
  t.regex(stderr, /shares +3 +2 +1 +2\n/) // read, passed, skipped, rows out
  t.regex(stderr, /^finished$/m)
  t.is(readFileSync(join(folder, 'out/shares.jsonl'), 'utf8').split('\n').length, 3)
})

test('run --json: one object on stdout and nothing else, also for what fails', async (t) => {
  const folder = projectOf(t, {
    ...FILES,
    'broken.yaml': SHARES.replace('from: shares', 'from: share'),
  })
  const [good, broken, missing, usage] = await Promise.all([
    cli(folder, ['run', 'shares.yaml', '--json']),
    cli(folder, ['run', 'broken.yaml', '--json']),
    cli(folder, ['run', 'missing.yaml', '--json']),
    cli(folder, ['run', 'shares.yaml', '--json', '--limt', '1']),
  ])
  const report = JSON.parse(good.stdout)
  t.is(report.outcome, 'finished')
  t.is(report.blocks.find((one: { name: string }) => one.name === 'shares').records.skipped, 1)
  t.deepEqual([broken.exit, missing.exit, usage.exit], [2, 2, 2])
  t.is(JSON.parse(broken.stdout).errors[0].code, 'BLOCK_UNKNOWN')
  t.is(JSON.parse(missing.stdout).errors[0].code, 'FILE_MISSING')
  t.is(JSON.parse(usage.stdout).errors[0].code, 'USAGE_WRONG')
})

test('run: a record that fails under on_error: fail ends with 1 and shows no output', async (t) => {
  const folder = projectOf(t, { ...FILES, 'shares.yaml': SHARES })
  const { exit, stderr } = await cli(folder, ['run', 'shares.yaml'])
  t.is(exit, 1)
  t.regex(stderr, /error\[EXPR_DIVISION_BY_ZERO\] in shares/)
  t.regex(stderr, /record: .*"amount":0/)
  t.false(existsSync(join(folder, 'out/shares.jsonl')))
})

test('run: a rule that ends the run shows the row, and a raw record is shown as it was read', async (t) => {
  const rule = SHARES.replace(
    'set: { part: "div(100, amount)" }',
    'validate: { rules: { some: amount > 0 }, action: fail }',
  )
  const folder = projectOf(t, { ...FILES, 'rule.yaml': rule })
  const broken = await cli(folder, ['run', 'rule.yaml'])
  t.is(broken.exit, 1)
  t.regex(broken.stderr, /error\[RULE_BROKEN\] in shares.*\n {2}record: \{.*"amount":0/)
  writeFileSync(join(folder, 'orders.jsonl'), '{"id":"a\u001b[2J", no json\n')
  const raw = await cli(folder, ['run', 'rule.yaml'])
  t.is(raw.exit, 1)
  t.true(raw.stderr.includes('record: {"id":"a\\u001b[2J", no json\n'), raw.stderr)
})

test('run --json refuses a stdout sink', async (t) => {
  const onStdout = SKIPPING.replace(/out: \{ from.*\}/, 'out: { from: shares, connector: stdout }')
  const folder = projectOf(t, {
    ...FILES,
    'shares.yaml': onStdout.replace(/environments:[^]*/, ''),
  })
  const { exit, stderr, stdout } = await cli(folder, ['run', 'shares.yaml', '--json'])
  t.is(exit, 2)
  t.regex(stderr, /JSON_WITH_STDOUT/)
  t.is(JSON.parse(stdout).errors[0].code, 'JSON_WITH_STDOUT')
})

test('run: flags are checked before anything starts, and a near miss is named', async (t) => {
  const folder = projectOf(t, FILES)
  const wrong: [string[], RegExp][] = [
    [['--limt', '3'], /did you mean --limit\?/],
    [['--fail-on', 'lat'], /--fail-on takes late, rejected, dead_letter, warning, not lat/],
    [['--duration', '5'], /--duration/],
    [['--parallelism', '0'], /--parallelism is a whole number from 1/],
    [['--set', 'total'], /--set total is not name=value/],
    [['--config', 'nowhere.yaml'], /CONFIG_UNREADABLE/],
  ]
  for (const [flags, message] of wrong) {
    const { exit, stderr } = await cli(folder, ['run', 'shares.yaml', ...flags])
    t.is(exit, 2, flags.join(' '))
    t.regex(stderr, message)
  }
  t.false(existsSync(join(folder, 'out')))
})

test('run: --set, --env, --limit, --fail-on and millrace.config.yaml', async (t) => {
  const folder = projectOf(t, {
    ...FILES,
    'late.yaml': SKIPPING.replace('pipeline: shares', 'pipeline: late').replaceAll('out/', 'late/'),
    'config/few.yaml': 'limit: 1\nquiet: true\n',
  })
  const set = await cli(folder, ['run', 'shares.yaml', '--set', 'total=20', '--env', 'fast'])
  t.is(set.exit, 0, set.stderr)
  t.is(readFileSync(join(folder, 'out/fast.jsonl'), 'utf8').split('\n').length, 2)
  const few = await cli(folder, ['run', 'late.yaml', '--config', 'config/few.yaml'])
  t.deepEqual([few.exit, few.stderr], [0, ''])
  t.is(readFileSync(join(folder, 'late/shares.jsonl'), 'utf8').split('\n').length, 2)
})

test('run --fail-on: a run that ended well answers 1 when such records were seen', async (t) => {
  const rules = SHARES.replace(
    'set: { part: "div(100, amount)" }',
    'validate: { rules: { some: amount > 0 } }',
  )
  const folder = projectOf(t, { ...FILES, 'shares.yaml': rules })
  const [seen, other] = await Promise.all([
    cli(folder, ['run', 'shares.yaml', '--fail-on', 'rejected']),
    cli(folder, ['run', 'shares.yaml', '--fail-on', 'late,dead_letter', '--env', 'fast']),
  ])
  t.deepEqual([seen.exit, other.exit], [1, 0])
  t.true(existsSync(join(folder, 'out/shares.jsonl')))
})

test('run: all values and connectors that are missing are named before anything starts', async (t) => {
  const source = 'sources: { a: { connector: file, path: "${IN_A}", schema: { x: integer } } }\n'
  const sink =
    'sinks: { o: { from: a, connector: file, path: "out/${secret:TOKEN}/${OUT}/x.jsonl" } }\n'
  const kafka =
    'sinks: { o: { from: a, connector: kafka, brokers: "b:9092", topic: t, format: json } }\n'
  const folder = projectOf(t, {
    'missing.yaml': `pipeline: missing\n${source}${sink}`,
    'later.yaml': `pipeline: later\n${source}${kafka.replace(', format: json', '')}`,
  })
  const [missing, later] = await Promise.all([
    cli(folder, ['run', 'missing.yaml']),
    cli(folder, ['run', 'later.yaml']),
  ])
  t.deepEqual([missing.exit, later.exit], [2, 2])
  for (const name of ['IN_A', 'OUT', 'TOKEN']) t.true(missing.stderr.includes(`\`${name}\``), name)
  t.regex(later.stderr, /CONNECTOR_NOT_YET.*kafka \(o\)/)
  t.false(existsSync(join(folder, 'out')))
})

test('run: parts that do nothing yet take one line and the run goes on', async (t) => {
  const scheduled = SKIPPING.replace(
    'params:',
    'schedule: { cron: "15 2 * * *", timezone: Europe/Berlin, overlap: skip }\nparams:',
  )
  const folder = projectOf(t, { ...FILES, 'shares.yaml': scheduled })
  const { exit, stderr } = await cli(folder, ['run', 'shares.yaml'])
  t.is(exit, 0)
  t.regex(stderr, /^note: schedule is read but does nothing yet\n/)
})

test('run: without a terminal there are no colours and no cursor movements', async (t) => {
  const folder = projectOf(t, FILES)
  const { stderr } = await cli(folder, ['run', 'shares.yaml'], { env: { FORCE_COLOR: '1' } })
  t.false(stderr.includes('\u001b'))
})
