/**
 * Scripts: what happens to an operator, record by record. A script says nothing of batches, cuts
 * and push-back; a delivery does, and any delivery of a script must have the same result.
 */
import { DELETE, UPDATE_BEFORE } from '../../../shared/model/batch.ts'

export type ScriptStep =
  | { readonly kind: 'row'; readonly input: number; readonly row: ScriptRow }
  /** Of one input; the operator sees the minimum over inputs. */
  | { readonly kind: 'watermark'; readonly input: number; readonly time: number }
  /** Processing time moves. */
  | { readonly kind: 'now'; readonly time: number }
  | { readonly kind: 'end'; readonly input: number }

export interface ScriptRow {
  /** Internal values, one per column of the input. */
  readonly values: readonly unknown[]
  readonly time: number
  readonly change: number
}

export type Script = readonly ScriptStep[]

/** +1 for what adds a row, −1 for what takes one away. */
export function signOf(change: number): 1 | -1 {
  return change === DELETE || change === UPDATE_BEFORE ? -1 : 1
}

/** The minimum of the watermarks of all inputs; grows only. */
export class WatermarkMerge {
  readonly #inputs: number[]
  #merged = Number.NEGATIVE_INFINITY

  constructor(inputCount: number) {
    this.#inputs = Array.from({ length: inputCount }, () => Number.NEGATIVE_INFINITY)
  }

  get merged(): number {
    return this.#merged
  }

  /** The new merged watermark, or null when it did not grow. */
  advance(input: number, time: number): number | null {
    this.#inputs[input] = Math.max(this.#inputs[input] ?? time, time)
    const least = Math.min(...this.#inputs)
    if (least <= this.#merged) return null
    this.#merged = least
    return least
  }
}

/** For models that follow a script in order: each row with the watermark at which it came. */
export function rowsWithWatermarks(
  script: Script,
  inputCount: number,
): { input: number; row: ScriptRow; watermark: number }[] {
  const merge = new WatermarkMerge(inputCount)
  const rows: { input: number; row: ScriptRow; watermark: number }[] = []
  for (const step of script) {
    if (step.kind === 'watermark') merge.advance(step.input, step.time)
    else if (step.kind === 'end') merge.advance(step.input, Number.POSITIVE_INFINITY)
    else if (step.kind === 'row')
      rows.push({ input: step.input, row: step.row, watermark: merge.merged })
  }
  return rows
}

/** The rows that are left of one input when all its changes are folded. */
export function survivors(script: Script, input: number): ScriptRow[] {
  const left: ScriptRow[] = []
  for (const step of script) {
    if (step.kind !== 'row' || step.input !== input) continue
    if (signOf(step.row.change) > 0) {
      left.push(step.row)
      continue
    }
    const at = left.findIndex((row) => sameValues(row.values, step.row.values))
    if (at >= 0) left.splice(at, 1)
  }
  return left
}

export function sameValues(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, index) => Object.is(value, b[index]))
}
