/** Keys with their types and words out of a JSON Schema, as rows of a table. */
import { markdownTable } from './topic.ts'

export interface SchemaNode {
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly SchemaNode[]
  readonly oneOf?: readonly SchemaNode[]
  readonly items?: SchemaNode
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly required?: readonly string[]
  readonly additionalProperties?: SchemaNode | boolean
  readonly examples?: readonly unknown[]
  readonly title?: string
  readonly $ref?: string
}

/** Deeper keys are named `watermark.idle_after`; entries by a name of the author's, `NAME.from`. */
export function keyTable(node: SchemaNode, leaveOut: ReadonlySet<string> = new Set()): string {
  const rows = keyRows(node, '', leaveOut)
  return rows.length === 0 ? '' : markdownTable(['key', 'value', 'meaning'], rows)
}

const DEPTH_MAX = 3

function keyRows(
  node: SchemaNode,
  prefix: string,
  leaveOut: ReadonlySet<string> = new Set(),
): string[][] {
  const { properties = {}, required = [] } = node
  const isTooDeep = prefix.split('.').length > DEPTH_MAX
  return Object.entries(properties)
    .filter(([key]) => !leaveOut.has(key))
    .flatMap(([key, one]) => {
      const name = `${prefix}${key}`
      const mark = required.includes(key) ? ' (needed)' : ''
      const row = [`\`${name}\`${mark}`, typeText(one), one.description ?? '']
      return isTooDeep ? [row] : [row, ...keyRows(inner(one), `${name}.`)]
    })
}

/** What holds the keys below: the object itself, an entry of a list, or of a map by name. */
function inner(node: SchemaNode): SchemaNode {
  if (node.properties !== undefined) return node
  const some = node.anyOf?.find((one) => one.properties !== undefined)
  if (some !== undefined) return some
  const { additionalProperties: entry } = node
  return typeof entry === 'object' && entry.properties !== undefined
    ? { properties: { NAME: entry } }
    : {}
}

/** `string`, `one of a, b`, `list of …`; what a value may be, in a few words. */
export function typeText(node: SchemaNode): string {
  if (node.const !== undefined) return `\`${textOf(node.const)}\``
  if (node.enum?.every((one) => one === 'true' || one === 'false')) return WORDS['boolean'] ?? ''
  if (node.enum !== undefined) return node.enum.map((one) => `\`${textOf(one)}\``).join(', ')
  if (node.examples !== undefined && node.examples.length > 0) return exampleText(node)
  const choices = node.anyOf ?? node.oneOf
  if (choices !== undefined) {
    return [...new Set(choices.map(typeText))].filter((text) => text !== '').join(' or ')
  }
  if (node.type === 'array') return `list${node.items === undefined ? '' : ofItems(node.items)}`
  if (Array.isArray(node.type)) return 'text'
  if (node.type === 'object') return node.title === undefined ? 'mapping' : 'mapping, see below'
  return node.$ref?.replace(/^.*\//, '') ?? WORDS[String(node.type)] ?? ''
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value)

const WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: '`true` or `false`',
}

function exampleText(node: SchemaNode): string {
  return (node.examples ?? [])
    .slice(0, 2)
    .map((one) => `\`${textOf(one)}\``)
    .join(', ')
}

function ofItems(items: SchemaNode): string {
  const text = typeText(items)
  return text === '' ? '' : ` of ${text}`
}
