/**
 * Texts that are literals, results for an entry of a dictionary, or a choice between such: a number
 * of the loop's TextPool. No row makes a string, and writing a column of them copies two numbers.
 */
import { assert } from '../../../base/assert.ts'
import type { TypedExpr } from '../../ast.ts'
import { boxed, type Value } from '../code-block.ts'
import type { CodeContext, Position } from '../code-context.ts'
import type { ColumnScope } from '../column-scope.ts'
import { inputColumn } from '../column-scope.ts'
import { generateTruth } from '../generate-logic.ts'
import { generateEntryFunction, isOfOneDictionary } from '../generate-memo.ts'
import { POOL_NULL } from './text-pool.ts'

type Call = Extract<TypedExpr, { node: 'call' }>

/** Null when the value is no such text. */
export function generatePooled(context: CodeContext, expr: TypedExpr, at: Position): Value | null {
  if (context.reader.arrays === null || expr.type.kind !== 'string') return null
  if (expr.node === 'literal' || !isPooled(context, expr, at.scope)) return null
  const { text } = context.reader.arrays.pool(context.constants)
  const number = at.block.bind(numberOf(context, expr, at), 'p')
  const isNull = expr.nullable ? `${number} === ${POOL_NULL}` : null
  return { text: `${text}[${number}]`, isNull, atomic: true, number }
}

/** Whether it is made of such texts and asks for more than a copy of a column. */
function isPooled(context: CodeContext, expr: TypedExpr, scope: ColumnScope): boolean {
  if (isOfOneDictionary(context, expr, scope)) return true
  if (expr.node === 'column') {
    const definition = scope.at(expr.path)
    return definition.kind === 'expr' && isPooled(context, definition.expr, definition.scope)
  }
  const choices = expr.node === 'call' ? choicesOf(expr) : null
  return choices?.every((choice) => isChoice(context, choice, scope)) === true
}

/** What a call gives one of; null when it is no choice. */
function choicesOf(expr: Call): readonly TypedExpr[] | null {
  if (expr.overload === 'if') return expr.args.slice(1)
  return expr.overload === 'coalesce' ? expr.args : null
}

function isChoice(context: CodeContext, expr: TypedExpr, scope: ColumnScope): boolean {
  if (expr.node === 'literal') return true
  const column = inputColumn(expr, scope)
  if (column !== null) return column.spec.layout === 'dict'
  return isPooled(context, expr, scope)
}

/** Text of the number of one of the choices. */
function choiceNumber(context: CodeContext, expr: TypedExpr, at: Position): string {
  const { arrays } = context.reader
  assert(arrays !== null, 'texts are pooled in loops over batches')
  const pool = arrays.pool(context.constants)
  if (expr.node === 'literal') {
    return typeof expr.value === 'string' ? `${pool.literal(expr.value)}` : `${POOL_NULL}`
  }
  if (inputColumn(expr, at.scope) !== null) return entryNumber(context, expr, at)
  const { key } = context.facts.of(expr, at.scope)
  const isOwn = !context.facts.isShared(key) && at.block.find(key) === undefined
  if (isOwn && isPooled(context, expr, at.scope)) return numberOf(context, expr, at)
  const value = context.generate(context, expr, at)
  // A value that was needed before, in another form, has no number yet.
  return value.number ?? `${pool.name}.numberOf(${boxed(value)})`
}

function numberOf(context: CodeContext, expr: TypedExpr, at: Position): string {
  if (isOfOneDictionary(context, expr, at.scope)) return entryNumber(context, expr, at)
  if (expr.node === 'column') {
    const definition = at.scope.at(expr.path)
    assert(definition.kind === 'expr', 'a pooled column is a computed one')
    return numberOf(context, definition.expr, { ...at, scope: definition.scope })
  }
  assert(expr.node === 'call', 'a choice is a call')
  return expr.overload === 'if' ? conditional(context, expr, at) : firstNotNull(context, expr, at)
}

/** Asked once per entry: 0 in the memo says that it was not. What throws is not kept. */
function entryNumber(context: CodeContext, expr: TypedExpr, at: Position): string {
  const { arrays } = context.reader
  assert(arrays !== null, 'results are kept for columns of a batch')
  const pool = arrays.pool(context.constants)
  const { made, index, slot, argument } = generateEntryFunction(context, expr, at)
  const memo = arrays.poolMemo(index, made)
  const number = at.block.name('p')
  at.block.line(`let ${number} = ${memo}[${slot}]`)
  at.block.line(
    `if (${number} === 0) ${memo}[${slot}] = ${number} = ${pool.name}.numberOf(${made}(${argument}))`,
  )
  return number
}

/**
 * The first branches of a chain `c1 ? y1 : c2 ? y2 : …` that one dictionary decides are asked for
 * at once, and give null where none of them is taken.
 */
interface Decided {
  readonly expr: Call
  readonly rest: TypedExpr
}

function decidedByOne(context: CodeContext, expr: Call, scope: ColumnScope): Decided | null {
  const [condition, yes, no] = expr.args
  if (condition === undefined || yes === undefined || no === undefined) return null
  if (yes.nullable || !isOfOneDictionary(context, condition, scope)) return null
  const further = no.node === 'call' && no.overload === 'if' ? no : null
  const isShared = context.facts.isShared(context.facts.of(no, scope).key)
  const behind = further === null || isShared ? null : decidedByOne(context, further, scope)
  const { type } = expr
  const none: TypedExpr = { node: 'literal', value: null, type, nullable: true }
  const whole = behind?.expr ?? none
  const joined: Call = { ...expr, args: [condition, yes, whole], nullable: true }
  if (isOfOneDictionary(context, joined, scope)) return { expr: joined, rest: behind?.rest ?? no }
  const alone: Call = { ...expr, args: [condition, yes, none], nullable: true }
  return isOfOneDictionary(context, alone, scope) ? { expr: alone, rest: no } : null
}

function conditional(context: CodeContext, expr: Call, at: Position): string {
  const decided = decidedByOne(context, expr, at.scope)
  if (decided !== null) return decidedChoice(context, decided, at)
  const [condition, yes, no] = expr.args
  assert(condition !== undefined && yes !== undefined && no !== undefined, '?: has three arguments')
  const test = generateTruth(context, condition, at)
  const first = at.block.inner()
  const second = at.block.inner()
  const one = choiceNumber(context, yes, { ...at, block: first })
  const other = choiceNumber(context, no, { ...at, block: second })
  if (first.lines.length === 0 && second.lines.length === 0) return `(${test} ? ${one} : ${other})`
  const number = at.block.name('p')
  at.block.line(`let ${number} = ${POOL_NULL}`)
  first.line(`${number} = ${one}`)
  second.line(`${number} = ${other}`)
  at.block.close(`if (${test}) {`, first, '} else {')
  at.block.lines.push(...second.lines.map((line) => `  ${line}`), '}')
  return number
}

function decidedChoice(context: CodeContext, { expr, rest }: Decided, at: Position): string {
  const number = entryNumber(context, expr, at)
  const inner = at.block.inner()
  inner.line(`${number} = ${choiceNumber(context, rest, { ...at, block: inner })}`)
  at.block.close(`if (${number} === ${POOL_NULL}) {`, inner)
  return number
}

/** Later choices are not evaluated. */
function firstNotNull(context: CodeContext, expr: Call, at: Position): string {
  const [first, ...rest] = expr.args
  assert(first !== undefined, 'coalesce has an argument')
  const number = at.block.name('p')
  const found = choiceNumber(context, first, at)
  at.block.line(`let ${number} = ${found}`)
  let block = at.block
  const opened: (typeof block)[] = []
  for (const arg of rest) {
    const inner = block.inner()
    inner.line(`${number} = ${choiceNumber(context, arg, { ...at, block: inner })}`)
    opened.push(block)
    block = inner
  }
  for (const outer of opened.toReversed()) {
    outer.close(`if (${number} === ${POOL_NULL}) {`, block)
    block = outer
  }
  return number
}
