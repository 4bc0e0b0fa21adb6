/**
 * Types as authors write them: `string?`, `decimal(12,2)`, `array<integer?>`, `map<json>`,
 * `{ id: string, mcc: string? }`. Printing and parsing are inverse.
 */
import { nearestName } from '../base/nearest-name.ts'
import type { DataType, Field, FieldType, ScalarKind } from './data-type.ts'
import { DECIMAL_PRECISION_MAX } from './type-relations.ts'

const TYPE_DEPTH_MAX = 16

const SCALARS: ReadonlySet<string> = new Set<ScalarKind>([
  'string',
  'integer',
  'bigint',
  'number',
  'boolean',
  'timestamp',
  'date',
  'duration',
  'bytes',
  'json',
])

const FORMS = [...SCALARS, 'decimal', 'array', 'map']

/** Names from other systems, and what they are here. */
const FOREIGN: ReadonlyMap<string, string> = new Map([
  ['int', 'integer'],
  ['int32', 'integer'],
  ['int64', 'integer` or `bigint'],
  ['long', 'integer` or `bigint'],
  ['bigdecimal', 'decimal(p,s)'],
  ['numeric', 'decimal(p,s)'],
  ['float', 'number'],
  ['double', 'number'],
  ['real', 'number'],
  ['text', 'string'],
  ['varchar', 'string'],
  ['char', 'string'],
  ['uuid', 'string'],
  ['bool', 'boolean'],
  ['datetime', 'timestamp'],
  ['timestamptz', 'timestamp'],
  ['time', 'duration'],
  ['interval', 'duration'],
  ['binary', 'bytes'],
  ['blob', 'bytes'],
  ['object', 'json` or a nested map of fields'],
  ['jsonb', 'json'],
  ['list', 'array<…>'],
  ['struct', '{ name: type, … }'],
])

export function printType(type: DataType): string {
  if (type.kind === 'decimal') return `decimal(${type.precision},${type.scale})`
  if (type.kind === 'array') return `array<${printFieldType(type.element)}>`
  if (type.kind === 'map') return `map<${printFieldType(type.value)}>`
  if (type.kind === 'struct') {
    const fields = type.fields.map((field) => `${field.name}: ${printFieldType(field)}`)
    return `{ ${fields.join(', ')} }`
  }
  return type.kind
}

/** With `?` where null is allowed. */
export function printFieldType(field: FieldType): string {
  const text = printType(field.type)
  return field.nullable && field.type.kind !== 'null' ? `${text}?` : text
}

export interface TypeProblem {
  readonly message: string
  readonly start: number
  readonly end: number
  readonly fix?: string
}

export type ParsedType =
  | { readonly type: FieldType; readonly problem: null }
  | { readonly type: null; readonly problem: TypeProblem }

export function parseTypeText(text: string): ParsedType {
  const parser = new TypeParser(text)
  try {
    return { type: parser.whole(), problem: null }
  } catch (cause) {
    if (cause instanceof TypeTextError) return { type: null, problem: cause.problem }
    throw cause
  }
}

function isScalarKind(name: string): name is ScalarKind {
  return SCALARS.has(name)
}

/** Carries a problem from inside the parser to its door; never leaves this file. */
class TypeTextError extends Error {
  readonly problem: TypeProblem

  constructor(problem: TypeProblem) {
    super(problem.message)
    this.problem = problem
  }
}

/** Reads one text from left to right. Owns its position. */
class TypeParser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  whole(): FieldType {
    const type = this.#fieldType(0)
    this.#space()
    if (this.#at < this.#text.length) this.#refuse('unexpected text after the type')
    return type
  }

  #fieldType(depth: number): FieldType {
    if (depth > TYPE_DEPTH_MAX) this.#refuse(`a type nests deeper than ${TYPE_DEPTH_MAX}`)
    const type = this.#type(depth)
    const nullable = this.#take('?')
    return { type, nullable }
  }

  #type(depth: number): DataType {
    if (this.#take('{')) return { kind: 'struct', fields: this.#fields(depth) }
    const start = this.#skipTo()
    const name = this.#name()
    if (isScalarKind(name)) return { kind: name }
    if (name === 'decimal') return this.#decimal(start)
    if (name === 'array' && this.#take('<')) {
      return { kind: 'array', element: this.#closed(depth) }
    }
    if (name === 'map' && this.#take('<')) return { kind: 'map', value: this.#closed(depth) }
    return this.#unknown(name, start)
  }

  #closed(depth: number): FieldType {
    const inner = this.#fieldType(depth + 1)
    if (this.#take(',')) {
      this.#refuse('a map has one type, that of its values', 'keys are strings: `map<number>`')
    }
    if (!this.#take('>')) this.#refuse('a `>` is missing')
    return inner
  }

  #fields(depth: number): Field[] {
    const fields: Field[] = []
    while (!this.#take('}')) {
      if (fields.length > 0 && !this.#take(',')) this.#refuse('a `,` or `}` is missing')
      const start = this.#skipTo()
      const name = this.#name()
      if (name === '') this.#refuse('a field name is missing')
      if (fields.some((field) => field.name === name)) {
        this.#refuse(`field \`${name}\` stands twice`, undefined, start)
      }
      if (!this.#take(':')) this.#refuse('a `:` is missing')
      fields.push({ name, ...this.#fieldType(depth + 1) })
    }
    return fields
  }

  #decimal(start: number): DataType {
    const missing =
      'a decimal says its digits: `decimal(12,2)` is twelve digits, two of them behind the point'
    if (!this.#take('(')) this.#refuse(missing, 'decimal(12,2)', start)
    const precision = this.#whole(missing)
    const scale = this.#take(',') ? this.#whole(missing) : 0
    if (!this.#take(')')) this.#refuse('a `)` is missing')
    if (precision < 1 || precision > DECIMAL_PRECISION_MAX) {
      const range = `from 1 to ${DECIMAL_PRECISION_MAX}`
      this.#refuse(`the precision of a decimal is ${range}, not ${precision}`, undefined, start)
    }
    if (scale > precision) {
      const text = `the scale of a decimal is at most its precision: ${scale} > ${precision}`
      this.#refuse(text, undefined, start)
    }
    return { kind: 'decimal', precision, scale }
  }

  #whole(missing: string): number {
    const start = this.#skipTo()
    const digits = /^\d{1,4}/.exec(this.#text.slice(start))?.[0]
    if (digits === undefined) return this.#refuse(missing, 'decimal(12,2)')
    this.#at = start + digits.length
    return Number(digits)
  }

  #unknown(name: string, start: number): never {
    if (name === '') return this.#refuse('a type is missing', undefined, start)
    if (name === 'array') return this.#refuse('an array says its elements', 'array<string>', start)
    if (name === 'map') return this.#refuse('a map says its values', 'map<string>', start)
    const ours = FOREIGN.get(name.toLowerCase())
    const near = ours ?? nearestName(name, FORMS)
    const fix = near === null ? `one of ${FORMS.join(', ')}` : `write \`${near}\``
    return this.#refuse(`\`${name}\` is not a type`, fix, start)
  }

  #name(): string {
    const start = this.#skipTo()
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(this.#text.slice(start))?.[0] ?? ''
    this.#at = start + name.length
    return name
  }

  #take(symbol: string): boolean {
    this.#space()
    if (this.#text[this.#at] !== symbol) return false
    this.#at += 1
    return true
  }

  #skipTo(): number {
    this.#space()
    return this.#at
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at += 1
  }

  #refuse(message: string, fix?: string, start = this.#at): never {
    const end = Math.max(start + 1, Math.min(this.#at, this.#text.length))
    throw new TypeTextError({ message, start, end, ...(fix === undefined ? {} : { fix }) })
  }
}
