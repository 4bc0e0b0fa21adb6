/**
 * Checks a value against its form and says every mistake in the words of the author.
 *
 * Keys that do not exist are reported and left out, so that the rest of the block can still be
 * read; a value that does not fit makes the answer null.
 */
import type { z } from 'zod'
import type { Diagnostics, SpecPath } from '../../base/diagnostics.ts'
import { nearestName } from '../../base/nearest-name.ts'
import { EXAMPLES, homeOf, ourWord } from './foreign-words.ts'
import { formPartAt, isDurationAt, member } from './form-keys.ts'
import { readSaid } from './said.ts'
import { show } from './value-forms.ts'

type Issue = z.core.$ZodIssue

export interface FormTarget {
  readonly path: SpecPath
  readonly value: unknown
  readonly diagnostics: Diagnostics
  /** Whether something below this path was already reported. */
  isSilent(path: SpecPath): boolean
}

export interface Checked<Value> {
  readonly value: Value | null
  readonly isClean: boolean
}

export function checkForm<Form extends z.ZodType>(
  form: Form,
  target: FormTarget,
): Checked<z.output<Form>> {
  const first = form.safeParse(target.value)
  if (first.success) return { value: first.data, isClean: true }
  const issues = first.error.issues.flatMap((issue) => flatten(issue, target.value))
  for (const issue of issues) report(form, issue, target)
  if (issues.some((issue) => issue.code !== 'unrecognized_keys')) {
    return { value: null, isClean: false }
  }
  const trimmed = structuredClone(target.value)
  for (const issue of issues) removeKeys(trimmed, issue)
  const second = form.safeParse(trimmed)
  return { value: second.success ? second.data : null, isClean: false }
}

/** Of a union, the mistakes of the member that was meant. */
function flatten(issue: Issue, root: unknown): Issue[] {
  if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue]
  const prefix = issue.path
  const nested = issue.errors.map((branch) =>
    branch.map((one) => ({ ...one, path: [...prefix, ...one.path] })),
  )
  const isText = typeof valueAt(root, prefix) !== 'object'
  const fitting = nested.filter(
    (branch) => !branch.some((one) => isOfWrongKind(one, prefix.length)),
  )
  const meant = isText ? saidFirst(nested) : fitting.toSorted((a, b) => a.length - b.length)[0]
  if (meant === undefined) return [issue]
  return meant.flatMap((one) => flatten(one, root))
}

function isOfWrongKind(issue: Issue, depth: number): boolean {
  const isHere = issue.path.length === depth
  return isHere && (issue.code === 'invalid_type' || issue.code === 'invalid_value')
}

function saidFirst(branches: readonly Issue[][]): Issue[] | undefined {
  return branches.find((branch) => branch.some((one) => readSaid(one.message) !== null))
}

function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => member(value, typeof key === 'symbol' ? '' : key),
    root,
  )
}

function removeKeys(root: unknown, issue: Issue): void {
  if (issue.code !== 'unrecognized_keys') return
  const holder = valueAt(root, issue.path)
  if (typeof holder !== 'object' || holder === null) return
  for (const key of issue.keys) Reflect.deleteProperty(holder, key)
}

function report(form: z.ZodType, issue: Issue, target: FormTarget): void {
  const below = issue.path.map((key) => (typeof key === 'symbol' ? '' : key))
  const path = [...target.path, ...below]
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) unknownKey(form, below, key, target)
    return
  }
  if (target.isSilent(path)) return
  const { diagnostics } = target
  if (issue.code === 'invalid_key') {
    const said = readSaid(issue.issues[0]?.message ?? '')
    const fix = said?.fix === undefined ? {} : { fix: said.fix }
    const message = said?.message ?? `${show(below.at(-1))} is not a name`
    diagnostics.error('NAME_INVALID', path, message, { onKey: true, ...fix })
    return
  }
  const said = readSaid(issue.message)
  const written = valueAt(target.value, below)
  if (written === undefined || (written === null && issue.code === 'invalid_type')) {
    missing(form, below, written === null, target)
    return
  }
  if (said !== null) {
    diagnostics.error(
      said.code,
      path,
      said.message,
      said.fix === undefined ? {} : { fix: said.fix },
    )
    return
  }
  if (typeof written === 'number' && isDurationAt(form, below, target.value)) {
    const fix = `write the unit: \`${written}s\` or \`${written} minutes\``
    diagnostics.error('DURATION_INVALID', path, `\`${written}\` has no unit`, { fix })
    return
  }
  const { title } = formPartAt(form, below, target.value)
  const { message, fix } = explain(issue, written, { path, title: below.length === 0 ? title : '' })
  diagnostics.error('VALUE_INVALID', path, message, fix === null ? {} : { fix })
}

function unknownKey(form: z.ZodType, below: SpecPath, key: string, target: FormTarget): void {
  const { keys, title } = formPartAt(form, below, target.value)
  reportUnknownKey(target.diagnostics, [...target.path, ...below, key], { keys, title })
}

/** Also used where keys are checked by hand. */
export function reportUnknownKey(
  diagnostics: Diagnostics,
  path: SpecPath,
  part: { readonly keys: readonly string[]; readonly title: string; readonly cause?: string },
): void {
  const key = String(path.at(-1))
  const ours = ourWord('key', key, part.keys)
  const near = ours ?? nearestName(key, part.keys)
  const list =
    part.keys.length > 16 ? `${part.keys.slice(0, 16).join(', ')} …` : part.keys.join(', ')
  const meant = ours === null ? `did you mean \`${near}\`?` : `the word here is \`${ours}\``
  const home = homeOf(key, part.keys)
  const there =
    home === null ? meant : `write it inside of \`${home}\`: \`${home}: { …, ${key}: … }\``
  const fix = near === null && home === null ? `keys are ${list}` : there
  diagnostics.error('KEY_UNKNOWN', path, `\`${key}\` is not a key of ${part.title}`, {
    onKey: true,
    fix,
    ...(part.cause === undefined ? {} : { cause: part.cause }),
  })
}

function missing(form: z.ZodType, below: SpecPath, isEmpty: boolean, target: FormTarget): void {
  const key = String(below.at(-1) ?? '')
  const path = [...target.path, ...below]
  if (isEmpty) {
    const message = below.length === 0 ? 'nothing stands here' : `\`${key}\` has no value`
    target.diagnostics.error('KEY_MISSING', path, message, {
      onKey: true,
      fix: 'write the value behind the colon, or below it, indented',
    })
    return
  }
  const parent = below.slice(0, -1)
  const { title } = formPartAt(form, parent, target.value)
  const described = describe(form, below, target.value)
  target.diagnostics.error('KEY_MISSING', path, `${title} needs \`${key}\``, {
    onKey: true,
    fix: described === null ? `add \`${key}:\`` : `add \`${key}:\` (${described})`,
  })
}

function describe(form: z.ZodType, below: SpecPath, value: unknown): string | null {
  const key = String(below.at(-1))
  const parent = formPartAt(form, below.slice(0, -1), value)
  return parent.descriptions[key] ?? null
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping (`key: value`)',
  record: 'a mapping (`key: value`)',
  tuple: 'a list',
}

/** How zod's own messages begin; others were written for the reader. */
const ZOD_WORDS = /^(Invalid|Too|Unrecognized)/

function explain(
  issue: Issue,
  written: unknown,
  at: { readonly path: SpecPath; readonly title: string },
): { message: string; fix: string | null } {
  const { path, title } = at
  const key = typeof path.at(-1) === 'number' ? path.at(-2) : path.at(-1)
  const name = key === undefined ? 'this' : `\`${key}\``
  if (!ZOD_WORDS.test(issue.message)) return { message: `${name}: ${issue.message}`, fix: null }
  if (issue.code === 'invalid_type') {
    const wanted = KINDS[issue.expected] ?? issue.expected
    const message = `${name} takes ${wanted}, not ${kindOf(written)}`
    const example = EXAMPLES.get(title) ?? EXAMPLES.get(String(key))
    const isBlock = wanted === KINDS['object'] && example !== undefined
    return { message, fix: isBlock ? `write \`${example}\`` : typeFix(issue.expected, written) }
  }
  if (issue.code === 'invalid_value') return choice(name, written, issue.values.map(String))
  if (issue.code === 'invalid_union') {
    const options =
      'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : []
    if (options.length > 0) return choice(name, written, options)
    const expected = lowerFirst(issue.message).replace(/^expected /, '')
    const type = /true or false/.test(expected)
      ? 'boolean'
      : /number/.test(expected)
        ? 'number'
        : ''
    const fix = typeFix(type, written)
    return { message: `${name} takes ${expected}, not ${kindOf(written)}`, fix }
  }
  if (issue.code === 'too_small') {
    const fix = Array.isArray(written) ? 'add an entry, or leave the key out' : null
    return { message: `${name} is at least ${issue.minimum}, not ${size(written)}`, fix }
  }
  if (issue.code === 'too_big') {
    return { message: `${name} is at most ${issue.maximum}, not ${size(written)}`, fix: null }
  }
  return { message: `${name}: ${lowerFirst(issue.message)}`, fix: null }
}

function choice(
  name: string,
  written: unknown,
  values: readonly string[],
): { message: string; fix: string } {
  const ours = typeof written === 'string' ? ourWord('value', written, values) : null
  const near = ours ?? (typeof written === 'string' ? nearestName(written, values) : null)
  const list = values.length === 1 ? values.join('') : `one of ${values.join(', ')}`
  const fix = near === null ? `write ${list}` : `did you mean \`${near}\`? It is ${list}`
  return { message: `${name} cannot be ${show(written)}`, fix }
}

function typeFix(expected: string, written: unknown): string | null {
  if (expected === 'boolean' && typeof written === 'string') {
    if (/^(yes|on|y)$/i.test(written)) return 'YAML 1.2 reads this as text: write `true`'
    if (/^(no|off|n)$/i.test(written)) return 'YAML 1.2 reads this as text: write `false`'
  }
  if (expected === 'number' && typeof written === 'string' && /^\d[\d_,. ']*$/.test(written)) {
    const digits = written.replaceAll(/[^\d]/g, '')
    return digits === written
      ? `leave the quotes out: \`${digits}\``
      : `write digits only: \`${digits}\``
  }
  if (expected === 'string' && typeof written === 'number') return `quote it: \`"${written}"\``
  if (expected === 'string' && typeof written === 'boolean') return `quote it: \`"${written}"\``
  if (expected === 'array' && typeof written === 'string' && written.includes(',')) {
    return `write \`[${written}]\``
  }
  if (expected === 'array') return 'write `[a, b]`, or one `- item` per line'
  return null
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'a mapping'
  const kind =
    typeof value === 'string' ? 'the text' : typeof value === 'number' ? 'the number' : ''
  return `${kind} ${show(value)}`.trim()
}

function size(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} entries`
  return typeof value === 'string' ? `${value.length} characters` : show(value)
}

function lowerFirst(text: string): string {
  const bare = text.replace(/^Invalid input: /, '')
  return bare.charAt(0).toLowerCase() + bare.slice(1)
}
