/** `processor({ … })` and the declarations of its state: `value`, `list`, `map`. */
import type {
  ListState,
  MapState,
  ProcessorDefinition,
  StateDeclaration,
  ValueState,
} from './processor-definition.ts'
import { fieldsOf } from './schema.ts'
import type { GivenRow, RowOf, RowTokens, ValueOf } from './tokens.ts'
import { typeOfToken } from './type-token.ts'

declare const STATE: unique symbol

/** A declaration that also carries the type of the state's handle. */
export type Declared<Handle> = StateDeclaration & { readonly [STATE]: Handle }

/** One value per key: `value('timestamp')`. */
export function value<const T extends string>(token: T): Declared<ValueState<ValueOf<T>>> {
  return { kind: 'value', type: typeOfToken(token) } as unknown as Declared<ValueState<ValueOf<T>>>
}

/** A list per key; adding does not read what is there. */
export function list<const T extends string>(token: T): Declared<ListState<ValueOf<T>>> {
  return { kind: 'list', type: typeOfToken(token) } as unknown as Declared<ListState<ValueOf<T>>>
}

/** A map per key: `map('string', 'integer')`; writing an entry does not read the others. */
export function map<const K extends string, const V extends string>(
  keyToken: K,
  valueToken: V,
): Declared<MapState<ValueOf<K>, ValueOf<V>>> {
  const declaration = { kind: 'map', key: typeOfToken(keyToken), value: typeOfToken(valueToken) }
  return declaration as unknown as Declared<MapState<ValueOf<K>, ValueOf<V>>>
}

type HandleOf<D> = D extends { readonly [STATE]: infer H } ? H : never

export interface Context<O, S, X> {
  /** Value of the key; an object of them when the key has several columns. */
  readonly key: unknown
  /** ms since 1970; NaN where event time was lost. */
  readonly time: number
  readonly watermark: number
  readonly with: Readonly<Record<string, unknown>>
  readonly state: { readonly [K in keyof S]: HandleOf<S[K]> }
  emit(row: GivenRow<O>): void
  emitTo<N extends keyof X>(output: N, row: GivenRow<X[N]>): void
  readonly timers: {
    /** Fires once when the watermark has passed the time. */
    event(time: number | Date): void
    processing(time: number | Date): void
    delete(time: number | Date): void
  }
}

type States = Readonly<Record<string, StateDeclaration>>
type Sides = Readonly<Record<string, RowTokens>>

export interface Processor<I, O, X> extends ProcessorDefinition {
  readonly tokens: { readonly input: I; readonly output: O; readonly outputs: X }
}

/**
 * A TypeScript function per record. Any stream with the fields of `input` fits. It may throw: the
 * record then goes by `on_error`, and nothing of what the call wrote is kept.
 */
export function processor<
  const I extends RowTokens,
  const O extends RowTokens,
  const S extends States = Readonly<Record<never, never>>,
  const X extends Sides = Readonly<Record<never, never>>,
>(definition: {
  readonly input: I
  readonly output: O
  readonly state?: S
  readonly outputs?: X
  readonly onRecord: (row: RowOf<I>, ctx: Context<O, S, X>) => void
  readonly onTimer?: (time: number, ctx: Context<O, S, X>) => void
}): Processor<I, O, X> {
  const { input, output, state, outputs, onRecord, onTimer } = definition
  const sides = Object.entries(outputs ?? {}).map(([name, side]) => [name, fieldsOf(side)] as const)
  return {
    kind: 'processor',
    input: fieldsOf(input),
    output: fieldsOf(output),
    state: state ?? {},
    outputs: Object.fromEntries(sides),
    onRecord: onRecord as unknown as ProcessorDefinition['onRecord'],
    onTimer: (onTimer ?? null) as unknown as ProcessorDefinition['onTimer'],
    tokens: { input, output, outputs: outputs ?? ({} as X) },
  }
}
