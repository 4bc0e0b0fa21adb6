/** Looks into a form: which keys it knows at a path, and what it calls the thing there. */
import { z } from 'zod'
import type { SpecPath } from '../../base/diagnostics.ts'

type Form = z.core.$ZodType

export interface FormPart {
  readonly keys: readonly string[]
  readonly title: string
  /** What the form says of each key. */
  readonly descriptions: Readonly<Record<string, string>>
}

/** `value` is what was written: it decides which member of a union is meant. */
export function formPartAt(form: Form, path: SpecPath, value: unknown): FormPart {
  const { part, title } = walk(form, path, value)
  const shape = part instanceof z.ZodObject ? part.shape : {}
  return {
    keys: Object.keys(shape),
    title: (part === null ? null : titleOf(part)) ?? title ?? 'this block',
    descriptions: descriptionsOf(shape),
  }
}

/** Whether the value at a path is a duration: a text that needs a unit. */
export function isDurationAt(form: Form, path: SpecPath, value: unknown): boolean {
  const { part } = walk(form, path, value)
  if (!(part instanceof z.ZodString)) return false
  return part.safeParse('10s').success && !part.safeParse('10').success
}

function walk(
  form: Form,
  path: SpecPath,
  value: unknown,
): { part: Form | null; title: string | null } {
  let here: Form | null = form
  let written: unknown = value
  let title = titleOf(form)
  for (const key of path) {
    here = here === null ? null : stepInto(pick(here, written), key)
    written = member(written, key)
    if (here !== null) title = titleOf(here) ?? `\`${String(key)}\``
  }
  return { part: here === null ? null : pick(here, written), title }
}

function descriptionsOf(shape: Readonly<Record<string, Form>>): Record<string, string> {
  const known = Object.entries(shape).map(([key, form]) => [key, descriptionOf(form)] as const)
  return Object.fromEntries(known.filter(([, text]) => text !== ''))
}

function descriptionOf(form: Form): string {
  const own = form instanceof z.ZodType ? form.description : undefined
  if (own !== undefined) return own.replace(/\.$/, '')
  if (form instanceof z.ZodPipe) return descriptionOf(form.def.in)
  const isWrapped = form instanceof z.ZodOptional || form instanceof z.ZodDefault
  return isWrapped ? descriptionOf(form.def.innerType) : ''
}

function titleOf(form: Form): string | null {
  const meta = form instanceof z.ZodType ? form.meta() : undefined
  return meta?.title ?? null
}

/** Through `optional`, transforms and unions to what describes the value. */
function pick(form: Form, value: unknown): Form {
  if (form instanceof z.ZodOptional || form instanceof z.ZodDefault) {
    return pick(form.def.innerType, value)
  }
  if (form instanceof z.ZodPipe) return pick(form.def.in, value)
  if (!(form instanceof z.ZodUnion)) return form
  const members = form.def.options.map((option) => pick(option, value))
  const tag = member(value, 'type')
  const tagged = members.find((one) => one instanceof z.ZodObject && isTagged(one, tag))
  if (tagged !== undefined) return tagged
  const wanted = Array.isArray(value) ? z.ZodArray : z.ZodObject
  return members.find((one) => one instanceof wanted) ?? members.at(-1) ?? form
}

function isTagged(form: z.ZodObject, tag: unknown): boolean {
  const type = form.shape['type']
  return type instanceof z.ZodLiteral && typeof tag === 'string' && type.values.has(tag)
}

function stepInto(form: Form, key: string | number): Form | null {
  if (form instanceof z.ZodObject) return form.shape[String(key)] ?? null
  if (form instanceof z.ZodRecord) return form.def.valueType
  if (form instanceof z.ZodArray) return form.def.element
  if (form instanceof z.ZodTuple) return form.def.items[Number(key)] ?? null
  return null
}

export function member(value: unknown, key: string | number): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.hasOwn(value, key) ? (value as Record<string | number, unknown>)[key] : undefined
}
