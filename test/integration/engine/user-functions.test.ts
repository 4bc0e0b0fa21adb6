/** User functions that throw or give rubbish, through the real command line: by on_error. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import test from 'ava'
import { cli, projectOf } from '../cli/cli-fixture.ts'
import { ROOT } from '../../tidy/source-files.ts'

const FUNCTIONS = `import { aggregator, fn } from ${JSON.stringify(join(ROOT, 'index.ts'))}
const later = async () => { throw new Error('later') }
export const promised = fn({ input: ['integer'], output: 'integer', run: later as never })
const stray = () => { setTimeout(() => { throw new Error('nobody waits') }, 0); return 1 }
export const strays = fn({ input: ['integer'], output: 'integer', run: stray })
export const exits = fn({ input: ['integer'], output: 'integer', run: () => process.exit(0) })
export const odd = aggregator({
  input: ['integer'],
  output: 'integer',
  create: () => 0,
  add: (sum, n) => { if (n === 2) throw new Error('no two'); return sum + n },
  merge: (a, b) => a + b,
  result: (sum) => sum,
})
`

async function run(t: ExecutionContext, name: string, block: string) {
  const folder = projectOf(t, {
    'functions.ts': FUNCTIONS,
    'in.jsonl': '{"id":1}\n{"id":2}\n{"id":3}\n',
    'p.yaml': `pipeline: user
functions: { f: "./functions.ts#${name}" }
sources:
  s: { connector: file, path: in.jsonl, schema: { id: integer } }
transformations:
  w: { from: s, ${block} }
sinks:
  o: { from: w, connector: file, path: out.jsonl, mode: changes }
`,
  })
  const ended = await cli(folder, ['run', 'p.yaml'])
  return { ...ended, text: ended.stdout + ended.stderr, folder }
}

test('user functions: a promise is no value, and its failure does not end the process', async (t) => {
  t.timeout(30_000)
  const failed = await run(t, 'promised', 'set: { r: f(id) }')
  t.is(failed.exit, 1, failed.text)
  t.regex(failed.text, /VALUE_TYPE_WRONG.*is a promise/)
  const skipped = await run(t, 'promised', 'set: { r: f(id) }, on_error: skip')
  t.is(skipped.exit, 0, skipped.text)
})

test('user functions: an aggregator that throws in add follows on_error', async (t) => {
  t.timeout(30_000)
  const block = 'key_by: id, aggregate: { r: f(id) }'
  const failed = await run(t, 'odd', block)
  t.is(failed.exit, 1, failed.text)
  t.regex(failed.text, /FUNCTION_THREW.*no two/)
  const kept = await run(t, 'odd', `${block}, on_error: dead_letter`)
  t.is(kept.exit, 0, kept.text)
  t.regex(readFileSync(join(kept.folder, 'user.dead_letter.jsonl'), 'utf8'), /FUNCTION_THREW/)
  t.is(readFileSync(join(kept.folder, 'out.jsonl'), 'utf8').trim().split('\n').length, 2)
})

test('user functions: what a timer throws fails the run with its line, and no output is visible', async (t) => {
  t.timeout(30_000)
  const { exit, text, folder } = await run(t, 'strays', 'set: { r: f(id) }')
  t.is(exit, 3, text)
  t.regex(text, /error\[ERROR_UNAWAITED\] in pipeline: .*nobody waits \(functions\.ts:\d+\)/)
  t.notRegex(text, /^ +at /m)
  t.deepEqual(readdirSync(folder).toSorted(), ['functions.ts', 'in.jsonl', 'p.yaml'])
})

test('user functions: one that ends the process is no success', async (t) => {
  t.timeout(30_000)
  const { exit, text, folder } = await run(t, 'exits', 'set: { r: f(id) }')
  t.is(exit, 3, text)
  t.regex(text, /ENDED_EARLY/)
  t.false(existsSync(join(folder, 'out.jsonl')))
})

test('user functions: a package of `"type": "commonjs"`, as npm makes it, changes nothing', async (t) => {
  t.timeout(30_000)
  const folder = projectOf(t, {
    'package.json': '{ "type": "commonjs" }',
    'double.ts': 'export const twice = (n: number): number => n * 2\n',
    'f.ts':
      "import { fn } from 'millrace'\nimport { twice } from './double.ts'\nexport const f = fn({ input: ['integer'], output: 'integer', run: twice })\n",
    'in.jsonl': '{"id":1}\n',
    'p.yaml': `pipeline: twice
functions: { f: "./f.ts#f" }
sources:
  s: { connector: file, path: in.jsonl, schema: { id: integer } }
transformations:
  w: { from: s, set: { r: f(id) } }
sinks:
  o: { from: w, connector: stdout }
`,
  })
  const { exit, stdout, stderr } = await cli(folder, ['run', 'p.yaml'])
  t.is(exit, 0, stderr)
  t.is(stdout, '{"id":1,"r":2}\n')
  t.notRegex(stderr, /Warning/)
})
