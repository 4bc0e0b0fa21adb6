/**
 * What is left of the condition of an append join, where the loop can judge it while it walks a list:
 * it takes nothing but numbers, and those of kept rows lie beside the rows.
 */
import { assert } from '../../../../shared/base/assert.ts'
import {
  type ConditionText,
  conditionText,
} from '../../../../shared/expr/compile/condition-text.ts'
import type { Overload } from '../../../../shared/expr/overload.ts'
import type { Column } from '../../../../shared/model/batch.ts'
import type { JoinCore } from '../../../../shared/planning/plan.ts'
import { pairColumns, residualInputs } from '../pair-filter.ts'
import { LEFT, RIGHT, type Side } from '../pair-writer.ts'
import { type AppendRows, valuesName } from './append-code.ts'
import type { AppendSide } from './append-side.ts'

type Sides = readonly [AppendSide, AppendSide]

export class AppendCondition {
  /** By the side whose rows are worked; null where pairs are judged later, or nothing is left. */
  readonly texts: readonly [ConditionText, ConditionText] | null
  readonly #sides: Sides
  /** By side: inputs of it that the condition reads, which are columns from `#first` on. */
  readonly #inputs: readonly [readonly number[], readonly number[]]
  readonly #first: readonly [number, number]

  constructor(core: JoinCore, sides: Sides, overload: ((id: string) => Overload) | null) {
    this.#sides = sides
    this.#inputs = [residualInputs(core, LEFT), residualInputs(core, RIGHT)]
    this.#first = [0, this.#inputs[LEFT].length]
    this.texts = this.#texts(core, overload)
  }

  /** The rows to be worked are others, and kept ones may lie elsewhere. */
  open(side: Side, rows: AppendRows): void {
    if (this.texts === null) return
    for (const one of [LEFT, RIGHT] as const) {
      this.#inputs[one].forEach((input, index) => {
        const at = this.#first[one] + index
        rows.values[at] = one === side ? this.#worked(one, input) : this.#kept(one, input)
      })
    }
  }

  #texts(core: JoinCore, overload: ((id: string) => Overload) | null): AppendCondition['texts'] {
    const { residual: predicate, mode } = core
    if (predicate === null || overload === null || mode.kind !== 'interval') return null
    const input = pairColumns(core)
    const first = this.#first[RIGHT]
    const textOf = (side: Side): ConditionText | null => {
      const isWorked = (index: number): boolean => (index < first ? LEFT : RIGHT) === side
      const read = (index: number): string =>
        `${valuesName(index)}[${isWorked(index) ? 'i' : 'ref & otherMask'}]`
      return conditionText({ predicate, input, overload, read })
    }
    const [left, right] = [textOf(LEFT), textOf(RIGHT)]
    return left === null || right === null ? null : [left, right]
  }

  #worked(side: Side, input: number): Float64Array {
    return doublesOf(this.#sides[side].batch?.columns[input])
  }

  #kept(side: Side, input: number): Float64Array {
    const of = this.#sides[side]
    const ring = of.kept.ringOf(of.positionOf(input))
    assert(ring !== null, 'doubles lie beside the rows')
    return ring
  }
}

function doublesOf(column: Column | undefined): Float64Array {
  assert(column?.layout === 'f64', 'a condition judged in the loop reads doubles')
  return column.values
}
