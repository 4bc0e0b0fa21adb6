/**
 * Values of tests as internal values of a type: short times (`"10:05"`, `"+3d"`) become timestamps,
 * durations may have units, structs list the fields they mean. What does not fit is reported at its
 * place; the answer is then `undefined`.
 */
import type { Diagnostics, SpecPath } from '../../../shared/base/diagnostics.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import { nearestName } from '../../../shared/base/nearest-name.ts'
import type { DataType, Field, FieldType } from '../../../shared/model/data-type.ts'
import { parseDuration } from '../../../shared/model/duration-text.ts'
import { parseDate } from '../../../shared/model/text/civil-time.ts'
import { printFieldType } from '../../../shared/model/type-text.ts'
import { fromJsonValue, shown } from '../../../shared/model/value-json.ts'
import { testTime, type TestBase } from '../../../shared/spec/test-spec.ts'

export interface Binding {
  readonly base: TestBase
  readonly diagnostics: Diagnostics
  /** Before every message: the line of a file that rows come from; mostly empty. */
  readonly where: string
}

export interface StructParts {
  readonly fields: readonly Field[]
  readonly path: SpecPath
  /** How the struct is called in messages: `sessions`. */
  readonly title: string
}

const DAY_MS = 86_400_000

export function bindValue(
  value: unknown,
  field: FieldType,
  path: SpecPath,
  binding: Binding,
): unknown {
  if (value === null || value === undefined) {
    return field.nullable ? null : refuse(value, field, path, binding)
  }
  const { type } = field
  switch (type.kind) {
    case 'timestamp':
      return bindTime(value, field, path, binding)
    case 'date':
      return bindDate(value, field, path, binding)
    case 'duration':
      return bindDuration(value, field, path, binding)
    case 'array':
      return bindList(value, { field, element: type.element }, path, binding)
    case 'map':
      return bindMap(value, { field, held: type.value }, path, binding)
    case 'struct': {
      if (!isObject(value)) return refuse(value, field, path, binding)
      const title = `\`${String(path.at(-1) ?? '')}\``
      return bindStruct(value, { fields: type.fields, path, title }, binding)
    }
    default:
      return bindScalar(value, field, path, binding)
  }
}

/** The fields that are written; unknown ones are reported. */
export function bindStruct(
  value: Readonly<Record<string, unknown>>,
  { fields, path, title }: StructParts,
  binding: Binding,
): Record<string, unknown> {
  const bound: Record<string, unknown> = {}
  for (const [name, held] of Object.entries(value)) {
    const field = fields.find((one) => one.name === name)
    const at = [...path, name]
    if (field === undefined) reportUnknownField(name, { fields, path: at, title }, binding)
    else bound[name] = bindValue(held, field, at, binding)
  }
  return bound
}

function reportUnknownField(
  name: string,
  { fields, path, title }: StructParts,
  { diagnostics, where }: Binding,
): void {
  const names = fields.map((field) => field.name)
  const near = nearestName(name, names)
  diagnostics.error('TEST_FIELD_UNKNOWN', path, `${where}${title} has no field \`${name}\``, {
    onKey: true,
    fix: near === null ? `its fields are ${names.join(', ')}` : `write \`${near}\``,
  })
}

function bindTime(value: unknown, field: FieldType, path: SpecPath, binding: Binding): unknown {
  if (typeof value !== 'string') return bindScalar(value, field, path, binding)
  const ms = testTime(value, binding.base)
  if (ms !== null) return ms
  const isShort = /^\d{1,2}:\d\d|^[+-]/.test(value) && binding.base.day === null
  return refuse(value, field, path, {
    ...binding,
    fix: isShort
      ? 'add `day: 2026-01-31` to the test: a time of day has no date without it'
      : 'write "10:05", "+3d", "+3d 10:05" or an ISO time',
  })
}

function bindDate(value: unknown, field: FieldType, path: SpecPath, binding: Binding): unknown {
  if (typeof value !== 'string') return bindScalar(value, field, path, binding)
  const day = parseDate(value)
  if (day !== null) return day
  const shift = /^[+-]/.test(value) ? parseDuration(value.replace(/^\+/, '')).duration : null
  if (shift === null || binding.base.day === null || shift.ms % DAY_MS !== 0) {
    return refuse(value, field, path, {
      ...binding,
      fix: 'write 2026-01-31, or "+3d" from `day`',
    })
  }
  return binding.base.day + shift.ms / DAY_MS
}

function bindDuration(value: unknown, field: FieldType, path: SpecPath, binding: Binding): unknown {
  if (typeof value !== 'string') return bindScalar(value, field, path, binding)
  const { duration } = parseDuration(value)
  return (
    duration?.ms ??
    refuse(value, field, path, {
      ...binding,
      fix: 'write for instance 90s',
    })
  )
}

function bindList(
  value: unknown,
  { field, element }: { field: FieldType; element: FieldType },
  path: SpecPath,
  binding: Binding,
): unknown {
  if (!Array.isArray(value)) return refuse(value, field, path, binding)
  return value.map((one, index) => bindValue(one, element, [...path, index], binding))
}

function bindMap(
  value: unknown,
  { field, held }: { field: FieldType; held: FieldType },
  path: SpecPath,
  binding: Binding,
): unknown {
  if (!isObject(value)) return refuse(value, field, path, binding)
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  return new Map(
    entries.map(([key, one]) => [
      String(key),
      bindValue(one, held, [...path, String(key)], binding),
    ]),
  )
}

function bindScalar(value: unknown, field: FieldType, path: SpecPath, binding: Binding): unknown {
  try {
    return fromJsonValue(value, field, '')
  } catch (cause) {
    if (!(cause instanceof StreamError)) throw cause
    return refuse(value, field, path, binding)
  }
}

function refuse(
  value: unknown,
  field: FieldType,
  path: SpecPath,
  { diagnostics, where, fix }: Binding & { readonly fix?: string },
): undefined {
  const name = path.findLast((part) => typeof part === 'string') ?? ''
  const is = `${where}\`${name}\` is ${shown(value)}, which is no ${printFieldType(field)}`
  diagnostics.error('TEST_VALUE_WRONG', path, is, { fix: fix ?? fixOf(value, field.type) })
  return undefined
}

function fixOf(value: unknown, type: DataType): string {
  if (value === null || value === undefined) return 'give a value: the field is never null'
  if (type.kind === 'string') return 'put it in quotes'
  if (type.kind === 'decimal' && !Number.isNaN(Number(value))) {
    return `give at most ${type.scale} digits behind the point, ${type.precision} in all`
  }
  return 'give a value of that type'
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
