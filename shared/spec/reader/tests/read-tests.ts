/** `tests:` of a pipeline file and files `NAME.test.yaml`: from tree to tests (LANGUAGE §4). */
import { Diagnostics } from '../../../base/diagnostics.ts'
import type { Places, SpecPath } from '../../../base/diagnostics.ts'
import { parseDate } from '../../../model/text/civil-time.ts'
import { reportUnknownKey } from '../../form/check-form.ts'
import { isZone } from '../../form/window-form.ts'
import { show } from '../../form/value-forms.ts'
import type { TestBase, TestSpec } from '../../test-spec.ts'
import { TreePlaces } from '../../yaml/tree-places.ts'
import { childOf, entriesOf, itemsOf, plainOf } from '../../yaml/yaml-tree.ts'
import type { YamlNode } from '../../yaml/yaml-tree.ts'
import { SourceText } from '../../yaml/source-text.ts'
import { TestReading } from './test-reading.ts'
import type { ReadContext } from '../read-context.ts'
import type { ReaderOptions } from '../read-context.ts'
import { parseFile, textOf } from '../read-file.ts'
import { readExpectation, readGiven, readGroups } from './read-test-steps.ts'

export const TEST_KEYS = [
  'name',
  'day',
  'timezone',
  'environment',
  'params',
  'parallelism',
  'where',
  'ordered',
  'contains',
  'tables',
  'given',
  'expect',
]

export function readTestList(context: ReadContext): {
  tests: readonly TestSpec[]
  written: readonly unknown[]
} {
  const node = context.node(['tests'])
  const reading = new TestReading(context.diagnostics, context.root)
  const tests = node === null ? [] : readTests(node, ['tests'], reading)
  return { tests, written: itemsOf(node).map(plainOf) }
}

export interface ReadTestFile {
  readonly tests: readonly TestSpec[]
  readonly diagnostics: Diagnostics
  readonly places: Places
}

/** A file of its own: a list of tests, or `tests:` with the list. */
export async function readTestFile(
  options: Pick<ReaderOptions, 'path' | 'text' | 'readFile'>,
): Promise<ReadTestFile> {
  const diagnostics = new Diagnostics()
  const file =
    options.text === undefined
      ? await options.readFile(options.path)
      : ({ kind: 'file', bytes: options.text } as const)
  const read = textOf(options.path, file)
  if (read.problem !== null) {
    const { code, message, ...more } = read.problem
    diagnostics.error(code, [], message, more)
    return { tests: [], diagnostics, places: new TreePlaces(new SourceText(options.path, '')) }
  }
  const { source, root, mistakes } = parseFile(options.path, read.text)
  const places = new TreePlaces(source)
  places.useTree(root)
  for (const { code, message, cause, fix, ...where } of mistakes) {
    const more = {
      ...(cause === undefined ? {} : { cause }),
      ...(fix === undefined ? {} : { fix }),
    }
    diagnostics.error(code, places.pin(where), message, more)
  }
  const reading = new TestReading(diagnostics, root)
  const inside = childOf(root, 'tests')
  if (root === null) return { tests: [], diagnostics, places }
  for (const { key } of entriesOf(root)) {
    if (key === 'tests') continue
    reportUnknownKey(diagnostics, [key], { keys: ['tests'], title: 'a file of tests' })
  }
  const tests =
    inside === null && root.kind === 'map' && entriesOf(root).length > 0
      ? []
      : readTests(inside ?? root, inside === null ? [] : ['tests'], reading)
  return { tests, diagnostics, places }
}

function readTests(node: YamlNode, path: SpecPath, reading: TestReading): TestSpec[] {
  if (node.kind !== 'list') {
    const fix = 'write `tests:` and below it `- name: …` for each'
    reading.error(path, 'tests are a list', { onKey: true, fix })
    return []
  }
  const names = new Set<string>()
  return node.items.flatMap((item, index) => {
    const test = readTest(item, [...path, index], reading)
    if (test === null) return []
    if (names.has(test.name)) {
      const fix = 'rename one: `-t NAME` chooses by it'
      reading.error([...test.path, 'name'], `two tests are named ${show(test.name)}`, { fix })
    }
    names.add(test.name)
    return [test]
  })
}

function readTest(node: YamlNode, path: SpecPath, reading: TestReading): TestSpec | null {
  if (node.kind !== 'map') {
    const fix = 'write `- name: …`, `given:` and `expect:`'
    reading.error(path, 'a test is a mapping', { fix })
    return null
  }
  for (const key of node.entries.keys()) {
    if (TEST_KEYS.includes(key)) continue
    const at = [...path, key]
    reportUnknownKey(reading.diagnostics, at, { keys: TEST_KEYS, title: 'a test' })
  }
  const base = readBase(node, path, reading)
  const given = childOf(node, 'given')
  const expect = childOf(node, 'expect')
  const about = { base, reading }
  const steps = given === null ? [] : readGiven(given, [...path, 'given'], about)
  const ends = expect === null ? null : readExpectation(expect, [...path, 'expect'], about)
  const isMisspelled = [...node.entries.keys()].some((key) => /^(expect|then)/.test(key))
  const judged = isMisspelled || steps.some((step) => step.kind === 'expect')
  if (!judged) {
    const fix = 'add `expect: { stream: [ rows ] }`; `expect: "?"` is filled in by `--update`'
    reading.error([...path, 'expect'], 'the test expects nothing', { fix })
  }
  const tables = childOf(node, 'tables')
  return {
    name: readName(node, path, reading),
    path,
    base,
    params: readParams(node, path, reading),
    environment: textAt(node, 'environment', path, reading),
    parallelism: readParallelism(node, path, reading),
    where: textAt(node, 'where', path, reading),
    isOrdered: flagAt(node, 'ordered', path, reading),
    isContained: flagAt(node, 'contains', path, reading),
    tables: tables === null ? [] : readGroups(tables, [...path, 'tables'], about),
    given: steps,
    expect: ends,
  }
}

function readName(node: YamlNode, path: SpecPath, reading: TestReading): string {
  const name = textAt(node, 'name', path, reading)
  if (name !== null && name !== '') return name
  if (childOf(node, 'name') === null) {
    const fix = 'add `name:` and say what must hold, as a sentence'
    reading.error([...path, 'name'], 'the test has no name', { fix })
  }
  return `test ${Number(path.at(-1)) + 1}`
}

function readBase(node: YamlNode, path: SpecPath, reading: TestReading): TestBase {
  const dayText = textAt(node, 'day', path, reading)
  const day = dayText === null ? null : parseDate(dayText)
  if (dayText !== null && day === null) {
    const said = { fix: 'write `day: 2026-01-31`' }
    reading.error([...path, 'day'], `${show(dayText)} is no date`, said)
  }
  const zone = textAt(node, 'timezone', path, reading) ?? 'UTC'
  if (isZone(zone)) return { day, timezone: zone }
  const said = { fix: 'write for instance `Europe/Berlin`' }
  reading.error([...path, 'timezone'], `${show(zone)} is not a time zone`, said)
  return { day, timezone: 'UTC' }
}

/** As `--set` would give them. */
function readParams(node: YamlNode, path: SpecPath, reading: TestReading): Record<string, string> {
  const params = childOf(node, 'params')
  if (params === null) return {}
  if (params.kind !== 'map') {
    const fix = 'write `params: { name: value }`'
    reading.error([...path, 'params'], '`params` is a mapping', { fix })
  }
  return Object.fromEntries(
    entriesOf(params).flatMap((entry) =>
      entry.node.kind === 'scalar' ? [[entry.key, entry.node.text] as const] : [],
    ),
  )
}

function readParallelism(node: YamlNode, path: SpecPath, reading: TestReading): readonly number[] {
  const written = childOf(node, 'parallelism')
  if (written === null) return [1, 3]
  const value = plainOf(written)
  const list = Array.isArray(value) ? value : [value]
  const good = list.filter((one): one is number => Number.isInteger(one) && Number(one) >= 1)
  if (good.length === list.length && good.length > 0) return good
  const fix = 'write `parallelism: [1, 3]`'
  reading.error([...path, 'parallelism'], `${show(value)} is no list of whole numbers`, { fix })
  return [1, 3]
}

function textAt(
  node: YamlNode,
  key: string,
  ...[path, reading]: [SpecPath, TestReading]
): string | null {
  const child = childOf(node, key)
  if (child === null || child.kind === 'masked') return null
  if (child.kind === 'scalar' && child.value !== null) return child.text
  reading.error([...path, key], `\`${key}\` takes a text`, {
    fix: `write \`${key}: …\` in one line`,
  })
  return null
}

function flagAt(node: YamlNode, key: string, ...[path, reading]: [SpecPath, TestReading]): boolean {
  const child = childOf(node, key)
  if (child === null) return false
  if (child.kind === 'scalar' && typeof child.value === 'boolean') return child.value
  const fix = `write \`${key}: true\`, or leave it out`
  reading.error([...path, key], `\`${key}\` takes true or false`, { fix })
  return false
}
