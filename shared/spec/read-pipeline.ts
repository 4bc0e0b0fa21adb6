/**
 * Reads a pipeline file: YAML text to specification, with every mistake at once.
 *
 * Form only: whether streams exist, types agree and state is bounded is the planner's. Blocks with
 * mistakes are left out of the specification and named in `broken`, so that the planner can go on
 * with the others and say nothing about what was said.
 */
import { z } from 'zod'
import { Diagnostics } from '../base/diagnostics.ts'
import type { Places } from '../base/diagnostics.ts'
import type {
  PipelineSpec,
  SinkSpec,
  SourceSpec,
  TableSpec,
  TransformationSpec,
} from './pipeline-spec.ts'
import { substitutedTree } from './reader/language-parts.ts'
import {
  checkNamesTwice,
  loadStepFunctions,
  namedBlocks,
  readFunctions,
  readSink,
  readSource,
  readTable,
} from './reader/read-blocks.ts'
import { readConnections } from './reader/read-connections.ts'
import { ReadContext } from './reader/read-context.ts'
import type { ReaderOptions } from './reader/read-context.ts'
import { layEnvironments, readEnvironments } from './reader/read-environments.ts'
import { parseFile, textOf } from './reader/read-file.ts'
import { mergeIncludes } from './reader/read-includes.ts'
import { readParams } from './reader/read-params.ts'
import { readSchemas } from './reader/read-schemas.ts'
import { readTestList } from './reader/tests/read-tests.ts'
import { defined } from './defined.ts'
import {
  checkTopLevelKeys,
  readDefaults,
  readDescription,
  readLaterParts,
  readName,
  readStreamProcessing,
} from './reader/read-top-level.ts'
import { readTransformation } from './reader/transformation/read-transformation.ts'
import { reportSketch } from './reader/sketch.ts'
import type { TestSpec } from './test-spec.ts'
import { SourceText } from './yaml/source-text.ts'
import { TreePlaces } from './yaml/tree-places.ts'
import type { MapNode } from './yaml/yaml-tree.ts'

export type { FileRead, ReaderOptions } from './reader/read-context.ts'
export { readTestFile } from './reader/tests/read-tests.ts'

export interface ReadPipeline {
  /** Null when nothing can be said of the file; with errors it holds the blocks without any. */
  readonly spec: PipelineSpec | null
  readonly diagnostics: Diagnostics
  readonly places: Places
  /** Of `tests:`, those that are readable. */
  readonly tests: readonly TestSpec[]
  /** Values of parameters: `--set` over defaults. */
  readonly params: Readonly<Record<string, unknown>>
}

export async function readPipeline(options: ReaderOptions): Promise<ReadPipeline> {
  // A form is used a few times per process: compiling it would cost more than it saves.
  z.config({ jitless: true })
  const diagnostics = new Diagnostics()
  const file =
    options.text === undefined
      ? await options.readFile(options.path)
      : ({ kind: 'file', bytes: options.text } as const)
  const read = textOf(options.path, file)
  const nothing = { spec: null, diagnostics, tests: [], params: {} }
  if (read.problem !== null) {
    const places = new TreePlaces(new SourceText(options.path, ''))
    const { code, message, ...more } = read.problem
    diagnostics.error(code, [], message, more)
    return { ...nothing, places }
  }
  const { source, root, mistakes } = parseFile(options.path, read.text)
  const places = new TreePlaces(source)
  const context = new ReadContext(options, diagnostics, places)
  context.useTree(root)
  for (const { code, message, cause, fix, ...where } of mistakes) {
    diagnostics.error(code, places.pin(where), message, defined({ cause, fix }))
  }
  if (root === null || !isPipeline(context)) return { ...nothing, places }
  return readTree(root as MapNode, context)
}

/** Whether the root is a mapping that may be a pipeline; says so when not. */
function isPipeline(context: ReadContext): boolean {
  const { root, diagnostics } = context
  if (root?.kind === 'map') return !reportSketch(root, context)
  const isEmpty = root?.kind === 'scalar' && root.value === null && root.text === ''
  if (isEmpty) {
    const fix = 'begin with `pipeline: name`; `millrace init` writes an example'
    diagnostics.error('FILE_EMPTY', [], `${context.options.path} is empty`, { fix })
  } else if (root?.kind !== 'masked') {
    const kind = root?.kind === 'list' ? 'a list' : 'one text'
    const fix = 'begin with `pipeline: name`, then `sources:`, `transformations:`, `sinks:`'
    diagnostics.error('VALUE_INVALID', [], `a pipeline file is a mapping, this is ${kind}`, { fix })
  }
  return false
}

async function readTree(root: MapNode, context: ReadContext): Promise<ReadPipeline> {
  const merged = await mergeIncludes(root, context)
  context.useTree(merged)
  const nothing = { spec: null, tests: [], params: {} }
  if (!checkTopLevelKeys(context)) {
    return { ...nothing, diagnostics: context.diagnostics, places: context.places }
  }
  const name = readName(context)
  const params = readParams(context)
  context.useTree(substitutedTree(merged, context))
  const parts = {
    description: readDescription(context) ?? undefined,
    params: nonEmpty(params),
    defaults: readDefaults(context) ?? undefined,
    schemas: nonEmpty(await readSchemas(context)),
    connections: nonEmpty(readConnections(context)),
    functions: nonEmpty(await readFunctions(context)),
    stream_processing: readStreamProcessing(context) ?? undefined,
  }
  checkNamesTwice(context)
  const streams = await readStreams(context)
  const { tests, written } = readTestList(context)
  const spec: PipelineSpec = defined({
    pipeline: name ?? 'unnamed',
    ...parts,
    ...streams,
    ...readLaterParts(context),
    environments: nonEmpty(readEnvironments(context)),
    tests: written.length === 0 ? undefined : written,
    broken: nonEmptyList([...context.broken]),
    brokenStreams: nonEmptyList([...context.broken].filter((one) => isStream(context, one))),
  })
  const { diagnostics, places, params: values } = context
  return { spec: layEnvironments(spec, context), diagnostics, places, tests, params: values }
}

interface Streams {
  sources: Record<string, SourceSpec>
  tables: Record<string, TableSpec> | undefined
  transformations: Record<string, TransformationSpec> | undefined
  sinks: Record<string, SinkSpec>
}

async function readStreams(context: ReadContext): Promise<Streams> {
  const sources: Streams['sources'] = {}
  const tables: Record<string, TableSpec> = {}
  const transformations: Record<string, TransformationSpec> = {}
  const sinks: Streams['sinks'] = {}
  for (const { key } of namedBlocks('sources', context)) {
    keep(sources, key, await readSource(key, context))
  }
  for (const { key } of namedBlocks('tables', context)) {
    keep(tables, key, await readTable(key, context))
  }
  for (const { key } of namedBlocks('transformations', context)) {
    const spec = readTransformation(key, context)
    const path = ['transformations', key]
    keep(transformations, key, spec && (await loadStepFunctions(spec, path, context)))
  }
  for (const { key } of namedBlocks('sinks', context)) keep(sinks, key, readSink(key, context))
  requireSources(context)
  return { sources, tables: nonEmpty(tables), transformations: nonEmpty(transformations), sinks }
}

function keep<T>(into: Record<string, T>, key: string, value: T | null): void {
  if (value !== null) into[key] = value
}

function requireSources(context: ReadContext): void {
  if (context.node(['sources']) !== null || context.misspelledGroups.has('sources')) return
  const fix = 'add `sources:`, for instance `orders: { connector: file, path: orders.jsonl, … }`'
  context.diagnostics.error('KEY_MISSING', ['sources'], 'the pipeline has no `sources`', { fix })
}

function nonEmpty<T extends object>(value: T): T | undefined {
  return Object.keys(value).length === 0 ? undefined : value
}

function nonEmptyList(names: readonly string[]): readonly string[] | undefined {
  return names.length === 0 ? undefined : names
}

function isStream(context: ReadContext, name: string): boolean {
  return ['sources', 'transformations'].some((group) => context.node([group, name]) !== null)
}
