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
import { nearestName } from '../../base/nearest-name.ts'
import { reportUnknownKey } from '../form/check-form.ts'
import { text } from '../form/value-forms.ts'
import { entriesOf, plainOf } from '../yaml/yaml-tree.ts'
import { notYet } from './transformation/later-features.ts'
import type { ReadContext } from './read-context.ts'
import { defined } from '../defined.ts'

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

/** Groups whose blocks are broken when the group is misspelled. */
const BLOCK_GROUPS = ['sources', 'tables', 'transformations', 'sinks']

/** False when nothing in the file is of a pipeline; then that is the one thing to say. */
export function checkTopLevelKeys(context: ReadContext): boolean {
  const keys = entriesOf(context.root).map((entry) => entry.key)
  if (keys.length > 0 && !keys.some((key) => meantGroup(key) !== null)) {
    const [first = ''] = keys
    const message = 'this does not look like a pipeline file: it has none of its blocks'
    const fix = 'a pipeline has `pipeline: name`, `sources:`, `transformations:` and `sinks:`'
    context.diagnostics.error('KEY_UNKNOWN', [first], message, { onKey: true, fix })
    return false
  }
  for (const key of keys.filter((one) => !isKnown(one))) unknownGroup(key, context)
  return true
}

function isKnown(key: string): boolean {
  return TOP_LEVEL_KEYS.some((known) => known === key)
}

/** The block that a key is, or was meant to be. */
function meantGroup(key: string): string | null {
  if (isKnown(key)) return key
  const foreign = Object.hasOwn(FOREIGN_GROUPS, key) ? (FOREIGN_GROUPS[key] ?? null) : null
  return foreign ?? nearestName(key, TOP_LEVEL_KEYS)
}

function unknownGroup(key: string, context: ReadContext): void {
  const meant = meantGroup(key)
  if (meant !== null && BLOCK_GROUPS.includes(meant)) {
    for (const entry of entriesOf(context.node([key]))) context.broken.add(entry.key)
    context.misspelledGroups.add(meant)
  }
  const foreign = Object.hasOwn(FOREIGN_GROUPS, key) ? FOREIGN_GROUPS[key] : undefined
  if (foreign === undefined) {
    const part = { keys: TOP_LEVEL_KEYS, title: 'a pipeline file' }
    reportUnknownKey(context.diagnostics, [key], part)
    return
  }
  const node = context.node([key])
  const engine = key === 'engine' && node !== null ? plainOf(node) : null
  if (isLaterEngine(engine)) {
    notYet(context, [key], `\`engine: ${engine}\``, { fix: NO_ENGINE })
    return
  }
  const isInside = key === 'engine' || key === 'parallelism'
  const fix = isInside ? `write \`${foreign}: { ${key}: … }\`` : `the word here is \`${foreign}\``
  const message = `\`${key}\` is not a block of a pipeline file`
  context.diagnostics.error('KEY_UNKNOWN', [key], message, { onKey: true, fix })
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

const NO_ENGINE = 'leave it out: the pipeline runs in this process'

function isLaterEngine(engine: unknown): engine is string {
  return typeof engine === 'string' && /flink/i.test(engine)
}

const OWN_ENGINES = new Set(['millrace', 'embedded'])

export function readStreamProcessing(context: ReadContext): StreamProcessingSpec | null {
  if (context.node(['stream_processing']) === null) return null
  const form = context.check(streamProcessingForm, ['stream_processing'])
  if (form === null) return null
  const { engine, ...rest } = form
  if (engine !== undefined && !OWN_ENGINES.has(engine.toLowerCase())) {
    const path = ['stream_processing', 'engine']
    if (isLaterEngine(engine)) notYet(context, path, `\`engine: ${engine}\``, { fix: NO_ENGINE })
    else {
      const said = { fix: 'write `millrace`, or leave it out' }
      const message = `there is no engine \`${String(engine)}\``
      context.diagnostics.error('VALUE_INVALID', path, message, said)
    }
  }
  return defined(rest)
}

/** Parsed in form only; the planner warns that nothing happens by them yet. */
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
  }
  return parts
}
