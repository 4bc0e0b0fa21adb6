/** Which files hold tests: named ones and those beside them, or all below a folder. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { StreamError } from '../../shared/base/errors.ts'

/** A pipeline and where its tests stand. Paths as they are shown, from the working directory. */
export interface TestSource {
  readonly pipeline: string
  /** `NAME.test.yaml`; null when there is none. */
  readonly testFile: string | null
  /** Whether the tests in the pipeline file itself are meant too. */
  readonly hasOwnTests: boolean
}

const TEST_FILE = /\.test\.ya?ml$/
const YAML = /\.ya?ml$/
const PROGRAM = /\.[cm]?[jt]s$/
const PIPELINE_ENDINGS = ['.yaml', '.yml', '.ts', '.mts', '.js', '.mjs']
const SKIPPED = new Set(['node_modules', 'dist', 'coverage'])

export function testSources(named: readonly string[], directory: string): TestSource[] {
  if (named.length === 0) return sourcesBelow('.', directory)
  return named.flatMap((name) => {
    const full = resolve(directory, name)
    if (existsSync(full) && statSync(full).isDirectory()) return sourcesBelow(name, directory)
    return [sourceOf(name, directory)]
  })
}

function sourceOf(name: string, directory: string): TestSource {
  if (TEST_FILE.test(name)) return ofTestFile(name, directory)
  return { pipeline: name, testFile: besideOf(name, directory), hasOwnTests: true }
}

function ofTestFile(name: string, directory: string): TestSource {
  const stem = name.replace(TEST_FILE, '')
  const ending = PIPELINE_ENDINGS.find((one) => existsSync(resolve(directory, stem + one)))
  if (ending !== undefined) {
    return { pipeline: stem + ending, testFile: name, hasOwnTests: false }
  }
  throw new StreamError('FILE_MISSING', `${name} tests ${stem}.yaml, which is not there`, {
    fix: 'name the file of tests as its pipeline: shop.test.yaml for shop.yaml or shop.ts',
  })
}

function besideOf(name: string, directory: string): string | null {
  const stem = name.replace(YAML, '').replace(PROGRAM, '')
  const found = ['.test.yaml', '.test.yml'].find((one) =>
    existsSync(resolve(directory, stem + one)),
  )
  return found === undefined ? null : stem + found
}

/** In order of path. A pipeline file is one that says so, so that other YAML is left alone. */
function sourcesBelow(name: string, directory: string): TestSource[] {
  const found = new Map<string, TestSource>()
  for (const path of filesBelow(resolve(directory, name))) {
    const shown = relative(directory, path)
    if (TEST_FILE.test(basename(path))) {
      const source = ofTestFile(shown, directory)
      const known = found.get(source.pipeline)
      const hasOwnTests = known?.hasOwnTests ?? false
      found.set(source.pipeline, { ...source, hasOwnTests })
    } else if (YAML.test(path) && hasTests(path)) {
      found.set(shown, { pipeline: shown, testFile: besideOf(shown, directory), hasOwnTests: true })
    }
  }
  return [...found.values()].toSorted((a, b) => (a.pipeline < b.pipeline ? -1 : 1))
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return []
      const path = join(directory, entry.name)
      if (entry.isDirectory()) return filesBelow(path)
      return entry.isFile() ? [path] : []
    })
}

function hasTests(path: string): boolean {
  const text = readFileSync(path, 'utf8')
  return /^\uFEFF?pipeline\s*:/m.test(text) && /^tests\s*:/m.test(text)
}

/** Folders in which a save may change what tests say. */
export function foldersOf(sources: readonly TestSource[], directory: string): string[] {
  const folders = sources.map(({ pipeline }) => dirname(resolve(directory, pipeline)))
  return folders.length === 0 ? [directory] : [...new Set(folders)]
}
