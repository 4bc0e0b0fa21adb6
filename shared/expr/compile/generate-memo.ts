/**
 * Expressions over one dictionary column and nothing else: a function of the string, called once
 * per entry of the dictionary; rows look its result up by code. Results are kept between batches
 * for as long as the dictionary lives. A result that is thrown is not kept.
 */
import { assert } from '../../base/assert.ts'
import type { Dictionary } from '../../model/batch.ts'
import type { TypedExpr } from '../ast.ts'
import { atom, Block, boxed, type Value } from './code-block.ts'
import type { CodeContext, ColumnReader, Position } from './code-context.ts'
import type { ColumnScope } from './column-scope.ts'
import type { InputColumns } from './input-columns.ts'

/** Results by dictionary: index 0 is that of null, index 1 + code those of the entries. */
export type MemoTable = WeakMap<Dictionary, unknown[]>

export function memoOf(table: MemoTable, dictionary: Dictionary): unknown[] {
  let results = table.get(dictionary)
  if (results === undefined) table.set(dictionary, (results = []))
  return results
}

/** Whether an expression is a function of the entries of one dictionary column. */
export function isOfOneDictionary(
  context: CodeContext,
  expr: TypedExpr,
  scope: ColumnScope,
): boolean {
  const facts = context.facts.of(expr, scope)
  if (context.reader.arrays === null || !facts.isPure) return false
  if (facts.operationCount === 0 || facts.columns.size !== 1) return false
  const [index = -1] = facts.columns
  return context.reader.arrays.spec(index).layout === 'dict'
}

/** How a row asks for the result of its entry. */
export interface EntryFunction {
  /** Name of the function of an entry's text; it gives null for null. */
  readonly made: string
  /** Of the dictionary column. */
  readonly index: number
  /** Name of the row's place among the results: 0 for null, 1 + code for an entry. */
  readonly slot: string
  /** Text of the argument for that slot. */
  readonly argument: string
}

export function generateEntryFunction(
  context: CodeContext,
  expr: TypedExpr,
  at: Position,
): EntryFunction {
  const { arrays } = context.reader
  assert(arrays !== null, 'results are kept for columns of a batch')
  const [index = -1] = context.facts.of(expr, at.scope).columns
  const { nullable } = arrays.spec(index)
  const made = context.names.make('f')
  const inner = new Block(context.names)
  const reader: ColumnReader = {
    arrays: null,
    read: () => atom('text', nullable ? 'text === null' : null),
  }
  const value = context.generate({ ...context, reader }, expr, { scope: at.scope, block: inner })
  inner.line(`return ${boxed(value)}`)
  const whole = new Block(context.names)
  whole.close(`const ${made} = (text) => {`, inner)
  context.functions.push(...whole.lines)
  const slot = slotOf(arrays, index, at.block)
  const entry = `${arrays.dictionary(index)}[${slot} - 1]`
  return { made, index, slot, argument: nullable ? `${slot} === 0 ? null : ${entry}` : entry }
}

/** One variable per row and column. */
function slotOf(arrays: InputColumns, index: number, block: Block): string {
  const known = block.find(slotKey(index))
  if (known !== undefined) return known.text
  const code = `${arrays.codes(index)}[i] + 1`
  const { nullable } = arrays.spec(index)
  const slot = block.bind(nullable ? `${arrays.nullText(index, block)} ? 0 : ${code}` : code, 'e')
  block.keep(slotKey(index), atom(slot))
  return slot
}

/** Slots are kept in blocks beside expressions (from 0 up) and nulls (odd numbers below). */
function slotKey(index: number): number {
  return -2 - 2 * index
}

export function generateMemo(context: CodeContext, expr: TypedExpr, at: Position): Value {
  const { arrays } = context.reader
  assert(arrays !== null, 'results are kept for columns of a batch')
  const { made, index, slot, argument } = generateEntryFunction(context, expr, at)
  const table: MemoTable = new WeakMap()
  const memo = arrays.memo(index, context.constants.name(table, 'results per dictionary entry'))
  const name = at.block.name('v')
  at.block.line(`let ${name} = ${memo}[${slot}]`)
  at.block.line(`if (${name} === undefined) ${memo}[${slot}] = ${name} = ${made}(${argument})`)
  return atom(name, expr.nullable ? `${name} === null` : null)
}
