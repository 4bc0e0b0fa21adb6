/**
 * Sources, tables and sinks: keys of the language are read by the language's form, all others
 * belong to the connector and are checked by its own schema, with those of the connection below
 * them. A key that both know is the connector's (`key` of Redis is a template).
 */
import { z } from 'zod'
import type { SpecPath } from '../../base/diagnostics.ts'
import { nearestName } from '../../base/nearest-name.ts'
import type { ConnectorConfig } from '../../spi/connector.ts'
import { checkForm, reportUnknownKey } from '../form/check-form.ts'
import { connectionOf } from '../effective-config.ts'
import { hasReference } from '../reference-text.ts'
import { childOf, entriesOf, plainOf } from '../yaml/yaml-tree.ts'
import type { YamlNode } from '../yaml/yaml-tree.ts'
import type { ReadContext } from './read-context.ts'
import { checkReferences, substituteReferences } from './substitute-references.ts'

export type Side = 'source' | 'table' | 'sink'

export interface ReadUse<Form> {
  readonly form: Form
  readonly connector: string
  readonly config: Readonly<Record<string, unknown>>
}

interface Block {
  readonly side: Side
  readonly path: SpecPath
  readonly node: YamlNode
  readonly context: ReadContext
}

/** Null, with diagnostics, when the block cannot be read at all. */
export function readUse<Form extends z.ZodObject>(
  side: Side,
  language: Form,
  ...[path, context]: [SpecPath, ReadContext]
): ReadUse<z.output<Form>> | null {
  const node = context.node(path)
  if (node === null) return null
  const block: Block = { side, path, node, context }
  const connector = findConnector(block)
  const schema = connector?.[side] ?? null
  const own = schema === null ? new Set<string>() : new Set(Object.keys(schema.shape))
  own.delete('connection')
  const languageKeys = Object.keys(language.shape).filter((key) => !own.has(key))
  const isLanguage = (key: string) => languageKeys.includes(key)
  const values = languageValues(block, isLanguage)
  const config = configValues(block, isLanguage)
  if (schema === null && connector === null) {
    const form = context.check(language, path, values)
    if (form === null || node.kind !== 'map') return null
    context.breakBlock(path)
    return null
  }
  const known = [...own, ...languageKeys]
  const rest = withoutUnknown(config, { known, own, connector, block })
  checkConfig(schema, rest, block)
  const form = context.check(formWithout(language, own), path, values)
  if (form === null) return null
  return { form: form as z.output<Form>, connector: connector?.name ?? '', config: rest }
}

function formWithout(form: z.ZodObject, own: ReadonlySet<string>): z.ZodObject {
  const kept = Object.entries(form.shape).filter(([key]) => !own.has(key))
  if (kept.length === Object.keys(form.shape).length) return form
  return z.strictObject(Object.fromEntries(kept)).meta(form.meta() ?? {})
}

function languageValues(block: Block, isLanguage: (key: string) => boolean): unknown {
  const { node, path, context } = block
  if (node.kind !== 'map') return plainOf(node)
  const kept = entriesOf(node).filter((entry) => isLanguage(entry.key) && isThere(entry.node))
  return Object.fromEntries(
    kept.map((entry) => {
      const value = substituteReferences(entry.node, [...path, entry.key], context)
      return [entry.key, plainOf(value)]
    }),
  )
}

function configValues(block: Block, isLanguage: (key: string) => boolean): Record<string, unknown> {
  const kept = entriesOf(block.node).filter((entry) => !isLanguage(entry.key))
  for (const entry of kept) checkReferences(entry.node, [...block.path, entry.key], block.context)
  const written = kept.filter((entry) => isThere(entry.node))
  return Object.fromEntries(written.map((entry) => [entry.key, plainOf(entry.node)]))
}

function isThere(node: YamlNode): boolean {
  return node.kind !== 'masked'
}

/** Null when it is unknown, which was said, or not written, which the form says. */
function findConnector(block: Block): ConnectorConfig | null {
  const { context, path, side } = block
  const { registry } = context.options
  const written = childOf(block.node, 'connector')
  if (written?.kind !== 'scalar' || typeof written.value !== 'string') return null
  const found = registry.get(written.value)
  const able = [...registry.values()].filter((one) => one[side] !== null).map((one) => one.name)
  const at = [...path, 'connector']
  if (found === undefined) {
    const near =
      nearestName(written.value.toLowerCase(), registry.keys()) ?? contained(written.value, able)
    const fix = near === null ? `${side}s have ${able.join(', ')}` : `did you mean \`${near}\`?`
    const message = `there is no connector \`${written.value}\``
    context.diagnostics.error('CONNECTOR_UNKNOWN', at, message, { fix })
    return null
  }
  if (found[side] !== null) return found
  const sides = (['source', 'table', 'sink'] as const).filter((one) => found[one] !== null)
  context.diagnostics.error('CONNECTOR_UNKNOWN', at, `\`${found.name}\` cannot be a ${side}`, {
    cause: `it is a ${sides.join(' and a ')}`,
    fix: `${side}s have ${able.join(', ')}`,
  })
  return null
}

/** `kafka_source`, `postgresql` and `pg_postgres` hold the name that was meant. */
function contained(written: string, names: readonly string[]): string | null {
  const word = written.toLowerCase()
  return names.find((name) => word.includes(name)) ?? null
}

interface KnownKeys {
  readonly known: readonly string[]
  readonly own: ReadonlySet<string>
  readonly connector: ConnectorConfig | null
  readonly block: Block
}

function withoutUnknown(
  config: Readonly<Record<string, unknown>>,
  keys: KnownKeys,
): Record<string, unknown> {
  const { context, path, side } = keys.block
  const name = keys.connector?.name ?? ''
  const kept: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(config)) {
    if (keys.own.has(key)) kept[key] = value
    else {
      reportUnknownKey(context.diagnostics, [...path, key], {
        keys: keys.known,
        title: `a ${side} with connector \`${name}\``,
      })
      context.breakBlock(path)
    }
  }
  return kept
}

/** By the connector's schema; what a reference will bring is not judged. */
function checkConfig(
  schema: z.ZodObject | null,
  config: Readonly<Record<string, unknown>>,
  block: Block,
): void {
  const { context, path } = block
  if (schema === null) return
  const shared = connectionValues(schema, block)
  const isOwn = (below: SpecPath) => Object.hasOwn(config, String(below[path.length]))
  const said = context.diagnostics.all.length
  let wasSaidBefore = false
  const title = `a ${block.side} with connector \`${connectorName(block)}\``
  const checked = checkForm(schema.meta({ title }), {
    path,
    value: { ...shared, ...config },
    diagnostics: context.diagnostics,
    isSilent: (at) => {
      const key = String(at[path.length])
      const isShared = Object.hasOwn(shared, key) && !isOwn(at)
      if (isShared || context.isSilent(at)) {
        wasSaidBefore = true
        return true
      }
      // Judged when it is resolved: that it does not fit yet breaks nothing.
      return holdsReference(context.node(at))
    },
  })
  const isBroken = wasSaidBefore || context.diagnostics.all.length > said
  if (!checked.isClean && isBroken) context.breakBlock(path)
}

function connectorName(block: Block): string {
  const written = childOf(block.node, 'connector')
  return written?.kind === 'scalar' ? written.text : ''
}

function holdsReference(node: YamlNode | null): boolean {
  return node?.kind === 'scalar' && typeof node.value === 'string' && hasReference(node.value)
}

function connectionValues(schema: z.ZodObject, block: Block): Record<string, unknown> {
  const { context } = block
  const named = childOf(block.node, 'connection')
  if (named?.kind !== 'scalar' || typeof named.value !== 'string') return {}
  const all = context.node(['connections'])
  const node = childOf(all, named.value)
  if (node === null) {
    const names = entriesOf(all).map((entry) => entry.key)
    const near = nearestName(named.value, names)
    const list = names.length === 0 ? 'there are none' : `there are ${names.join(', ')}`
    const at = [...block.path, 'connection']
    const message = `there is no connection \`${named.value}\``
    context.diagnostics.error('CONNECTION_UNKNOWN', at, message, {
      cause: `it is looked for in \`connections\`; ${list}`,
      fix:
        near === null ? `add \`${named.value}\` to \`connections\`` : `did you mean \`${near}\`?`,
    })
    // What the connection would bring is not missing as well.
    return missingKeys(schema)
  }
  const values = plainOf(node)
  if (typeof values !== 'object' || values === null) return {}
  const own = connectionOf({ connection: 'it' }, { it: values as Record<string, unknown> })
  return Object.fromEntries(Object.entries(own).filter(([key]) => Object.hasOwn(schema.shape, key)))
}

/** A reference stands for a value that nobody judges. */
function missingKeys(schema: z.ZodObject): Record<string, unknown> {
  return Object.fromEntries(Object.keys(schema.shape).map((key) => [key, undefined]))
}
