/** Three-valued logic, conditions and what to do with nulls. */
import type { DataType } from '../../model/data-type.ts'
import type { FunctionDef } from '../overload.ts'
import { accepts, anyNullable, unify } from '../unify.ts'
import { sameValue } from '../value-equality.ts'
import { BOOLEAN, define, fixed, free } from './define.ts'

/** Arguments of these are evaluated only when needed, from left to right. */
export const LAZY_OVERLOADS: ReadonlySet<string> = new Set(['and', 'or', 'if', 'coalesce'])

const AND = define(
  { name: '&&', group: 'operator', summary: 'Both. False wins over null, null over true.' },
  [
    ['true && false', 'false'],
    ['null && false', 'false'],
    ['null && true', 'null'],
  ],
  [
    free({
      id: 'and',
      signature: 'boolean && boolean -> boolean',
      nulls: 'own',
      resolve: (args) => {
        if (args.length !== 2 || !args.every((arg) => accepts(arg, BOOLEAN))) return null
        return {
          params: [BOOLEAN, BOOLEAN],
          result: { type: BOOLEAN, nullable: anyNullable(args) },
        }
      },
      run: (a: boolean | null, b: boolean | null) => {
        if (a === false || b === false) return false
        return a === null || b === null ? null : true
      },
    }),
  ],
)

const OR = define(
  { name: '||', group: 'operator', summary: 'Either. True wins over null, null over false.' },
  [
    ['true || false', 'true'],
    ['null || true', 'true'],
    ['null || false', 'null'],
  ],
  [
    free({
      id: 'or',
      signature: 'boolean || boolean -> boolean',
      nulls: 'own',
      resolve: (args) => {
        if (args.length !== 2 || !args.every((arg) => accepts(arg, BOOLEAN))) return null
        return {
          params: [BOOLEAN, BOOLEAN],
          result: { type: BOOLEAN, nullable: anyNullable(args) },
        }
      },
      run: (a: boolean | null, b: boolean | null) => {
        if (a === true || b === true) return true
        return a === null || b === null ? null : false
      },
    }),
  ],
)

const NOT = define(
  { name: '!', group: 'operator', summary: 'The opposite; of null it is null.' },
  [['!(1 == 2)', 'true']],
  [
    fixed('!', {
      id: 'not',
      params: { a: BOOLEAN },
      result: BOOLEAN,
      inline: ([a]) => `(!${a})`,
      run: (a: boolean) => !a,
    }),
  ],
)

const CONDITION = define(
  {
    name: '?:',
    group: 'conditional',
    summary:
      'One of two values, the second for null. Also `if(c, a, b)`, `when(c1, a, c2, b, other)`.',
  },
  [
    ['1 < 2 ? "less" : "more"', '"less"'],
    ['if(null, 1, 2)', '2'],
    ['when(1 > 2, "a", 2 > 1, "b", "c")', '"b"'],
  ],
  [
    free({
      id: 'if',
      signature: 'condition ? a : b',
      nulls: 'own',
      resolve: ([condition, a, b]) => {
        if (condition === undefined || a === undefined || b === undefined) return null
        const type = accepts(condition, BOOLEAN) ? unify([a, b]) : null
        if (type === null) return null
        return { params: [BOOLEAN, type, type], result: { type, nullable: anyNullable([a, b]) } }
      },
      run: (condition: boolean | null, a: unknown, b: unknown) => (condition === true ? a : b),
    }),
  ],
)

const COALESCE = define(
  { name: 'coalesce', group: 'nulls', summary: 'The first value that is not null.' },
  [
    ['coalesce(null, 2)', '2'],
    ['coalesce(null, null)', 'null'],
  ],
  [
    free({
      id: 'coalesce',
      signature: 'coalesce(a: T, b: T, …) -> T',
      nulls: 'own',
      resolve: (args) => {
        const type = args.length > 0 ? unify(args) : null
        if (type === null) return null
        const nullable = args.every((arg) => arg.nullable || arg.type.kind === 'null')
        return { params: args.map(() => type), result: { type, nullable } }
      },
      run: (...values: readonly unknown[]) => values.find((value) => value !== null) ?? null,
    }),
  ],
)

const NULL_IF = define(
  {
    name: 'null_if',
    group: 'nulls',
    summary: 'Null where the value equals the second, else the value.',
  },
  [
    ['null_if("", "")', 'null'],
    ['null_if(5, 0)', '5'],
  ],
  [
    free({
      id: 'null_if',
      signature: 'null_if(value: T, unwanted: T) -> T?',
      nulls: 'own',
      resolve: (args) => {
        const type = args.length === 2 ? unify(args) : null
        if (type === null) return null
        return { params: [type, type], result: { type, nullable: true } }
      },
      run: (value: unknown, unwanted: unknown) =>
        unwanted !== null && sameValue(value, unwanted) ? null : value,
    }),
  ],
)

/** What `x == null` and `x != null` become. */
const IS_NULL = define(
  { name: 'is_null', group: 'nulls', summary: 'What `x == null` is: always true or false.' },
  [
    ['null_if(1, 1) == null', 'true'],
    ['is_null(null_if(2, 1))', 'false'],
  ],
  [nullTest('is_null', (value) => value === null)],
)

const IS_NOT_NULL = define(
  { name: 'is_not_null', group: 'nulls', summary: 'What `x != null` is: always true or false.' },
  [['null_if(1, 1) != null', 'false']],
  [nullTest('is_not_null', (value) => value !== null)],
)

function nullTest(id: string, run: (value: unknown) => boolean): ReturnType<typeof free> {
  return free({
    id,
    signature: `${id}(value: T?) -> boolean`,
    nulls: 'own',
    resolve: ([arg, ...more]) => {
      if (arg === undefined || more.length > 0) return null
      const params: DataType[] = [arg.type]
      return { params, result: { type: BOOLEAN, nullable: false } }
    },
    run,
  })
}

export const LOGIC: readonly FunctionDef[] = [
  AND,
  OR,
  NOT,
  CONDITION,
  COALESCE,
  NULL_IF,
  IS_NULL,
  IS_NOT_NULL,
]
