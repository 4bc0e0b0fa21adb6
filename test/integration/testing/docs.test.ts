/** docs/testing.md: every file of the page is written to a folder, and every command is run there. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test from 'ava'
import { runIn } from './testing-fixture.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PAGE = readFileSync(join(ROOT, 'docs/testing.md'), 'utf8')

interface Block {
  readonly word: string
  readonly name: string
  readonly about: string | null
  readonly text: string
}

function blocksOf(page: string): Block[] {
  const pattern = /<!-- (file|run): (.*?)(?: for: (\S+))? -->\n\n```\w+\n(.*?)```\n/gs
  return [...page.matchAll(pattern)].map(([, word = '', name = '', about, text = '']) => ({
    word,
    name,
    about: about ?? null,
    text,
  }))
}

const own = (entry: string): string => pathToFileURL(join(ROOT, entry)).href

const BLOCKS = blocksOf(PAGE)
const FILES = BLOCKS.filter((block) => block.word === 'file')
const pipelineOf = (name: string): string => FILES.find((one) => one.name === name)?.text ?? ''

function folder(t: { teardown: (end: () => void) => void }): string {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-docs-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  for (const { name, text, about } of FILES) {
    writeFileSync(join(directory, name), text)
    // A further file of tests stands beside a copy of its pipeline.
    const own = name.replace('.test.yaml', '.yaml')
    if (about !== null) writeFileSync(join(directory, own), pipelineOf(about))
  }
  return directory
}

for (const { name, about } of FILES.filter((block) => block.name.endsWith('.test.yaml'))) {
  if (name.startsWith('failing')) continue
  test(`docs: ${name} passes${about === null ? '' : ` beside ${about}`}`, async (t) => {
    const ran = await runIn(folder(t), { files: [name] })
    t.is(ran.stdout, '1 passed, 0 failed\n', ran.stderr)
  })
}

for (const { name: command, text } of BLOCKS.filter((block) => block.word === 'run')) {
  test(`docs: ${command} prints what the page shows`, async (t) => {
    const ran = await runIn(folder(t), { files: command.split(' ').slice(2) })
    const talk = ran.exit === 0 ? '' : ran.stderr
    t.is(`${talk}${ran.stdout}`, text)
  })
}

for (const { name, text } of FILES.filter((block) => block.name.endsWith('.check.ts'))) {
  test.serial(`docs: ${name} runs`, async (t) => {
    const directory = folder(t)
    const path = join(directory, name)
    const here = text
      .replaceAll("'millrace/testing'", `'${own('testing.ts')}'`)
      .replaceAll("'millrace'", `'${own('index.ts')}'`)
      .replaceAll("'shop.yaml'", JSON.stringify(join(directory, 'shop.yaml')))
    writeFileSync(path, here)
    await t.notThrowsAsync(() => import(pathToFileURL(path).href))
  })
}

test('docs: every block of the page is executed or shown by one that is', (t) => {
  const fences = [...PAGE.matchAll(/^```\w+$/gm)].length
  t.is(BLOCKS.length, fences)
})
