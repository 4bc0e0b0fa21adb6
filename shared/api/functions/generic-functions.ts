/**
 * Functions whose types follow their arguments: conditionals, nulls, lists and maps. Those of fixed
 * types are generated beside this file.
 */
import { StreamError } from '../../base/errors.ts'
import { parseExpression } from '../../expr/parse.ts'
import type { AnyArg, Arg, Result } from '../call-types.ts'
import { callColumn, columnOf, treeOf } from '../column-builder.ts'
import type { Column, ColumnOf, TokenOf } from '../column.ts'
import type { KindOf, Nullable, Present, Token, WithNull } from '../tokens.ts'

type Condition = Column<'boolean'> | Column<'boolean?'> | boolean

/** What may stand beside `A`: the same type, numbers beside numbers, a literal of the type. */
export type PeerOf<A> = [KindOf<TokenOf<A>>] extends [never]
  ? AnyArg
  : KindOf<TokenOf<A>> extends 'integer'
    ? Arg<'number'> | Arg<'decimal'>
    : KindOf<TokenOf<A>> extends 'number'
      ? Arg<'number'>
      : KindOf<TokenOf<A>> extends 'decimal'
        ? Arg<'decimal'>
        : Arg<Present<TokenOf<A>> & string>

/** The one type of several arguments; nulls aside. */
type Joined<A> = [Exclude<KindOf<TokenOf<A>>, never>] extends ['integer']
  ? 'integer'
  : 'decimal' extends KindOf<TokenOf<A>>
    ? 'decimal'
    : 'number' extends KindOf<TokenOf<A>>
      ? 'number'
      : TimeIn<Exclude<Present<TokenOf<A>>, 'null'>>
/** Text beside a time is a time. */
type TimeIn<T> = 'timestamp' extends T
  ? 'timestamp'
  : 'date' extends T
    ? 'date'
    : 'duration' extends T
      ? 'duration'
      : T & string

type IsNever<T> = [T] extends [never] ? true : false
type Solid<A> = Exclude<A, Column<`${string}?`> | null>
/** Null only where all arguments may be. */
type FirstOf<A> = ColumnOf<IsNever<Solid<A>> extends true ? Nullable<Joined<A>> : Joined<A>>

/** The first value that is not null. */
export function coalesce<A extends AnyArg, const B extends readonly PeerOf<A>[]>(
  first: A,
  ...others: B
): FirstOf<A | B[number]> {
  return callColumn('coalesce', [first, ...others]) as FirstOf<A | B[number]>
}

/** Null where the value is the unwanted one. */
export function nullIf<A extends AnyArg>(
  value: A,
  unwanted: PeerOf<A>,
): ColumnOf<Nullable<Joined<A>>> {
  return callColumn('null_if', [value, unwanted]) as ColumnOf<Nullable<Joined<A>>>
}

/** What `x == null` is: always true or false. */
export function isNull(value: AnyArg): ColumnOf<'boolean'> {
  return callColumn('is_null', [value]) as ColumnOf<'boolean'>
}

/** What `x != null` is: always true or false. */
export function isNotNull(value: AnyArg): ColumnOf<'boolean'> {
  return callColumn('is_not_null', [value]) as ColumnOf<'boolean'>
}

/** The smallest of several values. */
export function least<A extends AnyArg, const B extends readonly PeerOf<A>[]>(
  first: A,
  ...others: B
): Result<Joined<A | B[number]>, A | B[number]> {
  return callColumn('least', [first, ...others]) as Result<Joined<A | B[number]>, A | B[number]>
}

/** The largest of several values. */
export function greatest<A extends AnyArg, const B extends readonly PeerOf<A>[]>(
  first: A,
  ...others: B
): Result<Joined<A | B[number]>, A | B[number]> {
  return callColumn('greatest', [first, ...others]) as Result<Joined<A | B[number]>, A | B[number]>
}

/** The value, or the nearer of two bounds. */
export function clamp<A extends AnyArg, const L extends PeerOf<A>, const H extends PeerOf<A>>(
  value: A,
  low: L,
  high: H,
): Result<Joined<A | L | H>, A | L | H> {
  return callColumn('clamp', [value, low, high]) as Result<Joined<A | L | H>, A | L | H>
}

/** Of `when(a).then(x).when(b).then(y).else(z)`: what may follow a `then`. */
export interface Branches<A> {
  when(condition: Condition): Branch<A>
  else<const B extends PeerOf<A>>(value: B): Result<Joined<A | B>, A | B>
}
export interface Branch<A> {
  then<const B extends PeerOf<A>>(value: B): Branches<A | B>
}

/** `when(r.price.gt(100)).then('high').else('low')`: the `? :` of text expressions. */
export function when(condition: Condition): {
  then<const A extends AnyArg>(value: A): Branches<A>
} {
  // oxlint-disable-next-line unicorn/no-thenable -- the word of the language; nobody awaits it
  return { then: (value) => branches([[condition, value]]) as never }
}

function branches(cases: readonly (readonly [unknown, unknown])[]): unknown {
  return {
    when: (condition: unknown) => ({
      // oxlint-disable-next-line unicorn/no-thenable -- as above
      then: (value: unknown) => branches([...cases, [condition, value]]),
    }),
    else: (value: unknown) =>
      cases.reduceRight((rest, [is, then]) => callColumn('?:', [is, then, rest]), value),
  }
}

/** Names of the conditions that are true: `flags({ late: r.delay.gt(15) })`. */
export function flags(conditions: Readonly<Record<string, Condition>>): ColumnOf<'array<string>'> {
  return callColumn('flags', [mapOf(conditions)]) as ColumnOf<'array<string>'>
}

/** Joins texts; null if one is null. */
export function concat<A extends Arg<'string'>, const B extends readonly Arg<'string'>[]>(
  text: A,
  ...more: B
): Result<'string', A | B[number]> {
  return callColumn('concat', [text, ...more]) as Result<'string', A | B[number]>
}

/** Puts texts into the `{}` of a template. */
export function format<A extends Arg<'string'>, const B extends readonly Arg<'string'>[]>(
  template: A,
  ...values: B
): Result<'string', A | B[number]> {
  return callColumn('format', [template, ...values]) as Result<'string', A | B[number]>
}

/** A list of columns and literals. */
export function listOf<A extends AnyArg, const B extends readonly PeerOf<A>[]>(
  first: A,
  ...others: B
): ColumnOf<`array<${WithNull<Joined<A | B[number]>, TokenOf<A | B[number]>>}>`> {
  return callColumn('list', [first, ...others]) as never
}

/** A map with these keys. */
export function mapOf<const A extends AnyArg>(
  entries: Readonly<Record<string, A>>,
): ColumnOf<`map<${WithNull<Joined<A>, TokenOf<A>>}>`> {
  return columnOf({
    kind: 'call',
    fn: 'map',
    args: Object.entries(entries).flatMap(([key, value]) => [treeOf(key), treeOf(value)]),
  }) as never
}

/** A literal as a column, so that it can stand first: `literal('Dear ').add(r.name)`. */
export function literal<const A extends string | number | boolean | bigint | Date>(
  value: A,
): ColumnOf<TokenOf<A>> {
  return columnOf(treeOf(value)) as ColumnOf<TokenOf<A>>
}

/** An expression as text where a column stands: `expr<'decimal'>('price * 0.81')`. */
export function expr<T extends Token>(text: string): ColumnOf<T> {
  const parsed = parseExpression(text)
  const problem = parsed.problems.find((one) => one.severity === 'error')
  if (parsed.expr !== null && problem === undefined) return columnOf(parsed.expr) as ColumnOf<T>
  const { code = 'EXPR_SYNTAX', message = 'the text is no expression', fix } = problem ?? {}
  throw new StreamError(code, `${message} (in "${text}")`, fix === undefined ? {} : { fix })
}

/**
 * A function by its name in text expressions; the way to `functions` of a pipeline whose value is
 * not at hand: `call<'number'>('risk', r.amount)`.
 */
export function call<T extends Token>(name: string, ...args: readonly AnyArg[]): ColumnOf<T> {
  return callColumn(name, args) as ColumnOf<T>
}
