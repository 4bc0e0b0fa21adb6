/** A condition over batches, for operators that judge rows of their own making (pairs of a join). */
import type { Batch } from '../../model/batch.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import type { TypedExpr } from '../ast.ts'
import type { Overload } from '../overload.ts'
import { compileLoop } from './compile-loop.ts'
import type { LoopHost } from './loop-spec.ts'

export interface Predicate {
  readonly code: string
  /**
   * A byte per row: 1 where the condition is true. A row that throws is told to `fail` and is 0.
   * The array is written again by the next call.
   */
  run(batch: Batch, fail: (row: number, error: unknown) => void): Uint8Array
}

export function compilePredicate(
  predicate: TypedExpr,
  input: readonly ColumnSpec[],
  overload: (id: string) => Overload,
): Predicate {
  const steps = [{ kind: 'filter', predicate, role: 'where' }] as const
  const loop = compileLoop({ input, steps, output: [], rejected: [], onlyRows: true, overload })
  let truth = new Uint8Array(0)
  return {
    code: loop.code,
    run(batch, fail) {
      if (truth.length < batch.length) truth = new Uint8Array(batch.length)
      const host: LoopHost = { ...QUIET, fail }
      const left = loop.run(batch, host)
      truth.fill(left !== null && host.selection === null ? 1 : 0, 0, batch.length)
      const { selection } = host
      if (left === null || selection === null) return truth
      for (let at = 0; at < left.length; at++) truth[selection[at] as number] = 1
      return truth
    },
  }
}

const QUIET: Omit<LoopHost, 'fail'> = {
  reject: () => {},
  observe: () => {},
  filtered: 0,
  selection: null,
  now: () => Number.NaN,
}
