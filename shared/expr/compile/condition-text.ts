/**
 * A condition as text for a loop of somebody else, who says how its columns are read. Only where
 * that takes nothing but the values of numbers: the condition has no nulls, no texts, and cannot
 * throw.
 */
import type { ColumnSpec } from '../../model/layout.ts'
import type { TypedExpr } from '../ast.ts'
import type { Overload } from '../overload.ts'
import { atom, Block } from './code-block.ts'
import { ColumnScope } from './column-scope.ts'
import { Constants, Names } from './constants.ts'
import { FactBook } from './expr-facts.ts'
import { generateExpr } from './generate-expr.ts'
import { generateTruth } from './generate-logic.ts'

export interface ConditionText {
  /** Declarations for the top of the code, where `constants` and `rt` are in scope. */
  readonly declarations: readonly string[]
  readonly constants: readonly unknown[]
  /** Statements, and what is true where the condition is. Names are `k`, `v` or `n` and a number. */
  readonly lines: readonly string[]
  readonly truth: string
  /** The columns that are read. */
  readonly columns: readonly number[]
}

export interface ConditionSource {
  readonly predicate: TypedExpr
  readonly input: readonly ColumnSpec[]
  readonly overload: (id: string) => Overload
  /** Text of the value of a column; it is short and may stand beside any operator. */
  readonly read: (index: number) => string
}

/** Null where the condition needs more than numbers. */
export function conditionText(source: ConditionSource): ConditionText | null {
  const { predicate, input, overload, read } = source
  const facts = new FactBook(overload)
  const scope = ColumnScope.ofInput(input)
  const { throws, isPure, columns } = facts.of(predicate, scope)
  const areNumbers = [...columns].every((index) => isNumber(input[index]))
  if (throws || !isPure || !areNumbers) return null
  facts.countUses(predicate, scope)
  const names = new Names()
  const constants = new Constants()
  const functions: string[] = []
  const block = new Block(names)
  const context = {
    overload,
    facts,
    constants,
    names,
    reader: { read: (index: number) => atom(read(index)), arrays: null },
    functions,
    kindText: null,
    generate: generateExpr,
  }
  const truth = generateTruth(context, predicate, { scope, block })
  if (functions.length > 0) return null
  return {
    declarations: constants.declarations(),
    constants: constants.values,
    lines: block.lines,
    truth,
    columns: [...columns],
  }
}

function isNumber(spec: ColumnSpec | undefined): boolean {
  return spec !== undefined && spec.layout === 'f64' && !spec.nullable
}
