/** TypeScript functions in a plan: that they are loaded, of the kind needed, and fit the row. */
import type { Field } from '../model/data-type.ts'
import type { ColumnSpec } from '../model/layout.ts'
import { fieldAt } from '../model/row-schema.ts'
import { sameType } from '../model/type-relations.ts'
import { printFieldType } from '../model/type-text.ts'
import type { FunctionRef } from '../spec/pipeline-spec.ts'
import { refuse, type Draft } from './draft.ts'
import { columnsBelow, fieldFix, originOf } from './row.ts'

/** What the planner reads of `flatMap(…)` and `processor(…)` (api/function-definition.ts). */
export interface RowFunction {
  /** Null: it reads all columns. */
  readonly input: readonly Field[] | null
  readonly output: readonly Field[]
  readonly outputs: Readonly<Record<string, readonly Field[]>>
}

const AUTHOR_WORDS = { flat_map: 'flatMap', processor: 'processor' } as const

export interface WantedFunction {
  readonly kind: keyof typeof AUTHOR_WORDS
  readonly at: readonly (string | number)[]
}

export function readDefinition(
  draft: Draft,
  fn: FunctionRef,
  { kind, at }: WantedFunction,
): RowFunction | null {
  const { definition } = fn
  const word = AUTHOR_WORDS[kind]
  if (!isRecord(definition)) {
    refuse(draft, {
      code: 'FUNCTION_NOT_LOADED',
      at,
      message: `\`${fn.ref}\` is not loaded, so that its fields are not known`,
      fix: `export \`${word}({ … })\` under that name`,
    })
    return null
  }
  if (definition['kind'] !== kind) {
    refuse(draft, {
      code: 'FUNCTION_NOT_LOADED',
      at,
      message: `\`${fn.ref}\` is made by \`${wordOf(definition['kind'])}\`, and here stands one made by \`${word}\``,
      fix: `export \`${word}({ input, output, … })\``,
    })
    return null
  }
  const { input, output, outputs } = definition as Partial<RowFunction>
  return { input: input ?? null, output: output ?? [], outputs: outputs ?? {} }
}

/** What `fn` makes is a function with the definition on it. */
function isRecord(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}

function wordOf(kind: unknown): string {
  if (kind === 'flat_map') return 'flatMap'
  return typeof kind === 'string' ? kind : 'something else'
}

/** The columns a function reads: those it declares, or all. */
export function functionInput(
  draft: Draft,
  input: readonly Field[] | null,
  at: readonly (string | number)[],
): ColumnSpec[] {
  if (input === null) return [...draft.row.columns]
  const columns: ColumnSpec[] = []
  for (const want of input) {
    if (checkField(draft, want, { at, path: want.name }))
      columns.push(...columnsBelow(draft.row, want.name))
  }
  return columns
}

interface FieldPlace {
  readonly at: readonly (string | number)[]
  readonly path: string
}

/** Structs fit when each field the function declares is there. */
function checkField(draft: Draft, want: Field, { at, path }: FieldPlace): boolean {
  const have = fieldAt(draft.row.fields, path)
  if (have === null) {
    refuse(draft, {
      code: 'FUNCTION_MISMATCH',
      at,
      message: `the function reads \`${path}\`, which the row does not have`,
      fix: fieldFix(draft.row, path),
    })
    return false
  }
  if (want.type.kind === 'struct' && have.type.kind === 'struct') {
    return want.type.fields
      .map((field) => checkField(draft, field, { at, path: `${path}.${field.name}` }))
      .every((fits) => fits)
  }
  const isWhole = want.type.kind === 'number' && have.type.kind === 'integer' // one JavaScript type
  const isSame = isWhole || sameType(want.type, have.type)
  if (isSame && (want.nullable || !have.nullable)) return true
  const cause = originOf(draft.row, path)
  refuse(draft, {
    code: 'FUNCTION_MISMATCH',
    at,
    message: `the function reads \`${path}\` as ${printFieldType(want)}, and it is ${printFieldType(have)}`,
    fix: isSame
      ? `declare \`${path}: '${printFieldType(have)}'\`, or keep only rows that have it: \`where: ${path} != null\``
      : `declare \`${path}: '${printFieldType(have)}'\` in its \`input\``,
    ...(cause === undefined ? {} : { cause }),
  })
  return false
}
