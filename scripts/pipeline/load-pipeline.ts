/**
 * From the file a person names to a checked plan: YAML through the reader, TypeScript by importing
 * it; both then through the planner. Mistakes are collected, never thrown.
 */
import { readFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CONNECTOR_CONFIGS } from '../../connectors/registry-configs.ts'
import { CallSites, siteOfError, type CallSite } from '../../shared/api/call-site.ts'
import { isPipeline, type Pipeline } from '../../shared/api/pipeline.ts'
import { type Diagnostic, Diagnostics, type Places } from '../../shared/base/diagnostics.ts'
import { StreamError } from '../../shared/base/errors.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import { planPipeline } from '../../shared/planning/plan-pipeline.ts'
import { applyEnvironment } from '../../shared/spec/apply-environment.ts'
import type { PipelineSpec } from '../../shared/spec/pipeline-spec.ts'
import { type FileRead, readPipeline } from '../../shared/spec/read-pipeline.ts'
import type { TestSpec } from '../../shared/spec/test-spec.ts'
import type { CommandIo, Flags } from '../commands/command.ts'
import type { AuthorModule } from './author-modules.ts'
import { withExcerpts } from './excerpts.ts'
import { moduleFailureSite, moduleFailureReason, moduleFailureText } from './module-failure.ts'

const SELF = fileURLToPath(import.meta.url)

export const CONNECTORS = new Map(Object.entries(CONNECTOR_CONFIGS))

export interface LoadedPipeline {
  /** As it was named. */
  readonly path: string
  /** Where relative paths in it start. */
  readonly baseDirectory: string
  readonly spec: PipelineSpec | null
  /** Null when there are errors. */
  readonly plan: Plan | null
  readonly diagnostics: readonly Diagnostic[]
  readonly places: Places
  readonly tests: readonly TestSpec[]
  readonly params: Readonly<Record<string, unknown>>
}

export async function loadPipeline(
  path: string,
  flags: Flags,
  io: CommandIo,
): Promise<LoadedPipeline> {
  const full = resolve(io.workingDirectory, path)
  const isProgram = ['.ts', '.mts', '.js', '.mjs'].includes(extname(path))
  const read = isProgram ? await readProgram(full, flags, io) : await readYaml(path, flags, io)
  const base = { path, baseDirectory: dirname(full), ...read }
  if (read.spec === null) return { ...base, plan: null }
  const { plan, diagnostics } = planPipeline(read.spec, CONNECTORS, { params: read.params })
  const all = [...read.diagnostics, ...diagnostics]
  return { ...base, plan: all.some(isError) ? null : plan, diagnostics: all }
}

type ReadPart = Pick<LoadedPipeline, 'spec' | 'diagnostics' | 'places' | 'tests' | 'params'>

async function readYaml(path: string, flags: Flags, io: CommandIo): Promise<ReadPart> {
  const fromHere = (name: string): string => resolve(io.workingDirectory, name)
  const environment = flags['env']
  const read = await readPipeline({
    path,
    readFile: (name) => readForReader(fromHere(name), io),
    loadModule: (name) => importFunctions(fromHere(name), io),
    env: io.env,
    set: parameterTexts(flags),
    registry: CONNECTORS,
    ...(typeof environment === 'string' ? { environment } : {}),
  })
  return { ...read, diagnostics: read.diagnostics.all }
}

async function readForReader(path: string, io: CommandIo): Promise<FileRead> {
  io.onFile?.(path)
  try {
    return { kind: 'file', bytes: await readFile(path) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' }
    if (code === 'EISDIR') return { kind: 'directory' }
    return { kind: 'unreadable', reason: message }
  }
}

async function importModule(path: string, io: CommandIo): Promise<AuthorModule> {
  if (io.importModule !== undefined) return io.importModule(path)
  const { importAuthorModule } = await import('./author-modules.ts')
  return importAuthorModule(path)
}

/** What goes wrong in it is told with the line that is to blame. */
async function importFunctions(path: string, io: CommandIo): Promise<AuthorModule> {
  try {
    return await importModule(path, io)
  } catch (cause) {
    throw new Error(moduleFailureReason(path, cause), { cause })
  }
}

async function readProgram(full: string, flags: Flags, io: CommandIo): Promise<ReadPart> {
  const found = await importPipeline(full, io).catch((error: unknown) => failedImport(full, error))
  const environment = flags['env']
  const laid = new Diagnostics()
  const spec =
    found.spec === null || typeof environment !== 'string'
      ? found.spec
      : applyEnvironment(found.spec, environment, laid)
  return {
    spec,
    diagnostics: [...found.mistakes, ...laid.all],
    places: withExcerpts(found.places),
    tests: [],
    params: parameterTexts(flags),
  }
}

/** What the module itself threw for its author (a schema that is wrong) has a place, too. */
function failedImport(
  full: string,
  error: unknown,
): Pick<Pipeline, 'mistakes' | 'places'> & { spec: null } {
  const site = error instanceof StreamError ? siteOfImport(full, error) : null
  if (!(error instanceof StreamError) || site === null || site.file === SELF) throw error
  const { code, message, fix } = error
  const mistake: Diagnostic = { severity: 'error', code, path: [], message }
  return {
    spec: null,
    mistakes: [fix === null ? mistake : { ...mistake, fix }],
    places: new CallSites(site),
  }
}

function siteOfImport(full: string, error: StreamError): CallSite | null {
  if (error.code === 'MODULE_NOT_LOADED') return moduleFailureSite(full, error.cause)
  return siteOfError(error)
}

async function importPipeline(full: string, io: CommandIo): Promise<Pipeline> {
  const exported = (await loadProgram(full, io))['default']
  if (isPipeline(exported)) return exported
  throw new StreamError(
    'MODULE_EXPORTS_NO_PIPELINE',
    `${full} has no pipeline as its default export`,
    {
      fix: "end it with `export default pipeline('name', p => { … })`",
    },
  )
}

async function loadProgram(full: string, io: CommandIo): Promise<AuthorModule> {
  try {
    return await importModule(full, io)
  } catch (cause) {
    if (cause instanceof StreamError) throw cause
    throw new StreamError('MODULE_NOT_LOADED', moduleFailureText(full, cause), { cause })
  }
}

/** `--set name=value`, as texts; the parameter's type decides how they are read. */
function parameterTexts(flags: Flags): Record<string, string> {
  const given = Array.isArray(flags['set']) ? (flags['set'] as unknown[]).map(String) : []
  const texts: Record<string, string> = {}
  for (const pair of given) {
    const at = pair.indexOf('=')
    if (at < 1) {
      throw new StreamError('USAGE_WRONG', `--set ${pair} is not name=value`)
    }
    texts[pair.slice(0, at)] = pair.slice(at + 1)
  }
  return texts
}

export function isError(one: Diagnostic): boolean {
  return one.severity === 'error'
}
