/** Sources, tables, sinks and functions of a file as parts of the specification. */
import type { SpecPath } from '../../base/diagnostics.ts'
import type {
  FunctionRef,
  SchemaSpec,
  SinkSpec,
  SourceSpec,
  TableSpec,
  TransformationSpec,
} from '../pipeline-spec.ts'
import { functionEntry, sinkForm, sourceForm, tableForm } from '../form/block-forms.ts'
import { IDENTIFIER, NAME_FIX, show } from '../form/value-forms.ts'
import { childOf, entriesOf, itemsOf } from '../yaml/yaml-tree.ts'
import type { MapEntry } from '../yaml/yaml-tree.ts'
import { notYet } from './transformation/later-features.ts'
import { loadExport } from './load-export.ts'
import { readUse } from './read-connectors.ts'
import type { ReadContext } from './read-context.ts'
import { readSchema } from './read-schemas.ts'
import { defined } from '../defined.ts'

/** Entries of a top-level mapping whose names can be names of blocks. */
export function namedBlocks(group: string, context: ReadContext): readonly MapEntry[] {
  const node = context.node([group])
  if (node === null || node.kind === 'masked') return []
  if (node.kind !== 'map') {
    const isEmpty = node.kind === 'scalar' && node.value === null
    const message = isEmpty ? `\`${group}\` is empty` : `\`${group}\` is a mapping of names`
    const inside = itemsOf(node).flatMap((item) => entriesOf(item).map((entry) => entry.key))
    for (const name of inside) context.broken.add(name)
    context.diagnostics.error('VALUE_INVALID', [group], message, {
      onKey: true,
      fix: `write each below it, by name: \`${group}: { name: {…} }\``,
    })
    return []
  }
  const all = entriesOf(node)
  const outside = notIndented(all)
  if (outside !== null) reportOutside(outside, group, context)
  const entries = outside === null ? all : all.filter((entry) => entry.node.kind === 'map')
  for (const { key } of entries) {
    if (IDENTIFIER.test(key)) continue
    const better = key.replaceAll(/[^A-Za-z0-9_]+/g, '_')
    const fix = IDENTIFIER.test(better) ? `write \`${better}\`` : NAME_FIX
    const message = `${show(key)} is not the name of a block`
    context.diagnostics.error('NAME_INVALID', [group, key], message, { onKey: true, fix })
    context.broken.add(key)
    context.broken.add(better)
  }
  const once = entries.filter((entry) => !context.twice.has(`${group}.${entry.key}`))
  return once.filter((entry) => entry.node.kind !== 'masked' || markBroken(entry, context))
}

/** Keys of a block: beside a block without any, they were meant to stand in it. */
const INNER_KEYS = new Set(['connector', 'from', 'path', 'schema', 'where', 'key_by', 'topic'])

interface NotIndented {
  readonly block: string
  readonly key: string
}

function notIndented(entries: readonly MapEntry[]): NotIndented | null {
  const index = entries.findIndex((one) => one.node.kind === 'scalar' && one.node.value === null)
  const block = entries[index]
  const next = entries[index + 1]
  const isInner = next?.node.kind === 'scalar' && INNER_KEYS.has(next.key)
  return block !== undefined && isInner ? { block: block.key, key: next.key } : null
}

function reportOutside(found: NotIndented, group: string, context: ReadContext): void {
  const { block, key } = found
  context.broken.add(block)
  const message = `\`${key}\` stands beside \`${block}\`, not in it`
  const fix = `indent the lines below \`${block}:\` by two more spaces`
  context.diagnostics.error('YAML_INDENT', [group, key], message, { onKey: true, fix })
}

function markBroken(entry: MapEntry, context: ReadContext): false {
  context.broken.add(entry.key)
  return false
}

/** One name is one block, whatever it does; the first counts. */
export function checkNamesTwice(context: ReadContext): void {
  const first = new Map<string, string>()
  for (const group of ['sources', 'tables', 'transformations', 'sinks']) {
    for (const entry of entriesOf(context.node([group]))) {
      const before = first.get(entry.key)
      if (before === undefined) first.set(entry.key, group)
      else {
        const message = `\`${entry.key}\` is the name of two blocks`
        context.diagnostics.error('NAME_TWICE', [group, entry.key], message, {
          onKey: true,
          cause: `the other one is in \`${before}\``,
          fix: 'rename one of them',
        })
        context.twice.add(`${group}.${entry.key}`)
      }
    }
  }
}

export async function readSource(name: string, context: ReadContext): Promise<SourceSpec | null> {
  const path = ['sources', name]
  const use = readUse('source', sourceForm, path, context)
  const schema = await schemaOf(path, context)
  if (use === null || schema === null) return null
  const { form, connector, config } = use
  if (form.changes === 'full_snapshots') {
    const fix = 'write `changes: upsert` with `primary_key`, or `changes: kinds`'
    notYet(context, [...path, 'changes'], '`changes: full_snapshots`', { fix })
    context.breakBlock(path)
    return null
  }
  const watermark = form.watermark === undefined ? undefined : defined(form.watermark)
  return defined({ ...form, connector, config, schema, watermark })
}

export async function readTable(name: string, context: ReadContext): Promise<TableSpec | null> {
  const path = ['tables', name]
  const use = readUse('table', tableForm, path, context)
  const schema = await schemaOf(path, context)
  if (use === null || schema === null) return null
  const { form, connector, config } = use
  const cache = form.cache === undefined ? undefined : defined(form.cache)
  return defined({ ...form, connector, config, schema, cache })
}

export function readSink(name: string, context: ReadContext): SinkSpec | null {
  const path = ['sinks', name]
  const use = readUse('sink', sinkForm, path, context)
  if (use === null) return null
  const { partition_by: partitionBy, mode, ...form } = use.form
  if (mode === 'replace') {
    const fix = 'write `mode: append`, or `mode: upsert` with a key'
    notYet(context, [...path, 'mode'], '`mode: replace`', { fix })
    context.breakBlock(path)
    return null
  }
  if (partitionBy !== undefined) {
    const at = [...path, 'partition_by']
    const said = { onKey: true, fix: 'leave it out' }
    notYet(context, at, '`partition_by` (it belongs to `mode: replace`)', said)
  }
  return defined({ ...form, mode, connector: use.connector, config: use.config })
}

/** Undefined when none is written; null when it was reported. */
async function schemaOf(
  path: SpecPath,
  context: ReadContext,
): Promise<SchemaSpec | string | undefined | null> {
  const node = childOf(context.node(path), 'schema')
  if (node === null) return undefined
  const schema = await readSchema(node, [...path, 'schema'], context)
  if (schema === null) context.breakBlock(path)
  return schema
}

export async function readFunctions(context: ReadContext): Promise<Record<string, FunctionRef>> {
  const functions: Record<string, FunctionRef> = {}
  for (const { key } of namedBlocks('functions', context)) {
    const path = ['functions', key]
    const ref = context.check(functionEntry, path)
    if (ref === null) continue
    const before = context.diagnostics.all.length
    const loaded = await loadFunction(ref, path, context)
    if (context.diagnostics.all.length === before) functions[key] = loaded
  }
  return functions
}

/** The reference, with the definition once it is loaded; what is wrong was reported. */
async function loadFunction(
  ref: string,
  path: SpecPath,
  context: ReadContext,
): Promise<FunctionRef> {
  const loaded = await loadExport(ref, path, context, 'FUNCTION_NOT_FOUND')
  if (loaded.kind === 'problem') context.breakBlock(path)
  if (loaded.kind !== 'value') return { ref }
  // What `fn` makes is also called on columns, so that it is a function.
  const isThere =
    typeof loaded.value === 'function' ||
    (typeof loaded.value === 'object' && loaded.value !== null)
  if (isThere && 'kind' in loaded.value) return { ref, definition: loaded.value }
  context.breakBlock(path)
  context.diagnostics.error(
    'FUNCTION_NOT_FOUND',
    path,
    `\`${ref}\` is not a function of a pipeline`,
    {
      cause: typeof loaded.value === 'function' ? 'it is a plain function' : 'it is another value',
      fix: 'export what `fn`, `aggregator`, `flatMap` or `processor` makes: `export const f = fn({ input, output, run })`',
    },
  )
  return { ref }
}

/** Fills in the functions that a transformation names itself. */
export async function loadStepFunctions(
  spec: TransformationSpec,
  path: SpecPath,
  context: ReadContext,
): Promise<TransformationSpec> {
  const steps = await Promise.all(
    [...spec.steps, ...spec.post].map(async (step) =>
      step.kind === 'flat_map'
        ? { ...step, fn: await loadFunction(step.fn.ref, [...path, ...step.key], context) }
        : step,
    ),
  )
  const [before, after] = [steps.slice(0, spec.steps.length), steps.slice(spec.steps.length)]
  const { core } = spec
  if (core?.kind !== 'process') return { ...spec, steps: before, post: after }
  const written = childOf(context.node(path), 'process')
  const at = [...path, 'process', ...(written?.kind === 'map' ? ['fn'] : [])]
  const fn = await loadFunction(core.fn.ref, at, context)
  return { ...spec, steps: before, post: after, core: { ...core, fn } }
}
