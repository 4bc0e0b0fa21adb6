/**
 * `lookup`: every row with the rows of a table that have its key and meet what is left of the
 * condition. `left` keeps a row without match, with nulls; `inner` drops it.
 */
import { assert } from '../../../shared/base/assert.ts'
import { compilePredicate, type Predicate } from '../../../shared/expr/compile/compile-predicate.ts'
import { columnReferences } from '../../../shared/expr/compile/column-references.ts'
import type { Overload } from '../../../shared/expr/overload.ts'
import type { Batch, BatchSchema, BoolColumn, Column } from '../../../shared/model/batch.ts'
import { gatherBytes, gatherColumn, gatherF64 } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { originsOf, type Rows, type Segment, type SegmentHost } from '../chain/segment.ts'
import type { BreakingPart, BreakingStep } from '../chain/segment-plan.ts'
import { gatherOrNull, type Gathered } from '../join/gather-or-null.ts'
import type { LookupIndex } from './lookup-index.ts'
import type { LookupTable } from './lookup-table.ts'
import { NO_MATCH } from './row-finder.ts'

type Lookup = Extract<BreakingStep, { kind: 'lookup' }>

/** Pairs of a row and a row of the table, side by side; NO_MATCH on the right for none. */
class Pairs {
  left: Int32Array
  right: Int32Array
  count = 0
  hasGaps = false

  constructor(room: number) {
    this.left = new Int32Array(room + 1)
    this.right = new Int32Array(room + 1)
  }

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
  readonly #schema: BatchSchema
  /** First matches of the batch at hand; longer than it. */
  #first = new Int32Array(0)

  constructor(
    step: Lookup,
    part: BreakingPart,
    environment: { readonly table: LookupTable; readonly overload: (id: string) => Overload },
  ) {
    this.#step = step
    this.#part = part
    this.#schema = { columns: part.output }
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
    if (this.#first.length < batch.length) this.#first = new Int32Array(batch.length)
    const first = this.#first
    const hits = this.#index.find(this.#keysOf(batch), batch.length, first)
    if (this.#residual !== null) return this.#pairsOf(rows, this.#judged(batch, first, host))
    this.#table.hits += hits
    this.#table.misses += batch.length - hits
    const isAll = hits === batch.length || this.#step.type === 'left'
    if (!isAll || !this.#index.isUnique) return this.#pairsOf(rows, this.#matches(batch, first))
    if (batch.length === 0) return null
    const found = { selection: first, count: batch.length, hasGaps: hits < batch.length }
    return { batch: this.#besideAll(batch, found), origin: rows.origin }
  }

  /** Every row once: its columns pass by reference. */
  #besideAll(batch: Batch, found: Gathered): Batch {
    const { carried, output } = this.#part
    const added = output.slice(carried.length).map((spec) => this.#tableColumn(spec, found))
    return {
      ...batch,
      schema: this.#schema,
      columns: [...batch.columns.slice(0, carried.length), ...added],
    }
  }

  #pairsOf(rows: Rows, pairs: Pairs): Rows | null {
    if (pairs.count === 0) return null
    const origin = originsOf(rows.origin, pairs.left, pairs.count)
    return { batch: this.#joined(rows.batch, pairs), origin }
  }

  #matches(batch: Batch, first: Int32Array): Pairs {
    const pairs = new Pairs(batch.length)
    const keepsAll = this.#step.type === 'left'
    for (let row = 0; row < batch.length; row++) {
      let right = first[row] as number
      if (right === NO_MATCH && keepsAll) pairs.add(row, NO_MATCH)
      for (; right !== NO_MATCH; right = this.#index.next(right)) pairs.add(row, right)
    }
    return pairs
  }

  /** Pairs of equal keys that meet the condition. */
  #judged(batch: Batch, first: Int32Array, host: SegmentHost): Pairs {
    const candidates = new Pairs(batch.length)
    for (let row = 0; row < batch.length; row++) {
      for (let right = first[row] as number; right !== NO_MATCH; right = this.#index.next(right)) {
        candidates.add(row, right)
      }
    }
    const truth = this.#truth(batch, candidates, host)
    const pairs = new Pairs(batch.length)
    let at = 0
    for (let row = 0; row < batch.length; row++) {
      const before = pairs.count
      for (; at < candidates.count && candidates.left[at] === row; at++) {
        if (truth[at] === 1) pairs.add(row, candidates.right[at] ?? NO_MATCH)
      }
      if (pairs.count > before) this.#table.hits++
      else this.#table.misses++
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
      schema: this.#schema,
      length: count,
      eventTime: gatherF64(batch.eventTime, left, count),
      kind: gatherBytes(batch.kind, left, count),
      columns: [...carried, ...added.map((spec) => this.#tableColumn(spec, rows))],
    }
  }

  #tableColumn(spec: ColumnSpec, rows: Gathered): Column {
    const path = spec.path.slice(this.#step.alias.length + 1)
    if (path === '?') return presence(rows.selection, rows.count)
    return gatherOrNull(this.#table.column(path), spec.layout, rows)
  }

  /** The values to look up stand behind the columns that pass by. */
  #keysOf(batch: Batch): readonly Column[] {
    const from = this.#part.carried.length
    return this.#step.equal.map((_term, at) => columnAt(batch, from + at))
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
