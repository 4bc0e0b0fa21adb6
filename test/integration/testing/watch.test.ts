/** `test --watch`: runs again on a save, with changed TypeScript, and ends on Ctrl-C. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'

const CLI = join(import.meta.dirname, '../../../scripts/cli.ts')
const PIPELINE = `pipeline: p
functions: { twice: ./f.ts#twice }
sources: { s: { connector: kafka, brokers: x, topic: s, schema: { n: integer } } }
transformations: { t: { from: s, set: { m: twice(n) } } }
sinks: { o: { from: t, connector: kafka, brokers: x, topic: o } }
tests: [ { name: doubles, given: { s: { n: 2 } }, expect: { t: [ { m: 4 } ] } } ]
`
const FUNCTION = (factor: number) => `import { fn } from 'millrace'
export const twice = fn({ input: ['integer'], output: 'integer', run: (n) => n * ${factor} })
`

test('test --watch: a saved function is loaded afresh', async (t) => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-watch-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  writeFileSync(join(directory, 'p.yaml'), PIPELINE)
  writeFileSync(join(directory, 'f.ts'), FUNCTION(3))
  const child = spawn(process.execPath, [CLI, 'test', 'p.yaml', '--watch'], { cwd: directory })
  t.teardown(() => child.kill('SIGKILL'))
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said += text.toString()))
  const until = async (text: string): Promise<void> => {
    while (!said.includes(text))
      await Promise.race([once(child.stdout, 'data'), once(child.stderr, 'data')])
  }
  await until('0 passed, 1 failed')
  await until('waiting for a save')
  said = ''
  writeFileSync(join(directory, 'f.ts'), FUNCTION(2))
  await until('1 passed, 0 failed')
  await until('waiting for a save')
  child.kill('SIGINT')
  const [code] = (await once(child, 'exit')) as [number]
  t.is(code, 0)
})
