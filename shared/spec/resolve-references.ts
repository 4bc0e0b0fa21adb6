/**
 * Puts environment, parameters and secrets into a connector's settings, when a run needs them.
 *
 * Everything that is missing is reported at once, by name. Values are never part of a message:
 * they may be secrets.
 */
import type { z } from 'zod'
import type { SpecPath } from '../base/diagnostics.ts'
import { hasReference, splitReferences, wholeReference } from './reference-text.ts'
import type { Reference } from './reference-text.ts'

export interface ReferenceValues {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly params: Readonly<Record<string, unknown>>
  readonly secrets: (name: string) => string | undefined
}

export interface ReferenceProblem {
  readonly code: 'REFERENCE_INVALID' | 'REFERENCE_MISSING'
  /** Below the settings. */
  readonly path: SpecPath
  readonly message: string
  readonly fix: string
}

export type Resolved =
  | { readonly config: Readonly<Record<string, unknown>>; readonly problems: null }
  | { readonly config: null; readonly problems: readonly ReferenceProblem[] }

/** `schema` is the connector's: a value that is one whole reference takes the type of its key. */
export function resolveConfig(
  config: Readonly<Record<string, unknown>>,
  values: ReferenceValues,
  schema: z.ZodType | null = null,
): Resolved {
  const problems: ReferenceProblem[] = []
  const whole: SpecPath[] = []
  const resolved = resolveValue(config, [], { values, problems, whole }) as Record<string, unknown>
  if (problems.length > 0) return { config: null, problems }
  if (schema !== null) takeTypes(resolved, whole, schema)
  return { config: resolved, problems: null }
}

interface Resolution {
  readonly values: ReferenceValues
  readonly problems: ReferenceProblem[]
  /** Paths of values that are one whole reference. */
  readonly whole: SpecPath[]
}

function resolveValue(value: unknown, path: SpecPath, into: Resolution): unknown {
  if (typeof value === 'string' && hasReference(value)) return resolveText(value, path, into)
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => resolveValue(item, [...path, index], into))
  }
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  return Object.fromEntries(
    entries.map(([key, one]) => [key, resolveValue(one, [...path, key], into)]),
  )
}

function resolveText(text: string, path: SpecPath, into: Resolution): unknown {
  const whole = wholeReference(text)
  if (whole !== null) {
    into.whole.push(path)
    return valueOf(whole, path, into) ?? text
  }
  const parts = splitReferences(text).map((part) => {
    if ('text' in part) return part.text
    if ('reference' in part) return plainText(valueOf(part.reference, path, into))
    into.problems.push({ code: 'REFERENCE_INVALID', path, message: part.problem, fix: part.fix })
    return ''
  })
  return parts.join('')
}

function plainText(value: unknown): string {
  if (typeof value === 'string') return value
  return JSON.stringify(value) ?? ''
}

/** Undefined, and a problem, when it has no value. */
function valueOf(reference: Reference, path: SpecPath, into: Resolution): unknown {
  const found = lookUp(reference, into.values)
  if (found !== undefined) return found
  const { message, fix } = missingReference(reference)
  into.problems.push({ code: 'REFERENCE_MISSING', path, message, fix })
  return undefined
}

function lookUp(reference: Reference, values: ReferenceValues): unknown {
  if (reference.kind === 'secret') return values.secrets(reference.name)
  if (reference.kind === 'param') {
    return Object.hasOwn(values.params, reference.name) ? values.params[reference.name] : undefined
  }
  const value = Object.hasOwn(values.env, reference.name) ? values.env[reference.name] : undefined
  const isSet = value !== undefined && (value !== '' || reference.fallback === null)
  return isSet ? value : (reference.fallback ?? undefined)
}

export function missingReference(reference: Reference): { message: string; fix: string } {
  const { name } = reference
  if (reference.kind === 'secret') {
    const message = `the secret \`${name}\` is not there`
    return { message, fix: `set the environment variable ${name}, or add it to the secrets folder` }
  }
  if (reference.kind === 'param') {
    return {
      message: `the parameter \`${name}\` has no value`,
      fix: `give it with \`--set ${name}=…\`, or a \`default\` in \`params\``,
    }
  }
  return {
    message: `the environment variable \`${name}\` is not set`,
    fix: `set ${name}, or give a default: \`\${${name}:-default}\``,
  }
}

/** `${PORT}` is the text "5432"; where the key takes a number, it becomes one. */
function takeTypes(config: Record<string, unknown>, whole: readonly SpecPath[], schema: z.ZodType) {
  const checked = schema.safeParse(config)
  if (checked.success) return
  for (const path of whole) {
    const isWrong = checked.error.issues.some((issue) => samePath(issue.path, path))
    if (isWrong) replaceAt(config, path, typed)
  }
}

function samePath(a: readonly PropertyKey[], b: SpecPath): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index])
}

function replaceAt(root: unknown, path: SpecPath, change: (value: unknown) => unknown): void {
  let holder = root as Record<string | number, unknown>
  for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>
  const last = path.at(-1)
  if (last !== undefined) holder[last] = change(holder[last])
}

function typed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (value === 'true' || value === 'false') return value === 'true'
  const isNumber = /^-?\d+(\.\d+)?$/.test(value) && Number.isFinite(Number(value))
  return isNumber ? Number(value) : value
}
