/**
 * `environments:` what `--env` lays over a pipeline. All of them are checked, whichever is used:
 * what each may change, and the settings of connectors as they are with it.
 */
import { Diagnostics } from '../../base/diagnostics.ts'
import type { SpecPath } from '../../base/diagnostics.ts'
import { applyEnvironment } from '../apply-environment.ts'
import { effectiveConfig } from '../effective-config.ts'
import { checkForm } from '../form/check-form.ts'
import { streamProcessingForm } from '../form/block-forms.ts'
import { parallelism } from '../form/value-forms.ts'
import type { PipelineSpec } from '../pipeline-spec.ts'
import { hasReference } from '../reference-text.ts'
import { childOf, entriesOf, plainOf } from '../yaml/yaml-tree.ts'
import type { MapEntry, MapNode } from '../yaml/yaml-tree.ts'
import type { ReadContext } from './read-context.ts'
import { checkReferences, substituteReferences } from './substitute-references.ts'
import { defined } from '../defined.ts'

const SIDES = { sources: 'source', tables: 'table', sinks: 'sink' } as const

export function readEnvironments(context: ReadContext): Record<string, unknown> {
  const environments: Record<string, unknown> = {}
  for (const { key, node } of entriesOf(context.node(['environments']))) {
    const path = ['environments', key]
    if (node.kind === 'map') environments[key] = readEnvironment(node, path, context)
    else if (node.kind !== 'masked') {
      const fix = `write what changes below it: \`${key}: { connections: { … } }\``
      const message = 'an environment is a mapping'
      context.diagnostics.error('VALUE_INVALID', path, message, { onKey: true, fix })
    }
    checkReferences(node, path, context)
  }
  return environments
}

function readEnvironment(node: MapNode, path: SpecPath, context: ReadContext): unknown {
  const values = plainOf(withDegrees(node, path, context)) as Record<string, unknown>
  const processing = values['stream_processing']
  if (processing === undefined) return values
  const at = [...path, 'stream_processing']
  const form = context.check(streamProcessingForm, at, processing)
  return form === null ? values : { ...values, stream_processing: defined(form) }
}

/** Degrees of parallelism belong to the language: their `${…}` is put in when the file is read. */
function withDegrees(node: MapNode, path: SpecPath, context: ReadContext): MapNode {
  const entries = new Map<string, MapEntry>()
  for (const [key, entry] of node.entries) {
    const at = [...path, key]
    const isDegree = key === 'parallelism' || key === 'stream_processing'
    const inner = entry.node.kind === 'map' ? withDegrees(entry.node, at, context) : entry.node
    const value = isDegree ? substituteReferences(entry.node, at, context) : inner
    entries.set(key, { ...entry, node: value })
  }
  return { ...node, entries }
}

/** The specification under the environment asked for; the others are checked too. */
export function layEnvironments(spec: PipelineSpec, context: ReadContext): PipelineSpec {
  const { environment } = context.options
  let chosen = spec
  for (const name of Object.keys(spec.environments ?? {})) {
    checkDegrees(name, context)
    const laid = applyEnvironment(spec, name, context.diagnostics)
    checkSettings(laid, name, context)
    if (name === environment) chosen = laid
  }
  const isKnown = environment === undefined || Object.hasOwn(spec.environments ?? {}, environment)
  if (!isKnown) applyEnvironment(spec, environment, context.diagnostics)
  return chosen
}

function checkDegrees(name: string, context: ReadContext): void {
  for (const group of ['sources', 'sinks', 'transformations']) {
    const path = ['environments', name, group]
    for (const { key, node } of entriesOf(context.node(path))) {
      const at = [...path, key, 'parallelism']
      const degree = childOf(node, 'parallelism')
      const isPutIn = degree?.kind === 'scalar' && hasReference(degree.text)
      if (degree !== null && !isPutIn) context.check(parallelism, at)
    }
  }
}

/** Of the blocks that the environment names; problems stand where the environment does. */
function checkSettings(spec: PipelineSpec, name: string, context: ReadContext): void {
  for (const [group, side] of Object.entries(SIDES)) {
    const path = ['environments', name, group]
    const blocks = spec[group as keyof typeof SIDES] ?? {}
    for (const { key } of entriesOf(context.node(path))) {
      const block = Object.hasOwn(blocks, key) ? blocks[key] : undefined
      if (block === undefined || context.broken.has(key)) continue
      const connector = context.options.registry.get(block.connector)
      const schema = connector?.[side] ?? null
      if (schema === null) {
        const able = [...context.options.registry.values()].filter((one) => one[side] !== null)
        const fix = `${side}s have ${able.map((one) => one.name).join(', ')}`
        const message = `there is no ${side} with connector \`${block.connector}\``
        context.diagnostics.error('CONNECTOR_UNKNOWN', [...path, key, 'connector'], message, {
          fix,
        })
        continue
      }
      const value = effectiveConfig(block, spec.connections)
      const known = Object.entries(value).filter(
        ([one]) => Object.hasOwn(block.config, one) || Object.hasOwn(schema.shape, one),
      )
      checkForm(schema.meta({ title: `a ${side} with connector \`${block.connector}\`` }), {
        path: [...path, key],
        value: Object.fromEntries(known),
        diagnostics: new ScopedDiagnostics(context),
        isSilent: (at) => {
          const written = value[String(at[4])]
          return typeof written === 'string' && hasReference(written)
        },
      })
    }
  }
}

/** What the base file has wrong was said there. */
class ScopedDiagnostics extends Diagnostics {
  readonly #context: ReadContext

  constructor(context: ReadContext) {
    super()
    this.#context = context
  }

  override error(...[code, path, message, more]: Parameters<Diagnostics['error']>): void {
    const isOwn = this.#context.node(path) !== null || code === 'KEY_MISSING'
    if (isOwn) this.#context.diagnostics.error(code, path, message, more)
  }
}
