/**
 * Scalar functions of the author (`functions:`) as overloads `user.<name>`. They are trusted to be
 * pure; what they throw or give wrongly is a failure of the record.
 */
import { StreamError } from '../../../shared/base/errors.ts'
import type { Overload } from '../../../shared/expr/overload.ts'
import { overloadById } from '../../../shared/expr/library.ts'
import type { FieldType } from '../../../shared/model/data-type.ts'
import { printFieldType } from '../../../shared/model/type-text.ts'
import { fromUserValue, toUserValue } from '../../../shared/model/user-value.ts'

export const USER_PREFIX = 'user.'

/** As `fn({ input, output, run })` makes it. */
export interface FunctionDefinition {
  readonly input: readonly FieldType[]
  readonly output: FieldType
  readonly run: (...args: readonly never[]) => unknown
}

/** Null arguments reach the function only where it declares them nullable. */
export function userOverload(name: string, definition: FunctionDefinition): Overload {
  const { input, output } = definition
  const takesNull = input.some((field) => field.nullable)
  const call = caller(name, definition)
  const params = input.map((field) => field.type)
  const signature = `${name}(${input.map(printFieldType).join(', ')}) -> ${printFieldType(output)}`
  return {
    id: `${USER_PREFIX}${name}`,
    signature,
    nulls: takesNull ? 'own' : 'propagate',
    throws: true,
    deterministic: true,
    resolve: (args) => (args.length === params.length ? { params, result: output } : null),
    run: call,
    prepare:
      () =>
      (...args: readonly unknown[]) =>
        call(args),
  }
}

function caller(
  name: string,
  { input, output, run }: FunctionDefinition,
): (args: readonly unknown[]) => unknown {
  const invoke = run as (...args: readonly unknown[]) => unknown
  const where = `the result of ${name}`
  return (args) => {
    // Where one parameter may be null the others still propagate.
    if (input.some((field, index) => args[index] === null && !field.nullable)) return null
    const given = input.map((field, index) => toUserValue(args[index], field.type))
    let result: unknown
    try {
      result = invoke(...given)
    } catch (cause) {
      throw functionThrew(name, cause)
    }
    return fromUserValue(result, output, where)
  }
}

export function functionThrew(name: string, cause: unknown): StreamError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new StreamError('FUNCTION_THREW', `${name} threw: ${message}`, { cause })
}

/** The library and the author's functions, for everything that compiles expressions. */
export function overloadsWith(
  functions: Readonly<Record<string, FunctionDefinition>>,
): (id: string) => Overload {
  const own = new Map(
    Object.entries(functions).map(([name, definition]) => {
      const overload = userOverload(name, definition)
      return [overload.id, overload] as const
    }),
  )
  return (id) => {
    const found = overloadById(id) ?? own.get(id)
    if (found !== undefined) return found
    throw new StreamError('FUNCTION_NOT_LOADED', `the function ${id} is not loaded`, {
      fix: 'name it under `functions:`, with the file it is in',
    })
  }
}
