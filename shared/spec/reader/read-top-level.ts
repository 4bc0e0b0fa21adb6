/** Top-level blocks that are neither streams nor types: name, defaults, engine, what comes later. */
import { z } from 'zod'
import type { DefaultsSpec, StreamProcessingSpec } from '../pipeline-spec.ts'
import {
  alertForm,
  defaultsForm,
  freshnessForm,
  pipelineName,
  scheduleForm,
  streamProcessingForm,
  TOP_LEVEL_KEYS,
} from '../form/block-forms.ts'
import { reportUnknownKey } from '../form/check-form.ts'
import { text } from '../form/value-forms.ts'
import { entriesOf, plainOf } from '../yaml/yaml-tree.ts'
import { notYet } from './later-features.ts'
import type { ReadContext } from './read-context.ts'
import { defined } from './read-steps.ts'

/** Words of other systems, and where their meaning lives here. */
const FOREIGN_GROUPS: Readonly<Record<string, string>> = {
  name: 'pipeline',
  input: 'sources',
  inputs: 'sources',
  output: 'sinks',
  outputs: 'sinks',
  transforms: 'transformations',
  steps: 'transformations',
  processors: 'transformations',
  streams: 'sources',
  lookups: 'tables',
  parameters: 'params',
  variables: 'params',
  engine: 'stream_processing',
  parallelism: 'stream_processing',
}

export function checkTopLevelKeys(context: ReadContext): void {
  for (const { key } of entriesOf(context.root)) {
    if (TOP_LEVEL_KEYS.some((known) => known === key)) continue
    const foreign = FOREIGN_GROUPS[key]
    const isForeign = foreign !== undefined && Object.hasOwn(FOREIGN_GROUPS, key)
    if (isForeign) {
      const inside = key === 'engine' || key === 'parallelism'
      const fix = inside ? `write \`${foreign}: { ${key}: … }\`` : `the word here is \`${foreign}\``
      const message = `\`${key}\` is not a block of a pipeline file`
      context.diagnostics.error('KEY_UNKNOWN', [key], message, { onKey: true, fix })
    } else {
      reportUnknownKey(context.diagnostics, [key], {
        keys: TOP_LEVEL_KEYS,
        title: 'a pipeline file',
      })
    }
  }
}

export function readName(context: ReadContext): string | null {
  if (context.node(['pipeline']) !== null) return context.check(pipelineName, ['pipeline'])
  const fix = `begin the file with \`pipeline: ${suggestedName(context.options.path)}\``
  const said = { fix }
  context.diagnostics.error('KEY_MISSING', ['pipeline'], 'the pipeline has no name', said)
  return null
}

function suggestedName(path: string): string {
  const base = (path.split('/').at(-1) ?? '').replace(/\..*$/, '').toLowerCase()
  const name = base.replaceAll(/[^a-z0-9_-]+/g, '_').replace(/^[_-]+/, '')
  return name === '' ? 'my_pipeline' : name
}

export function readDescription(context: ReadContext): string | null {
  if (context.node(['description']) === null) return null
  return context.check(text('What the pipeline is for.'), ['description'])
}

export function readDefaults(context: ReadContext): DefaultsSpec | null {
  if (context.node(['defaults']) === null) return null
  const form = context.check(defaultsForm, ['defaults'])
  if (form === null) return null
  const watermark = form.watermark === undefined ? undefined : defined(form.watermark)
  return defined({ ...form, watermark })
}

const OWN_ENGINES = new Set(['millrace', 'embedded'])

export function readStreamProcessing(context: ReadContext): StreamProcessingSpec | null {
  if (context.node(['stream_processing']) === null) return null
  const form = context.check(streamProcessingForm, ['stream_processing'])
  if (form === null) return null
  const { engine, ...rest } = form
  if (engine !== undefined && !OWN_ENGINES.has(engine.toLowerCase())) {
    const fix = 'leave it out: the pipeline runs in this process'
    const path = ['stream_processing', 'engine']
    if (/flink/i.test(engine)) notYet(context, path, `\`engine: ${engine}\``, { fix })
    else {
      const said = { fix: 'write `millrace`, or leave it out' }
      const message = `there is no engine \`${engine}\``
      context.diagnostics.error('VALUE_INVALID', path, message, said)
    }
  }
  return defined(rest)
}

/** Parsed in form, with a warning: nothing happens by them yet. */
export interface LaterParts {
  readonly schedule?: unknown
  readonly alerts?: Readonly<Record<string, unknown>>
  readonly freshness?: unknown
}

export function readLaterParts(context: ReadContext): LaterParts {
  const forms = {
    schedule: scheduleForm,
    alerts: z.record(z.string(), alertForm).meta({ title: '`alerts`' }),
    freshness: freshnessForm,
  }
  const parts: Record<string, unknown> = {}
  for (const [key, form] of Object.entries(forms)) {
    const node = context.node([key])
    if (node === null || context.check(form, [key]) === null) continue
    parts[key] = plainOf(node)
    const message = `\`${key}\` is read, but nothing happens by it yet`
    context.diagnostics.warning('NOT_YET', [key], message, { onKey: true })
  }
  return parts
}
