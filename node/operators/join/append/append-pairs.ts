/**
 * The pairs that an append join has found and not yet emitted: rows of the open batch with kept rows
 * of the other side. What is left of the condition is judged over many pairs at once, unless the loop
 * that found them has judged it, and columns are gathered for a whole batch of pairs.
 *
 * Owns: the lists of pairs, and how far they are emitted.
 *
 * Invariant: once `check` has been called all `count` pairs are matches; those before `#emitted` have
 * been emitted.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { StreamError } from '../../../../shared/base/errors.ts'
import { BATCH_RECORDS_MAX } from '../../../../shared/base/limits.ts'
import type { Batch, BatchSchema, Column } from '../../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { JoinCore } from '../../../../shared/planning/plan.ts'
import type { OperatorContext, Output } from '../../operator.ts'
import { gatherOrNull } from '../gather-or-null.ts'
import { pairColumns, type PairPredicate, residualInputs } from '../pair-filter.ts'
import { pairRow } from '../pair-row.ts'
import { fitted, LEFT, RIGHT, type Side } from '../pair-writer.ts'
import { columnAt, inLayout } from '../side-state.ts'
import type { AppendSide } from './append-side.ts'

/** A column of one side: where it stands in what is made, in the input, among the kept ones. */
interface Place {
  readonly at: number
  readonly spec: ColumnSpec
  readonly input: number
  readonly kept: number
}

export interface AppendPairsOptions {
  readonly core: JoinCore
  readonly sides: readonly [AppendSide, AppendSide]
  /** Judges the pairs; null where all are matches. */
  readonly predicate: PairPredicate | null
  readonly capacity: number | undefined
}

export class AppendPairs {
  readonly capacity: number
  rows: Int32Array
  refs: Int32Array
  count = 0
  readonly #core: JoinCore
  readonly #sides: readonly [AppendSide, AppendSide]
  readonly #predicate: PairPredicate | null
  readonly #isTimed: boolean
  /** Columns of the output, and of the condition, by side. */
  readonly #places: readonly [readonly Place[], readonly Place[]]
  readonly #conditions: readonly [readonly Place[], readonly Place[]]
  readonly #schema: BatchSchema
  readonly #pairSchema: BatchSchema
  readonly #noTimes: Float64Array
  readonly #errors = new Map<number, unknown>()
  /** By column of the condition. */
  readonly #scratch: Float64Array[] = []
  #emitted = 0

  constructor({ core, sides, predicate, capacity }: AppendPairsOptions) {
    this.capacity = capacity ?? BATCH_RECORDS_MAX
    this.rows = new Int32Array(this.capacity * 2)
    this.refs = new Int32Array(this.capacity * 2)
    this.#core = core
    this.#sides = sides
    this.#predicate = predicate
    this.#isTimed = core.mode.kind === 'interval'
    this.#schema = { columns: core.output }
    this.#pairSchema = { columns: predicate === null ? [] : pairColumns(core) }
    const { left, right } = core
    const isWhole = left.kept.length + right.kept.length === core.output.length
    assert(isWhole, 'a join has the columns of both sides')
    const place = (of: Side, inputs: readonly number[], schema: BatchSchema, first: number) =>
      placesOf(sides[of], inputs, schema, first)
    this.#places = [
      place(LEFT, left.kept, this.#schema, 0),
      place(RIGHT, right.kept, this.#schema, left.kept.length),
    ]
    const read = (of: Side): number[] => (predicate === null ? [] : residualInputs(core, of))
    const [leftRead, rightRead] = [read(LEFT), read(RIGHT)]
    this.#conditions = [
      place(LEFT, leftRead, this.#pairSchema, 0),
      place(RIGHT, rightRead, this.#pairSchema, leftRead.length),
    ]
    this.#noTimes = new Float64Array(this.capacity).fill(Number.NaN)
  }

  /** A key with many rows: its pairs come together. */
  grow(): void {
    const rows = new Int32Array(this.rows.length * 2)
    const refs = new Int32Array(this.rows.length * 2)
    rows.set(this.rows)
    refs.set(this.refs)
    this.rows = rows
    this.refs = refs
  }

  /** Leaves only pairs that match. */
  check(side: Side, context: Pick<OperatorContext, 'fail'>): void {
    const predicate = this.#predicate
    if (predicate === null || this.count === 0) return
    const { rows, refs, count, capacity } = this
    let left = 0
    for (let start = 0; start < count; start += capacity) {
      const end = Math.min(start + capacity, count)
      const mask = this.#evaluate(predicate, side, start, end)
      for (const [pair, error] of this.#errors) {
        mask[pair] = 0
        this.#fail(side, start + pair, error, context)
      }
      for (let at = start; at < end; at++) {
        if (mask[at - start] !== 1) continue
        rows[left] = rows[at] as number
        refs[left++] = refs[at] as number
      }
    }
    this.count = left
  }

  /** Emits all pairs; false when it stopped because the output is full. */
  emit(side: Side, output: Output): boolean {
    while (this.#emitted < this.count) {
      if (output.isFull) return false
      const start = this.#emitted
      const end = Math.min(start + this.capacity, this.count)
      output.emit(this.#batchOf(side, start, end))
      this.#emitted = end
    }
    this.count = 0
    this.#emitted = 0
    return !output.isFull
  }

  #batchOf(side: Side, start: number, end: number): Batch {
    const length = end - start
    const columns: Column[] = Array.from({ length: this.#schema.columns.length })
    this.#gather(side, start, end, columns)
    const eventTime = this.#isTimed ? this.#timesOf(side, start, end) : this.#noTimes
    return { schema: this.#schema, length, eventTime, kind: null, columns }
  }

  /** The later of both. */
  #timesOf(side: Side, start: number, end: number): Float64Array {
    const { rows, refs } = this
    const own = batchOf(this.#sides[side]).eventTime
    const { times, rowMask } = this.#sides[(1 - side) as Side].kept
    const out = new Float64Array(end - start)
    for (let at = start; at < end; at++) {
      const one = own[rows[at] as number] as number
      const other = times[(refs[at] as number) & rowMask] as number
      out[at - start] = one > other ? one : other
    }
    return out
  }

  // oxlint-disable-next-line max-params -- which pairs, and whereto
  #gather(side: Side, start: number, end: number, into: Column[]): void {
    const places = this.#places
    const otherSide = side === LEFT ? RIGHT : LEFT
    const count = end - start
    const selection = this.rows.subarray(start, end)
    const refs = this.refs.subarray(start, end)
    const batch = batchOf(this.#sides[side])
    for (const { at, spec, input } of places[side]) {
      const column = columnAt(batch, input)
      into[at] = fitted(
        gatherOrNull(column, spec.layout, { selection, count, hasGaps: false }),
        spec,
      )
    }
    const { kept } = this.#sides[otherSide]
    for (const { at, spec, kept: index } of places[otherSide]) {
      into[at] = fitted(inLayout(kept.gather(refs, count, index), spec, count), spec)
    }
  }

  /** Columns of doubles are gathered into arrays that are written again by the next call. */
  // oxlint-disable-next-line max-params -- which pairs by what
  #evaluate(predicate: PairPredicate, side: Side, start: number, end: number): Uint8Array {
    const length = end - start
    const columns: Column[] = []
    const otherSide = side === LEFT ? RIGHT : LEFT
    const selection = this.rows.subarray(start, end)
    const refs = this.refs.subarray(start, end)
    const batch = batchOf(this.#sides[side])
    for (const { at, spec, input } of this.#conditions[side]) {
      const column = columnAt(batch, input)
      columns[at] =
        column.layout === 'f64' && column.nulls === null
          ? pickInto(column.values, selection, this.#scratchOf(at))
          : gatherOrNull(column, spec.layout, { selection, count: length, hasGaps: false })
    }
    const { kept } = this.#sides[otherSide]
    for (const { at, spec, kept: index } of this.#conditions[otherSide]) {
      const gathered = kept.gatherScratch(refs, length, index, this.#scratchOf(at))
      columns[at] = inLayout(gathered, spec, length)
    }
    const eventTime = this.#noTimes
    const pairs: Batch = { schema: this.#pairSchema, length, eventTime, kind: null, columns }
    this.#errors.clear()
    return predicate(pairs, (pair, error) => this.#errors.set(pair, error))
  }

  #scratchOf(at: number): Float64Array {
    return (this.#scratch[at] ??= new Float64Array(this.capacity))
  }

  /** The pair fails by `on_error`: it would be a row that the join makes. */
  // oxlint-disable-next-line max-params -- which pair, and why
  #fail(side: Side, at: number, error: unknown, context: Pick<OperatorContext, 'fail'>): void {
    if (!(error instanceof StreamError)) throw error
    const own = { batch: batchOf(this.#sides[side]), row: this.rows[at] as number }
    const other = this.#sides[side === LEFT ? RIGHT : LEFT]
    const stored = other.rowAsBatch(this.refs[at] as number)
    const [left, right] = side === LEFT ? [own, stored] : [stored, own]
    const payload = (): unknown => pairRow(left, right, this.#core.alias)
    const { code, message } = error
    context.fail({ code, message, error, payload, ofResult: true })
  }
}

// oxlint-disable-next-line max-params -- which columns of which side, and whereto
function placesOf(
  side: AppendSide,
  inputs: readonly number[],
  { columns }: BatchSchema,
  first: number,
): Place[] {
  return inputs.map((input, index) => {
    const at = first + index
    const spec = columns[at]
    assert(spec !== undefined, `column ${at} of the output exists`)
    return { at, spec, input, kept: side.positionOf(input) }
  })
}

function batchOf({ batch }: AppendSide): Batch {
  assert(batch !== null, 'a batch is open')
  return batch
}

function pickInto(values: Float64Array, selection: Int32Array, into: Float64Array): Column {
  for (let at = 0; at < selection.length; at++) into[at] = values[selection[at] as number] as number
  return { layout: 'f64', values: into, nulls: null }
}
