/**
 * What `fn`, `flatMap` and `aggregator` make: plain, checked definitions that the planner types and
 * the operators run. Found by (file, name); never serialised.
 */
import type { Field, FieldType } from '../model/data-type.ts'
import { callColumn } from './column-builder.ts'
import type { ColumnOf } from './column.ts'
import type { Arg, Result } from './call-types.ts'
import { nameOfFunction } from './function-names.ts'
import type { Aggregate } from './functions/aggregates.ts'
import { fieldsOf } from './schema.ts'
import type { GivenOf, GivenRow, IsNullable, Present, RowOf, RowTokens, ValueOf } from './tokens.ts'
import { typeOfToken, typesOfTokens } from './type-token.ts'

/** A scalar function: called as `name(a, b)` in expressions. */
export interface FnDefinition {
  readonly kind: 'fn'
  readonly input: readonly FieldType[]
  readonly output: FieldType
  readonly run: (...args: readonly never[]) => unknown
}

/** One record in, none to many out. `input` null: it reads all columns. */
export interface FlatMapDefinition {
  readonly kind: 'flat_map'
  readonly input: readonly Field[] | null
  readonly output: readonly Field[]
  readonly run: (row: never) => unknown
}

/** A user-defined aggregate: called as `name(a, b)` in `aggregate`. */
export interface AggregatorDefinition {
  readonly kind: 'aggregator'
  readonly input: readonly FieldType[]
  readonly output: FieldType
  readonly create: () => unknown
  /** Gives the accumulator to go on with; may change and return the one it got. */
  readonly add: (accumulator: never, ...args: readonly never[]) => unknown
  readonly merge: ((accumulator: never, other: never) => unknown) | null
  readonly result: (accumulator: never) => unknown
}

/** Columns for the types of an input; a function without `?` gives null for null. */
type Args<I extends readonly string[]> = { [K in keyof I]: Arg<Present<I[K]> & string> }
type TakesNull<I extends readonly string[]> = true extends IsNullable<I[number]> ? true : false
type CallResult<I extends readonly string[], O extends string, A extends readonly unknown[]> =
  TakesNull<I> extends true ? ColumnOf<O> : Result<O, A[number]>

/** A definition that is also called on columns, under its name in `functions` of the pipeline. */
export interface Callable<I extends readonly string[], O extends string> extends FnDefinition {
  readonly tokens: { readonly input: I; readonly output: O }
  <const A extends Args<I>>(...args: A): CallResult<I, O, A>
}
export interface CallableAggregate<
  I extends readonly string[],
  O extends string,
> extends AggregatorDefinition {
  readonly tokens: { readonly input: I; readonly output: O }
  (...args: Args<I>): Aggregate<O>
}

type Values<I extends readonly string[]> = { [K in keyof I]: ValueOf<I[K]> }

/** `fn({ input: ['string', 'number?'], output: 'number', run: (text, x) => … })` */
export function fn<const I extends readonly string[], const O extends string>(definition: {
  readonly input: I
  readonly output: O
  readonly run: (...args: Values<I>) => GivenOf<O>
}): Callable<I, O> {
  const { input, output, run } = definition
  return callable({
    kind: 'fn',
    input: typesOfTokens(input),
    output: typeOfToken(output),
    run,
    tokens: { input, output },
  }) as Callable<I, O>
}

/** `flatMap({ input: { a: 'string' }, output: { word: 'string' }, run: row => [ … ] })` */
export function flatMap<const I extends RowTokens, const O extends RowTokens>(definition: {
  readonly input?: I
  readonly output: O
  readonly run: (row: RowOf<I>) => Iterable<GivenRow<O>>
}): FlatMapDefinition & { readonly tokens: { readonly input: I; readonly output: O } } {
  const { input, output, run } = definition
  return {
    kind: 'flat_map',
    input: input === undefined ? null : fieldsOf(input),
    output: fieldsOf(output),
    run,
    tokens: { input: input as I, output },
  }
}

/** `aggregator({ input: ['number'], output: 'number', create, add, merge, result })` */
export function aggregator<
  const I extends readonly string[],
  const O extends string,
  Accumulator,
>(definition: {
  readonly input: I
  readonly output: O
  readonly create: () => Accumulator
  readonly add: (accumulator: Accumulator, ...args: Values<I>) => Accumulator
  readonly merge?: (accumulator: Accumulator, other: Accumulator) => Accumulator
  readonly result: (accumulator: Accumulator) => GivenOf<O>
}): CallableAggregate<I, O> {
  const { input, output, create, add, merge, result } = definition
  return callable({
    kind: 'aggregator',
    input: typesOfTokens(input),
    output: typeOfToken(output),
    create,
    add: add as AggregatorDefinition['add'],
    merge: merge ?? null,
    result,
    tokens: { input, output },
  }) as CallableAggregate<I, O>
}

/** The definition as a function on columns: `risk(r.amount)`. */
function callable(definition: object): unknown {
  const onColumns = (...args: readonly unknown[]): unknown =>
    callColumn(nameOfFunction(onColumns), args)
  return Object.assign(onColumns, definition)
}
