/**
 * Types at the level of the compiler: a row is the type of its schema literal (`{ ts: 'timestamp',
 * merchant: { id: 'string' } }`), so a wrong field is a compile error from source to sink.
 *
 * Tokens are the texts of LANGUAGE types (`'string?'`, `'decimal(12,2)'`); computed columns have the
 * general ones (`'decimal'`). Conditional types here are shallow on purpose: forty chained `.set`
 * must check in well under a second.
 */

/** A field's type as text, or a struct. */
export type Token = string | RowTokens
export interface RowTokens {
  readonly [field: string]: Token
}

export type Kind =
  | 'string'
  | 'integer'
  | 'bigint'
  | 'number'
  | 'decimal'
  | 'boolean'
  | 'timestamp'
  | 'date'
  | 'duration'
  | 'bytes'
  | 'json'
  | 'array'
  | 'map'

/** `'string?'` → `'string'`. */
export type Present<T> = T extends `${infer Base}?` ? Base : T
export type IsNullable<T> = T extends `${string}?` ? true : false
export type Nullable<T extends string> = T extends `${string}?` ? T : `${T}?`

/** `'decimal(12,2)?'` → `'decimal'`. */
export type KindOf<T> =
  Present<T> extends infer B
    ? B extends `decimal${string}`
      ? 'decimal'
      : B extends `array<${string}`
        ? 'array'
        : B extends `map<${string}`
          ? 'map'
          : B extends Kind
            ? B
            : never
    : never

/** `T` with `?` when either operand may be null. */
export type WithNull<T extends string, A, B = ''> = A extends `${string}?`
  ? `${T}?`
  : B extends `${string}?`
    ? `${T}?`
    : T

/** What a TypeScript literal is as a column. */
export type TokenOfLiteral<V> = V extends string
  ? 'string'
  : V extends number
    ? `${V}` extends `${bigint}`
      ? 'integer'
      : 'number'
    : V extends bigint
      ? 'bigint'
      : V extends boolean
        ? 'boolean'
        : V extends Date
          ? 'timestamp'
          : V extends null
            ? 'null?'
            : never

/** The JavaScript value of a token, as user functions see and give it. */
export type ValueOf<T> = T extends RowTokens
  ? RowOf<T>
  : T extends `${infer B}?`
    ? PresentValue<B> | null
    : PresentValue<T>

type PresentValue<B> = B extends 'string'
  ? string
  : B extends 'integer' | 'number' | 'duration'
    ? number
    : B extends `decimal${string}`
      ? DecimalValue
      : B extends 'boolean'
        ? boolean
        : B extends 'timestamp' | 'date'
          ? Date
          : B extends 'bigint'
            ? bigint
            : B extends 'bytes'
              ? Uint8Array
              : B extends `array<${infer E}>`
                ? readonly ValueOf<E>[]
                : B extends `map<${infer E}>`
                  ? ReadonlyMap<string, ValueOf<E>>
                  : unknown

/** A decimal in a user function: exact, immutable. */
export interface DecimalValue {
  readonly scale: number
  toNumber(): number
  toString(): string
}

export type RowOf<R> = { readonly [K in keyof R]: ValueOf<R[K]> }

/** What a user function may give for a field: decimals also as text, dates also as ISO text. */
export type GivenOf<T> = T extends RowTokens
  ? { readonly [K in keyof T]: GivenOf<T[K]> }
  : T extends `${infer B}?`
    ? GivenPresent<B> | null | undefined
    : GivenPresent<T>
type GivenPresent<B> = B extends `decimal${string}`
  ? DecimalValue | string
  : B extends 'timestamp' | 'date'
    ? Date | string
    : PresentValue<B>
export type GivenRow<R> = { readonly [K in keyof R]: GivenOf<R[K]> }

/** Whether a column of type `Have` can be read as `Want`. */
type FieldFits<Have, Want> = Want extends RowTokens
  ? Have extends RowTokens
    ? Fits<Have, Want>
    : false
  : KindOf<Have> extends KindOf<Want>
    ? IsNullable<Have> extends true
      ? IsNullable<Want>
      : true
    : [KindOf<Have>, KindOf<Want>] extends ['integer', 'number']
      ? true
      : false

/** `true` when every field of `Want` is in `Have` with a type that fits. */
export type Fits<Have, Want> = false extends {
  [K in keyof Want]: K extends keyof Have ? FieldFits<Have[K], Want[K]> : false
}[keyof Want]
  ? false
  : true

/** Dotted paths of a row, two levels of structs deep (deeper ones are given as built columns). */
export type PathOf<R> = {
  [K in keyof R & string]: R[K] extends RowTokens ? K | `${K}.${SubPath<R[K]>}` : K
}[keyof R & string]
type SubPath<R> = {
  [K in keyof R & string]: R[K] extends RowTokens ? K | `${K}.${keyof R[K] & string}` : K
}[keyof R & string]

export type TokenAt<R, P> = P extends keyof R
  ? R[P]
  : P extends `${infer Head}.${infer Rest}`
    ? Head extends keyof R
      ? TokenAt<R[Head], Rest>
      : never
    : never

/** The name a selected path keeps: its last segment. */
export type LastSegment<P> = P extends `${string}.${infer Rest}` ? LastSegment<Rest> : P

/** Merges by one mapped type; a chain of `Omit & …` would be ten times slower to check. */
export type Merge<R, S> = {
  readonly [K in keyof R | keyof S]: K extends keyof S ? S[K] : K extends keyof R ? R[K] : never
}
export type PickPaths<R, P extends string> = { readonly [K in P as LastSegment<K>]: TokenAt<R, K> }
export type DropFields<R, D> = { readonly [K in keyof R as K extends D ? never : K]: R[K] }
/** `{ new: 'old' }`. */
export type RenameFields<R, M> = {
  readonly [K in keyof R as RenamedKey<K, M>]: R[K]
}
type RenamedKey<K, M> = { [N in keyof M]: M[N] extends K ? N : never }[keyof M] extends infer Found
  ? [Found] extends [never]
    ? K
    : Found extends PropertyKey
      ? Found
      : K
  : K

/** All fields may be null: the right side of a left join. */
export type NullableRow<R> = {
  readonly [K in keyof R]: R[K] extends string ? Nullable<R[K]> : NullableRow<R[K]>
}
