/**
 * The late rows of one batch, with the window each of them would have had.
 *
 * Owns: the rows noted since the last `emit`.
 */
import type { Batch } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { OperatorContext } from '../operator.ts'
import { lateBatch } from './late-rows.ts'

export class LateSelection {
  readonly #columns: readonly ColumnSpec[] | null
  #rows: number[] = []
  #starts: number[] = []
  #ends: number[] = []

  /** `columns` of the late output; null when the block has none. */
  constructor(columns: readonly ColumnSpec[] | null) {
    this.#columns = columns
  }

  get count(): number {
    return this.#rows.length
  }

  note(row: number, start: number, end: number): void {
    this.#rows.push(row)
    this.#starts.push(start)
    this.#ends.push(end)
  }

  emit(batch: Batch, watermark: number, context: OperatorContext): void {
    const { count } = this
    if (count === 0) return
    if (this.#columns !== null) {
      const selection = Int32Array.from(this.#rows)
      const starts = Float64Array.from(this.#starts)
      const ends = Float64Array.from(this.#ends)
      const rows = { batch, selection, count, watermark, starts, ends }
      context.output('late').emit(lateBatch(rows, this.#columns))
    }
    this.#rows = []
    this.#starts = []
    this.#ends = []
  }
}
