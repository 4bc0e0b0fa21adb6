/**
 * What no compiler checks: who imports whom, sizes, headers, words of the glossary, error pages,
 * and that nothing of a developer's machine is in the tree.
 */
import test from 'ava'
import { ERROR_KINDS } from '../../shared/base/errors.ts'
import { codeFiles, ownImports, projectFiles, readSource } from './source-files.ts'

const FILE_LINES_MAX = 400
const TEST_LINES_MAX = 600
const FILES_IN_FOLDER_MAX = 23

/** A folder may import from these folders and from itself; the longest matching prefix rules. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'shared/': [],
  'node/': ['shared/'],
  'connectors/': ['shared/base/', 'shared/model/', 'shared/spi/'],
  'scripts/': ['shared/', 'node/', 'connectors/', 'index.ts', 'testing.ts'],
  'index.ts': ['shared/', 'connectors/'],
  'testing.ts': ['shared/', 'node/', 'connectors/', 'scripts/'],
  'test/': [''],
  'bench/': [''],
  'examples/': [''],
}

const isTest = (path: string): boolean => path.startsWith('test/') || path.startsWith('bench/')

test('imports: every folder keeps to the table of who may import whom', (t) => {
  const broken: string[] = []
  for (const file of codeFiles()) {
    const home = Object.keys(MAY_IMPORT).find((prefix) => file.path.startsWith(prefix))
    if (home === undefined) continue
    for (const target of ownImports(file)) {
      const allowed = [home, ...(MAY_IMPORT[home] ?? [])]
      if (!allowed.some((prefix) => target.startsWith(prefix)))
        broken.push(`${file.path} → ${target}`)
    }
  }
  t.deepEqual(broken, [])
})

test('imports: a connector imports no other connector', (t) => {
  const broken: string[] = []
  for (const file of codeFiles()) {
    const own = /^connectors\/([^/]+)\//.exec(file.path)?.[1]
    if (own === undefined) continue
    for (const target of ownImports(file)) {
      const other = /^connectors\/([^/]+)\//.exec(target)?.[1]
      if (other !== undefined && other !== own) broken.push(`${file.path} → ${target}`)
    }
  }
  t.deepEqual(broken, [])
})

test('imports: there are no cycles', (t) => {
  const graph = new Map(codeFiles().map((file) => [file.path, ownImports(file)]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: string[]): void => {
    if (done.has(path)) return
    const at = trail.indexOf(path)
    if (at >= 0) {
      cycles.push([...trail.slice(at), path].join(' → '))
      return
    }
    for (const next of graph.get(path) ?? []) if (graph.has(next)) visit(next, [...trail, path])
    done.add(path)
  }
  // A type-only cycle is no cycle at run time, but one that a reader has to follow all the same.
  for (const path of graph.keys()) visit(path, [])
  t.deepEqual(cycles, [])
})

test('files: none is longer than its limit', (t) => {
  const long = codeFiles()
    .filter((file) => file.lines.length - 1 > (isTest(file.path) ? TEST_LINES_MAX : FILE_LINES_MAX))
    .map((file) => `${file.path} (${file.lines.length - 1})`)
  t.deepEqual(long, [])
})

test('files: every one begins with a comment that says what it is', (t) => {
  const bare = codeFiles()
    .filter((file) => !/^(#!.*\n)?\s*\/(\*\*|\/)/.test(file.text))
    .map((file) => file.path)
  t.deepEqual(
    bare.filter((path) => !path.endsWith('.config.js')),
    [],
  )
})

test('files: no grab-bags', (t) => {
  const grabBag = /(^|\/)(utils?|helpers?|common|misc|types|shared-stuff|lib)\.(ts|js)$/
  t.deepEqual(
    codeFiles()
      .map((file) => file.path)
      .filter((path) => grabBag.test(path)),
    [],
  )
})

test('folders: none holds more files than a reader can take in', (t) => {
  const counts = new Map<string, number>()
  for (const { path } of codeFiles()) {
    if (isTest(path)) continue
    const folder = path.slice(0, path.lastIndexOf('/') + 1)
    counts.set(folder, (counts.get(folder) ?? 0) + 1)
  }
  const full = [...counts].filter(([, count]) => count > FILES_IN_FOLDER_MAX)
  t.deepEqual(full, [])
})

test('glossary: exported names and file names use its words', (t) => {
  const not = /topolog|replica|mastership|\bmaster\b|manager|shuffle|chunk|mgr\b/i
  const broken: string[] = []
  for (const file of codeFiles()) {
    if (not.test(file.path)) broken.push(file.path)
    const exported =
      /\bexport (?:abstract )?(?:const|function\*?|class|interface|type|async function) (\w+)/g
    for (const match of file.text.matchAll(exported)) {
      if (not.test(match[1] ?? '')) broken.push(`${file.path}: ${match[1]}`)
    }
  }
  t.deepEqual(broken, [])
})

test('code: no TODO, no disabled check, no only or skip without a reason', (t) => {
  const not = /\b(TODO|FIXME|XXX|HACK)\b|@ts-ignore|@ts-nocheck|\btest\.only\(|\bas any\b/
  const broken: string[] = []
  for (const file of codeFiles()) {
    if (file.path === 'test/tidy/tidy.test.ts') continue
    file.lines.forEach((line, index) => {
      if (not.test(line)) broken.push(`${file.path}:${index + 1}`)
    })
  }
  t.deepEqual(broken, [])
})

test('tree: nothing in it names a path of a developer machine or a registry host', (t) => {
  const not =
    /(^|[^A-Za-z])\/(work|farm|home\/[a-z]+)\/|registry\.[a-z]+\.(org|com)|"resolved": "http/
  const broken: string[] = []
  for (const path of projectFiles('.ts', '.js', '.md', '.yaml', '.json', '.yml')) {
    if (path === 'test/tidy/tidy.test.ts') continue
    const hit = readSource(path).lines.findIndex((line) => not.test(line))
    if (hit >= 0) broken.push(`${path}:${hit + 1}`)
  }
  t.deepEqual(broken, [])
})

test('errors: docs/errors.md has exactly one section per code', (t) => {
  const sections = readSource('docs/errors.md')
    .lines.map((line) => /^## `?([A-Z0-9_]+)`?/.exec(line)?.[1])
    .filter((code) => code !== undefined)
  t.deepEqual(sections.toSorted(), Object.keys(ERROR_KINDS).toSorted())
})
