/**
 * Columns in TypeScript: what may be written on `r.price` in `.where`, `.set`, `.aggregate`. A
 * column builds the expression that the YAML text would give; nothing is computed here.
 *
 * `r.price > 0` is a compile error: columns are objects without a primitive value.
 */
import type {
  IsNullable,
  KindOf,
  Present,
  RowTokens,
  Token,
  TokenOfLiteral,
  WithNull,
} from './tokens.ts'

declare const TOKEN: unique symbol
declare const FIELDS: unique symbol

/** Any column of token `T`. `Symbol.toPrimitive: never` is what makes `c > 0` an error. */
export interface Column<T extends string> {
  readonly [TOKEN]: T
  readonly [Symbol.toPrimitive]: never
}

/** A struct as a whole: its fields are columns. */
export interface Struct<T extends RowTokens> {
  readonly [FIELDS]: T
  readonly [Symbol.toPrimitive]: never
}

export type TokenOf<A> = A extends Column<infer T> ? T : TokenOfLiteral<A>

/** A column or literal of one of these kinds. */
export type Operand<K extends string> =
  | Column<K>
  | Column<`${K}?`>
  | (K extends 'string' | 'timestamp' | 'date' | 'duration' ? string : never)
  | (K extends 'integer' | 'number' | 'decimal' | `decimal(${string})` ? number : never)
  | (K extends 'boolean' ? boolean : never)
  | (K extends 'bigint' ? bigint : never)
  | (K extends 'timestamp' ? Date : never)

type Decimal = 'decimal' | `decimal(${string})`
/** What `T` may be compared with and added to. Decimals and numbers do not mix. */
type Peer<T> =
  KindOf<T> extends 'integer'
    ? Operand<'integer' | 'number' | Decimal>
    : KindOf<T> extends 'number'
      ? Operand<'integer' | 'number'>
      : KindOf<T> extends 'decimal'
        ? Operand<Decimal | 'integer'>
        : Present<T> extends infer B extends string
          ? Operand<B>
          : never

type Bool<A, B = ''> = ColumnOf<WithNull<'boolean', A, B>>

interface Comparable<T extends string> extends Column<T> {
  eq<A extends Peer<T>>(other: A): Bool<T, TokenOf<A>>
  ne<A extends Peer<T>>(other: A): Bool<T, TokenOf<A>>
  isIn(...values: readonly Peer<T>[]): Bool<T>
  /** `== null`: only on a column that can be null. */
  isNull(this: IsNullable<T> extends true ? unknown : never): ColumnOf<'boolean'>
  isNotNull(this: IsNullable<T> extends true ? unknown : never): ColumnOf<'boolean'>
}

interface Ordered<T extends string> extends Comparable<T> {
  lt<A extends Peer<T>>(other: A): Bool<T, TokenOf<A>>
  le<A extends Peer<T>>(other: A): Bool<T, TokenOf<A>>
  gt<A extends Peer<T>>(other: A): Bool<T, TokenOf<A>>
  ge<A extends Peer<T>>(other: A): Bool<T, TokenOf<A>>
}

/** integer with number is number; what meets a decimal is a decimal. */
type Arithmetic<T, A> =
  KindOf<T | A> extends 'integer'
    ? WithNull<'integer', T, A>
    : 'decimal' extends KindOf<T> | KindOf<A>
      ? WithNull<'decimal', T, A>
      : KindOf<T> extends 'bigint'
        ? WithNull<'bigint', T, A>
        : WithNull<'number', T, A>

interface Numeric<T extends string> extends Ordered<T> {
  add<A extends Peer<T>>(other: A): ColumnOf<Arithmetic<T, TokenOf<A>>>
  sub<A extends Peer<T>>(other: A): ColumnOf<Arithmetic<T, TokenOf<A>>>
  mul<A extends Peer<T>>(other: A): ColumnOf<Arithmetic<T, TokenOf<A>>>
  /** `/`: refused between integers when the pipeline is checked; `div(a, b)` truncates. */
  div<A extends Peer<T>>(other: A): ColumnOf<Arithmetic<T, TokenOf<A>>>
  mod<A extends Peer<T>>(other: A): ColumnOf<Arithmetic<T, TokenOf<A>>>
  neg(): ColumnOf<T>
}

interface Logical<T extends string> extends Comparable<T> {
  and<A extends Operand<'boolean'>>(other: A): Bool<T, TokenOf<A>>
  or<A extends Operand<'boolean'>>(other: A): Bool<T, TokenOf<A>>
  not(): ColumnOf<T>
}

interface Temporal<T extends string> extends Ordered<T> {
  /** A duration as text (`'5 minutes'`) or column. */
  plus<A extends Operand<'duration'>>(duration: A): ColumnOf<WithNull<Base<T>, T, TokenOf<A>>>
  minus<A extends Operand<'duration'>>(duration: A): ColumnOf<WithNull<Base<T>, T, TokenOf<A>>>
  /** The duration between two points in time. */
  since<A extends Peer<T>>(earlier: A): ColumnOf<WithNull<'duration', T, TokenOf<A>>>
}
type Base<T> = Present<T> & string

interface Length<T extends string> extends Ordered<T> {
  add<A extends Operand<'duration'>>(other: A): ColumnOf<WithNull<'duration', T, TokenOf<A>>>
  sub<A extends Operand<'duration'>>(other: A): ColumnOf<WithNull<'duration', T, TokenOf<A>>>
  mul<A extends Operand<'integer' | 'number'>>(
    factor: A,
  ): ColumnOf<WithNull<'duration', T, TokenOf<A>>>
  /** By a number a duration, by a duration (a column of one) a number. */
  div<A extends Operand<'integer' | 'number'>>(by: A): ColumnOf<WithNull<'duration', T, TokenOf<A>>>
  div<A extends Column<'duration'> | Column<'duration?'>>(
    by: A,
  ): ColumnOf<WithNull<'number', T, TokenOf<A>>>
  neg(): ColumnOf<T>
}

interface Text<T extends string> extends Ordered<T> {
  /** Joins two texts. */
  add<A extends Operand<'string'>>(other: A): ColumnOf<WithNull<'string', T, TokenOf<A>>>
}

interface Items<T extends string, E extends string> extends Comparable<T> {
  /** By position from 0; null when there is none. */
  at(index: Operand<'integer'>): ColumnOf<`${Present<E> & string}?`>
  /** The items of both lists, one after the other. */
  add(other: Column<Base<T>>): ColumnOf<T>
  map<A extends Assigned>(of: (item: ColumnOf<E>) => A): ColumnOf<`array<${TokenOf<A>}>`>
  filter(keep: (item: ColumnOf<E>) => Condition): ColumnOf<T>
  exists(is: (item: ColumnOf<E>) => Condition): ColumnOf<WithNull<'boolean', T>>
  all(is: (item: ColumnOf<E>) => Condition): ColumnOf<WithNull<'boolean', T>>
}
type Condition = Column<'boolean'> | Column<'boolean?'>

interface Entries<T extends string, E extends string> extends Comparable<T> {
  /** Null when the key is absent. */
  at(key: Operand<'string'>): ColumnOf<`${Present<E> & string}?`>
}

interface Json<T extends string> extends Comparable<T> {
  /** A member by name or position; null when it is absent. */
  at(key: Operand<'string' | 'integer'>): ColumnOf<'json?'>
}

/** The column type of a token; a struct is the columns of its fields. */
export type ColumnOf<T extends Token> = T extends RowTokens
  ? StructColumn<T>
  : T extends string
    ? ScalarColumn<T>
    : never

type ScalarColumn<T extends string> = [KindOf<T>] extends [never]
  ? Comparable<T>
  : KindOf<T> extends 'integer' | 'number' | 'decimal' | 'bigint'
    ? Numeric<T>
    : KindOf<T> extends 'boolean'
      ? Logical<T>
      : KindOf<T> extends 'timestamp' | 'date'
        ? Temporal<T>
        : KindOf<T> extends 'duration'
          ? Length<T>
          : KindOf<T> extends 'string'
            ? Text<T>
            : KindOf<T> extends 'json'
              ? Json<T>
              : Present<T> extends `array<${infer E}>`
                ? Items<T, E>
                : Present<T> extends `map<${infer E}>`
                  ? Entries<T, E>
                  : Comparable<T>

export type StructColumn<T extends RowTokens> = Struct<T> & {
  readonly [K in keyof T]: ColumnOf<T[K]>
} & { isNull(): ColumnOf<'boolean'>; isNotNull(): ColumnOf<'boolean'> }

/** `r` in `.where(r => …)`. */
export type Columns<R> = { readonly [K in keyof R]: R[K] extends Token ? ColumnOf<R[K]> : never }

/** What `.set`, `.select` and aggregates take: columns, or literals. */
export type Assigned = Column<string> | Struct<RowTokens> | string | number | boolean | Date | null
export type AssignedRow<S> = {
  readonly [K in keyof S]: S[K] extends Column<infer T>
    ? T
    : S[K] extends Struct<infer T>
      ? T
      : TokenOfLiteral<S[K]>
}
