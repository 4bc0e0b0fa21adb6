/** What an expression may read, and where its names come from. */
import type { Field, FieldType } from '../model/data-type.ts'
import type { ScalarValue } from './ast.ts'
import type { AggregateDef, FunctionDef } from './overload.ts'

export interface ExprScope {
  /** Fields of the row: input, aliases (as structs), window bounds. */
  readonly fields: readonly Field[]
  /** `params.x` in expressions: values that are known when the pipeline is checked. */
  readonly params?: ReadonlyMap<string, Constant>
  /** Functions of the user by name, with overload ids that the plan knows. */
  readonly functions?: ReadonlyMap<string, FunctionDef>
  /** Aggregates of the user by name, beside the built-in ones. */
  readonly aggregates?: ReadonlyMap<string, AggregateDef>
  /** Where a field's type comes from, for messages: `schema Click`. */
  readonly origin?: (path: string) => string | undefined
  /** Entries of the same `set`, which cannot be read: names for a message of its own. */
  readonly siblings?: ReadonlySet<string>
  /** What to say of a name that is no field here but known elsewhere. */
  readonly elsewhere?: (name: string) => { readonly message: string; readonly fix: string } | null
}

export interface Constant extends FieldType {
  readonly value: ScalarValue
}

export interface CheckOptions {
  /** The type the expression must have, by implicit steps; `boolean` for conditions. */
  readonly expected?: FieldType['type']
  /** Whether a struct may be the whole result (`select: { m: merchant }`). */
  readonly allowsStruct?: boolean
}
