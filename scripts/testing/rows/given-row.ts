/** A row that a test gives, as the columns of the stream it is given to. */
import type { SpecPath } from '../../../shared/base/diagnostics.ts'
import { unreachable } from '../../../shared/base/assert.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { KIND_NAMES } from '../../../shared/model/batch-rows.ts'
import type { DataType, Field } from '../../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { fieldAt } from '../../../shared/model/row-schema.ts'
import { shown } from '../../../shared/model/value-json.ts'
import type { TestRow } from '../../../shared/spec/test-spec.ts'
import { bindStruct, isObject, type Binding } from './bind-value.ts'

/** What rows are given to: a source, a table, or the input of a block alone. */
export interface GivenStream {
  readonly name: string
  readonly fields: readonly Field[]
  readonly columns: readonly ColumnSpec[]
  /** Paths that somebody reads: others may be left out of rows even where they are never null. */
  readonly used: ReadonlySet<string>
  /** Path that `at` sets; null where event time is no field. */
  readonly timePath: string | null
  readonly hasEventTime: boolean
  /** Path that gives the event time of a row without `at`, when it is 1 ms before it (window_end). */
  readonly endPath: string | null
  readonly takesChanges: boolean
}

type Values = Record<string, unknown>

/** Null when the row has mistakes, which are then reported. */
export function bindGivenRow(row: TestRow, stream: GivenStream, binding: Binding): Batch | null {
  const before = binding.diagnostics.all.length
  const { _kind: kindName, ...written } = row.values
  const kind = kindOf(kindName, row.path, stream, binding)
  const { name: title, fields } = stream
  const values = bindStruct(written, { fields, path: row.path, title: `\`${title}\`` }, binding)
  placeTime(values, row, stream, binding)
  fill(values, { fields: stream.fields, prefix: '', row, stream }, binding)
  const eventTime = eventTimeOf(values, row, stream, binding)
  if (binding.diagnostics.all.length > before) return null
  const builder = new BatchBuilder({ columns: stream.columns }, 1)
  builder.append(
    stream.columns.map((spec) => columnValue(values, spec.path)),
    eventTime,
    kind,
  )
  return builder.finish()
}

function kindOf(name: unknown, path: SpecPath, stream: GivenStream, binding: Binding): number {
  if (name === undefined || name === null) return 0
  const kind = KIND_NAMES.findIndex((known) => known === name)
  const { diagnostics, where } = binding
  const at = [...path, '_kind']
  if (kind < 0) {
    const message = `${where}\`_kind\` is ${shown(name)}, which is no kind of change`
    diagnostics.error('TEST_VALUE_WRONG', at, message, { fix: `one of ${KIND_NAMES.join(', ')}` })
  } else if (!stream.takesChanges) {
    const message = `${where}rows of \`${stream.name}\` are only appended and have no \`_kind\``
    diagnostics.error('TEST_FIELD_UNKNOWN', at, message, { onKey: true, fix: 'leave it out' })
  }
  return Math.max(kind, 0)
}

/** `at` sets the field of event time. */
function placeTime(values: Values, row: TestRow, stream: GivenStream, binding: Binding): void {
  if (row.at === null) return
  const { diagnostics, where } = binding
  const at = [...row.path, 'at']
  const { timePath, name } = stream
  if (timePath === null && fieldAt(stream.fields, 'at') !== null) values['at'] = row.at
  else if (timePath !== null) {
    if (timePath !== 'at' && columnValue(values, timePath) !== null) {
      const message = `${where}\`at\` and \`${timePath}\` both say when the row happened`
      diagnostics.error('TEST_VALUE_WRONG', at, message, { onKey: true, fix: 'leave one out' })
    }
    setPath(values, timePath.split('.'), row.at)
  } else if (!stream.hasEventTime) {
    const message = `${where}\`${name}\` has no event time that \`at\` could set`
    const fix = 'leave `at` out, or give the source `event_time:`'
    diagnostics.error('TEST_FIELD_UNKNOWN', at, message, { onKey: true, fix })
  }
}

function setPath(values: Values, names: readonly string[], value: unknown): void {
  const [name = '', ...rest] = names
  if (rest.length === 0) values[name] = value
  else {
    const inner = isObject(values[name]) ? { ...values[name] } : {}
    values[name] = inner
    setPath(inner, rest, value)
  }
}

interface FillParts {
  readonly fields: readonly Field[]
  readonly prefix: string
  readonly row: TestRow
  readonly stream: GivenStream
}

/** Fields that are left out become null, or what nobody reads. */
function fill(values: Values, parts: FillParts, binding: Binding): void {
  const { fields, prefix, row, stream } = parts
  for (const { name, type, nullable } of fields) {
    const path = `${prefix}${name}`
    const held = values[name]
    if (type.kind === 'struct' && isObject(held)) {
      const inner = { ...held }
      values[name] = inner
      fill(inner, { ...parts, fields: type.fields, prefix: `${path}.` }, binding)
    } else if (!Object.hasOwn(values, name)) {
      values[name] = nullable ? null : neutralOf(type)
      if (!nullable && isRead(stream, path)) {
        const message = `${binding.where}the row has no \`${path}\`, which is never null in \`${stream.name}\``
        const fix = `add \`${path}: …\``
        binding.diagnostics.error('TEST_VALUE_WRONG', row.path, message, { fix })
      }
    }
  }
}

function isRead({ used, timePath }: GivenStream, path: string): boolean {
  if (used.has(path) || timePath === path) return true
  return [...used].some((one) => one.startsWith(`${path}.`))
}

function eventTimeOf(values: Values, row: TestRow, stream: GivenStream, binding: Binding): number {
  const { timePath, endPath, hasEventTime, name } = stream
  if (row.at !== null && hasEventTime) return row.at
  const time = timePath === null ? null : columnValue(values, timePath)
  if (typeof time === 'number') return time
  const end = endPath === null ? null : columnValue(values, endPath)
  if (typeof end === 'number') return end - 1
  if (hasEventTime && timePath === null) {
    const message = `${binding.where}the row has no \`at\`, and rows of \`${name}\` have an event time`
    binding.diagnostics.error('TEST_VALUE_WRONG', row.path, message, { fix: 'add `at: "10:05"`' })
  }
  return Number.NaN
}

/** The internal value of a column: by path, presence by `?`. */
function columnValue(values: Values, path: string): unknown {
  const names = path.split('.')
  const isPresence = names.at(-1) === '?'
  let held: unknown = values
  for (const name of isPresence ? names.slice(0, -1) : names) {
    held = isObject(held) ? held[name] : null
  }
  return isPresence ? isObject(held) : (held ?? null)
}

/** A value for a field that nobody reads. */
function neutralOf(type: DataType): unknown {
  switch (type.kind) {
    case 'string':
      return ''
    case 'boolean':
      return false
    case 'bigint':
      return 0n
    case 'decimal':
      return type.precision <= 15 ? 0 : 0n
    case 'bytes':
      return new Uint8Array()
    case 'array':
      return []
    case 'map':
      return new Map()
    case 'struct':
      return Object.fromEntries(type.fields.map((one) => [one.name, neutralOf(one.type)]))
    case 'integer':
    case 'number':
    case 'timestamp':
    case 'date':
    case 'duration':
      return 0
    case 'json':
    case 'null':
      return null
    default:
      return unreachable(type)
  }
}
