/**
 * A block of generated statements, with the values that are already computed in it: what an inner
 * block needs again it finds in the outer ones (common subexpressions are evaluated once).
 */
import { assert } from '../../base/assert.ts'
import type { Names } from './constants.ts'

/** A generated expression. */
export interface Value {
  /** JavaScript text of the value; some neutral value where it is null. */
  readonly text: string
  /** JavaScript text that is true where it is null; null when it never is. Short, repeatable. */
  readonly isNull: string | null
  /** Whether `text` is so short that repeating it costs nothing. */
  readonly atomic: boolean
  /** JavaScript text of its number in the loop's TextPool, for a text that has one. */
  readonly number?: string
}

export class Block {
  readonly lines: string[] = []
  readonly #names: Names
  readonly #outer: Block | null
  readonly #isolated: boolean
  readonly #known = new Map<number, Value>()
  readonly #variables = new Map<string, string>()

  constructor(names: Names, outer: Block | null = null, isolated = false) {
    this.#names = names
    this.#outer = outer
    this.#isolated = isolated
  }

  line(text: string): void {
    this.lines.push(text)
  }

  /** A block inside this one; `close` puts it in place. Isolated ones see no known values. */
  inner(isolated = false): Block {
    return new Block(this.#names, this, isolated)
  }

  /** Adds the lines of an inner block between a head (`if (…) {`) and a foot (`}`). */
  close(head: string, inner: Block, foot = '}'): void {
    this.lines.push(head, ...inner.lines.map((line) => `  ${line}`), foot)
  }

  name(prefix: string): string {
    return this.#names.make(prefix)
  }

  /** Computes a text here, once, and gives the name of the result. */
  bind(text: string, prefix = 'v'): string {
    const name = this.name(prefix)
    this.line(`const ${name} = ${text}`)
    return name
  }

  find(key: number): Value | undefined {
    const own = this.#known.get(key)
    return own !== undefined || this.#isolated ? own : this.#outer?.find(key)
  }

  /** The name in generated code of a bound variable of the language. */
  variable(name: string): string {
    const own = this.#variables.get(name) ?? this.#outer?.variable(name)
    assert(own !== undefined, `variable ${name} is bound`)
    return own
  }

  hasVariable(name: string): boolean {
    return this.#variables.has(name) || (this.#outer?.hasVariable(name) ?? false)
  }

  setVariable(name: string, generated: string): void {
    this.#variables.set(name, generated)
  }

  keep(key: number, value: Value): void {
    this.#known.set(key, value)
  }
}

export function atom(text: string, isNull: string | null = null): Value {
  return { text, isNull, atomic: true }
}

/** Whether `text` is JavaScript null where the value is null, and not something neutral. */
export function isBoxed(value: Value): boolean {
  return value.isNull === `${value.text} === null`
}

/** Nulls of several values: null when none can be null. */
export function anyNull(values: readonly Value[]): string | null {
  const texts = new Set(values.flatMap((value) => (value.isNull === null ? [] : [value.isNull])))
  if (texts.size === 0) return null
  return [...texts].join(' || ')
}

/** Text that is true exactly where a boolean value is true (and not null). */
export function truth(value: Value): string {
  if (value.isNull === null) return value.text
  return `(${negated(value.isNull)} && ${value.text})`
}

/** A text that may stand beside any operator. */
export function closed(text: string): string {
  return /^[\w.$]+(\[\w+\])?$/.test(text) || isEnclosed(text) ? text : `(${text})`
}

/** Whether one pair of parentheses goes around all of it. Texts hold no quotes but `''`. */
function isEnclosed(text: string): boolean {
  if (!text.startsWith('(')) return false
  let depth = 0
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '(') depth++
    else if (text[index] === ')') depth--
    if (depth === 0) return index === text.length - 1
  }
  return false
}

/** Not true. */
export function negated(text: string): string {
  return `!${closed(text)}`
}

/** The value as one JavaScript value, null for null. */
export function boxed(value: Value): string {
  return value.isNull === null ? value.text : `(${value.isNull} ? null : ${value.text})`
}
