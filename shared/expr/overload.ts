/**
 * What the checker and the compiler know of a function, operator or aggregate: its overloads. The
 * library (functions/) is a list of these; reference pages and editor help are made from it.
 */
import type { DataType, FieldType } from '../model/data-type.ts'

export interface FunctionDef {
  /** As authors write it: `date_trunc`, `+`, `?:`. */
  readonly name: string
  readonly group:
    | 'operator'
    | 'strings'
    | 'math'
    | 'time'
    | 'json'
    | 'hashing'
    | 'conditional'
    | 'nulls'
    | 'lists'
    | 'regex'
    | 'conversion'
    | 'changes'
  readonly summary: string
  /** Executed by a test: the text of an expression over literals, and its result printed. */
  readonly examples: readonly { readonly expr: string; readonly result: string }[]
  readonly overloads: readonly Overload[]
}

/** The type of an argument, and its text if it is a literal that can take another type. */
export interface ArgumentType extends FieldType {
  /** Of a number: beside a decimal it is a decimal of its own digits. */
  readonly digits?: string
  /** Of a string: beside a timestamp, date or duration it is one. */
  readonly text?: string
}

export interface Overload {
  /** Unique in the library; stands in typed trees and in plans: `add.integer`. */
  readonly id: string
  /** For the reference: `date_trunc(unit: string, ts: timestamp, zone: string) -> timestamp`. */
  readonly signature: string
  /**
   * The result for these argument types, or null when this overload does not take them. `literals`
   * has the value of an argument that is a literal (units, zones, scales), else undefined. A
   * string says why these arguments are refused although their number and kinds are right.
   */
  resolve(
    args: readonly ArgumentType[],
    literals: readonly unknown[],
  ): OverloadMatch | string | null
  /**
   * `propagate`: a null argument makes the result null and `run`/`inline` never see one.
   * `own`: it takes nulls (as JavaScript null) and gives null itself (`&&`, coalesce, `== null`).
   */
  readonly nulls: 'propagate' | 'own'
  /** Whether it can throw a StreamError. What cannot is compiled without guards. */
  readonly throws: boolean
  /** False for now(), lookups, random: refused on retract input. */
  readonly deterministic: boolean
  /**
   * JavaScript text for argument texts (each evaluated at most once, in order; already of the
   * matched types). Only for `nulls: 'propagate'`. Wins over `run` in generated code. Null where
   * there is none for these types.
   */
  inline?(args: readonly string[], match: OverloadMatch): string | null
  /** The implementation over internal values (see ScalarValue); `match` carries static parts. */
  run(args: readonly unknown[], match: OverloadMatch): unknown
  /** Compiles static parts once (a regex, a zone, a scale): a function of the arguments only. */
  prepare?(match: OverloadMatch): (...args: never[]) => unknown
}

export interface OverloadMatch {
  /** What the arguments are cast to before the call. */
  readonly params: readonly DataType[]
  /** Nullable where the function itself can give null; null arguments come on top. */
  readonly result: FieldType
  /** Static parts taken from literals or types (scales, units), for `run` and `prepare`. */
  readonly statics?: Readonly<Record<string, unknown>>
}

/** An aggregate, as far as types and changes go; accumulators live in node/operators/aggregate. */
export interface AggregateDef {
  readonly name: string
  readonly summary: string
  readonly signature: string
  /** Result of the arguments; `options` are constant arguments (q, n, separator) by name. */
  resolve(
    args: readonly FieldType[],
    literals: readonly unknown[],
  ): {
    readonly result: FieldType
    /** Positions of the arguments that are columns; the others became options. */
    readonly columns: readonly number[]
    readonly params: readonly DataType[]
    readonly options: Readonly<Record<string, number | string | boolean>>
  } | null
  /** On retract input: how it takes a row back. */
  readonly retraction: 'subtract' | 'multiset' | 'refused'
  readonly mergeable: boolean
  /** Goes by event time (first, last, collect, string_agg). */
  readonly ordered: boolean
}
