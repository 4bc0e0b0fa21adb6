/**
 * Facts about typed expressions that code generation rests on: which are the same, which are used
 * more than once, which columns they read, and whether they can throw.
 *
 * Two expressions have the same key exactly when they give the same value for every row, however
 * they came to be written; columns are keyed by what they mean, not by their names.
 */
import { assert, unreachable } from '../../base/assert.ts'
import { printType } from '../../model/type-text.ts'
import type { ScalarValue, TypedExpr } from '../ast.ts'
import { canCastThrow } from '../cast.ts'
import type { Overload } from '../overload.ts'
import type { ColumnScope, Definition } from './column-scope.ts'

export interface ExprFacts {
  readonly key: number
  /** Indexes of the batch columns that are read. */
  readonly columns: ReadonlySet<number>
  readonly throws: boolean
  /** A function of the columns alone: no change kind, clock, local or bound variable in it. */
  readonly isPure: boolean
  /** Calls, casts and macros in it; 0 is a plain column or literal. */
  readonly operationCount: number
}

/** Overloads whose value is not a function of their arguments. */
export const CHANGE_OVERLOAD = 'change'
export const NOW_OVERLOAD = 'now'

export class FactBook {
  readonly #overload: (id: string) => Overload
  readonly #keys = new Map<string, number>()
  readonly #objects = new Map<unknown, number>()
  readonly #facts = new Map<ColumnScope, Map<TypedExpr, ExprFacts>>()
  readonly #uses = new Map<number, number>()

  constructor(overload: (id: string) => Overload) {
    this.#overload = overload
  }

  of(expr: TypedExpr, scope: ColumnScope): ExprFacts {
    let known = this.#facts.get(scope)
    if (known === undefined) this.#facts.set(scope, (known = new Map()))
    let facts = known.get(expr)
    if (facts === undefined) known.set(expr, (facts = this.#make(expr, scope)))
    return facts
  }

  /** Counts the uses in an expression that will be generated. Call once for each. */
  countUses(expr: TypedExpr, scope: ColumnScope): void {
    const { key } = this.of(expr, scope)
    const uses = (this.#uses.get(key) ?? 0) + 1
    this.#uses.set(key, uses)
    if (uses > 1) return
    for (const [child, childScope] of childrenOf(expr, scope)) this.countUses(child, childScope)
  }

  isUsed(key: number): boolean {
    return this.#uses.has(key)
  }

  isShared(key: number): boolean {
    return (this.#uses.get(key) ?? 0) > 1
  }

  #make(expr: TypedExpr, scope: ColumnScope): ExprFacts {
    if (expr.node === 'column') return this.#column(scope.at(expr.path))
    const children = childrenOf(expr, scope).map(([child, inner]) => this.of(child, inner))
    const text = this.#text(expr, children)
    const own = this.#own(expr)
    return {
      key: this.#key(text),
      columns: new Set(children.flatMap((child) => [...child.columns])),
      throws: own.throws || children.some((child) => child.throws),
      isPure: own.isPure && children.every((child) => child.isPure),
      operationCount: children.reduce(
        (sum, child) => sum + child.operationCount,
        expr.node === 'literal' || expr.node === 'variable' ? 0 : 1,
      ),
    }
  }

  #column(definition: Definition): ExprFacts {
    if (definition.kind === 'expr') return this.of(definition.expr, definition.scope)
    const isInput = definition.kind === 'input'
    const text = isInput ? `column ${definition.index}` : `local ${definition.name}`
    return {
      key: this.#key(text),
      columns: new Set(isInput ? [definition.index] : []),
      throws: false,
      isPure: isInput,
      operationCount: 0,
    }
  }

  #own(expr: TypedExpr): { throws: boolean; isPure: boolean } {
    if (expr.node === 'cast') return { throws: canCastThrow(expr.arg.type, expr.to), isPure: true }
    if (expr.node === 'variable') return { throws: false, isPure: false }
    if (expr.node !== 'call') return { throws: false, isPure: true }
    if (isOfRow(expr.overload)) return { throws: false, isPure: false }
    const overload = this.#overload(expr.overload)
    return { throws: overload.throws && !isSafeModulo(expr), isPure: overload.deterministic }
  }

  #text(expr: TypedExpr, children: readonly ExprFacts[]): string {
    const keys = children.map((child) => child.key).join()
    switch (expr.node) {
      case 'literal':
        return `literal ${printType(expr.type)} ${this.#literal(expr.value)}`
      case 'variable':
        return `variable ${expr.name}`
      case 'cast':
        return `cast ${keys} to ${printType(expr.to)}`
      case 'call':
        return `call ${expr.overload}(${keys}) ${printType(expr.type)} ${this.#statics(expr.statics)}`
      case 'macro':
        return `macro ${expr.op} ${expr.variable} ${keys}`
      case 'struct':
      case 'column':
        return `${expr.node} ${expr.path}`
      default:
        return unreachable(expr)
    }
  }

  #literal(value: ScalarValue): string {
    if (typeof value === 'object' && value !== null) return `object ${this.#object(value)}`
    if (Object.is(value, -0)) return 'number -0'
    return `${typeof value} ${String(value)}`
  }

  #statics(statics: Readonly<Record<string, unknown>> | undefined): string {
    if (statics === undefined) return ''
    return Object.entries(statics)
      .map(([name, value]) => `${name} ${this.#static(value)}`)
      .join()
  }

  #static(value: unknown): string {
    if (value !== null && (typeof value === 'object' || typeof value === 'function')) {
      return `object ${this.#object(value)}`
    }
    return typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${String(value)}`
  }

  #object(value: unknown): number {
    const known = this.#objects.get(value) ?? this.#objects.size
    this.#objects.set(value, known)
    return known
  }

  #key(text: string): number {
    const known = this.#keys.get(text) ?? this.#keys.size
    this.#keys.set(text, known)
    return known
  }
}

const INT32_MAX = 0x7fffffff

/** `x % n` for a literal n that is a positive 32-bit number: cannot throw, and has a fast form. */
export function isSafeModulo(expr: Extract<TypedExpr, { node: 'call' }>): boolean {
  const divisor = expr.overload === 'mod.integer' ? expr.args[1] : undefined
  if (divisor?.node !== 'literal' || typeof divisor.value !== 'number') return false
  return divisor.value > 0 && divisor.value <= INT32_MAX
}

function isOfRow(overload: string): boolean {
  return overload === CHANGE_OVERLOAD || overload === NOW_OVERLOAD
}

/** The parts of an expression with the scopes they are read in; a projected column has one part. */
function childrenOf(
  expr: TypedExpr,
  scope: ColumnScope,
): readonly (readonly [TypedExpr, ColumnScope])[] {
  switch (expr.node) {
    case 'cast':
      return [[expr.arg, scope]]
    case 'call':
      return expr.args.map((arg) => [arg, scope])
    case 'macro':
      return [
        [expr.over, scope],
        [expr.body, scope],
      ]
    case 'column': {
      const definition = scope.at(expr.path)
      return definition.kind === 'expr' ? childrenOf(definition.expr, definition.scope) : []
    }
    case 'struct':
      assert(false, 'a struct as a whole is replaced by its columns before code is generated')
      return []
    case 'literal':
    case 'variable':
      return []
    default:
      return unreachable(expr)
  }
}
