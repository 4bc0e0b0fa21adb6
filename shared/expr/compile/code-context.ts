/** What all parts of the expression generator share while one piece of code is made. */
import type { TypedExpr } from '../ast.ts'
import type { Overload } from '../overload.ts'
import type { Block, Value } from './code-block.ts'
import type { ColumnScope } from './column-scope.ts'
import type { Constants, Names } from './constants.ts'
import type { FactBook } from './expr-facts.ts'
import type { InputColumns } from './input-columns.ts'

/** Gives the text of a batch column for the row at hand. */
export interface ColumnReader {
  read(index: number, block: Block): Value
  /**
   * The columns behind it, where code may read arrays at row `i` itself (bytes, codes); null where
   * a column is a variable.
   */
  readonly arrays: InputColumns | null
}

export interface CodeContext {
  readonly overload: (id: string) => Overload
  readonly facts: FactBook
  readonly constants: Constants
  readonly names: Names
  readonly reader: ColumnReader
  /** Functions that stand before the loop: one per expression over a dictionary. */
  readonly functions: string[]
  /** Text of the kind of the row (`change()`), a number; null where rows have none. */
  readonly kindText: string | null
  generate(context: CodeContext, expr: TypedExpr, at: Position): Value
}

/** Where code is being generated: which columns are meant, and into which block. */
export interface Position {
  readonly scope: ColumnScope
  readonly block: Block
}
