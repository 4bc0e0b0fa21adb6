/** How entries of the library are written: short, typed, signatures made from parameters. */
import type { DataType } from '../../model/data-type.ts'
import { printType } from '../../model/type-text.ts'
import type { FunctionDef, Overload, OverloadMatch } from '../overload.ts'
import { accepts } from '../unify.ts'

export const STRING: DataType = { kind: 'string' }
export const INTEGER: DataType = { kind: 'integer' }
export const BIGINT: DataType = { kind: 'bigint' }
export const NUMBER: DataType = { kind: 'number' }
export const BOOLEAN: DataType = { kind: 'boolean' }
export const TIMESTAMP: DataType = { kind: 'timestamp' }
export const DATE: DataType = { kind: 'date' }
export const DURATION: DataType = { kind: 'duration' }
export const BYTES: DataType = { kind: 'bytes' }
export const JSON_TYPE: DataType = { kind: 'json' }

/** A function over internal values, one parameter per argument; absent ones are undefined. */
// eslint-disable-next-line -- any function is one: arguments are of the matched types
export type Implementation = (...args: never[]) => unknown

export interface FixedOverload {
  readonly id: string
  /** By name, in order; `name?` may be absent, and only the last ones may be so. */
  readonly params: Readonly<Record<string, DataType>>
  readonly result: DataType
  /** Gives null for some arguments that are not null. */
  readonly nullable?: boolean
  readonly throws?: boolean
  readonly deterministic?: boolean
  readonly inline?: (args: readonly string[]) => string
  /** Either this or `prepare`. */
  readonly run?: Implementation
  /** Refuses literal arguments that could never work (a unit, a zone), or gives static parts. */
  readonly literals?: (
    values: readonly unknown[],
  ) => string | Readonly<Record<string, unknown>> | null
  /** Instead of `run` where static parts were given. */
  readonly prepare?: (match: OverloadMatch) => Implementation
}

/** An overload whose parameter types are fixed. */
export function fixed(name: string, spec: FixedOverload): Overload {
  const names = Object.keys(spec.params)
  const types = Object.values(spec.params)
  const needed = names.filter((one) => !one.endsWith('?')).length
  const result = { type: spec.result, nullable: spec.nullable ?? false }
  const make = spec.prepare ?? ((): Implementation => spec.run ?? missing)
  return {
    id: spec.id,
    signature: signature(name, spec.params, spec.result, spec.nullable ?? false),
    nulls: 'propagate',
    throws: spec.throws ?? false,
    deterministic: spec.deterministic ?? true,
    resolve(args, literals) {
      if (args.length < needed || args.length > types.length) return null
      const params = types.slice(0, args.length)
      const fits = args.every((arg, index) => {
        const param = params[index]
        return param !== undefined && accepts(arg, param)
      })
      if (!fits) return null
      const statics = spec.literals?.(literals) ?? null
      if (typeof statics === 'string') return statics
      return statics === null ? { params, result } : { params, result, statics }
    },
    run: (args, match) => call(make(match), args),
    prepare: make,
    ...(spec.inline === undefined ? {} : { inline: spec.inline }),
  }
}

export interface FreeOverload {
  readonly id: string
  readonly signature: string
  readonly throws?: boolean
  readonly deterministic?: boolean
  readonly nulls?: 'own'
  readonly resolve: Overload['resolve']
  readonly inline?: NonNullable<Overload['inline']>
  readonly run?: Implementation
  readonly prepare?: (match: OverloadMatch) => Implementation
}

/** An overload that decides by itself which types it takes. */
export function free(spec: FreeOverload): Overload {
  const make = spec.prepare ?? ((): Implementation => spec.run ?? missing)
  return {
    id: spec.id,
    signature: spec.signature,
    nulls: spec.nulls ?? 'propagate',
    throws: spec.throws ?? false,
    deterministic: spec.deterministic ?? true,
    resolve: spec.resolve,
    run: (args, match) => call(make(match), args),
    prepare: make,
    ...(spec.inline === undefined ? {} : { inline: spec.inline }),
  }
}

function missing(): never {
  throw new TypeError('an overload has `run` or `prepare`')
}

export function call(implementation: Implementation, args: readonly unknown[]): unknown {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the checker matched the types
  return (implementation as (...values: readonly unknown[]) => unknown)(...args)
}

function signature(
  name: string,
  params: Readonly<Record<string, DataType>>,
  result: DataType,
  nullable: boolean,
): string {
  const parts = Object.entries(params).map(([param, type]) => `${param}: ${printType(type)}`)
  return `${name}(${parts.join(', ')}) -> ${printType(result)}${nullable ? '?' : ''}`
}

type Head = Pick<FunctionDef, 'name' | 'group' | 'summary'>

/** A function with several overloads. `examples` are pairs of expression and printed result. */
export function define(
  head: Head,
  examples: readonly (readonly [string, string])[],
  overloads: readonly Overload[],
): FunctionDef {
  return { ...head, examples: examples.map(([expr, result]) => ({ expr, result })), overloads }
}

/** A function with fixed overloads only. */
export function defineFixed(
  head: Head,
  examples: readonly (readonly [string, string])[],
  ...overloads: readonly FixedOverload[]
): FunctionDef {
  return define(
    head,
    examples,
    overloads.map((spec) => fixed(head.name, spec)),
  )
}
