/**
 * Event times that are computed: an expression over the columns of a source
 * (`event_time: date_add("minute", delay, date)`) gives each row of a batch its event time.
 *
 * A row for which the expression throws keeps its place, without an event time, so that records
 * are numbered as they were read; the source refuses it with what was thrown.
 * Owns: what was thrown for the rows of the last batch.
 */
import { assert } from '../../shared/base/assert.ts'
import type { TypedExpr } from '../../shared/expr/ast.ts'
import { compileLoop } from '../../shared/expr/compile/compile-loop.ts'
import type { Loop, LoopHost } from '../../shared/expr/compile/loop-spec.ts'
import type { Overload } from '../../shared/expr/overload.ts'
import { printTyped } from '../../shared/expr/print-typed.ts'
import type { Batch, Column } from '../../shared/model/batch.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'

export interface ComputedEventTimesOptions {
  readonly expr: TypedExpr
  /** What the source delivers. */
  readonly columns: readonly ColumnSpec[]
  readonly overload: (id: string) => Overload
}

export class ComputedEventTimes {
  /** The expression, as an author writes it. */
  readonly text: string
  readonly #loop: Loop
  readonly #thrown = new Map<number, unknown>()

  constructor(options: ComputedEventTimesOptions) {
    this.text = printTyped(options.expr)
    this.#loop = compileTimes(options)
  }

  /** One per row; NaN or null where there is none. */
  of(batch: Batch, now: number): Column {
    const thrown = this.#thrown
    thrown.clear()
    const host: LoopHost = {
      fail: (row, error) => thrown.set(row, error),
      reject: () => {},
      observe: () => {},
      filtered: 0,
      selection: null,
      now: () => now,
    }
    const made = this.#loop.run(batch, host)
    const column = made?.columns[0]
    if (column !== undefined && thrown.size === 0) return column
    return inPlace(column, { selection: host.selection, made: made?.length ?? 0, batch })
  }

  /** Why this row of the last batch has no event time; null where its value is null. */
  errorOf(row: number): unknown {
    return this.#thrown.get(row) ?? null
  }
}

/** The times that were made, each at the row it was made for. */
function inPlace(
  column: Column | undefined,
  {
    selection,
    made,
    batch,
  }: { readonly selection: Int32Array | null; readonly made: number; readonly batch: Batch },
): Column {
  const values = new Float64Array(batch.length).fill(Number.NaN)
  if (column === undefined) return { layout: 'f64', values, nulls: null }
  assert(column.layout === 'f64', 'an event time is a timestamp')
  for (let at = 0; at < made; at++) {
    if (column.nulls?.[at] === 1) continue
    values[selection === null ? at : (selection[at] as number)] = column.values[at] as number
  }
  return { layout: 'f64', values, nulls: null }
}

function compileTimes({ expr, columns, overload }: ComputedEventTimesOptions): Loop {
  const { type, nullable } = expr
  const spec: ColumnSpec = { path: 'event_time', type, nullable, layout: 'f64' }
  return compileLoop({
    input: columns,
    steps: [],
    output: [{ spec, expr }],
    rejected: [],
    overload,
  })
}
