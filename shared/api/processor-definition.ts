/**
 * What `processor` makes: a function per record with keyed state, timers and side outputs. The
 * operator (node/operators/process) runs it; the planner types it.
 */
import type { Field, FieldType } from '../model/data-type.ts'

export interface ProcessorDefinition {
  readonly kind: 'processor'
  /** Fields that the function reads; null: it reads all columns. */
  readonly input: readonly Field[] | null
  readonly output: readonly Field[]
  readonly state: Readonly<Record<string, StateDeclaration>>
  /** Side outputs by name. */
  readonly outputs: Readonly<Record<string, readonly Field[]>>
  readonly onRecord: (row: never, ctx: ProcessContext) => void
  readonly onTimer: ((time: number, ctx: ProcessContext) => void) | null
}

export type StateDeclaration =
  | { readonly kind: 'value'; readonly type: FieldType }
  | { readonly kind: 'list'; readonly type: FieldType }
  | { readonly kind: 'map'; readonly key: FieldType; readonly value: FieldType }

/**
 * Valid during the call only. Everything it writes (rows, state, timers) is kept when the function
 * returns and discarded when it throws.
 */
export interface ProcessContext {
  /** The key: its value, or an object of them when the key has several columns. */
  readonly key: unknown
  /** Event time of the record, or time of the timer; ms since 1970, NaN where it was lost. */
  readonly time: number
  readonly watermark: number
  readonly with: Readonly<Record<string, unknown>>
  readonly state: Readonly<Record<string, ValueState | ListState | MapState>>
  emit(row: unknown): void
  emitTo(output: string, row: unknown): void
  readonly timers: {
    event(time: number | Date): void
    processing(time: number | Date): void
    delete(time: number | Date): void
  }
}

export interface ValueState<T = unknown> {
  get(): T | undefined
  set(value: T): void
  clear(): void
}

export interface ListState<T = unknown> {
  add(value: T): void
  /** In the order they were added. */
  values(): readonly T[]
  readonly size: number
  clear(): void
}

export interface MapState<K = unknown, V = unknown> {
  get(key: K): V | undefined
  set(key: K, value: V): void
  has(key: K): boolean
  delete(key: K): void
  entries(): Iterable<readonly [K, V]>
  readonly size: number
  clear(): void
}
