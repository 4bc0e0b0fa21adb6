/** JSON values: read from text, looked into by path, turned into typed values and back. */
import { StreamError } from '../../base/errors.ts'
import type { DataType } from '../../model/data-type.ts'
import { toJsonValue } from '../../model/value-json.ts'
import type { FunctionDef, Overload, OverloadMatch } from '../overload.ts'
import { rt } from '../runtime.ts'
import {
  BOOLEAN,
  define,
  defineFixed,
  fixed,
  free,
  INTEGER,
  JSON_TYPE,
  NUMBER,
  STRING,
} from './define.ts'
import { compileJsonPath, follow, jsonGet, stepsOf } from './json-path.ts'

const JSON_GROUP = { group: 'json' } as const
const JSON_DEPTH_MAX = 100

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text)
    if (depthOf(value, 0) <= JSON_DEPTH_MAX) return value
  } catch (cause) {
    throw new StreamError('EXPR_CONVERSION_FAILED', `\`${shown(text)}\` is not JSON`, {
      cause,
      fix: '`try_parse_json` gives null there',
    })
  }
  throw new StreamError('EXPR_VALUE_TOO_LARGE', `JSON nests deeper than ${JSON_DEPTH_MAX}`)
}

function depthOf(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null || depth > JSON_DEPTH_MAX) return depth
  let deepest = depth
  for (const inner of Object.values(value)) deepest = Math.max(deepest, depthOf(inner, depth + 1))
  return deepest
}

const SHOWN_MAX = 60

/** As much of a text as a message needs. */
export function shown(text: string): string {
  return text.length <= SHOWN_MAX ? text : `${text.slice(0, SHOWN_MAX)}…`
}

function tryParse(text: string): unknown {
  try {
    return parse(text)
  } catch {
    return null
  }
}

/** A typed value of a JSON value; null where it is of another type. */
function typed(
  name: string,
  result: DataType,
  example: readonly [string, string],
  read: (value: unknown) => unknown,
): FunctionDef {
  const summary = `The value at a path as ${result.kind}; null where it is absent or another type.`
  return defineFixed({ ...JSON_GROUP, name, summary }, [example], {
    id: name,
    params: { value: JSON_TYPE, 'path?': STRING },
    result,
    nullable: true,
    throws: true,
    literals: (values) => pathProblem(values[1]),
    prepare: (match) => {
      const get = getter(match)
      return (value: unknown, path?: string) => read(path === undefined ? value : get(value, path))
    },
  })
}

/** For `literals`: a literal path is a static part, or is refused where it is none. */
function pathProblem(path: unknown): string | Readonly<Record<string, unknown>> | null {
  if (typeof path !== 'string') return null
  const compiled = compileJsonPath(path)
  return typeof compiled === 'string' ? compiled : { path }
}

/** Reads at a path: the literal's, compiled once, or the one that is given. */
function getter({ statics }: OverloadMatch): (value: unknown, path: string) => unknown {
  if (typeof statics?.['path'] !== 'string') return jsonGet
  const steps = stepsOf(statics['path'])
  return (value) => follow(value, steps)
}

const toJsonAny: Overload = free({
  id: 'to_json',
  signature: 'to_json(value: any) -> string',
  resolve: ([arg, ...more]) => {
    if (arg === undefined || more.length > 0) return null
    return { params: [arg.type], result: { type: STRING, nullable: false } }
  },
  prepare: ({ params }) => {
    const [type = JSON_TYPE] = params
    return (value: unknown) => JSON.stringify(toJsonValue(value, type))
  },
})

const asJson: Overload = free({
  id: 'as_json',
  signature: 'as_json(value: any) -> json',
  resolve: ([arg, ...more]) => {
    if (arg === undefined || more.length > 0) return null
    return { params: [arg.type], result: { type: JSON_TYPE, nullable: false } }
  },
  prepare: ({ params }) => {
    const [type = JSON_TYPE] = params
    return (value: unknown) => toJsonValue(value, type)
  },
})

export const JSON_FUNCTIONS: readonly FunctionDef[] = [
  defineFixed(
    {
      ...JSON_GROUP,
      name: 'parse_json',
      summary: 'A JSON value of text; an error where it is none.',
    },
    [['parse_json("{\\"a\\": [1, 2]}")', '{"a":[1,2]}']],
    {
      id: 'parse_json',
      params: { text: STRING },
      result: JSON_TYPE,
      throws: true,
      nullable: true,
      run: parse,
    },
  ),
  defineFixed(
    {
      ...JSON_GROUP,
      name: 'try_parse_json',
      summary: 'A JSON value of text; null where it is none.',
    },
    [['try_parse_json("{")', 'null']],
    {
      id: 'try_parse_json',
      params: { text: STRING },
      result: JSON_TYPE,
      nullable: true,
      run: tryParse,
    },
  ),
  define(
    { ...JSON_GROUP, name: 'to_json', summary: 'A value as JSON text.' },
    [['to_json([1, 2])', '"[1,2]"']],
    [toJsonAny],
  ),
  define(
    { ...JSON_GROUP, name: 'as_json', summary: 'A value as a JSON value.' },
    [['as_json({"a": 1})', '{"a":1}']],
    [asJson],
  ),
  defineFixed(
    {
      ...JSON_GROUP,
      name: 'json_get',
      summary: 'The JSON value at a path like `a.b[0]`; null where there is none.',
    },
    [
      ['json_get(parse_json("{\\"a\\": {\\"b\\": [7]}}"), "a.b[0]")', '7'],
      ['json_get(parse_json("{}"), "a.b")', 'null'],
    ],
    {
      id: 'json_get',
      params: { value: JSON_TYPE, path: STRING },
      result: JSON_TYPE,
      nullable: true,
      throws: true,
      literals: (values) => pathProblem(values[1]),
      prepare: getter,
    },
  ),
  typed(
    'json_string',
    STRING,
    ['json_string(parse_json("{\\"a\\": \\"x\\"}"), "a")', '"x"'],
    (value) => (typeof value === 'string' ? value : null),
  ),
  typed('json_number', NUMBER, ['json_number(parse_json("1.5"))', '1.5'], (value) =>
    typeof value === 'number' ? value : null,
  ),
  typed('json_integer', INTEGER, ['json_integer(parse_json("[7]"), "[0]")', '7'], (value) =>
    Number.isInteger(value) && typeof value === 'number' ? rt.integer(value) : null,
  ),
  typed('json_boolean', BOOLEAN, ['json_boolean(parse_json("true"))', 'true'], (value) =>
    typeof value === 'boolean' ? value : null,
  ),
  typed(
    'json_list',
    { kind: 'array', element: { type: JSON_TYPE, nullable: true } },
    ['size(json_list(parse_json("[1, 2]")))', '2'],
    (value) => (Array.isArray(value) ? value : null),
  ),
  define(
    { ...JSON_GROUP, name: 'json_keys', summary: 'The keys of a JSON object, in its order.' },
    [['json_keys(parse_json("{\\"b\\": 1, \\"a\\": 2}"))', '["b", "a"]']],
    [
      fixed('json_keys', {
        id: 'json_keys',
        params: { value: JSON_TYPE },
        result: { kind: 'array', element: { type: STRING, nullable: false } },
        nullable: true,
        run: (value: unknown) =>
          typeof value === 'object' && value !== null && !Array.isArray(value)
            ? Object.keys(value)
            : null,
      }),
    ],
  ),
]
