/** The whole function library by name and by overload id, and the match of a resolved call. */
import { assert } from '../base/assert.ts'
import type { TypedExpr } from './ast.ts'
import { ARITHMETIC } from './functions/arithmetic.ts'
import { CALENDAR_FUNCTIONS } from './functions/time/calendar.ts'
import { CHANGE_FUNCTIONS } from './functions/changes.ts'
import { COMPARISON } from './functions/comparison.ts'
import { CONVERSION_FUNCTIONS } from './functions/conversion.ts'
import { DIVISION } from './functions/division.ts'
import { HASHING_FUNCTIONS } from './functions/hashing.ts'
import { JSON_FUNCTIONS } from './functions/json.ts'
import { LIST_FUNCTIONS } from './functions/list-functions.ts'
import { LISTS } from './functions/lists.ts'
import { LOGIC } from './functions/logic.ts'
import { MATH_FUNCTIONS } from './functions/math.ts'
import { REGEX_FUNCTIONS } from './functions/regex.ts'
import { ROUNDING } from './functions/rounding.ts'
import { STRING_FUNCTIONS } from './functions/strings.ts'
import { TIME_FUNCTIONS } from './functions/time/time.ts'
import { URL_FUNCTIONS } from './functions/urls.ts'
import type { FunctionDef, Overload, OverloadMatch } from './overload.ts'

/** In the order of the reference. */
export const FUNCTIONS: readonly FunctionDef[] = [
  ...ARITHMETIC,
  ...DIVISION,
  ...COMPARISON,
  ...LOGIC,
  ...LISTS,
  ...LIST_FUNCTIONS,
  ...STRING_FUNCTIONS,
  ...URL_FUNCTIONS,
  ...REGEX_FUNCTIONS,
  ...MATH_FUNCTIONS,
  ...ROUNDING,
  ...TIME_FUNCTIONS,
  ...CALENDAR_FUNCTIONS,
  ...CONVERSION_FUNCTIONS,
  ...JSON_FUNCTIONS,
  ...HASHING_FUNCTIONS,
  ...CHANGE_FUNCTIONS,
]

export { LAZY_OVERLOADS } from './functions/logic.ts'

const BY_NAME: ReadonlyMap<string, FunctionDef> = new Map(FUNCTIONS.map((def) => [def.name, def]))

const BY_ID: ReadonlyMap<string, Overload> = new Map(
  FUNCTIONS.flatMap((def) => def.overloads).map((overload) => [overload.id, overload]),
)

assert(BY_NAME.size === FUNCTIONS.length, 'every function has a name of its own')
assert(
  BY_ID.size === FUNCTIONS.reduce((count, def) => count + def.overloads.length, 0),
  'every overload has an id of its own',
)

export function functionNamed(name: string): FunctionDef | null {
  return BY_NAME.get(name) ?? null
}

/** Names of functions, without operators. */
export function functionNames(): string[] {
  return [...BY_NAME.keys()].filter((name) => /^[a-z]/.test(name) && name !== 'in')
}

/** The overload of a typed call; undefined for a user's function, which the plan knows. */
export function overloadById(id: string): Overload | null {
  return BY_ID.get(id) ?? null
}

const NAMES_BY_ID: ReadonlyMap<string, string> = new Map(
  FUNCTIONS.flatMap((def) => def.overloads.map((overload) => [overload.id, def.name] as const)),
)

/** As authors call it; the id of a user's function is `user:NAME`. */
export function nameOfOverload(id: string): string {
  return NAMES_BY_ID.get(id) ?? id.slice(id.indexOf(':') + 1)
}

/** What `run`, `prepare` and `inline` of a resolved call take. */
export function matchOf(expr: Extract<TypedExpr, { node: 'call' }>): OverloadMatch {
  return {
    params: expr.args.map((arg) => arg.type),
    result: { type: expr.type, nullable: expr.nullable },
    ...(expr.statics === undefined ? {} : { statics: expr.statics }),
  }
}
