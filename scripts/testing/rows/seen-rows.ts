/**
 * Rows that came out of a stream, as full changes whatever the planner chose (D18): an upsert
 * becomes an insert, or the pair of the row that was there and the new one.
 *
 * Owns: on streams of upserts, the last row per key; the changes since the last expectation.
 * Values are internal ones, nested as the fields are.
 */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { columnTree, type ColumnNode } from '../../../shared/model/column-tree.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { canonicalRow, canonicalText } from '../../../shared/model/canonical/canonical-text.ts'

export interface SeenRow {
  readonly values: Readonly<Record<string, unknown>>
  readonly kind: number
  /** NaN where event time was lost. */
  readonly eventTime: number
}

export class SeenRows {
  /** Paths of the key on a stream of upserts; null where changes are full. */
  readonly #upsertKey: readonly string[] | null
  readonly #last = new Map<string, SeenRow>()
  #changes: SeenRow[] = []

  constructor(upsertKey: readonly string[] | null) {
    this.#upsertKey = upsertKey
  }

  addBatch(batch: Batch): void {
    const tree = columnTree(batch.schema.columns)
    const key = this.#upsertKey?.map((path) =>
      batch.schema.columns.findIndex((column) => column.path === path),
    )
    for (let row = 0; row < batch.length; row++) {
      const kind = batch.kind?.[row] ?? INSERT
      const eventTime = batch.eventTime[row] ?? Number.NaN
      const seen = { values: valuesAt(tree, batch, row), kind, eventTime }
      if (key === undefined) this.#changes.push(seen)
      else this.#upsert(canonicalRow(key.map((at) => cell(batch, at, row))), seen)
    }
  }

  /** What came since the last call, in order. */
  take(): readonly SeenRow[] {
    const changes = this.#changes
    this.#changes = []
    return changes
  }

  #upsert(key: string, seen: SeenRow): void {
    const last = this.#last.get(key)
    if (seen.kind === UPDATE_BEFORE) return
    if (seen.kind === DELETE) {
      if (last !== undefined) this.#changes.push({ ...last, kind: DELETE })
      this.#last.delete(key)
      return
    }
    this.#last.set(key, seen)
    if (last === undefined) {
      this.#changes.push({ ...seen, kind: INSERT })
      return
    }
    if (canonicalText(last.values) === canonicalText(seen.values)) return
    this.#changes.push({ ...last, kind: UPDATE_BEFORE }, { ...seen, kind: UPDATE_AFTER })
  }
}

/** The rows that are left of changes: each taken back row removes one equal one, in any order. */
export function foldRows(changes: readonly SeenRow[]): SeenRow[] {
  const held = new Map<string, { rows: SeenRow[]; count: number }>()
  for (const change of changes) {
    const text = canonicalText(change.values)
    const known = held.get(text) ?? { rows: [], count: 0 }
    held.set(text, known)
    if (change.kind === UPDATE_BEFORE || change.kind === DELETE) known.count--
    else {
      known.count++
      known.rows.push(change)
    }
  }
  return [...held.values()].flatMap(({ rows, count }) => (count > 0 ? rows.slice(-count) : []))
}

function cell(batch: Batch, column: number, row: number): unknown {
  const held = batch.columns[column]
  return held === undefined ? null : valueAt(held, row)
}

function valuesAt(
  tree: readonly ColumnNode[],
  batch: Batch,
  row: number,
): Readonly<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const node of tree) {
    if (node.kind === 'leaf') values[node.name] = cell(batch, node.index, row)
    else if (node.presence !== null && cell(batch, node.presence, row) !== true) {
      values[node.name] = null
    } else values[node.name] = valuesAt(node.children, batch, row)
  }
  return values
}
