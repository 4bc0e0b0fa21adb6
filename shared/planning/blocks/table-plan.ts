/** Tables: what lookups read. */
import { fieldAt } from '../../model/row-schema.ts'
import { checkConnector } from './connector-checks.ts'
import type { TableBlock } from '../plan.ts'
import { blockPath, type Planning } from '../planning.ts'
import { fieldFix, rowOf, type Row } from '../row.ts'
import { resolveSchema } from './source-plan.ts'

export interface PlannedTable {
  readonly block: TableBlock
  readonly row: Row
}

export function planTable(planning: Planning, name: string): PlannedTable | null {
  const spec = planning.spec.tables?.[name]
  if (spec === undefined) return null
  const path = blockPath('tables', name)
  const checked = checkConnector(planning, spec, 'table', path())
  if (spec.schema === undefined) {
    planning.diagnostics.error(
      'SCHEMA_MISSING',
      path(),
      'the table does not say which fields its rows have',
      {
        onKey: true,
        fix: 'add `schema:`, a name of `schemas` or the fields themselves',
      },
    )
    return null
  }
  const schema = resolveSchema(planning, spec.schema, path('schema'))
  if (schema === null || checked === null) return null
  const row = rowOf(schema.fields, schema.origin)
  let isWhole = true
  for (const key of spec.key) {
    if (row.columns.some((one) => one.path === key)) continue
    isWhole = false
    const isThere = fieldAt(row.fields, key) !== null
    planning.diagnostics.error(
      isThere ? 'TYPE_MISMATCH' : 'FIELD_UNKNOWN',
      path('key'),
      isThere
        ? `\`${key}\` is a group of fields and cannot be a key`
        : `the table has no field \`${key}\``,
      { fix: fieldFix(row, key) },
    )
  }
  if (!isWhole) return null
  const block: TableBlock = {
    name,
    connector: spec.connector,
    config: checked.config,
    key: spec.key,
    fields: row.fields,
    columns: row.columns,
    used: [],
    cacheTtlMs: spec.cache?.ttl ?? null,
  }
  return { block, row }
}
