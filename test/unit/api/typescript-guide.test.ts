/**
 * Hunts a guide that is not true: every `ts` snippet of docs/typescript.md is type-checked and
 * built, those marked `program` are run on data, and the YAML twin has the plan of the first one.
 */
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'

const ROOT = join(import.meta.dirname, '../../..')
const CLI = join(ROOT, 'scripts/cli.ts')
const GUIDE = readFileSync(join(ROOT, 'docs/typescript.md'), 'utf8')

interface Snippet {
  readonly name: string
  readonly isProgram: boolean
  readonly text: string
}

const snippets: Snippet[] = [...GUIDE.matchAll(/^```ts(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, words = '', text = ''], index) => {
    const [first = '', second = ''] = words.trim().split(' ')
    const isProgram = first === 'program'
    const named = isProgram ? second : first
    return { name: named === '' ? `snippet-${index + 1}.ts` : named, isProgram, text }
  },
)
const twin = /^```yaml plan-of=\S+\n([\s\S]*?)^```$/m.exec(GUIDE)?.[1] ?? ''

const DATA: Readonly<Record<string, string>> = {
  'orders.jsonl': [
    '{"id":"a","country":"DE","price":12.50,"ts":"2026-01-01T10:00:00Z"}',
    '{"id":"b","country":"DE","price":2.50,"ts":"2026-01-01T10:10:00Z"}',
    '{"id":"c","country":null,"price":7.00,"ts":"2026-01-01T10:20:00Z"}',
    '{"id":"d","country":"DE","price":0.00,"ts":"2026-01-01T10:30:00Z"}',
  ].join('\n'),
  'events.jsonl': [
    '{"kind":"click","ts":"2026-01-01T10:00:00Z"}',
    '{"kind":"buy","ts":"2026-01-01T10:10:00Z"}',
    '{"kind":"click","ts":"2026-01-01T10:20:00Z"}',
  ].join('\n'),
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-guide-'))
test.after.always(() => rmSync(folder, { recursive: true, force: true }))
test.before(() => {
  for (const { name, text } of snippets) writeFileSync(join(folder, name), text)
  for (const [name, text] of Object.entries(DATA)) writeFileSync(join(folder, name), text)
  writeFileSync(join(folder, 'twin.yaml'), twin)
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }')
  mkdirSync(join(folder, 'types'))
  cpSync(join(ROOT, 'tsconfig.json'), join(folder, 'types/base.json'))
})

const command = promisify(execFile)
const millrace = (...words: string[]) =>
  command(process.execPath, [CLI, ...words], { cwd: folder, encoding: 'utf8' })

test.serial('guide: every snippet type-checks', async (t) => {
  const settings = {
    extends: './types/base.json',
    compilerOptions: {
      paths: { millrace: [join(ROOT, 'index.ts')], 'millrace/testing': [join(ROOT, 'testing.ts')] },
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    include: ['*.ts'],
    exclude: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(settings))
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const { stdout } = await command(tsc, ['-p', folder]).catch((error: { stdout: string }) => error)
  t.is(stdout, '')
})

test.serial('guide: every pipeline checks without an error', async (t) => {
  const pipelines = snippets.filter((one) => one.text.includes('export default'))
  const names = [...pipelines.map((one) => one.name), 'twin.yaml']
  const { stdout } = await millrace('check', ...names, '--json').catch(
    (error: { stdout: string }) => error,
  )
  const said = JSON.parse(stdout) as { ok: boolean; errors: unknown[] }
  t.deepEqual(said.errors, [])
})

test.serial('guide: the YAML twin has the plan of the first program', async (t) => {
  const file = await millrace('explain', 'twin.yaml', '--format', 'json')
  const program = await millrace('explain', 'sales.ts', '--format', 'json')
  t.is(program.stdout, file.stdout)
})

test.serial('guide: whole programs run', async (t) => {
  for (const { name } of snippets.filter((one) => one.isProgram)) await millrace('run', name)
  t.is(
    readFileSync(join(folder, 'hourly.jsonl'), 'utf8'),
    [
      '{"_kind":"insert","country":"DE","window_start":"2026-01-01T10:00:00.000Z","window_end":"2026-01-01T11:00:00.000Z","orders":2,"revenue":15.00}\n',
      '{"_kind":"insert","country":null,"window_start":"2026-01-01T10:00:00.000Z","window_end":"2026-01-01T11:00:00.000Z","orders":1,"revenue":7.00}\n',
    ].join(''),
  )
  t.regex(readFileSync(join(folder, 'click.jsonl'), 'utf8'), /"n":2/)
})
