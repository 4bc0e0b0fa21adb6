/**
 * Connectors of sources, tables and sinks: that they exist, have that side, and take these keys.
 * A value with an unresolved `${…}` is judged when it is resolved, not here.
 */
import type { Diagnostics, SpecPath } from '../../base/diagnostics.ts'
import { nearestName } from '../../base/nearest-name.ts'
import type { ConnectorUse, PipelineSpec } from '../../spec/pipeline-spec.ts'
import type { ConnectorConfig } from '../../spi/connector.ts'
import { connectionOf } from '../../spec/effective-config.ts'
import { listNames } from '../row.ts'

export type Side = 'source' | 'table' | 'sink'

export interface CheckedConnector {
  readonly connector: ConnectorConfig
  /** With the keys of its connection and the defaults of its schema. */
  readonly config: Readonly<Record<string, unknown>>
}

export interface ConnectorScope {
  readonly spec: PipelineSpec
  readonly registry: ReadonlyMap<string, ConnectorConfig>
  readonly diagnostics: Diagnostics
}

export function checkConnector(
  scope: ConnectorScope,
  use: ConnectorUse,
  side: Side,
  path: SpecPath,
): CheckedConnector | null {
  const connector = scope.registry.get(use.connector)
  if (connector === undefined) {
    refuseUnknown(scope, use.connector, side, path)
    return null
  }
  const schema = connector[side]
  if (schema === null) {
    const sides = (['source', 'table', 'sink'] as const).filter((one) => connector[one] !== null)
    const message = `connector \`${use.connector}\` cannot be used as a ${side}`
    const fix = `it can be a ${sides.join(' or a ')}`
    scope.diagnostics.error('CONNECTOR_NO_SIDE', [...path, 'connector'], message, { fix })
    return null
  }
  const isKnown =
    use.connection !== undefined && scope.spec.connections?.[use.connection] !== undefined
  const own = connectionOf(use, scope.spec.connections)
  const shared = Object.entries(own).filter(([key]) => Object.hasOwn(schema.shape, key))
  const config = { ...Object.fromEntries(shared), ...use.config }
  const parsed = schema.safeParse(config)
  if (parsed.success) {
    const mistake = connector.findMistake?.(parsed.data) ?? null
    if (mistake === null) return { connector, config: parsed.data }
    const { code, key, message, fix } = mistake
    const details = fix === null ? {} : { fix }
    scope.diagnostics.error(code, [...path, key], message, details)
    return null
  }
  const isPending = use.connection !== undefined && !isKnown
  let isWrong = false
  for (const issue of parsed.error.issues) {
    const at = issue.path.filter((one) => typeof one !== 'symbol')
    const value = valueAt(config, at)
    if (typeof value === 'string' && value.includes('${')) continue
    if (isPending && value === undefined) continue
    isWrong = true
    scope.diagnostics.error(
      'CONNECTOR_CONFIG_WRONG',
      [...path, ...at],
      `${at.length === 0 ? use.connector : `\`${at.join('.')}\``}: ${issue.message}`,
      { fix: `keys of \`${use.connector}\` as a ${side}: ${listNames(Object.keys(schema.shape))}` },
    )
  }
  return isWrong ? null : { connector, config }
}

function refuseUnknown(scope: ConnectorScope, name: string, side: Side, path: SpecPath): void {
  const names = [...scope.registry].filter(([, one]) => one[side] !== null).map(([key]) => key)
  const near = nearestName(name, names)
  scope.diagnostics.error(
    'CONNECTOR_UNKNOWN',
    [...path, 'connector'],
    `there is no connector \`${name}\``,
    { fix: near === null ? `one of ${listNames(names.toSorted())}` : `write \`${near}\`` },
  )
}

function valueAt(config: unknown, path: readonly PropertyKey[]): unknown {
  let value = config
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}
