/**
 * Schemas: `{ field: type }` in the file, a name in `schemas`, or an export of a TypeScript file,
 * which the given loader imports.
 */
import type { SpecPath } from '../../base/diagnostics.ts'
import { nearestName } from '../../base/nearest-name.ts'
import type { Field, FieldType } from '../../model/data-type.ts'
import { parseTypeText } from '../../model/type-text.ts'
import type { SchemaField, SchemaSpec } from '../pipeline-spec.ts'
import { IDENTIFIER, NAME_FIX, show } from '../form/value-forms.ts'
import { entriesOf } from '../yaml/yaml-tree.ts'
import type { YamlNode } from '../yaml/yaml-tree.ts'
import { notYet } from './transformation/later-features.ts'
import { loadExport } from './load-export.ts'
import type { ReadContext } from './read-context.ts'

/** All of `schemas`, in the author's order. */
export async function readSchemas(context: ReadContext): Promise<Record<string, SchemaSpec>> {
  const schemas: Record<string, SchemaSpec> = {}
  for (const { key, node } of entriesOf(context.node(['schemas']))) {
    const path = ['schemas', key]
    if (!IDENTIFIER.test(key)) {
      const said = { onKey: true, fix: NAME_FIX }
      context.diagnostics.error('NAME_INVALID', path, `${show(key)} is not a name`, said)
    }
    const schema = await readSchema(node, path, context)
    if (typeof schema !== 'string' && schema !== null) schemas[key] = schema
    else if (schema === null) context.brokenSchemas.add(key)
  }
  return schemas
}

/** A string is the name of an entry in `schemas`; null: it was reported. */
export async function readSchema(
  node: YamlNode,
  path: SpecPath,
  context: ReadContext,
): Promise<SchemaSpec | string | null> {
  if (node.kind === 'masked') return null
  if (node.kind === 'map') {
    const fields = fieldsOf(node, path, context)
    return fields === null ? null : { fields }
  }
  if (node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '') {
    return referredSchema(node.value, path, context)
  }
  const written = node.kind === 'list' ? 'a list' : show(node.value)
  context.diagnostics.error('VALUE_INVALID', path, `${written} is no schema`, {
    fix: 'write `{ field: type }`, a name in `schemas`, or `./file.ts#Name`',
  })
  return null
}

async function referredSchema(
  text: string,
  path: SpecPath,
  context: ReadContext,
): Promise<SchemaSpec | string | null> {
  const later = laterSchema(text)
  if (later !== null) {
    notYet(context, path, `a schema from ${later}`, {
      fix: 'write the fields in `schemas`, or take them from a TypeScript file: `./x.ts#Name`',
    })
    return null
  }
  const isFile = /[/#]|\.[cm]?[jt]s$/.test(text)
  if (isFile) return fileSchema(text, path, context)
  const known = entriesOf(context.node(['schemas'])).map((entry) => entry.key)
  if (path[0] === 'schemas') {
    const said = { fix: 'write the fields, or name a schema where it is used' }
    const message = `${show(text)} is neither fields nor a file`
    context.diagnostics.error('VALUE_INVALID', path, message, said)
    return null
  }
  if (context.brokenSchemas.has(text)) return null
  if (known.includes(text)) return text
  const near = nearestName(text, known)
  const list = known.length === 0 ? 'there are none' : `there are ${known.join(', ')}`
  context.diagnostics.error('SCHEMA_NOT_FOUND', path, `there is no schema ${show(text)}`, {
    cause: `it is looked for in \`schemas\`; ${list}`,
    fix: near === null ? `add \`${text}\` to \`schemas\`` : `did you mean \`${near}\`?`,
  })
  return null
}

function laterSchema(text: string): string | null {
  if (text.startsWith('registry:')) return 'a registry'
  if (/\.proto\b/.test(text)) return 'a `.proto` file'
  return /\.avsc\b/.test(text) ? 'an `.avsc` file' : null
}

async function fileSchema(
  text: string,
  path: SpecPath,
  context: ReadContext,
): Promise<SchemaSpec | string | null> {
  if (!/^[^#\s]+\.[cm]?[jt]s#[\w$]+$/.test(text)) {
    context.diagnostics.error('SCHEMA_NOT_FOUND', path, `${show(text)} names no schema`, {
      fix: 'write the file and the exported name: `./schemas.ts#Click`',
    })
    return null
  }
  const loaded = await loadExport(text, path, context, 'SCHEMA_NOT_FOUND')
  if (loaded.kind === 'not-loaded') return text
  if (loaded.kind === 'problem') return null
  const fields = schemaFields(loaded.value)
  if (fields !== null) return { fields }
  context.diagnostics.error('SCHEMA_NOT_FOUND', path, `${show(text)} is not a schema`, {
    fix: 'export what `schema({ … })` makes',
  })
  return null
}

/** Of a schema that the TypeScript API made. */
function schemaFields(value: unknown): readonly SchemaField[] | null {
  if (typeof value !== 'object' || value === null || !('fields' in value)) return null
  const { fields } = value
  const isList = Array.isArray(fields) && fields.every(isField)
  return isList ? fields : null
}

function isField(value: unknown): value is SchemaField {
  return typeof value === 'object' && value !== null && 'name' in value && 'type' in value
}

function fieldsOf(node: YamlNode, path: SpecPath, context: ReadContext): Field[] | null {
  let isGood = true
  const fields: Field[] = []
  if (entriesOf(node).length === 0) {
    const said = { fix: 'write `field: type` for each' }
    context.diagnostics.error('VALUE_INVALID', path, 'a schema without fields', said)
    return null
  }
  for (const entry of entriesOf(node)) {
    const below = [...path, entry.key]
    if (!IDENTIFIER.test(entry.key)) {
      const message = `${show(entry.key)} is not the name of a field`
      context.diagnostics.error('NAME_INVALID', below, message, {
        onKey: true,
        fix: `${NAME_FIX}; odd fields of the input are read as json: \`record["a b"]\``,
      })
      isGood = false
    }
    const type = readType(entry.node, below, context)
    if (type === null) isGood = false
    else fields.push({ name: entry.key, ...type })
  }
  return isGood ? fields : null
}

/** A type text, or a mapping for a struct. */
export function readType(node: YamlNode, path: SpecPath, context: ReadContext): FieldType | null {
  if (node.kind === 'masked') return null
  if (node.kind === 'map') {
    const fields = fieldsOf(node, path, context)
    return fields === null ? null : { type: { kind: 'struct', fields }, nullable: false }
  }
  if (node.kind === 'list' || typeof node.value !== 'string') {
    const isEmpty = node.kind === 'scalar' && node.value === null
    const message = isEmpty ? `\`${String(path.at(-1))}\` has no type` : 'a type is one text'
    const fix = 'write for instance `string`, `decimal(12,2)`, `array<string>`, `timestamp?`'
    context.diagnostics.error('TYPE_INVALID', path, message, { fix })
    return null
  }
  const { type, problem } = parseTypeText(node.value)
  if (problem === null) return type
  context.diagnostics.error('TYPE_INVALID', path, problem.message, {
    span: { start: problem.start, end: problem.end },
    ...(problem.fix === undefined ? {} : { fix: problem.fix }),
  })
  return null
}
