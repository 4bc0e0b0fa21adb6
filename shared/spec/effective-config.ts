/** The settings of a source, table or sink with those of its connection below them. */
import type { ConnectorUse } from './pipeline-spec.ts'

type Connections = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Keys of a connection that are about the connection itself and not for the connector. */
const OWN_KEYS = new Set(['connector', 'description'])

export function connectionOf(
  use: Pick<ConnectorUse, 'connection'>,
  connections: Connections = {},
): Readonly<Record<string, unknown>> {
  const { connection } = use
  const found =
    connection !== undefined && Object.hasOwn(connections, connection)
      ? connections[connection]
      : {}
  const entries = Object.entries(found ?? {})
  return Object.fromEntries(entries.filter(([key]) => !OWN_KEYS.has(key)))
}

/** What a block says itself wins. References (`${…}`) are not resolved. */
export function effectiveConfig(
  use: Pick<ConnectorUse, 'connection' | 'config'>,
  connections: Connections = {},
): Readonly<Record<string, unknown>> {
  return { ...connectionOf(use, connections), ...use.config }
}
