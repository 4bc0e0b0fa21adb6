/**
 * The functions of the library as builders of TypeScript (shared/api/functions/): typed by the
 * signatures of their overloads, one file per group. Functions over any type (`coalesce`, `sort`)
 * are written by hand in generic-functions.ts; a test names those that stand in neither.
 */
import { camelCase } from '../../shared/api/option-text.ts'
import { CALENDAR_FUNCTIONS } from '../../shared/expr/functions/time/calendar.ts'
import { FUNCTIONS } from '../../shared/expr/library.ts'
import type { FunctionDef } from '../../shared/expr/overload.ts'

/** A file to write: path from the root, and its text before formatting. */
export interface GeneratedFile {
  readonly path: string
  readonly text: string
}

const FOLDER = 'shared/api/functions'
const FIXED =
  /^(string|integer|number|bigint|decimal|boolean|timestamp|date|duration|bytes|json|any|array<(string|integer|number|duration|decimal)>)$/
const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F']

interface Parameter {
  readonly name: string
  readonly type: string
  readonly optional: boolean
}

interface Signature {
  readonly parameters: readonly Parameter[]
  readonly result: string
}

export function columnFunctionFiles(): GeneratedFile[] {
  const groups = Map.groupBy(FUNCTIONS.filter(isFixed), (def) =>
    CALENDAR_FUNCTIONS.includes(def) ? 'calendar' : def.group,
  )
  return [...groups].map(([group, defs]) => ({
    path: `${FOLDER}/${group}.generated.ts`,
    text: fileText(group, defs),
  }))
}

/** Named (no operator), and every parameter has one type that is known beforehand. */
function isFixed(def: FunctionDef): boolean {
  return /^[a-z]/.test(def.name) && def.overloads.every((one) => parsed(one.signature) !== null)
}

function fileText(group: string, defs: readonly FunctionDef[]): string {
  const body = defs.map(functionText).join('\n\n')
  const types = ['AnyArg', 'Arg', 'Result'].filter((name) => new RegExp(`\\b${name}\\b`).test(body))
  return [
    `/** Functions of the group "${group}" on columns. Made from shared/expr by \`npm run reference\`. */`,
    `import type { ${types.join(', ')} } from '../call-types.ts'`,
    "import { callColumn } from '../column-builder.ts'",
    '',
    body,
    '',
  ].join('\n')
}

function functionText(def: FunctionDef): string {
  const name = camelCase(def.name)
  const signatures = [...new Set(def.overloads.map((one) => one.signature))]
    .map(parsed)
    .filter((one) => one !== null)
  return [
    comment(def),
    ...signatures.map((one) => declaration(name, one)),
    `export function ${name}(...args: readonly unknown[]): unknown {`,
    `  return callColumn('${def.name}', args)`,
    '}',
  ].join('\n')
}

const safe = (text: string): string => text.replaceAll('*/', '*\\/')

function comment({ summary, examples }: FunctionDef): string {
  const [first] = examples
  if (first === undefined) return `/** ${safe(summary)} */`
  return [
    '/**',
    ...wrapped(safe(summary)),
    ' *',
    ...wrapped(safe(`In text: \`${first.expr}\` is \`${first.result}\`.`)),
    ' */',
  ].join('\n')
}

/** Lines of a comment, at most 100 columns. */
function wrapped(text: string): string[] {
  const lines: string[] = []
  let line = ' *'
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > 100 && line !== ' *') {
      lines.push(line)
      line = ' *'
    }
    line += ` ${word}`
  }
  return [...lines, line]
}

function declaration(name: string, { parameters, result }: Signature): string {
  const generics = parameters.map(({ type, optional }, index) => {
    const bound = type === 'any' ? 'AnyArg' : `Arg<'${type}'>`
    // Not given: no null comes from it.
    return `${LETTERS[index]} extends ${bound}${optional ? ' = never' : ''}`
  })
  const list = parameters.map(
    (one, index) => `${one.name}${one.optional ? '?' : ''}: ${LETTERS[index]}`,
  )
  const all = parameters.map((_, index) => LETTERS[index]).join(' | ')
  const typeParameters = generics.length === 0 ? '' : `<${generics.join(', ')}>`
  return `export function ${name}${typeParameters}(${list.join(', ')}): Result<'${result}', ${all === '' ? 'never' : all}>`
}

/** Null when a parameter takes more than one type. */
function parsed(signature: string): Signature | null {
  const match = /^[a-z_0-9]+\((.*)\) -> (.+)$/.exec(signature)
  const [, list = '', result = ''] = match ?? []
  if (match === null || (!FIXED.test(result.replace(/\?$/, '')) && !isFixedList(result)))
    return null
  const parameters = list === '' ? [] : list.split(', ').map(parameter)
  return parameters.every((one) => one !== null) ? { parameters, result } : null
}

const isFixedList = (type: string): boolean => /^array<(string|json\??|integer)>\??$/.test(type)

function parameter(text: string): Parameter | null {
  const match = /^(\w+)(\??): (.+)$/.exec(text)
  const [, name = '', optional = '', type = ''] = match ?? []
  if (match === null || !FIXED.test(type)) return null
  return { name: optional === '' ? name : camelCase(name), type, optional: optional === '?' }
}
