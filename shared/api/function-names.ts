/**
 * Names of the author's functions while a pipeline is built: `functions: { risk }` makes
 * `risk(r.amount)` a call of `risk`.
 *
 * Owns: the names of the pipeline that is built now. Pipelines are built one after the other.
 */
import { StreamError } from '../base/errors.ts'

let names: ReadonlyMap<unknown, string> = new Map()

/** Runs `build` while these functions have the names of their keys. */
export function withFunctionNames(
  functions: Readonly<Record<string, unknown>>,
  build: () => void,
): void {
  const before = names
  names = new Map(Object.entries(functions).map(([name, definition]) => [definition, name]))
  try {
    build()
  } finally {
    names = before
  }
}

export function nameOfFunction(definition: unknown): string {
  const name = names.get(definition)
  if (name !== undefined) return name
  throw new StreamError(
    'FUNCTION_NOT_FOUND',
    'a function is called that the pipeline does not name',
    {
      fix: "name it: pipeline('…', { functions: { risk } }, p => …)",
    },
  )
}
