/**
 * What the documentation says is true of this tree: links lead somewhere, snippets are those of the
 * files they name, YAML has the mistakes it is meant to have and no other, commands exist, and what
 * is marked to run gives what stands below it.
 *
 * Marks behind the language of a fenced block:
 *   title=FILE      the block is that file          excerpt=FILE  it stands in that file
 *   wrong=CODE      `check` answers with that code  sketch        not checked: it is no pipeline
 *   run             its commands run and end well   output        what the run before it printed
 *   twin=FILE       TypeScript with the plan of that YAML file
 * YAML without a `pipeline:` of its own is laid over test/fixtures/docs/base.yaml.
 */
import test from 'ava'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { parse, stringify } from 'yaml'
import { GENERAL_FLAGS } from '../../scripts/commands/command.ts'
import { VERBS } from '../../scripts/verbs.ts'
import { command, commandProcess } from '../integration/examples/command.ts'
import { anchorsOf, blocksOf, docPages, type DocBlock, linksOf } from './doc-blocks.ts'
import { readSource, ROOT } from './source-files.ts'

const FIXTURES = 'test/fixtures/docs'
const SNIPPETS = `${FIXTURES}/out` // ignored by git, so that no other test sees what comes and goes
const pages = docPages()
const blocks = pages.flatMap(blocksOf)
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')

test('docs: every link leads to a file, and its anchor to a heading', (t) => {
  const broken: string[] = []
  for (const page of pages) {
    for (const { place, target } of linksOf(page)) {
      if (/^(https?|mailto):/.test(target)) continue
      const [file = '', anchor] = target.split('#')
      const path = file === '' ? page : normalize(join(dirname(page), file))
      if (!existsSync(join(ROOT, path))) broken.push(`${place} → ${target}`)
      else if (anchor !== undefined && !anchorsOf(path).has(anchor)) {
        broken.push(`${place} → ${target}: no such heading`)
      }
    }
  }
  t.deepEqual(broken, [])
})

test('docs: every page of docs/ is reached from docs/README.md', (t) => {
  const reached = new Set<string>()
  const visit = (page: string): void => {
    if (reached.has(page)) return
    reached.add(page)
    for (const { target } of linksOf(page)) {
      const path = normalize(join(dirname(page), target.split('#')[0] ?? ''))
      if (path.endsWith('.md') && existsSync(join(ROOT, path))) visit(path)
    }
  }
  visit('docs/README.md')
  t.deepEqual(
    pages.filter((page) => page.startsWith('docs/') && !reached.has(page)),
    [],
  )
})

test('docs: files and folders of the project that are named are there', (t) => {
  const named = /`((?:shared|node|connectors|scripts|examples|test|bench|docs)\/[\w./-]+)`/g
  const missing: string[] = []
  for (const page of pages) {
    for (const [index, line] of readSource(page).lines.entries()) {
      for (const [, path = ''] of line.matchAll(named)) {
        const isExpected = existsSync(join(ROOT, path)) || NOT_THERE.has(path)
        if (!isExpected) missing.push(`${page}:${index + 1}: ${path}`)
      }
    }
  }
  t.deepEqual(missing, [])
})

/** Named as not being there yet, or as an example. */
const NOT_THERE = new Set(['node/worker/', 'connectors/NAME'])

test('docs: blocks that name a file are what stands in it', (t) => {
  for (const { place, marks, text } of blocks) {
    const whole = marks.get('title')
    if (whole !== undefined) t.is(text, read(whole), place)
    const part = marks.get('excerpt')
    if (part !== undefined) t.true(containsLines(read(part), text), `${place} stands in ${part}`)
  }
})

/** Whether the lines stand in the file one after the other, whatever they are indented by. */
function containsLines(file: string, part: string): boolean {
  return withoutIndent(file).includes(withoutIndent(part).trim())
}

function withoutIndent(text: string): string {
  const lines = text.split('\n')
  return lines.map((line) => line.trim()).join('\n')
}

const yamlBlocks = blocks.filter(
  ({ language, marks }) => language === 'yaml' && !marks.has('sketch') && !marks.has('excerpt'),
)

for (const block of yamlBlocks) {
  const code = block.marks.get('wrong')
  const what = code === undefined ? 'has no mistakes' : `is answered with ${code}`
  test.serial(`docs: the YAML of ${block.place} ${what}`, async (t) => {
    const title = block.marks.get('title')
    const file = title ?? writeSnippet(block)
    const { exit, stdout, stderr } = await command(['check', file])
    if (title === undefined) rmSync(join(ROOT, file))
    if (code === undefined) t.is(exit, 0, stdout + stderr)
    else t.true((stdout + stderr).includes(`error[${code}]`), stdout + stderr)
  })
}

/** Beside the functions that fragments name; a fragment is laid over the base. */
function writeSnippet({ place, text, marks }: DocBlock): string {
  const name = `${place.replaceAll(/[^A-Za-z0-9]/g, '_')}.snippet.yaml`
  const isWhole = /^pipeline:/m.test(text)
  // A trap of the syntax is no YAML that could be merged: it is written as it stands.
  const isText = marks.has('wrong') && /^(pipeline|sources|transformations|sinks):/m.test(text)
  const content = isWhole ? text : isText ? overText(text) : overBase(parse(text))
  mkdirSync(join(ROOT, SNIPPETS), { recursive: true })
  writeFileSync(
    join(ROOT, SNIPPETS, name),
    content.replaceAll('./functions.ts#', '../functions.ts#'),
  )
  return `${SNIPPETS}/${name}`
}

function overBase(over: Record<string, unknown>): string {
  const merged = parse(read(`${FIXTURES}/base.yaml`)) as Record<string, unknown>
  for (const [key, value] of Object.entries(over)) {
    const isMap = typeof value === 'object' && value !== null && !Array.isArray(value)
    merged[key] = isMap ? { ...(merged[key] as object | undefined), ...value } : value
  }
  return stringify(merged)
}

/** The base without the top-level key that the fragment brings, and the fragment's text behind it. */
function overText(text: string): string {
  const base = parse(read(`${FIXTURES}/base.yaml`)) as Record<string, unknown>
  for (const key of text.matchAll(/^(\w+):/gm)) delete base[key[1] ?? '']
  return `${stringify(base)}\n${text}`
}

test('docs: every command that is shown exists, with its flags', (t) => {
  const wrong: string[] = []
  for (const { language, place, text } of blocks) {
    if (language !== 'sh') continue
    for (const line of text.split('\n')) wrong.push(...mistakesOf(line, place))
  }
  t.deepEqual(wrong, [])
})

const COMMAND =
  /(?:npx millrace|npm run -s millrace --|(?:^|&& |\| |\$ )millrace) ([a-z]+)([^|&>#\n]*)/g

function mistakesOf(line: string, place: string): string[] {
  const wrong: string[] = []
  for (const [, verb = '', rest = ''] of line.matchAll(COMMAND)) {
    const spec = VERBS.find((one) => one.usage.split(' ')[0] === verb)
    if (spec === undefined) wrong.push(`${place}: there is no verb ${verb}`)
    const flags = [...GENERAL_FLAGS, ...(spec?.flags ?? [])]
    for (const [, flag = ''] of rest.matchAll(/ --?([a-z-]+)/g)) {
      const isThere = flags.some((one) => one.name === flag || one.alias === flag)
      if (!isThere) wrong.push(`${place}: ${verb} has no flag ${flag}`)
    }
  }
  return wrong
}

blocks.forEach((block, index) => {
  if (!block.marks.has('run')) return
  test.serial(`docs: the commands of ${block.place} run`, async (t) => {
    const printed: string[] = []
    for (const line of block.text.trim().split('\n')) {
      const words = /^(?:npx millrace|npm run -s millrace --) ([^#]*)/.exec(line)?.[1]
      t.truthy(words, `${block.place}: ${line} is a command of millrace`)
      const answer = await commandProcess((words ?? '').trim().split(/\s+/))
      t.is(answer.exit, 0, `${line}\n${answer.stderr}`)
      printed.push(answer.stdout)
    }
    const next = blocks[index + 1]
    if (next?.marks.has('output') === true) t.is(printed.join(''), next.text, next.place)
  })
})

for (const block of blocks) {
  const twin = block.marks.get('twin')
  if (twin === undefined) continue
  test.serial(`docs: the TypeScript of ${block.place} has the plan of ${twin}`, async (t) => {
    const file = `${SNIPPETS}/${block.place.replaceAll(/[^A-Za-z0-9]/g, '_')}.snippet.ts`
    mkdirSync(join(ROOT, SNIPPETS), { recursive: true })
    writeFileSync(join(ROOT, file), block.text.replace("'millrace'", "'../../../../index.ts'"))
    const yaml = await command(['explain', twin, '--format', 'json'])
    const typescript = await command(['explain', file, '--format', 'json'])
    rmSync(join(ROOT, file))
    t.is(typescript.exit, 0, typescript.stderr)
    t.is(typescript.stdout, yaml.stdout)
  })
}
