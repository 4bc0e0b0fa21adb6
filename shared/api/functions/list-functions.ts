/** Functions over lists and maps of any element. */
import type { Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'
import type { Column, ColumnOf, TokenOf } from '../column.ts'
import type { Nullable, Present, Token } from '../tokens.ts'

type List<E extends string> = Column<`array<${E}>`> | Column<`array<${E}>?`>
type MapOf<V extends string> = Column<`map<${V}>`> | Column<`map<${V}>?`>
type AnyList = List<string>
type AnyMap = MapOf<string>
type ElementOf<A> = Present<TokenOf<A>> extends `array<${infer E}>` ? E : never
type ValueIn<A> = Present<TokenOf<A>> extends `map<${infer V}>` ? V : never

function typed<T extends Token>(fn: string, ...args: readonly unknown[]): ColumnOf<T> {
  return callColumn(fn, args) as ColumnOf<T>
}

/** How many items, entries or characters. */
export function size<A extends AnyList | AnyMap | Arg<'string'>>(of: A): Result<'integer', A> {
  return typed('size', of)
}

/** Whether a text has a part, or a list a value. */
export function contains<A extends AnyList, B extends Arg<Present<ElementOf<A>> & string>>(
  list: A,
  value: B,
): Result<'boolean', A | B>
export function contains<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  part: B,
): Result<'boolean', A | B>
export function contains(where: unknown, what: unknown): unknown {
  return callColumn('contains', [where, what])
}

/** The value of a key, or another one when the key is absent. */
export function get<A extends AnyMap>(
  map: A,
  key: Arg<'string'>,
  otherwise: Arg<Present<ValueIn<A>> & string>,
): Result<ValueIn<A>, A> {
  return typed('get', map, key, otherwise)
}

/** Keys of a map, in their order. */
export function keys<A extends AnyMap>(map: A): Result<'array<string>', A> {
  return typed('keys', map)
}

/** Values of a map, in the order of its keys. */
export function values<A extends AnyMap>(map: A): Result<`array<${ValueIn<A>}>`, A> {
  return typed('values', map)
}

/** A part of a list, from a position counted from 0. */
export function slice<A extends AnyList>(
  list: A,
  from: Arg<'integer'>,
  count?: Arg<'integer'>,
): ColumnOf<TokenOf<A>> {
  return typed('slice', list, from, count)
}

/** The list in ascending order. */
export function sort<A extends AnyList>(list: A): ColumnOf<TokenOf<A>> {
  return typed('sort', list)
}

/** The list from its end. */
export function reverseList<A extends AnyList>(list: A): ColumnOf<TokenOf<A>> {
  return typed('reverse_list', list)
}

/** Each value once, where it stands first. */
export function distinct<A extends AnyList>(list: A): ColumnOf<TokenOf<A>> {
  return typed('distinct', list)
}

/** The list without nulls. */
export function compact<A extends AnyList>(
  list: A,
): Result<`array<${Present<ElementOf<A>> & string}>`, A> {
  return typed('compact', list)
}

/** The items of the lists in a list. */
export function flatten<A extends List<`array<${string}>`>>(
  list: A,
): Result<Present<ElementOf<A>> & string, A> {
  return typed('flatten', list)
}

/** The smallest item; null of an empty list. */
export function listMin<A extends AnyList>(list: A): ColumnOf<Nullable<ElementOf<A>>> {
  return typed('list_min', list)
}

/** The largest item; null of an empty list. */
export function listMax<A extends AnyList>(list: A): ColumnOf<Nullable<ElementOf<A>>> {
  return typed('list_max', list)
}
