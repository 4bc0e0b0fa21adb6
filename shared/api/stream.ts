/**
 * Streams as an author of TypeScript sees them. A chain builds one block and is closed and named by
 * `.as(name)`; only named streams have `.to()` and can be read by others. Steps that a block cannot
 * have at that point are not there to be called.
 *
 * Every method that takes a callback also takes the text of the language (`where('price > 0')`);
 * both give the plan of the YAML file.
 */
import type { Ordering } from './chain/author-callback.ts'
import type { AssignedRow, Assigned, Column, Columns } from './column.ts'
import type { ConnectorUse } from './connector-use.ts'
import type { FlatMapDefinition } from './function-definition.ts'
import type { Processor } from './processor.ts'
import type {
  DropFields,
  Fits,
  Merge,
  NullableRow,
  PathOf,
  PickPaths,
  RenameFields,
} from './tokens.ts'

/** `10s`, `5 minutes`, `PT5M`. */
export type Duration = string
export type Condition<R> = string | ((row: Columns<R>) => Column<'boolean'> | Column<'boolean?'>)
/** Fields by name: built columns, or expressions as text. */
export type Fields<R, S> = (row: Columns<R>) => S

type Order = Column<string> | Ordering

/** Smallest first: what a column alone means, too. */
export function asc(column: Column<string>): Ordering {
  return { column, descending: false }
}

/** Largest first: `top(3, r => desc(r.price))`. */
export function desc(column: Column<string>): Ordering {
  return { column, descending: true }
}

export interface BlockOptions {
  /** Or `none`. */
  readonly ttl?: Duration
  readonly onError?: 'fail' | 'skip' | 'dead_letter'
  readonly parallelism?: number
  readonly description?: string
}

interface Closing<R, X> {
  /** Names the block and closes it. */
  as(name: string, options?: BlockOptions): NamedStream<R, X>
}

/** What may follow a core: conditions on what it made, and the final shape. */
export interface CoreStream<R, X = object> extends Closing<R, X> {
  /** As `having` of the file. */
  where(condition: Condition<R>): CoreStream<R, X>
  select<P extends PathOf<R>>(...paths: P[]): CoreStream<PickPaths<R, P>, X>
  select<const S extends Record<string, Assigned>>(
    fields: Fields<R, S>,
  ): CoreStream<AssignedRow<S>, X>
  drop<P extends PathOf<R>>(...fields: P[]): CoreStream<DropFields<R, P>, X>
  rename<const M extends Record<string, keyof R & string>>(
    names: M,
  ): CoreStream<RenameFields<R, M>, X>
}

/** A chain without a further core: what follows a join, too. */
export interface StepStream<R, X = object> extends Closing<R, X> {
  where(condition: Condition<R>): StepStream<R, X>
  /** Adds or replaces fields. All entries see the row as it came in, never each other. */
  set<const S extends Record<string, Assigned>>(
    fields: Fields<R, S>,
  ): StepStream<Merge<R, AssignedRow<S>>, X>
  validate(
    rules: (row: Columns<R>) => Record<string, Column<'boolean'> | Column<'boolean?'>>,
    options?: { readonly action?: 'reject' | 'observe' | 'warn' | 'fail' },
  ): StepStream<R, X & Rejects<R>>
  select<P extends PathOf<R>>(...paths: P[]): StepStream<PickPaths<R, P>, X>
  select<const S extends Record<string, Assigned>>(
    fields: Fields<R, S>,
  ): StepStream<AssignedRow<S>, X>
  drop<P extends PathOf<R>>(...fields: P[]): StepStream<DropFields<R, P>, X>
  rename<const M extends Record<string, keyof R & string>>(
    names: M,
  ): StepStream<RenameFields<R, M>, X>
}

type ElementOf<T> = T extends Column<infer L> ? (L extends `array<${infer E}>` ? E : 'json') : never

/** The start of a block. */
export interface Stream<R, X = object> extends Omit<
  StepStream<R, X>,
  'where' | 'set' | 'select' | 'drop' | 'rename' | 'validate'
> {
  where(condition: Condition<R>): Stream<R, X>
  set<const S extends Record<string, Assigned>>(
    fields: Fields<R, S>,
  ): Stream<Merge<R, AssignedRow<S>>, X>
  validate(
    rules: (row: Columns<R>) => Record<string, Column<'boolean'> | Column<'boolean?'>>,
    options?: { readonly action?: 'reject' | 'observe' | 'warn' | 'fail' },
  ): Stream<R, X & Rejects<R>>
  select<P extends PathOf<R>>(...paths: P[]): Stream<PickPaths<R, P>, X>
  select<const S extends Record<string, Assigned>>(fields: Fields<R, S>): Stream<AssignedRow<S>, X>
  drop<P extends PathOf<R>>(...fields: P[]): Stream<DropFields<R, P>, X>
  rename<const M extends Record<string, keyof R & string>>(names: M): Stream<RenameFields<R, M>, X>
  unnest<const N extends string, L extends Column<string>, const I extends string = never>(
    item: N,
    list: (row: Columns<R>) => L,
    options?: { readonly index?: I; readonly keepEmpty?: boolean },
  ): Stream<Merge<R, Record<N, ElementOf<L>> & Record<I, 'integer'>>, X>
  flatMap<O>(
    definition: FlatMapDefinition & { readonly tokens: { readonly output: O } },
  ): Stream<O, X>
  lookup<const A extends string, T, const J extends 'left' | 'inner' = 'left'>(
    alias: A,
    table: Table<T>,
    options: LookupOptions<R, T, J>,
  ): Stream<Merge<R, Record<A, J extends 'inner' ? T : NullableRow<T>>>, X>
  join<const A extends string, T, const J extends JoinType = 'inner'>(
    alias: A,
    other: NamedStream<T, unknown>,
    options: JoinOptions<R, T, J>,
  ): StepStream<JoinedRow<R, T, A, J>, X>
  keyBy<P extends PathOf<R>>(...paths: P[]): KeyedStream<R, PickPaths<R, P>, X>
  keyBy<const S extends Record<string, Assigned>>(
    fields: Fields<R, S>,
  ): KeyedStream<R, AssignedRow<S>, X>
  /** Without a key: one subtask, for the whole stream. */
  global(): KeyedStream<R, object, X>
  /** Records of several streams with the same fields. */
  union(...others: NamedStream<R, unknown>[]): Stream<R, X>
}

export type JoinType = 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti'
export interface LookupOptions<R, T, J> {
  readonly on:
    | string
    | ((row: Columns<R>, table: Columns<T>) => Column<'boolean'> | Column<'boolean?'>)
  readonly type?: J
  readonly timeout?: Duration
  readonly onError?: 'fail' | 'skip' | 'dead_letter'
}
export interface JoinOptions<R, T, J> {
  /** A field name when names agree, text, or a condition over both sides. */
  readonly on:
    | string
    | ((left: Columns<R>, right: Columns<T>) => Column<'boolean'> | Column<'boolean?'>)
  readonly type?: J
  /** Bounds of right − left event time. */
  readonly within?: readonly [Duration, Duration]
  readonly asOf?: string | ((left: Columns<R>) => Column<string>)
  readonly window?: boolean
}
type JoinedRow<R, T, A extends string, J extends JoinType> = J extends 'semi' | 'anti'
  ? R
  : Merge<
      J extends 'right' | 'full' ? NullableRow<R> : R,
      Record<A, J extends 'left' | 'full' ? NullableRow<T> : T>
    >

type WindowBounds = { readonly window_start: 'timestamp'; readonly window_end: 'timestamp' }

export interface WindowOptions {
  readonly time?: 'event' | 'processing'
  readonly allowedLateness?: Duration
  /** `every 10s`: fires by the clock while the window is open. */
  readonly early?: Duration
  readonly emit?: 'updates' | 'final'
  /** Alias of `<block>.late`. */
  readonly late?: string
}
export interface ZonedOptions extends WindowOptions {
  readonly timezone?: string
}

export interface KeyedStream<R, K, X = object> extends CoreMaker<R, K, X> {
  tumbling(
    size: Duration,
    options?: ZonedOptions & { readonly offset?: Duration },
  ): WindowedStream<R, K, X>
  sliding(size: Duration, slide: Duration, options?: WindowOptions): WindowedStream<R, K, X>
  cumulate(size: Duration, step: Duration, options?: ZonedOptions): WindowedStream<R, K, X>
  session(gap: Duration, options?: WindowOptions): WindowedStream<R, K, X>
  countWindow(size: number): WindowedStream<R, Merge<K, { readonly window_number: 'integer' }>, X>
  globalWindow(options?: WindowOptions): WindowedStream<R, K, X>
  /** Groups again inside the window of the input. */
  sameWindow(): WindowedStream<R, K, X>
  rolling(size: Duration, options?: { readonly emit?: 'final' | 'arrival' }): RollingStream<R, X>
  dedupe(
    options?:
      | { readonly within: Duration }
      | { readonly keep: 'last'; readonly by?: PathOf<R> | ((row: Columns<R>) => Assigned) },
  ): CoreStream<R, X>
  process<I, O, Sides>(
    processor: Fits<R, I> extends true ? Processor<I, O, Sides> : FieldsMissing<R, I>,
    options?: { readonly with?: Readonly<Record<string, unknown>> },
  ): CoreStream<O, X & Sides>
}

/** Shown in the compile error of a `process` whose input the stream does not have. */
export interface FieldsMissing<R, I> {
  readonly 'the stream lacks fields of the function input': { readonly has: R; readonly needs: I }
}

interface CoreMaker<R, K, X> {
  aggregate<const S extends Record<string, Assigned>>(
    fields: Fields<R, S>,
  ): CoreStream<Merge<K, AssignedRow<S>>, X>
  top<const N extends string = never>(
    n: number,
    /** `'price desc, ts'`, or `r => [desc(r.price), r.ts]`. */
    by: string | ((row: Columns<R>) => Order | readonly Order[]),
    options?: { readonly ties?: boolean; readonly rankAs?: N },
  ): CoreStream<Merge<R, Record<N, 'integer'>>, X>
}
export type WindowedStream<R, K, X> = CoreMaker<
  R,
  Merge<K, WindowBounds>,
  X & { readonly late: Merge<R, { readonly _late: LateTokens }> }
>

export interface RollingStream<R, X> {
  /** One row per record: its fields and the figures up to it. */
  aggregate<const S extends Record<string, Assigned>>(
    fields: Fields<R, S>,
  ): CoreStream<
    Merge<R, AssignedRow<S>>,
    X & { readonly late: Merge<R, { readonly _late: LateTokens }> }
  >
}

/** A closed block: read by others, written to sinks, the start of the next chain. */
export interface NamedStream<R, X = object> extends Stream<R> {
  readonly name: string
  /** The fields of its `key` and `latestBy` are those of the stream. */
  to(name: string, sink: ConnectorUse<unknown, SinkField<R>>): void
  /** Records that no window took any more, with `_late`. */
  readonly late: NamedStream<X extends { readonly late: infer L } ? L : NoSuchRows>
  /** Records that `validate` refused, with `_rule`. */
  readonly rejected: NamedStream<X extends { readonly rejected: infer J } ? J : NoSuchRows>
  readonly deadLetter: NamedStream<DeadLetterTokens>
  /** A side output of a process function. */
  side<N extends keyof X>(output: N): NamedStream<X[N]>
}
type Rejects<R> = { readonly rejected: Merge<R, { readonly _rule: 'array<string>' }> }
/** Of a block without a window, or without `validate`. */
type NoSuchRows = object
/** A field, or a template of them (`visit:{user}`). */
type SinkField<R> = PathOf<R> | `${string}{${string}`
type LateTokens = {
  readonly by: 'duration'
  readonly watermark: 'timestamp'
  readonly window_start: 'timestamp?'
  readonly window_end: 'timestamp?'
}
export type DeadLetterTokens = {
  readonly _block: 'string'
  readonly _code: 'string'
  readonly _message: 'string'
  readonly _trace: 'string?'
  readonly _key: 'string?'
  readonly _position: 'string?'
  readonly _at: 'timestamp'
  readonly payload: 'string?'
}

/** A table of the pipeline, for lookups. */
export interface Table<R> {
  readonly kind: 'table'
  readonly name: string
  readonly row?: R
}
