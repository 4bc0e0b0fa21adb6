/**
 * The library and a plan's own functions as overloads, for everything that compiles expressions.
 * Functions of the author are trusted to be pure; what they throw is a failure of the record.
 */
import { assert } from '../../../shared/base/assert.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import { overloadById } from '../../../shared/expr/library.ts'
import type { Overload } from '../../../shared/expr/overload.ts'
import { userOverloads } from '../../../shared/planning/user-functions.ts'
import type { FunctionRef } from '../../../shared/spec/pipeline-spec.ts'

/** `functions` of the plan: references by overload id, with their definitions loaded. */
export function overloadsWith(
  functions: Readonly<Record<string, FunctionRef>>,
): (id: string) => Overload {
  const own = new Map(
    [...userOverloads(functions)].map(([id, overload]) => [
      id,
      guarded(functions[id]?.ref ?? id, overload),
    ]),
  )
  return (id) => {
    const found = overloadById(id) ?? own.get(id)
    assert(found !== undefined, `the overload ${id} of the plan exists`)
    return found
  }
}

/** A coded error passes (a wrong result is one); anything else was thrown by the function. */
function guarded(ref: string, overload: Overload): Overload {
  const run: Overload['run'] = (args, match) => {
    try {
      return overload.run(args, match)
    } catch (cause) {
      throw cause instanceof StreamError ? cause : functionThrew(ref, cause)
    }
  }
  const prepare: NonNullable<Overload['prepare']> =
    (match) =>
    (...args: readonly unknown[]) =>
      run(args, match)
  return { ...overload, run, prepare }
}

export function functionThrew(name: string, cause: unknown): StreamError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new StreamError('FUNCTION_THREW', `${name} threw: ${message}`, { cause })
}
