/**
 * Lays an environment over a specification (`--env prod`).
 *
 * An environment changes where data comes from and goes to, and how many subtasks work on it: never
 * what is computed, so that what is tested is what ships.
 */
import type { DiagnosticDetails, Diagnostics, SpecPath } from '../base/diagnostics.ts'
import { nearestName } from '../base/nearest-name.ts'
import type { ConnectorUse, PipelineSpec, StreamProcessingSpec } from './pipeline-spec.ts'

type Values = Readonly<Record<string, unknown>>

const GROUPS = ['sources', 'tables', 'sinks'] as const
/** Of a block: these say what the stream is, not where it is. */
const STREAM_KEYS = new Set([
  'schema',
  'event_time',
  'watermark',
  'primary_key',
  'changes',
  'from',
  'mode',
  'latest_by',
  'cache',
  'on_error',
  'description',
])
const ALLOWED = 'connections, connectors with their settings, parallelism and checkpoint'

/** The specification under an environment; what it may not change is reported. */
export function applyEnvironment(
  spec: PipelineSpec,
  name: string,
  diagnostics: Diagnostics,
): PipelineSpec {
  const all = spec.environments ?? {}
  const overlay = Object.hasOwn(all, name) ? all[name] : undefined
  if (overlay === undefined) {
    const names = Object.keys(all)
    const near = nearestName(name, names)
    const list = names.length === 0 ? 'the file has none' : `there are ${names.join(', ')}`
    diagnostics.error(
      'ENVIRONMENT_UNKNOWN',
      ['environments'],
      `there is no environment \`${name}\``,
      {
        onKey: true,
        cause: list,
        fix: near === null ? `add \`environments: { ${name}: {…} }\`` : `did you mean \`${near}\`?`,
      },
    )
    return spec
  }
  return isValues(overlay)
    ? lay(spec, overlay, new Overlay(['environments', name], diagnostics))
    : spec
}

/** Where the parts of an environment stand, for what is said of them. */
class Overlay {
  readonly #path: SpecPath
  readonly #diagnostics: Diagnostics

  constructor(path: SpecPath, diagnostics: Diagnostics) {
    this.#path = path
    this.#diagnostics = diagnostics
  }

  refuse(below: SpecPath, message: string, fix: string): void {
    const details: DiagnosticDetails = {
      onKey: true,
      cause: `an environment may change ${ALLOWED}`,
      fix,
    }
    this.#diagnostics.error('ENVIRONMENT_REFUSED', [...this.#path, ...below], message, details)
  }
}

function lay(spec: PipelineSpec, values: Values, overlay: Overlay): PipelineSpec {
  let result = spec
  for (const [key, value] of Object.entries(values)) {
    const group = GROUPS.find((one) => one === key)
    if (!isValues(value)) overlay.refuse([key], `\`${key}\` is a mapping`, 'write names below it')
    else if (group !== undefined) {
      result = { ...result, [group]: layBlocks(spec, { group, values: value, overlay }) }
    } else if (key === 'connections') {
      result = { ...result, connections: merge(spec.connections ?? {}, value) }
    } else if (key === 'stream_processing') {
      result = { ...result, stream_processing: layProcessing(spec, value, overlay) }
    } else if (key === 'transformations') {
      result = { ...result, transformations: layParallelism(spec, value, overlay) }
    } else overlay.refuse([key], `an environment cannot change \`${key}\``, 'move it to the file')
  }
  return result
}

function merge(
  connections: Readonly<Record<string, Values>>,
  values: Values,
): Record<string, Values> {
  const result: Record<string, Values> = { ...connections }
  for (const [name, value] of Object.entries(values)) {
    if (isValues(value)) result[name] = { ...result[name], ...value }
  }
  return result
}

interface BlockLayer {
  readonly group: (typeof GROUPS)[number]
  readonly values: Values
  readonly overlay: Overlay
}

function layBlocks(spec: PipelineSpec, layer: BlockLayer): Record<string, ConnectorUse> {
  const { group, values, overlay } = layer
  const blocks: Record<string, ConnectorUse> = { ...spec[group] }
  for (const [name, value] of Object.entries(values)) {
    const block = Object.hasOwn(blocks, name) ? blocks[name] : undefined
    if (block === undefined) {
      if (spec.broken?.includes(name) === true) continue
      const near = nearestName(name, Object.keys(blocks))
      const fix = near === null ? 'an environment adds no blocks' : `did you mean \`${near}\`?`
      overlay.refuse([group, name], `there is no \`${name}\` in \`${group}\``, fix)
    } else if (isValues(value)) blocks[name] = layUse(block, value, [group, name], overlay)
  }
  return blocks
}

/** Another connector brings all of its settings; the same one changes some. */
function layUse(
  block: ConnectorUse,
  values: Values,
  ...[path, overlay]: [SpecPath, Overlay]
): ConnectorUse {
  const { connector, connection, parallelism, ...rest } = values
  const changesConnector = typeof connector === 'string' && connector !== block.connector
  const config: Record<string, unknown> = changesConnector ? {} : { ...block.config }
  for (const [key, value] of Object.entries(rest)) {
    const isStream = STREAM_KEYS.has(key) && !Object.hasOwn(block.config, key)
    if (!isStream) config[key] = value
    else overlay.refuse([...path, key], `an environment cannot change \`${key}\``, 'leave it out')
  }
  const { connection: before, ...others } = block
  const use = typeof connection === 'string' ? connection : changesConnector ? undefined : before
  return {
    ...others,
    connector: typeof connector === 'string' ? connector : block.connector,
    config,
    ...(use === undefined ? {} : { connection: use }),
    ...(typeof parallelism === 'number' ? { parallelism } : {}),
  }
}

function layProcessing(spec: PipelineSpec, values: Values, overlay: Overlay): StreamProcessingSpec {
  const result: Record<string, unknown> = { ...spec.stream_processing }
  for (const [key, value] of Object.entries(values)) {
    if (key === 'parallelism' || key === 'checkpoint') result[key] = value
    else {
      const fix = 'write `parallelism` or `checkpoint`'
      overlay.refuse(['stream_processing', key], `an environment cannot change \`${key}\``, fix)
    }
  }
  return result
}

function layParallelism(
  spec: PipelineSpec,
  values: Values,
  overlay: Overlay,
): NonNullable<PipelineSpec['transformations']> {
  const blocks = { ...spec.transformations }
  for (const [name, value] of Object.entries(values)) {
    const block = Object.hasOwn(blocks, name) ? blocks[name] : undefined
    const keys = isValues(value) ? Object.keys(value) : []
    const others = keys.filter((key) => key !== 'parallelism')
    const fix = 'what is tested is what ships: change the transformation itself'
    for (const key of others) {
      const message = 'an environment cannot change a transformation'
      overlay.refuse(['transformations', name, key], message, fix)
    }
    const parallelism = isValues(value) ? value['parallelism'] : undefined
    if (block !== undefined && typeof parallelism === 'number') {
      blocks[name] = { ...block, parallelism }
    } else if (block === undefined && spec.broken?.includes(name) !== true) {
      overlay.refuse(['transformations', name], `there is no \`${name}\``, 'look at the spelling')
    }
  }
  return blocks
}

function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
