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

/** Results by dictionary: index 0 is that of null, index 1 + code those of the entries. */
export type MemoTable = WeakMap<Dictionary, unknown[]>

export function memoOf(table: MemoTable, dictionary: Dictionary): unknown[] {
  let results = table.get(dictionary)
  if (results === undefined) table.set(dictionary, (results = []))
  return results
}

export function generateMemo(context: CodeContext, expr: TypedExpr, at: Position): Value {
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

  const table: MemoTable = new WeakMap()
  const memo = arrays.memo(index, context.constants.name(table, 'results per dictionary entry'))
  const code = `${arrays.codes(index)}[i] + 1`
  const slot = at.block.bind(
    nullable ? `${arrays.nullText(index, at.block)} ? 0 : ${code}` : code,
    'e',
  )
  const entry = `${arrays.dictionary(index)}[${slot} - 1]`
  const name = at.block.name('v')
  at.block.line(`let ${name} = ${memo}[${slot}]`)
  at.block.line(
    `if (${name} === undefined) ${memo}[${slot}] = ${name} = ${made}(${nullable ? `${slot} === 0 ? null : ${entry}` : entry})`,
  )
  return atom(name, expr.nullable ? `${name} === null` : null)
}
