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

/** Any column of token `T`. `Symbol.toPrimitive: never` is what makes `c > 0` an error. */
export interface Column<T extends string> {
  readonly [TOKEN]: T
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
/** What `T` may be compared with. */
type Peer<T> =
  KindOf<T> extends 'integer' | 'number'
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

/** integer with number is number; decimals stay decimal. */
type Arithmetic<T, A> =
  KindOf<T> extends 'decimal'
    ? WithNull<'decimal', T, A>
    : KindOf<T> extends 'number'
      ? WithNull<'number', T, A>
      : KindOf<A> extends 'integer'
        ? WithNull<'integer', T, A>
        : KindOf<A> extends 'decimal'
          ? WithNull<'decimal', T, A>
          : A extends 'number'
            ? WithNull<'integer' | 'number', T> // a literal takes the column's type
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
  plus(duration: Operand<'duration'>): ColumnOf<T>
  minus(duration: Operand<'duration'>): ColumnOf<T>
  /** The duration between two points in time. */
  since<A extends Peer<T>>(earlier: A): ColumnOf<WithNull<'duration', T, TokenOf<A>>>
}

interface Indexed<T extends string, E extends string> extends Column<T> {
  /** An absent key or index gives null. */
  at(index: Operand<'string' | 'integer'>): ColumnOf<`${Present<E> & string}?`>
}

/** The column type of a token; a struct is the columns of its fields. */
export type ColumnOf<T extends Token> = T extends RowTokens
  ? StructColumn<T>
  : T extends string
    ? ScalarColumn<T>
    : never

type ScalarColumn<T extends string> =
  KindOf<T> extends 'integer' | 'number' | 'decimal' | 'bigint'
    ? Numeric<T>
    : KindOf<T> extends 'boolean'
      ? Logical<T>
      : KindOf<T> extends 'timestamp' | 'date' | 'duration'
        ? Temporal<T>
        : KindOf<T> extends 'string'
          ? Ordered<T>
          : Present<T> extends `array<${infer E}>`
            ? Indexed<T, E>
            : Present<T> extends `map<${infer E}>`
              ? Indexed<T, E>
              : Comparable<T>

export type StructColumn<T extends RowTokens> = {
  readonly [K in keyof T]: ColumnOf<T[K]>
} & { isNull(): ColumnOf<'boolean'>; isNotNull(): ColumnOf<'boolean'> }

/** `r` in `.where(r => …)`. */
export type Columns<R> = { readonly [K in keyof R]: R[K] extends Token ? ColumnOf<R[K]> : never }

/** What `.set`, `.select` and aggregates take: columns, or literals. */
export type Assigned = Column<string> | string | number | boolean | Date | null
export type AssignedRow<S> = {
  readonly [K in keyof S]: S[K] extends Column<infer T> ? T : TokenOfLiteral<S[K]>
}
