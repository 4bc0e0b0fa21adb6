/** A TypeScript file that cannot be loaded is refused with the line that is to blame. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import test from 'ava'
import { moduleFailureText } from '../../../scripts/pipeline/module-failure.ts'

const FILES = [
  ['a name declared twice', 'const x = 1\nconst x = 2\nexport default x\n', ':2:7'],
  ['a throw while loading', 'const q: any = undefined\nq.foo()\n', ':2:3'],
  ['an import of nothing', "import x from './nowhere.ts'\nexport default x\n", ''],
] as const

for (const [title, text, at] of FILES) {
  test(`module: ${title} is shown with its place`, async (t) => {
    const directory = mkdtempSync(join(tmpdir(), 'module-'))
    t.teardown(() => rmSync(directory, { recursive: true }))
    const file = join(directory, 'wrong.ts')
    writeFileSync(file, text)
    const cause: unknown = await t.throwsAsync(import(pathToFileURL(file).href), { any: true })
    const message = moduleFailureText(file, cause)
    const start = `${relative(process.cwd(), file)}${at} could not be loaded: `
    t.true(message.startsWith(start), message)
  })
}

test('module: the line that Node writes above the trace of a syntax error is its place', (t) => {
  const cause = new SyntaxError('Expected a comma')
  const file = join(process.cwd(), 'wrong.ts')
  cause.stack = `${file}:2\nsyntax error here(\n       ^^^^^\n\nSyntaxError: Expected a comma`
  const text = moduleFailureText(file, cause)
  t.is(text, 'wrong.ts:2:8 could not be loaded: Expected a comma')
})

test('module: of several lines that Node shows the last is the place', (t) => {
  const cause = new SyntaxError("Expected ',', got '}'")
  const file = join(process.cwd(), 'wrong.ts')
  cause.stack = `${file}:4\n  p.source('s'\n})\n^\n\nSyntaxError: ${cause.message}`
  const text = moduleFailureText(file, cause)
  t.is(text, "wrong.ts:4:1 could not be loaded: Expected ',', got '}'")
})
