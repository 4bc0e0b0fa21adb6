/**
 * Every example is what its page says: the file has no mistakes, its tests pass, its TypeScript twin
 * gives the same plan, and a run writes the rows that are committed as expected.
 */
import test from 'ava'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../tidy/source-files.ts'
import { command, commandProcess } from './command.ts'
import { finalLines } from './final-lines.ts'

const EXAMPLES = [
  'changes/orders',
  'dead-letters/payments',
  'flights/flights',
  'late-data/takings',
  'money/invoices',
  'sessions/sessions',
  'timers/machines',
]

test('examples: every folder is tested here', (t) => {
  const folders = readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
  t.deepEqual(EXAMPLES.map((example) => example.split('/')[0] ?? '').toSorted(), folders.toSorted())
})

for (const example of EXAMPLES) {
  const file = `examples/${example}.yaml`

  test(`examples: ${example} has no mistakes and no warnings`, async (t) => {
    const { exit, stdout, stderr } = await command(['check', file])
    t.is(exit, 0, stderr)
    t.regex(stdout + stderr, /0 errors, 0 warnings/)
  })

  test(`examples: the tests of ${example} pass`, async (t) => {
    const { exit, stdout, stderr } = await command(['test', file])
    t.is(exit, 0, stderr)
    t.regex(stdout, /^[1-9]\d* passed, 0 failed$/m)
  })

  test(`examples: ${example} in TypeScript gives the same plan`, async (t) => {
    const yaml = await command(['explain', file, '--format', 'json'])
    const typescript = await command(['explain', file.replace('.yaml', '.ts'), '--format', 'json'])
    t.is(yaml.exit, 0, yaml.stderr)
    t.is(typescript.exit, 0, typescript.stderr)
    t.is(typescript.stdout, yaml.stdout)
  })
}

// Flights runs in demo.test.ts: three million records once are enough.
for (const example of EXAMPLES.filter((one) => one !== 'flights/flights')) {
  test(`examples: ${example} writes what is expected`, async (t) => {
    const folder = join(ROOT, 'examples', example.split('/')[0] ?? '')
    rmSync(join(folder, 'out'), { recursive: true, force: true })
    const { exit, stdout, stderr } = await commandProcess(['run', `examples/${example}.yaml`])
    t.is(exit, 0, stderr)
    const expected = readdirSync(join(folder, 'expected'))
    for (const name of expected) {
      const text =
        name === 'stdout.jsonl' ? stdout : readFileSync(join(folder, 'out', name), 'utf8')
      const wanted = readFileSync(join(folder, 'expected', name), 'utf8')
      t.deepEqual(finalLines(text), finalLines(wanted), name)
    }
    const written = stdout === '' ? readdirSync(join(folder, 'out')) : ['stdout.jsonl']
    t.deepEqual(written.toSorted(), expected.toSorted(), 'every output has an expected one')
  })
}
