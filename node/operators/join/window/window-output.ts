/**
 * Emits rows of a window join: pairs of kept rows, and kept rows of one side alone, column by
 * column.
 *
 * Owns nothing but where each column goes.
 */
import { assert } from '../../../../shared/base/assert.ts'
import type { Column } from '../../../../shared/model/batch.ts'
import { columnBuilder } from '../../../../shared/model/column-builder.ts'
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { JoinCore, JoinSide } from '../../../../shared/planning/plan.ts'
import type { Output } from '../../operator.ts'
import { fitted, LEFT, presencePosition, RIGHT, type Side } from '../pair-writer.ts'
import { inLayout, isLeftOnly } from '../side-state.ts'
import type { WindowPairs } from './window-pairs.ts'
import type { WindowSide } from './window-side.ts'

/** Row numbers and times; only the first `count` are meant. */
export interface KeptRows {
  readonly rows: Int32Array
  readonly times: Float64Array
  readonly count: number
}

interface Place {
  /** In the output. */
  readonly at: number
  readonly spec: ColumnSpec
  /** Of the kept columns. */
  readonly column: number
}

export class WindowOutput {
  readonly #output: Output
  readonly #columns: readonly ColumnSpec[]
  readonly #sides: readonly [WindowSide, WindowSide]
  readonly #places: readonly [readonly Place[], readonly Place[]]
  readonly #presenceAt: number

  constructor(core: JoinCore, output: Output, sides: readonly [WindowSide, WindowSide]) {
    this.#output = output
    this.#columns = core.output
    this.#sides = sides
    const isOneSided = isLeftOnly(core)
    this.#presenceAt = isOneSided ? -1 : presencePosition(core)
    const right = isOneSided ? { ...core.right, kept: [] } : core.right
    const first = core.left.kept.length
    this.#places = [this.#placesOf(core.left, LEFT, 0), this.#placesOf(right, RIGHT, first)]
  }

  /** Answers whether the operator should stop. */
  emitPairs(pairs: WindowPairs): boolean {
    const { count } = pairs
    const columns: Column[] = Array.from({ length: this.#columns.length })
    for (const side of [LEFT, RIGHT] as const) {
      const columnOf = (column: number): Column => pairs.columnOf(side, column)
      this.#put(side, columnOf, count, columns)
    }
    this.#putPresence(1, count, columns)
    return this.#emit(pairs, columns)
  }

  /** Rows of one side; the other half is null. Answers as emitPairs. */
  emitAlone(side: Side, alone: KeptRows): boolean {
    const { count } = alone
    const columns: Column[] = Array.from({ length: this.#columns.length })
    const { kept } = this.#sides[side]
    this.#put(side, (column) => kept.gather(alone.rows, count, column), count, columns)
    for (const { at, spec } of this.#places[1 - side] ?? []) columns[at] = nothing(spec, count)
    this.#putPresence(side === LEFT ? 0 : 1, count, columns)
    return this.#emit(alone, columns)
  }

  #emit({ times, count }: Pick<KeptRows, 'times' | 'count'>, columns: readonly Column[]): boolean {
    this.#output.emit({
      schema: { columns: this.#columns },
      length: count,
      eventTime: times.slice(0, count),
      kind: null,
      columns,
    })
    return this.#output.isFull
  }

  // oxlint-disable-next-line max-params -- which rows of which side, and whereto
  #put(side: Side, columnOf: (column: number) => Column, count: number, into: Column[]): void {
    for (const { at, spec, column } of this.#places[side]) {
      into[at] = fitted(inLayout(columnOf(column), spec, count), spec)
    }
  }

  #putPresence(value: 0 | 1, count: number, into: Column[]): void {
    if (this.#presenceAt < 0) return
    const values = new Uint8Array(count).fill(value)
    into[this.#presenceAt] = { layout: 'bool', values, nulls: null }
  }

  #placesOf(side: JoinSide, of: Side, first: number): Place[] {
    return side.kept.map((input, index) => {
      const position = first + index
      const at = this.#presenceAt >= 0 && position >= this.#presenceAt ? position + 1 : position
      const spec = this.#columns[at]
      assert(spec !== undefined, `column ${at} of the output exists`)
      return { at, spec, column: this.#sides[of].positionOf(input) }
    })
  }
}

/** Nulls, or the neutral value where none may be (those that say whether a struct is there). */
function nothing(spec: ColumnSpec, count: number): Column {
  const builder = columnBuilder(spec.layout, count)
  for (let row = 0; row < count; row++) builder.append(null)
  return fitted(builder.finish(), spec)
}
