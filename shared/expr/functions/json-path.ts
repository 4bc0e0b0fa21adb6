/** Reading inside JSON values: own properties and elements only, never a prototype. */
import { StreamError } from '../../base/errors.ts'

/** An element by key or position; null where there is none. */
export function jsonIndex(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return null
  if (Array.isArray(value)) return typeof key === 'number' ? (value[key] ?? null) : null
  if (typeof key !== 'string' || !Object.hasOwn(value, key)) return null
  const found: unknown = Object.getOwnPropertyDescriptor(value, key)?.value
  return found ?? null
}

export type Steps = readonly (string | number)[]

const STEP = /\.?([A-Za-z_$][A-Za-z0-9_$-]*)|\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]/y

/** `a.b[0]["odd key"]` as steps (`$` and `.` in front may stand), or what is wrong with it. */
export function compileJsonPath(path: string): Steps | string {
  const steps: (string | number)[] = []
  let at = path.startsWith('$') ? 1 : 0
  while (at < path.length) {
    STEP.lastIndex = at
    const match = STEP.exec(path)
    if (match === null)
      return `\`${path}\` is not a path like \`a.b[0]\`: it breaks at \`${path.slice(at)}\``
    if (match[2] !== undefined) steps.push(Number(match[2]))
    else steps.push(match[1] ?? (match[3] ?? '').replaceAll(/\\(.)/g, '$1'))
    at = STEP.lastIndex
  }
  return steps
}

/** Compiled paths; bounded, since a path may come from a field. */
const PATHS = new Map<string, Steps>()
const PATHS_MAX = 1024

export function jsonGet(value: unknown, path: string): unknown {
  return follow(value, stepsOf(path))
}

/** The steps of a path, remembered; a StreamError where it is none. */
export function stepsOf(path: string): Steps {
  let steps = PATHS.get(path)
  if (steps === undefined) {
    const compiled = compileJsonPath(path)
    if (typeof compiled === 'string') throw new StreamError('EXPR_ARGUMENT_INVALID', compiled)
    if (PATHS.size >= PATHS_MAX) PATHS.clear()
    PATHS.set(path, compiled)
    steps = compiled
  }
  return steps
}

export function follow(value: unknown, steps: Steps): unknown {
  let found = value
  for (const step of steps) found = jsonIndex(found, step)
  return found ?? null
}
