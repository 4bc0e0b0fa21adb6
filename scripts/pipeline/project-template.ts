/**
 * The files of a new project: those of scripts/templates/<template> under the project's name, with
 * the schemas that editors complete by. A template is a project that runs where it stands, so that
 * tests run it as it is: `pipeline` in a file's name, and the first `pipeline:` or `pipeline(` in
 * it, become the project's.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pipelineJsonSchema, testFileJsonSchema } from '../../shared/spec/json-schema.ts'
import { packageVersion } from '../package-version.ts'
import { CONNECTORS } from './load-pipeline.ts'

export interface ProjectFile {
  /** Below the project's folder. */
  readonly path: string
  readonly text: string
}

const TEMPLATES = join(dirname(dirname(fileURLToPath(import.meta.url))), 'templates')
/** What npm leaves out of packages, or reads itself, lies under another name. */
const REAL_NAMES: Readonly<Record<string, string>> = {
  gitignore: '.gitignore',
  'package.template.json': 'package.json',
}
/** The flights are shipped once. */
const BORROWED: Readonly<Record<string, readonly { from: string; path: string }[]>> = {
  typescript: ['data/airports.csv', 'data/flights.csv'].map((path) => ({ from: 'flights', path })),
}
const PIPELINE_SCHEMA = '.millrace/pipeline.schema.json'
const TEST_SCHEMA = '.millrace/test.schema.json'

export function templateFiles(template: string, name: string): ProjectFile[] {
  const paths = [...(BORROWED[template] ?? []), ...pathsIn(template)]
  const own = paths.map(({ from, path }) =>
    projectFile(path, readFileSync(join(TEMPLATES, from, path), 'utf8'), name),
  )
  return [...own, ...schemaFiles()]
}

/** Below the folder, in order; without what a run of the template left behind. */
function pathsIn(template: string): { from: string; path: string }[] {
  const folder = join(TEMPLATES, template)
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !path.startsWith('out'))
    .toSorted()
    .map((path) => ({ from: template, path }))
}

function projectFile(path: string, text: string, name: string): ProjectFile {
  const ownName = (REAL_NAMES[path] ?? path).replace(/^pipeline(?=\.)/, name)
  const named = text
    .replace(/^pipeline: .*$/m, `pipeline: ${name}`)
    .replace(/\bpipeline\('[^']*'/, `pipeline('${name}'`)
    .replaceAll('PIPELINE', name)
    .replaceAll('MILLRACE_VERSION', packageVersion())
  return { path: ownName, text: editorLine(path) + named }
}

/** Switches completion on in editors with a YAML language server. */
function editorLine(path: string): string {
  if (path.endsWith('.test.yaml')) return `# yaml-language-server: $schema=${TEST_SCHEMA}\n`
  return path.endsWith('.yaml') ? `# yaml-language-server: $schema=${PIPELINE_SCHEMA}\n` : ''
}

function schemaFiles(): ProjectFile[] {
  const schemas = [
    { path: PIPELINE_SCHEMA, schema: pipelineJsonSchema(CONNECTORS) },
    { path: TEST_SCHEMA, schema: testFileJsonSchema() },
  ]
  return schemas.map(({ path, schema }) => ({ path, text: `${JSON.stringify(schema, null, 2)}\n` }))
}

export function existingNames(directory: string, paths: readonly string[]): string[] {
  return paths.filter((path) => existsSync(join(directory, path)))
}

export function writeFiles(directory: string, files: readonly ProjectFile[]): void {
  for (const { path, text } of files) {
    const full = join(directory, path)
    mkdirSync(dirname(full), { recursive: true })
    // Fails where a file came to be since the check: nothing is written over.
    writeFileSync(full, text, { flag: 'wx' })
  }
}
