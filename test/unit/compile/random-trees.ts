/**
 * Random typed trees over the whole function library, and random columns for them: what the
 * compiler is compared on with the interpreter. Everything follows from the seed.
 */
import type { ScalarValue, TypedExpr } from '../../../shared/expr/ast.ts'
import { castValue } from '../../../shared/expr/cast.ts'
import { FUNCTIONS } from '../../../shared/expr/library.ts'
import type { ArgumentType, Overload } from '../../../shared/expr/overload.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { DataType } from '../../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { sameType } from '../../../shared/model/type-relations.ts'
import { printType } from '../../../shared/model/type-text.ts'
import { col, spec } from './typed-trees.ts'

/** Mulberry32: small, seeded, good enough for choices. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  below(bound: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!
  }
}

const TYPES = ['string', 'integer', 'number', 'boolean', 'timestamp', 'date', 'duration', 'decimal(12,2)', 'decimal(20,4)', 'bigint', 'bytes', 'json', 'array<string?>', 'array<integer>', 'map<number>'] // prettier-ignore

/** One column of every type, nullable or not; strings also as dictionaries. */
export const COLUMNS: readonly ColumnSpec[] = [
  ...TYPES.flatMap((type, index) => [spec(`p${index}`, type), spec(`q${index}`, `${type}?`)]),
  spec('d0', 'string', 'dict'),
  spec('d1', 'string?', 'dict'),
]

const TEXTS = ['', 'a', 'web', 'WEB', 'Zoë', '\u{1F600}x', '2026-01-02', 'https://a.b/c?d=e#f', '12.5', '{"a":[1,null]}', 'day', 'UTC', 'a,b,,c', '[a-z]+', 'long text of more than a few characters, so that other paths are taken'] // prettier-ignore

function randomValue(type: DataType, dice: Dice): ScalarValue {
  switch (type.kind) {
    case 'string':
      return dice.pick(TEXTS)
    case 'integer':
      return dice.pick([0, 1, -1, 2, 7, -13, 123, 4096, 2 ** 31, -(2 ** 40), 2 ** 53 - 1])
    case 'number':
      return dice.pick([0, 0.5, -1.25, 3, 1e9, -2.5e-7, 1.7e308, 42])
    case 'boolean':
      return dice.below(2) === 0
    case 'timestamp':
      return dice.pick([0, 1_767_225_600_123, -1, 1_743_296_399_999, 951_782_400_000])
    case 'date':
      return dice.pick([0, 20_454, -1, 11_016, 19_782])
    case 'duration':
      return dice.pick([0, 1000, 86_400_000, -60_000])
    case 'decimal':
      return type.precision <= 15
        ? dice.pick([0, 5, -1230, 999_999_999_999, 100])
        : dice.pick([0n, 5n, -123_000n, 99_999_999_999_999_999_999n])
    case 'bigint':
      return dice.pick([0n, 1n, -7n, 123_456_789_012_345_678_901n])
    case 'bytes':
      return dice.pick([new Uint8Array(0), Uint8Array.of(1, 2, 255), Uint8Array.of(97)])
    case 'json':
      return dice.pick<ScalarValue>(['text', 3, true, [1, 'b', null], { a: { b: 1 } } as never])
    case 'array':
      return Array.from({ length: dice.below(4) }, () =>
        type.element.nullable && dice.below(4) === 0 ? null : randomValue(type.element.type, dice),
      )
    case 'map':
      return new Map(
        [
          ['a', 1],
          ['web', 0.5],
        ].slice(0, dice.below(3)) as [string, number][],
      )
    default:
      return null
  }
}

export function randomBatch(dice: Dice, length: number): Batch {
  const builder = new BatchBuilder({ columns: COLUMNS }, length)
  for (let row = 0; row < length; row++) {
    const values = COLUMNS.map((column) =>
      column.nullable && dice.below(3) === 0 ? null : randomValue(column.type, dice),
    )
    builder.append(values, row, dice.below(4))
  }
  return builder.finish()
}

interface Recipe {
  readonly overload: Overload
  readonly args: readonly (DataType | ScalarExpr)[]
}
type ScalarExpr = Extract<TypedExpr, { node: 'literal' }>

const LITERALS: readonly ScalarExpr[] = [
  'day',
  'hour',
  'UTC',
  'Europe/Berlin',
  'a',
  '[a-z]+',
  'sha256',
  'yyyy-MM-dd',
  0,
  1,
  2,
  12,
].map(
  (value): ScalarExpr => // prettier-ignore
  ({ node: 'literal', value, type: { kind: typeof value === 'string' ? 'string' : 'integer' }, nullable: false }), // prettier-ignore
)

/** How to make a value of a type by one call, for every type that some overload gives. */
const RECIPES = ((): ReadonlyMap<string, readonly Recipe[]> => {
  const dice = new Dice(7)
  const types = COLUMNS.map((column) => column.type)
  const recipes = new Map<string, Recipe[]>()
  for (const overload of FUNCTIONS.flatMap((def) => def.overloads)) {
    if (!overload.deterministic || overload.id === 'change') continue
    for (let attempt = 0; attempt < 1500; attempt++) {
      const args = Array.from({ length: 1 + dice.below(4) }, () =>
        dice.below(3) === 0 ? dice.pick(LITERALS) : dice.pick(types),
      )
      const match = resolve(overload, args.map(argumentOf), args)
      if (match === null) continue
      const result = printType(match.result.type)
      const known = recipes.get(result) ?? []
      if (known.filter((one) => one.overload === overload).length < 6)
        known.push({ overload, args })
      recipes.set(result, known)
    }
  }
  return recipes
})()

export const OVERLOADS_COVERED = new Set([...RECIPES.values()].flat().map((one) => one.overload.id))

function argumentOf(arg: DataType | ScalarExpr): ArgumentType {
  return 'node' in arg ? { type: arg.type, nullable: false } : { type: arg, nullable: false }
}

function resolve(
  overload: Overload,
  types: readonly ArgumentType[],
  args: readonly (DataType | TypedExpr)[],
) {
  const literals = args.map((arg) =>
    'node' in arg && arg.node === 'literal' ? arg.value : undefined,
  )
  const match = overload.resolve(types, literals)
  return match === null || typeof match === 'string' || match.params.length !== args.length
    ? null
    : match
}

type Variable = Extract<TypedExpr, { node: 'variable' }>

/** An expression of this type; `bound` are the variables of the macros around it. */
export function randomExpr(
  type: DataType,
  dice: Dice,
  depth: number,
  bound: readonly Variable[] = [],
): TypedExpr {
  const fitting = bound.filter((one) => sameType(one.type, type))
  if (fitting.length > 0 && dice.below(3) === 0) return dice.pick(fitting)
  if (depth > 1 && dice.below(4) === 0) {
    const made = macroOf(type, dice, { depth, bound })
    if (made !== null) return made
  }
  const recipes = RECIPES.get(printType(type)) ?? []
  if (depth > 0 && recipes.length > 0 && dice.below(8) > 0) {
    const made = callOf(dice.pick(recipes), dice, { depth, bound })
    if (made !== null && sameType(made.type, type)) return made
  }
  const columns = COLUMNS.filter((column) => sameType(column.type, type))
  if (columns.length > 0 && dice.below(5) > 0) return col(dice.pick(columns))
  return { node: 'literal', type, nullable: false, value: randomValue(type, dice) ?? 0 }
}

interface Nest {
  readonly depth: number
  readonly bound: readonly Variable[]
}

function macroOf(type: DataType, dice: Dice, { depth, bound }: Nest): TypedExpr | null {
  const lists = COLUMNS.map((column) => column.type).filter((one) => one.kind === 'array')
  const list = type.kind === 'array' ? type : dice.pick(lists)
  if (list.kind !== 'array' || (type.kind !== 'array' && type.kind !== 'boolean')) return null
  const over = randomExpr(list, dice, depth - 1, bound)
  const name = dice.pick(['x', 'y'])
  const variable: Variable = { node: 'variable', name, ...list.element }
  const inner = [variable, ...bound.filter((one) => one.name !== name)]
  const isMap = type.kind === 'array' && dice.below(2) === 0
  const bodyType: DataType = isMap ? list.element.type : { kind: 'boolean' }
  const body = randomExpr(bodyType, dice, depth - 1, inner)
  if (isMap && body.nullable && !list.element.nullable) return null
  const op =
    type.kind === 'array' ? (isMap ? 'map' : 'filter') : dice.pick(['exists', 'all'] as const)
  const nullable = over.nullable || (type.kind === 'boolean' && body.nullable)
  return { node: 'macro', op, variable: name, over, body, type, nullable }
}

function callOf({ overload, args }: Recipe, dice: Dice, { depth, bound }: Nest): TypedExpr | null {
  const made = args.map((arg) => ('node' in arg ? arg : randomExpr(arg, dice, depth - 1, bound)))
  const match = resolve(overload, made, made)
  if (match === null) return null
  const cast = made.map((arg, index) => castTo(arg, match.params[index] ?? arg.type))
  const propagated = overload.nulls === 'propagate' && made.some((arg) => arg.nullable)
  return {
    node: 'call',
    overload: overload.id,
    args: cast,
    type: match.result.type,
    nullable: match.result.nullable || propagated,
    ...(match.statics === undefined ? {} : { statics: match.statics }),
  }
}

function castTo(arg: TypedExpr, to: DataType): TypedExpr {
  if (sameType(arg.type, to)) return arg
  if (arg.node === 'literal') {
    return { ...arg, value: castValue(arg.value, arg.type, to) as ScalarValue, type: to }
  }
  return { node: 'cast', to, arg, type: to, nullable: arg.nullable }
}
