/** Lists, maps and their elements. Positions count from 0; what is not there is null. */
import type { DataType, FieldType } from '../../model/data-type.ts'
import type { ArgumentType, FunctionDef } from '../overload.ts'
import { accepts, anyNullable, unify } from '../unify.ts'
import { jsonIndex } from './json-path.ts'
import {
  define,
  fixed,
  free,
  INTEGER,
  JSON_TYPE,
  STRING,
  type FreeOverload,
  type Implementation,
} from './define.ts'
import { characterCount } from './characters.ts'

export type List = readonly unknown[]
export type Entries = ReadonlyMap<string, unknown>

const ANY_LIST: FieldType = { type: { kind: 'null' }, nullable: true }

function listOf(arg: ArgumentType | undefined): FieldType | null {
  if (arg?.type.kind === 'array') return arg.type.element
  return arg?.type.kind === 'null' ? ANY_LIST : null
}

export function array(element: FieldType): DataType {
  return { kind: 'array', element }
}

interface ListOverload {
  readonly id: string
  readonly signature: string
  /** Parameters behind the list; the last `optional` of them may be absent. */
  readonly more?: readonly DataType[]
  readonly optional?: number
  readonly throws?: boolean
  /** The result for lists of this element; null refuses it. */
  readonly result: (element: FieldType) => FieldType | null
  readonly run: NonNullable<FreeOverload['run']>
}

/** A function of one list and fixed further parameters. */
export function ofList(spec: ListOverload): ReturnType<typeof free> {
  const more = spec.more ?? []
  const least = more.length - (spec.optional ?? 0)
  return free({
    id: spec.id,
    signature: spec.signature,
    throws: spec.throws ?? false,
    run: spec.run,
    resolve: (args) => {
      const element = listOf(args[0])
      const given = args.slice(1)
      if (element === null || given.length < least || given.length > more.length) return null
      const params = more.slice(0, given.length)
      const fits = given.every((arg, index) => {
        const param = params[index]
        return param !== undefined && accepts(arg, param)
      })
      const result = fits ? spec.result(element) : null
      return result === null ? null : { params: [array(element), ...params], result }
    },
  })
}

const LIST = define(
  { name: 'list', group: 'lists', summary: 'A list of values, written `[a, b]`.' },
  [['[1, 2.5]', '[1, 2.5]']],
  [
    free({
      id: 'list',
      signature: '[a: T, b: T, …] -> array<T>',
      nulls: 'own',
      resolve: (args) => {
        const type = args.length === 0 ? { kind: 'null' as const } : unify(args)
        if (type === null) return null
        const element = { type, nullable: anyNullable(args) || args.length === 0 }
        return { params: args.map(() => type), result: { type: array(element), nullable: false } }
      },
      run: (...values: List) => values,
    }),
  ],
)

const MAP = define(
  { name: 'map', group: 'lists', summary: 'A map from texts to values, written `{"a": 1}`.' },
  [['{"a": 1, "b": 2}', '{"a": 1, "b": 2}']],
  [
    free({
      id: 'map',
      signature: '{key: T, …} -> map<T>',
      nulls: 'own',
      resolve: (args) => {
        const values = args.filter((_, index) => index % 2 === 1)
        const keys = args.filter((_, index) => index % 2 === 0)
        const type = values.length === 0 ? { kind: 'null' as const } : unify(values)
        if (type === null || !keys.every((key) => accepts(key, STRING) && !key.nullable))
          return null
        const value = { type, nullable: anyNullable(values) || values.length === 0 }
        const params = args.map((_, index) => (index % 2 === 0 ? STRING : type))
        return { params, result: { type: { kind: 'map', value }, nullable: false } }
      },
      run: (...parts: List) => {
        const made = new Map<unknown, unknown>()
        for (let index = 0; index < parts.length; index += 2)
          made.set(parts[index], parts[index + 1])
        return made
      },
    }),
  ],
)

const INDEX = define(
  {
    name: '[]',
    group: 'lists',
    summary: 'An element by position or key; null where there is none.',
  },
  [
    ['["a", "b"][1]', '"b"'],
    ['["a"][5]', 'null'],
    ['{"a": 1}["a"]', '1'],
    ['parse_json("[7]")[0]', '7'],
  ],
  [
    ofList({
      id: 'index.list',
      signature: 'array<T>[index: integer] -> T?',
      more: [INTEGER],
      result: (element) => ({ type: element.type, nullable: true }),
      run: (list: List, index: number) => list[index] ?? null,
    }),
    free({
      id: 'index.map',
      signature: 'map<T>[key: string] -> T?',
      resolve: ([map, key]) => {
        if (map?.type.kind !== 'map' || key === undefined || !accepts(key, STRING)) return null
        const result = { type: map.type.value.type, nullable: true }
        return { params: [map.type, STRING], result }
      },
      run: (map: Entries, key: string) => map.get(key) ?? null,
    }),
    fixed('[]', {
      id: 'index.json',
      params: { value: JSON_TYPE, key: STRING },
      result: JSON_TYPE,
      nullable: true,
      run: jsonIndex,
    }),
    fixed('[]', {
      id: 'index.json_list',
      params: { value: JSON_TYPE, index: INTEGER },
      result: JSON_TYPE,
      nullable: true,
      run: jsonIndex,
    }),
  ],
)

const SIZE = define(
  {
    name: 'size',
    group: 'lists',
    summary: 'How many elements a list or map has, or characters a text.',
  },
  [
    ['size([1, 2])', '2'],
    ['size({"a": 1})', '1'],
    ['size("abc")', '3'],
  ],
  [
    ofList({
      id: 'size.list',
      signature: 'size(list: array<T>) -> integer',
      result: () => ({ type: INTEGER, nullable: false }),
      run: (list: List) => list.length,
    }),
    free({
      id: 'size.map',
      signature: 'size(map: map<T>) -> integer',
      resolve: ([map, ...more]) =>
        map?.type.kind === 'map' && more.length === 0
          ? { params: [map.type], result: { type: INTEGER, nullable: false } }
          : null,
      run: (map: Entries) => map.size,
    }),
    fixed('size', {
      id: 'size.string',
      params: { text: STRING },
      result: INTEGER,
      run: characterCount,
    }),
  ],
)

/** `items[0].sku` and `payload.user`: made by the checker, which knows the field. */
const FIELD = define(
  { name: '.', group: 'lists', summary: 'A field of a struct in a list, or of a JSON object.' },
  [['parse_json("{\\"a\\": 7}").a', '7']],
  [
    free({
      id: 'field.struct',
      signature: 'struct.name -> type of the field',
      resolve: () => null,
      prepare: (match) => fieldReader(match.statics),
    }),
    free({
      id: 'field.json',
      signature: 'json.name -> json?',
      resolve: () => null,
      prepare: (match) => fieldReader(match.statics),
    }),
  ],
)

function fieldReader(statics: Readonly<Record<string, unknown>> | undefined): Implementation {
  const name = String(statics?.['name'])
  return (value: unknown) => jsonIndex(value, name)
}

export const LISTS: readonly FunctionDef[] = [LIST, MAP, INDEX, FIELD, SIZE]
