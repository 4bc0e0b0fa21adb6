/** A pair of a join as one row, for the message and the dead letter of one that failed. */
import { rowAt, type JsonRow } from '../../../shared/model/batch-rows.ts'
import type { BatchRow } from './side-state.ts'

/** The left row, and the right one under its alias. Columns that the planner made are left out. */
export function pairRow(left: BatchRow, right: BatchRow, alias: string): JsonRow {
  return { ...shownRow(left), [alias]: shownRow(right) }
}

function shownRow({ batch, row }: BatchRow): JsonRow {
  const fields = Object.entries(rowAt(batch, row)).filter(([name]) => !name.startsWith('$'))
  return Object.fromEntries(fields)
}
