/** Keys of pipeline files and of their tests, from the schema that editors and the reader share. */
import { pipelineJsonSchema } from '../../shared/spec/json-schema.ts'
import { CONNECTORS } from '../pipeline/load-pipeline.ts'
import { keyTable, type SchemaNode, typeText } from './schema-keys.ts'
import type { Topic } from './topic.ts'

const TOP = 'top level'
const BLOCK = 'a transformation, in the order of running'

interface PipelineSchema extends SchemaNode {
  readonly $defs: Readonly<Record<string, SchemaNode>>
}

export function keyTopics(): Topic[] {
  const schema = pipelineJsonSchema(CONNECTORS) as unknown as PipelineSchema
  const { properties = {} } = schema
  const top = Object.entries(properties).map(([name, node]) =>
    keyTopic(name, TOP, { ...node, ...bodyNode(name, node, schema) }),
  )
  const transformations = properties['transformations']?.additionalProperties
  const keys = typeof transformations === 'object' ? (transformations.properties ?? {}) : {}
  const block = Object.entries(keys).map(([name, node]) =>
    name === 'window' ? windowTopic(node) : keyTopic(name, BLOCK, node),
  )
  return [...top, ...block]
}

/** What sources, tables and sinks of all connectors have; those of one stand with the connector. */
function bodyNode(name: string, node: SchemaNode, { $defs }: PipelineSchema): SchemaNode {
  const [side, connector] =
    { sources: ['source', 'file'], tables: ['table', 'file'], sinks: ['sink', 'file'] }[name] ?? []
  if (side === undefined || connector === undefined) return node
  const own = CONNECTORS.get(connector)?.[side as 'source' | 'table' | 'sink']?.shape ?? {}
  const { properties = {}, required = [] } = $defs[`${connector}_${side}`] ?? {}
  const common = Object.entries(properties).filter(([key]) => !Object.hasOwn(own, key))
  const named: SchemaNode = { type: 'string', description: 'Name of the connector.' }
  const entry = { properties: { ...Object.fromEntries(common), connector: named }, required }
  return { additionalProperties: entry }
}

function keyTopic(name: string, group: string, node: SchemaNode): Topic {
  const { properties, items, additionalProperties: entry } = node
  const value = typeText(node)
  const holder =
    properties === undefined && typeof entry === 'object' && entry.properties !== undefined
      ? entry
      : (items ?? node)
  const more = name === 'transformations' ? '' : keyTable(holder)
  return {
    name,
    kind: 'key',
    group,
    summary: node.description ?? node.title ?? '',
    body: [more === '' && value !== '' && value !== 'mapping' ? `Value: ${value}.` : '', more]
      .filter((part) => part !== '')
      .join('\n\n'),
  }
}

function windowTopic(node: SchemaNode): Topic {
  const types = node.oneOf ?? node.anyOf ?? []
  const parts = types.map((one) => {
    const { const: type, description = '' } = one.properties?.['type'] ?? {}
    return `**\`type: ${String(type)}\`** ${description}\n\n${keyTable(one, new Set(['type']))}`
  })
  return {
    name: 'window',
    kind: 'key',
    group: BLOCK,
    summary: node.description ?? 'Groups records by time or count, for `aggregate` and `top`.',
    body: parts.join('\n\n'),
  }
}
