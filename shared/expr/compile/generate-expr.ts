/**
 * Typed expressions as JavaScript text for one row. Nulls are explicit booleans beside values, never
 * boxed; what is used twice is computed once; what reads one dictionary column only is computed
 * once per entry of the dictionary.
 */
import { assert, unreachable } from '../../base/assert.ts'
import type { TypedExpr } from '../ast.ts'
import { atom, type Value } from './code-block.ts'
import type { CodeContext, Position } from './code-context.ts'
import { generateCall } from './generate-call.ts'
import { generateCast } from './generate-cast.ts'
import { generateMacro } from './generate-macro.ts'
import { generateMemo, isOfOneDictionary } from './generate-memo.ts'
import { literal } from './literals.ts'
import { generatePooled } from './texts/generate-pooled.ts'

export function generateExpr(context: CodeContext, expr: TypedExpr, at: Position): Value {
  if (expr.node === 'literal') return literal(context.constants, expr.value, expr.type)
  const facts = context.facts.of(expr, at.scope)
  const known = at.block.find(facts.key)
  if (known !== undefined) return known
  const made = generatePooled(context, expr, at) ?? generateOther(context, expr, at)
  if (!context.facts.isShared(facts.key)) return made
  const value = made.atomic ? made : { ...made, text: at.block.bind(made.text), atomic: true }
  at.block.keep(facts.key, value)
  return value
}

function generateOther(context: CodeContext, expr: TypedExpr, at: Position): Value {
  return isOfOneDictionary(context, expr, at.scope)
    ? generateMemo(context, expr, at)
    : generateNode(context, expr, at)
}

function generateNode(context: CodeContext, expr: TypedExpr, at: Position): Value {
  switch (expr.node) {
    case 'column': {
      const definition = at.scope.at(expr.path)
      if (definition.kind === 'input') return context.reader.read(definition.index, at.block)
      if (definition.kind === 'expr') {
        return generateNode(context, definition.expr, { ...at, scope: definition.scope })
      }
      const { name, spec } = definition
      return atom(name, spec.nullable ? `${name} === null` : null)
    }
    case 'literal':
      return literal(context.constants, expr.value, expr.type)
    case 'cast':
      return generateCast(context, expr, at)
    case 'call':
      return generateCall(context, expr, at)
    case 'macro':
      return generateMacro(context, expr, at)
    case 'variable': {
      const name = at.block.variable(expr.name)
      return atom(name, expr.nullable ? `${name} === null` : null)
    }
    case 'struct':
      assert(false, 'a struct as a whole is replaced by its columns before code is generated')
      return atom('null', 'true')
    default:
      return unreachable(expr)
  }
}
