/**
 * Expressions: the untyped tree that the text parser and the TypeScript builder both make, and the
 * typed tree that the checker makes of it. Only typed trees are planned, printed and compiled.
 */
import type { DataType, FieldType } from '../model/data-type.ts'

/** Offsets in the expression's text; absent on built expressions. */
export interface Span {
  readonly start: number
  readonly end: number
}

/**
 * Untyped. Operators are calls by their symbol: `+ - * / % == != < <= > >= && || ! neg ?: in`,
 * `[]` indexes a list or a map, `list` makes one, `map` takes keys and values alternating.
 * A method call `count().where(x)` is a call with `method: true` and the receiver as first argument.
 * A macro `xs.map(x, e)` is a call whose argument 1 is an ident and whose last is the body.
 * Decimal and integer literals keep their digits as text.
 */
export type Expr =
  | { readonly kind: 'literal'; readonly value: LiteralValue; readonly span?: Span }
  | { readonly kind: 'ident'; readonly name: string; readonly span?: Span }
  | { readonly kind: 'member'; readonly of: Expr; readonly name: string; readonly span?: Span }
  | {
      readonly kind: 'call'
      readonly fn: string
      readonly method?: boolean
      readonly args: readonly Expr[]
      readonly span?: Span
    }

export type LiteralValue =
  | { readonly type: 'null' }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'integer'; readonly digits: string }
  | { readonly type: 'number'; readonly digits: string } // has a point or an exponent
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bytes'; readonly hex: string }

/** How an expression stands in a spec: text (YAML, `where('…')`) or built (TypeScript). */
export type ExprSource = string | { readonly built: Expr }

/**
 * Typed. Every implicit step is explicit: widening is a `cast`, operators and functions are
 * resolved to one overload by id (e.g. `add.integer`, `eq.string`, `date_trunc`).
 */
export type TypedExpr = FieldType & { readonly span?: Span } & (
    | { readonly node: 'literal'; readonly value: ScalarValue }
    /** A column of the scope by its path (`user`, `merchant.id`, `merchant.?`). */
    | { readonly node: 'column'; readonly path: string }
    /** A struct as a whole; its fields are columns below `path`. Only where a struct may stand. */
    | { readonly node: 'struct'; readonly path: string }
    | { readonly node: 'cast'; readonly to: DataType; readonly arg: TypedExpr }
    | {
        readonly node: 'call'
        /** Id in the library. */
        readonly overload: string
        readonly args: readonly TypedExpr[]
        /** Of the resolution: static parts for the implementation. */
        readonly statics?: Readonly<Record<string, unknown>>
      }
    /** A list macro: `over.op(variable, body)` for op map, filter, exists, all. */
    | {
        readonly node: 'macro'
        readonly op: 'map' | 'filter' | 'exists' | 'all'
        readonly variable: string
        readonly over: TypedExpr
        readonly body: TypedExpr
      }
    /** The bound variable of an enclosing macro. */
    | { readonly node: 'variable'; readonly name: string }
  )

/**
 * A value in its internal form: string; number (integer, number, timestamp and duration in ms, date
 * in days, decimal p ≤ 15 scaled); boolean; bigint (bigint, decimal p > 15 scaled); Uint8Array;
 * arrays, Maps with string keys, JSON values; null.
 */
export type ScalarValue =
  | string
  | number
  | boolean
  | bigint
  | Uint8Array
  | readonly unknown[]
  | ReadonlyMap<string, unknown>
  | null
