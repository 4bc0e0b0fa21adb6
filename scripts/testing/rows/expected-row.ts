/** A row that a test expects, and how it is compared: listed fields only, each by its type. */
import type { SpecPath } from '../../../shared/base/diagnostics.ts'
import { KIND_NAMES } from '../../../shared/model/batch-rows.ts'
import { canonicalText } from '../../../shared/model/canonical/canonical-text.ts'
import type { DataType, Field } from '../../../shared/model/data-type.ts'
import { shown } from '../../../shared/model/value-json.ts'
import type { TestRow } from '../../../shared/spec/test-spec.ts'
import { bindStruct, isObject, type Binding } from './bind-value.ts'
import type { SeenRow } from './seen-rows.ts'

export interface ExpectedRow {
  /** Listed fields, with internal values. */
  readonly values: Readonly<Record<string, unknown>>
  /** Null: the row does not say. */
  readonly kind: number | null
  readonly at: number | null
  readonly path: SpecPath
}

export interface DifferingCell {
  readonly path: string
  readonly type: DataType
  readonly expected: unknown
  readonly got: unknown
}

/** Numbers are equal when they differ by no more than this, in proportion. */
const NUMBER_TOLERANCE = 1e-9
const TIME: DataType = { kind: 'timestamp' }
const TEXT: DataType = { kind: 'string' }

export function bindExpectedRow(
  row: TestRow,
  { name, fields }: { readonly name: string; readonly fields: readonly Field[] },
  binding: Binding,
): ExpectedRow {
  const { _kind: kindName, ...written } = row.values
  const hasField = fields.some((field) => field.name === 'at')
  const at = hasField ? null : row.at
  const values = hasField && row.at !== null ? { ...written, at: row.at } : written
  const title = `\`${name}\``
  return {
    values: bindStruct(values, { fields, path: row.path, title }, binding),
    kind: kindOf(kindName, row.path, binding),
    at,
    path: row.path,
  }
}

function kindOf(name: unknown, path: SpecPath, { diagnostics }: Binding): number | null {
  if (name === undefined) return null
  const kind = KIND_NAMES.findIndex((known) => known === name)
  if (kind >= 0) return kind
  const message = `\`_kind\` is ${shown(name)}, which is no kind of change`
  diagnostics.error('TEST_VALUE_WRONG', [...path, '_kind'], message, {
    fix: `one of ${KIND_NAMES.join(', ')}`,
  })
  return null
}

/** Cells of the listed fields that are not as expected; empty when the row fits. */
export function differingCells(
  expected: ExpectedRow,
  got: SeenRow,
  fields: readonly Field[],
): DifferingCell[] {
  const cells: DifferingCell[] = []
  if (expected.kind !== null && expected.kind !== got.kind) {
    const names = { expected: KIND_NAMES[expected.kind], got: KIND_NAMES[got.kind] }
    cells.push({ path: '_kind', type: TEXT, ...names })
  }
  if (expected.at !== null && expected.at !== got.eventTime) {
    const time = Number.isNaN(got.eventTime) ? null : got.eventTime
    cells.push({ path: 'at', type: TIME, expected: expected.at, got: time })
  }
  compareStruct(cells, { expected: expected.values, got: got.values, fields, prefix: '' })
  return cells
}

interface StructPair {
  readonly expected: Readonly<Record<string, unknown>>
  readonly got: Readonly<Record<string, unknown>>
  readonly fields: readonly Field[]
  readonly prefix: string
}

function compareStruct(cells: DifferingCell[], pair: StructPair): void {
  for (const [name, expected] of Object.entries(pair.expected)) {
    const type = pair.fields.find((field) => field.name === name)?.type
    if (type === undefined) continue
    const got = pair.got[name] ?? null
    const path = `${pair.prefix}${name}`
    if (type.kind === 'struct' && isObject(expected) && isObject(got)) {
      compareStruct(cells, { expected, got, fields: type.fields, prefix: `${path}.` })
    } else if (!isEqual(expected, got, type)) cells.push({ path, type, expected, got })
  }
}

function isEqual(expected: unknown, got: unknown, type: DataType): boolean {
  if (expected === null || got === null) return expected === got
  switch (type.kind) {
    case 'number':
      return isNear(expected, got)
    case 'array':
      return isEqualList(expected, got, type.element.type)
    case 'map':
      return isEqualMap(expected, got, type.value.type)
    case 'struct': {
      const cells: DifferingCell[] = []
      if (!isObject(expected) || !isObject(got)) return false
      compareStruct(cells, { expected, got, fields: type.fields, prefix: '' })
      return cells.length === 0
    }
    default:
      return canonicalText(expected) === canonicalText(got)
  }
}

function isNear(expected: unknown, got: unknown): boolean {
  if (typeof expected !== 'number' || typeof got !== 'number') return false
  const scale = Math.max(1, Math.abs(expected), Math.abs(got))
  return expected === got || Math.abs(expected - got) <= NUMBER_TOLERANCE * scale
}

function isEqualList(expected: unknown, got: unknown, element: DataType): boolean {
  if (!Array.isArray(expected) || !Array.isArray(got)) return false
  if (expected.length !== got.length) return false
  return expected.every((one, index) => isEqual(one, got[index] ?? null, element))
}

function isEqualMap(expected: unknown, got: unknown, held: DataType): boolean {
  if (!(expected instanceof Map) || !(got instanceof Map)) return false
  if (expected.size !== got.size) return false
  return [...expected].every(([key, one]) => got.has(key) && isEqual(one, got.get(key), held))
}
