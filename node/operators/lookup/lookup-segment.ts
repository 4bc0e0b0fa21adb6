/**
 * `lookup`: every row with the rows of a table that have its key and meet what is left of the
 * condition. `left` keeps a row without match, with nulls; `inner` drops it.
 */
import { assert } from '../../../shared/base/assert.ts'
import { compilePredicate, type Predicate } from '../../../shared/expr/compile/compile-predicate.ts'
import { columnReferences } from '../../../shared/expr/compile/column-references.ts'
import type { Overload } from '../../../shared/expr/overload.ts'
import type { Batch, BoolColumn, Column } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { gatherBytes, gatherColumn, gatherF64 } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { ColumnText } from '../../../shared/model/string-columns.ts'
import { originsOf, type Rows, type Segment, type SegmentHost } from '../chain/segment.ts'
import type { BreakingPart, BreakingStep } from '../chain/segment-plan.ts'
import { gatherOrNull } from '../join/gather-or-null.ts'
import { lookupKey, NO_MATCH, type LookupIndex, type LookupTable } from './lookup-table.ts'

type Lookup = Extract<BreakingStep, { kind: 'lookup' }>

/** Pairs of a row and a row of the table, side by side; NO_MATCH on the right for none. */
class Pairs {
  left = new Int32Array(1024)
  right = new Int32Array(1024)
  count = 0
  hasGaps = false

  add(left: number, right: number): void {
    if (this.count === this.left.length) this.#grow()
    this.left[this.count] = left
    this.right[this.count] = right
    this.count++
    if (right === NO_MATCH) this.hasGaps = true
  }

  #grow(): void {
    const left = new Int32Array(this.count * 2)
    const right = new Int32Array(this.count * 2)
    left.set(this.left)
    right.set(this.right)
    this.left = left
    this.right = right
  }
}

export class LookupSegment implements Segment {
  readonly code: string
  readonly #step: Lookup
  readonly #part: BreakingPart
  readonly #table: LookupTable
  readonly #index: LookupIndex
  readonly #residual: Predicate | null
  /** Columns of the table that the condition reads. */
  readonly #residualColumns: readonly ColumnSpec[]

  constructor(
    step: Lookup,
    part: BreakingPart,
    environment: { readonly table: LookupTable; readonly overload: (id: string) => Overload },
  ) {
    this.#step = step
    this.#part = part
    this.#table = environment.table
    this.#index = environment.table.index(step.equal.map((term) => term.right))
    const read = step.residual === null ? new Set<string>() : columnReferences(step.residual)
    this.#residualColumns = step.columns.filter((spec) => read.has(spec.path))
    const pairColumns = [...part.carried, ...this.#residualColumns]
    this.#residual =
      step.residual === null
        ? null
        : compilePredicate(step.residual, pairColumns, environment.overload)
    this.code = [
      `// lookup: rows of a table by ${step.equal.length} key columns, ${step.type}`,
      ...(this.#residual === null
        ? []
        : ['// what is left of its condition:', this.#residual.code]),
    ].join('\n')
  }

  run(rows: Rows, host: SegmentHost): Rows | null {
    const { batch } = rows
    const pairs = this.#residual === null ? this.#matches(batch) : this.#judged(batch, host)
    if (pairs.count === 0) return null
    const origin = originsOf(rows.origin, pairs.left, pairs.count)
    return { batch: this.#joined(batch, pairs), origin }
  }

  #matches(batch: Batch): Pairs {
    const pairs = new Pairs()
    const firstOf = this.#finder(batch)
    for (let row = 0; row < batch.length; row++) {
      const first = firstOf(row)
      this.#count(first !== NO_MATCH)
      if (first === NO_MATCH && this.#step.type === 'left') pairs.add(row, NO_MATCH)
      for (let right = first; right !== NO_MATCH; right = this.#index.next(right)) {
        pairs.add(row, right)
      }
    }
    return pairs
  }

  /** Pairs of equal keys that meet the condition. */
  #judged(batch: Batch, host: SegmentHost): Pairs {
    const candidates = new Pairs()
    const firstOf = this.#finder(batch)
    for (let row = 0; row < batch.length; row++) {
      for (let right = firstOf(row); right !== NO_MATCH; right = this.#index.next(right)) {
        candidates.add(row, right)
      }
    }
    const truth = this.#truth(batch, candidates, host)
    const pairs = new Pairs()
    let at = 0
    for (let row = 0; row < batch.length; row++) {
      const before = pairs.count
      for (; at < candidates.count && candidates.left[at] === row; at++) {
        if (truth[at] === 1) pairs.add(row, candidates.right[at] ?? NO_MATCH)
      }
      this.#count(pairs.count > before)
      if (pairs.count === before && this.#step.type === 'left') pairs.add(row, NO_MATCH)
    }
    return pairs
  }

  #truth(batch: Batch, { left, right, count }: Pairs, host: SegmentHost): Uint8Array {
    if (this.#residual === null || count === 0) return new Uint8Array(0)
    const carried = this.#part.carried.map((_spec, index) =>
      gatherColumn(columnAt(batch, index), left, count),
    )
    const rows = { selection: right, count, hasGaps: false }
    const found = this.#residualColumns.map((spec) => this.#tableColumn(spec, rows))
    const pairs: Batch = {
      schema: { columns: [...this.#part.carried, ...this.#residualColumns] },
      length: count,
      eventTime: gatherF64(batch.eventTime, left, count),
      kind: gatherBytes(batch.kind, left, count),
      columns: [...carried, ...found],
    }
    return this.#residual.run(pairs, (pair, error) => host.fail(left[pair] ?? 0, error))
  }

  #joined(batch: Batch, pairs: Pairs): Batch {
    const { left, right, count, hasGaps } = pairs
    const added = this.#part.output.slice(this.#part.carried.length)
    const carried = this.#part.carried.map((_spec, index) =>
      gatherColumn(columnAt(batch, index), left, count),
    )
    const rows = { selection: right, count, hasGaps }
    return {
      schema: { columns: this.#part.output },
      length: count,
      eventTime: gatherF64(batch.eventTime, left, count),
      kind: gatherBytes(batch.kind, left, count),
      columns: [...carried, ...added.map((spec) => this.#tableColumn(spec, rows))],
    }
  }

  #tableColumn(
    spec: ColumnSpec,
    rows: { readonly selection: Int32Array; readonly count: number; readonly hasGaps: boolean },
  ): Column {
    const path = spec.path.slice(this.#step.alias.length + 1)
    if (path === '?') return presence(rows.selection, rows.count)
    return gatherOrNull(this.#table.column(path), spec.layout, rows)
  }

  /** The first match of a row of this batch. */
  #finder(batch: Batch): (row: number) => number {
    const index = this.#index
    const first = this.#part.carried.length
    const readers = this.#step.equal.map((_term, at) => keyReader(batch, first + at))
    const [only] = readers
    const key: unknown[] = readers.map(() => null)
    if (only !== undefined && readers.length === 1) {
      return (row) => {
        key[0] = only(row)
        return index.find(key)
      }
    }
    return (row) => {
      for (let at = 0; at < readers.length; at++) key[at] = readers[at]?.(row)
      return index.find(key)
    }
  }

  #count(isHit: boolean): void {
    if (isHit) this.#table.hits++
    else this.#table.misses++
  }
}

function columnAt(batch: Batch, index: number): Column {
  const column = batch.columns[index]
  assert(column !== undefined, `column ${index} exists`)
  return column
}

function presence(rows: Int32Array, count: number): BoolColumn {
  const values = new Uint8Array(count)
  for (let at = 0; at < count; at++) values[at] = rows[at] === NO_MATCH ? 0 : 1
  return { layout: 'bool', values, nulls: null }
}

/** Values of a key column by row, as the index knows them; null for null. */
function keyReader(batch: Batch, index: number): (row: number) => unknown {
  const column = columnAt(batch, index)
  if (column.layout === 'utf8') {
    const text = new ColumnText(column, batch.length)
    const { nulls } = column
    return (row) => (nulls !== null && nulls[row] === 1 ? null : text.at(row))
  }
  return (row) => lookupKey(valueAt(column, row))
}
