/** In which mode a sink writes, by which key, and whether it needs a last-row state in front. */
import type { SpecPath } from '../../base/diagnostics.ts'
import { fieldAt } from '../../model/row-schema.ts'
import { printFieldType } from '../../model/type-text.ts'
import type { SinkSpec } from '../../spec/pipeline-spec.ts'
import type { SinkTraits } from '../../spi/connector.ts'
import { demandFullChanges, type Planning, type Stream } from '../planning.ts'
import type { SinkBlock } from '../plan.ts'
import { fieldFix } from '../row.ts'

export interface SinkParts {
  readonly spec: SinkSpec
  readonly stream: Stream
  readonly traits: SinkTraits
  readonly path: SpecPath
}

export type SinkMode = Pick<SinkBlock, 'mode' | 'key' | 'latestBy' | 'materializer' | 'keyTemplate'>

/** Null when it is refused. */
export function planSinkMode(planning: Planning, parts: SinkParts): SinkMode | null {
  const { spec, stream, traits, path } = parts
  const before = planning.diagnostics.all.length
  const { template, fields } = keyFields(traits.keyTemplate ?? spec.key)
  for (const field of fields ?? []) checkKeyField(planning, parts, field)
  const mode = modeOf(planning, parts)
  if (mode === null || planning.diagnostics.all.slice(before).some(isError)) return null
  const { uniqueKey, edge } = stream.info
  const latestBy = spec.latest_by ?? null
  const key = fields ?? (mode === 'upsert' ? uniqueKey : null)
  if (mode === 'upsert' && key === null) {
    planning.diagnostics.error(
      'SINK_KEY_WRONG',
      path,
      'the sink keeps the newest row per key, and the rows have no key of their own',
      {
        onKey: true,
        fix: 'add `key:`, or write `mode: changes`',
      },
    )
    return null
  }
  if (fields !== null) checkCover(planning, parts, fields)
  if (latestBy !== null) checkLatestBy(planning, parts, mode)
  if (planning.diagnostics.all.slice(before).some(isError)) return null
  const isOwnKey = key !== null && uniqueKey !== null && sameSet(key, uniqueKey)
  const isUpdating = edge !== 'append'
  if (!(mode === 'upsert' && isOwnKey && latestBy === null)) demandFullChanges(planning, stream)
  return {
    mode,
    key,
    latestBy,
    materializer: mode === 'upsert' && isUpdating && !isOwnKey && latestBy === null,
    keyTemplate: template,
  }
}

const isError = (one: { readonly severity: string }): boolean => one.severity === 'error'

/** `key` as a list of fields, one field, or a text with `{field}` in it. */
function keyFields(key: SinkSpec['key']): {
  readonly template: string | null
  readonly fields: readonly string[] | null
} {
  if (key === undefined) return { template: null, fields: null }
  if (typeof key !== 'string') return { template: null, fields: key }
  if (!key.includes('{')) return { template: null, fields: [key] }
  const fields = [...key.matchAll(/\{\s*([^{}]+?)\s*\}/g)].map((match) => match[1] ?? '')
  return { template: key, fields: [...new Set(fields)] }
}

function checkKeyField(planning: Planning, { spec, stream, path }: SinkParts, name: string): void {
  const field = fieldAt(stream.row.fields, name)
  const at = [...path, 'key']
  if (field === null) {
    planning.diagnostics.error('FIELD_UNKNOWN', at, `\`${spec.from}\` has no field \`${name}\``, {
      fix: fieldFix(stream.row, name),
    })
  } else if (field.type.kind === 'struct') {
    const message = `\`${name}\` is ${printFieldType(field)} and cannot be a key`
    planning.diagnostics.error('SINK_KEY_WRONG', at, message, { fix: 'name its fields' })
  }
}

function modeOf(
  planning: Planning,
  { spec, stream, traits, path }: SinkParts,
): SinkBlock['mode'] | null {
  const isUpdating = stream.info.edge !== 'append'
  const written = spec.mode
  const refuse = (message: string, fix: string): null => {
    planning.diagnostics.error('SINK_MODE_REFUSED', [...path, 'mode'], message, { fix })
    return null
  }
  if (written === 'replace') return refuse('`mode: replace` is not there yet', 'leave `mode` out')
  if (written === 'append' && isUpdating) {
    return refuse(
      `\`${spec.from}\` updates its rows, which cannot only be appended`,
      traits.upsert ? 'write `mode: upsert`, or `mode: changes`' : 'write `mode: changes`',
    )
  }
  if (written === 'upsert' && !traits.upsert) {
    return refuse(
      `\`${spec.connector}\` cannot keep the newest row per key`,
      isUpdating ? 'write `mode: changes`' : 'leave `mode` out',
    )
  }
  if (written === 'upsert' && traits.upsertNeedsBounded && !stream.info.bounded) {
    return refuse(
      `\`mode: upsert\` of \`${spec.connector}\` writes the final rows at the end, and the input never ends`,
      'write `mode: changes`, or read a bounded source',
    )
  }
  if (written !== undefined) return written
  if (!isUpdating) return spec.latest_by === undefined || !traits.upsert ? 'append' : 'upsert'
  return traits.upsertByDefault ? 'upsert' : 'changes'
}

/** Two rows of the stream with one key of the sink would overwrite each other. */
function checkCover(
  planning: Planning,
  { spec, stream, path }: SinkParts,
  key: readonly string[],
): void {
  const { uniqueKey } = stream.info
  if (uniqueKey === null || spec.latest_by !== undefined) return
  const missing = uniqueKey.filter((one) => !key.includes(one))
  if (missing.length === 0) return
  const time = stream.row.fields.some((field) => field.name === 'window_end') ? 'window_end' : '…'
  planning.diagnostics.error(
    'SINK_KEY_WRONG',
    [...path, 'key'],
    `rows of \`${spec.from}\` differ by ${uniqueKey.join(', ')}, and the key of the sink has no ${missing.join(', ')}: rows would overwrite each other`,
    {
      fix: `add ${missing.map((one) => `\`${one}\``).join(', ')} to \`key\`, or say which row stays: \`latest_by: ${time}\``,
    },
  )
}

function checkLatestBy(
  planning: Planning,
  { spec, stream, traits, path }: SinkParts,
  mode: SinkBlock['mode'],
): void {
  const name = spec.latest_by ?? ''
  const at = [...path, 'latest_by']
  const field = fieldAt(stream.row.fields, name)
  if (field === null) {
    planning.diagnostics.error('FIELD_UNKNOWN', at, `\`${spec.from}\` has no field \`${name}\``, {
      fix: fieldFix(stream.row, name),
    })
    return
  }
  if ((traits.keyTemplate ?? spec.key) === undefined) {
    planning.diagnostics.error(
      'SINK_KEY_WRONG',
      at,
      '`latest_by` keeps one row per key, and the sink has no `key`',
      {
        fix: 'add `key:`',
      },
    )
    return
  }
  if (mode !== 'upsert') {
    planning.diagnostics.error(
      'SINK_MODE_REFUSED',
      at,
      `\`latest_by\` keeps one row per key, and the sink writes in mode \`${mode}\``,
      {
        fix: 'add `mode: upsert`',
      },
    )
  }
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one))
}
