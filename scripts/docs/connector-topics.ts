/** Connectors with their keys as source, table and sink, from their configs. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { CONNECTORS } from '../pipeline/load-pipeline.ts'
import { keyTable, type SchemaNode } from './schema-keys.ts'
import type { Topic } from './topic.ts'

const SIDES = ['source', 'table', 'sink'] as const

export function connectorTopics(): Topic[] {
  const { ready = [], later = [] } = Object.groupBy(CONNECTORS.values(), (config) =>
    config.available ? 'ready' : 'later',
  )
  return [...ready, ...later].map((config): Topic => {
    const { name, summary, available } = config
    const group = available
      ? 'ready to run'
      : 'known to `check`, `explain` and `test`, not to `run` yet'
    return { name, kind: 'connector', group, summary, body: bodyOf(config) }
  })
}

function bodyOf(config: ConnectorConfig): string {
  const parts = SIDES.flatMap((side) => {
    const form = config[side]
    if (form === null || form === undefined) return []
    const node = z.toJSONSchema(form, { io: 'input', unrepresentable: 'any' }) as SchemaNode
    const table = keyTable(node)
    return [`As a ${side}:${table === '' ? ' no keys of its own.' : `\n\n${table}`}`]
  })
  return parts.join('\n\n')
}
