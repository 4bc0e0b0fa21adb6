/**
 * Rows as an author would write them in a test: short times on the day of the test, durations with
 * their units, decimals with all their digits, texts in quotes only where YAML needs them.
 */
import { stringify, Scalar } from 'yaml'
import { KIND_NAMES } from '../../../shared/model/batch-rows.ts'
import type { DataType, Field } from '../../../shared/model/data-type.ts'
import { printDurationInParts } from '../../../shared/model/duration-text.ts'
import { toJsonValue } from '../../../shared/model/value-json.ts'
import { testTime, type TestBase } from '../../../shared/spec/test-spec.ts'
import { isObject } from '../rows/bind-value.ts'
import type { SeenRow } from '../rows/seen-rows.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000
const SHIFT_DAYS_MAX = 31
const EXACT_DIGITS_MAX = 15

/** `{ user: u1, total: 40.00 }` */
export function valuesText(
  values: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  base: TestBase,
): string {
  return flowText(writtenRow(values, fields, base))
}

export function seenText(
  { values, kind }: SeenRow,
  fields: readonly Field[],
  { base, showsKind }: { readonly base: TestBase; readonly showsKind: boolean },
): string {
  const written = writtenRow(values, fields, base)
  return flowText(showsKind ? { _kind: KIND_NAMES[kind], ...written } : written)
}

export function valueText(value: unknown, type: DataType, base: TestBase): string {
  return flowText(writtenValue(value, type, base))
}

/** For YAML: values as they are written there. */
export function writtenRow(
  values: Readonly<Record<string, unknown>>,
  fields: readonly Field[],
  base: TestBase,
): Record<string, unknown> {
  const written: Record<string, unknown> = {}
  for (const { name, type } of fields) {
    if (Object.hasOwn(values, name)) written[name] = writtenValue(values[name], type, base)
  }
  return written
}

function writtenValue(value: unknown, type: DataType, base: TestBase): unknown {
  if (value === null || value === undefined) return null
  if (type.kind === 'struct') return isObject(value) ? writtenRow(value, type.fields, base) : null
  if (type.kind === 'timestamp') return quoted(timeText(value as number, base))
  if (type.kind === 'duration') return durationText(value as number)
  if (type.kind === 'decimal') return digits(String(toJsonValue(value, type)), type.scale)
  if (type.kind === 'array' && Array.isArray(value)) {
    return value.map((one) => writtenValue(one, type.element.type, base))
  }
  if (type.kind === 'map' && value instanceof Map) {
    const entries = [...(value as Map<string, unknown>)]
    return Object.fromEntries(
      entries.map(([key, held]) => [key, writtenValue(held, type.value.type, base)]),
    )
  }
  return toJsonValue(value, type)
}

/** `5m`; what is no whole number of milliseconds stays a number of them. */
function durationText(ms: number): string | number {
  return Number.isSafeInteger(ms) ? printDurationInParts(ms) : ms
}

/** A number with its zeros where a double can hold it, else a text of digits. */
function digits(text: string, scale: number): unknown {
  if (text.replaceAll(/[^0-9]/g, '').length > EXACT_DIGITS_MAX) return text
  const scalar = new Scalar(Number(text))
  scalar.minFractionDigits = scale
  return scalar
}

/** Times are quoted as authors quote them; other texts only where YAML needs it. */
function quoted(text: string): Scalar {
  const scalar = new Scalar(text)
  scalar.type = Scalar.QUOTE_DOUBLE
  return scalar
}

/** `10:05` on the day of the test, `+3d 10:05` in the month after it, else ISO. */
export function timeText(ms: number, base: TestBase): string {
  const iso = String(toJsonValue(ms, { kind: 'timestamp' })).replace('.000Z', 'Z')
  const midnight = base.day === null ? null : testTime('00:00', base)
  if (midnight === null) return iso
  // A clock that changes makes days longer or shorter: what does not read back stays ISO.
  const days = Math.floor((ms - midnight) / DAY_MS)
  if (days < 0 || days > SHIFT_DAYS_MAX) return iso
  const clock = clockText(ms - midnight - days * DAY_MS)
  const short = days === 0 ? clock : `+${days}d ${clock}`
  return testTime(short, base) === ms ? short : iso
}

function clockText(ms: number): string {
  const text = new Date(ms).toISOString().slice(11, 23)
  if (ms % MINUTE_MS === 0) return text.slice(0, 5)
  return ms % 1000 === 0 ? text.slice(0, 8) : text
}

function flowText(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, version: '1.2' }).trim()
}
