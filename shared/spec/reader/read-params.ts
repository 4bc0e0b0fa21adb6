/** Parameters: types, defaults and the values that `--set` gives, checked by type. */
import type { SpecPath } from '../../base/diagnostics.ts'
import { nearestName } from '../../base/nearest-name.ts'
import type { FieldType } from '../../model/data-type.ts'
import { fromJsonValue } from '../../model/value-json.ts'
import { printFieldType } from '../../model/type-text.ts'
import { parseDuration } from '../../model/duration-text.ts'
import type { ParamSpec } from '../pipeline-spec.ts'
import { paramForm } from '../form/block-forms.ts'
import { IDENTIFIER, NAME_FIX, show } from '../form/value-forms.ts'
import { childOf, entriesOf } from '../yaml/yaml-tree.ts'
import type { YamlNode } from '../yaml/yaml-tree.ts'
import type { ReadContext } from './read-context.ts'
import { readType } from './read-schemas.ts'

/**
 * Fills `context.params`. In the answer `default` is the value that holds: what `--set` gives
 * stands over what the file says.
 */
export function readParams(context: ReadContext): Record<string, ParamSpec> {
  const params: Record<string, ParamSpec> = {}
  const set = context.options.set ?? {}
  for (const { key, node } of entriesOf(context.node(['params']))) {
    const param = readParam(key, node, context)
    if (param === null) continue
    params[key] = param
    if ('default' in param) context.params[key] = param.default
  }
  const known = entriesOf(context.node(['params'])).map((entry) => entry.key)
  for (const name of Object.keys(set)) {
    if (known.includes(name)) continue
    const near = nearestName(name, known)
    const list = known.length === 0 ? 'the pipeline has none' : `there are ${known.join(', ')}`
    const fix = near === null ? list : `did you mean \`${near}\`?`
    context.diagnostics.error('PARAM_UNKNOWN', ['params'], `there is no parameter \`${name}\``, {
      onKey: true,
      cause: `it is set by \`--set ${name}=…\``,
      fix,
    })
  }
  return params
}

function readParam(key: string, node: YamlNode, context: ReadContext): ParamSpec | null {
  const path = ['params', key]
  if (!IDENTIFIER.test(key)) {
    const said = { onKey: true, fix: NAME_FIX }
    context.diagnostics.error('NAME_INVALID', path, `${show(key)} is not a name`, said)
    return null
  }
  if (node.kind === 'scalar' && typeof node.value === 'number') {
    const fix = `write \`${key}: { type: number, default: ${node.text} }\``
    const message = 'a parameter is a mapping with `type`'
    context.diagnostics.error('VALUE_INVALID', path, message, { fix })
    return null
  }
  if (node.kind === 'scalar' && typeof node.value === 'string') {
    const said = { fix: `write \`${key}: { type: string, default: ${node.value} }\`` }
    context.diagnostics.error('VALUE_INVALID', path, 'a parameter is a mapping with `type`', said)
    return null
  }
  const form = context.check(paramForm, path)
  const typeNode = childOf(node, 'type')
  if (form === null || typeNode === null) return null
  const type = readType(typeNode, [...path, 'type'], context)
  if (type === null) return null
  const given = context.options.set?.[key]
  if (given !== undefined)
    return { type, default: setValue(key, given, type, context) ?? placeholder(type) }
  const written = childOf(node, 'default')
  if (written === null) return { type }
  const value = paramValue(written, type, [...path, 'default'], context)
  return { type, default: value === undefined ? placeholder(type) : value }
}

/** As written in the file: a date is a text, a decimal keeps its digits. */
function paramValue(
  node: YamlNode,
  type: FieldType,
  ...[path, context]: [SpecPath, ReadContext]
): unknown {
  if (node.kind !== 'scalar') return undefined
  const isExact = type.type.kind === 'decimal' || type.type.kind === 'bigint'
  const value = isExact && typeof node.value === 'number' ? node.text : node.value
  const problem = valueProblem(value, type)
  if (problem === null) return inMs(value, type)
  context.diagnostics.error('PARAM_INVALID', path, `${show(node.text)} is no ${typeText(type)}`, {
    cause: problem,
    fix: fixFor(type, node.text),
  })
  return undefined
}

function setValue(
  key: string,
  given: string,
  ...[type, context]: [FieldType, ReadContext]
): unknown {
  const value = fromText(given, type)
  const problem = valueProblem(value, type)
  if (problem === null) return inMs(value, type)
  const message = `${show(given)} is no ${typeText(type)}`
  context.diagnostics.error('PARAM_INVALID', ['params', key, 'type'], message, {
    cause: `it is set by \`--set ${key}=${given}\``,
    fix: fixFor(type, given),
  })
  return undefined
}

function fromText(given: string, type: FieldType): unknown {
  const { kind } = type.type
  if (kind === 'boolean' && (given === 'true' || given === 'false')) return given === 'true'
  const isNumber = kind === 'integer' || kind === 'number'
  if (isNumber && given.trim() !== '' && Number.isFinite(Number(given))) return Number(given)
  return given
}

function valueProblem(value: unknown, type: FieldType): string | null {
  if (value === null) return type.nullable ? null : 'null is not allowed: the type has no `?`'
  if (type.type.kind === 'duration' && typeof value === 'string') {
    return parseDuration(value).problem
  }
  try {
    fromJsonValue(value, type, 'the value')
    return null
  } catch (cause) {
    return cause instanceof Error ? cause.message : String(cause)
  }
}

/** Durations are numbers of milliseconds in a specification. */
function inMs(value: unknown, type: FieldType): unknown {
  if (type.type.kind !== 'duration' || typeof value !== 'string') return value
  return parseDuration(value).duration?.ms ?? value
}

/** Stands for a default that was reported, so that nobody says it is missing. */
function placeholder(type: FieldType): unknown {
  const values: Readonly<Record<string, unknown>> = {
    string: '',
    boolean: false,
    date: '2000-01-01',
    timestamp: '2000-01-01T00:00:00Z',
    bytes: '',
    array: [],
    map: {},
  }
  const { kind } = type.type
  return Object.hasOwn(values, kind) ? values[kind] : 1
}

function typeText(type: FieldType): string {
  return printFieldType(type)
}

function fixFor(type: FieldType, written: string): string {
  const examples: Readonly<Record<string, string>> = {
    date: '"2026-01-31"',
    timestamp: '"2026-01-31T10:00:00Z"',
    integer: '100',
    number: '0.5',
    boolean: 'true',
    duration: '5 minutes',
  }
  if (type.type.kind === 'string') return `quote it: "${written}"`
  return `write for instance ${examples[type.type.kind] ?? 'a value of this type'}`
}
