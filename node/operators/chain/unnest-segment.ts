/**
 * `unnest`: one row per element of a list, beside the record's own columns. A null list is an empty
 * one. Change kinds and event times are the record's.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { columnBuilder, type ColumnBuilder } from '../../../shared/model/column-builder.ts'
import { gatherBytes, gatherColumn, gatherTimes } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { originsOf, type Rows, type Segment } from './segment.ts'
import type { BreakingPart, BreakingStep } from './segment-plan.ts'

type Unnest = Extract<BreakingStep, { kind: 'unnest' }>
/** The value of an added column for an element (null where the list was empty). */
type Reader = (element: unknown, index: number | null) => unknown

export class UnnestSegment implements Segment {
  readonly code: string
  readonly #step: Unnest
  readonly #part: BreakingPart
  readonly #added: readonly { readonly spec: ColumnSpec; readonly read: Reader }[]
  #selection = new Int32Array(1024)

  constructor(step: Unnest, part: BreakingPart) {
    this.#step = step
    this.#part = part
    this.code = '// unnest: one row per element of $0'
    this.#added = part.output
      .slice(part.carried.length)
      .map((spec) => ({ spec, read: readerOf(step, spec) }))
  }

  run(rows: Rows): Rows | null {
    const { batch } = rows
    const lists = batch.columns[this.#part.carried.length]
    assert(lists?.layout === 'any', 'a list lies in an any column')
    const builders = this.#added.map(({ spec }) => columnBuilder(spec.layout))
    let count = 0
    for (let row = 0; row < batch.length; row++) {
      const list = lists.values[row]
      count = this.#append(row, Array.isArray(list) ? list : [], { count, builders })
    }
    if (count === 0) return null
    const origin = originsOf(rows.origin, this.#selection, count)
    return { batch: this.#batch(batch, builders, count), origin }
  }

  #append(
    row: number,
    list: readonly unknown[],
    to: { readonly count: number; readonly builders: readonly ColumnBuilder[] },
  ): number {
    if (list.length === 0 && this.#step.keepEmpty) {
      this.#write(null, null, to.builders)
      return this.#select(row, to.count)
    }
    let { count } = to
    for (let index = 0; index < list.length; index++) {
      this.#write(list[index], index, to.builders)
      count = this.#select(row, count)
    }
    return count
  }

  #write(element: unknown, index: number | null, builders: readonly ColumnBuilder[]): void {
    for (let at = 0; at < builders.length; at++) {
      builders[at]?.append(this.#added[at]?.read(element, index) ?? null)
    }
  }

  #select(row: number, count: number): number {
    if (count === this.#selection.length) {
      const larger = new Int32Array(count * 2)
      larger.set(this.#selection)
      this.#selection = larger
    }
    this.#selection[count] = row
    return count + 1
  }

  #batch(from: Batch, builders: readonly ColumnBuilder[], count: number): Batch {
    const selection = this.#selection
    const carried = from.columns
      .slice(0, this.#part.carried.length)
      .map((column): Column => gatherColumn(column, selection, count))
    return {
      schema: { columns: this.#part.output },
      length: count,
      eventTime: gatherTimes(from.eventTime, selection, count),
      kind: gatherBytes(from.kind, selection, count),
      columns: [...carried, ...builders.map((builder) => builder.finish())],
    }
  }
}

/** A struct in a list is an object; its leaves are found by the path below the item. */
function readerOf(step: Unnest, spec: ColumnSpec): Reader {
  if (spec.path === step.index) return (_element, index) => index
  const names = spec.path.split('.').slice(step.item.split('.').length)
  const isPresence = names.at(-1) === '?'
  if (isPresence) names.pop()
  return (element) => {
    let value: unknown = element
    for (const name of names) {
      if (typeof value !== 'object' || value === null) return isPresence ? false : null
      value = (value as Readonly<Record<string, unknown>>)[name]
    }
    return isPresence ? value !== null && value !== undefined : value
  }
}
