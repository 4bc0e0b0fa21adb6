/** Rows of a stream as a table: one column per field, values as JSON shows them. */
import type { Style } from './style.ts'
import { renderTable } from './table.ts'

const CELL_MAX = 40

export function rowTable(
  rows: readonly Readonly<Record<string, unknown>>[],
  style: Style,
): string[] {
  const fields = [...new Set(rows.flatMap((row) => Object.keys(row)))]
  const isNumber = (field: string) => rows.every((row) => typeof row[field] !== 'string')
  const columns = fields.map((field) => ({
    title: field,
    align: isNumber(field) ? ('right' as const) : ('left' as const),
  }))
  const cells = rows.map((row) => fields.map((field) => cellText(row[field])))
  const [head = '', ...lines] = renderTable(columns, cells)
  return [style.bold(head), ...lines]
}

function cellText(value: unknown): string {
  if (value === null || value === undefined) return '-'
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const oneLine = text.replaceAll(/\p{Cc}/gu, '·')
  return oneLine.length <= CELL_MAX ? oneLine : `${oneLine.slice(0, CELL_MAX - 1)}…`
}
