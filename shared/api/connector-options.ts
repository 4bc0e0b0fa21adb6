/**
 * Which options a connector takes where it is used: those of the language on that side, and those of
 * its own schema, in camelCase. A key that both know is the connector's (`key` of Redis).
 */
import type { Diagnostics } from '../base/diagnostics.ts'
import { nearestName } from '../base/nearest-name.ts'
import type { ConnectorUse } from './connector-use.ts'
import { camelCase } from './option-text.ts'
import { checkForm } from '../spec/form/check-form.ts'
import { hasReference } from '../spec/reference-text.ts'

type Group = 'sources' | 'tables' | 'sinks'

const EVERYWHERE = ['connection', 'description']
const LANGUAGE_KEYS: Readonly<Record<Group, readonly string[]>> = {
  sources: [
    ...EVERYWHERE,
    'schema',
    'eventTime',
    'watermark',
    'primaryKey',
    'changes',
    'onError',
    'parallelism',
  ],
  tables: [...EVERYWHERE, 'schema', 'key', 'cache'],
  sinks: [...EVERYWHERE, 'key', 'mode', 'latestBy', 'onError', 'parallelism'],
}
const SIDES = { sources: 'source', tables: 'table', sinks: 'sink' } as const

export interface OptionProblem {
  readonly key: string
  readonly message: string
  readonly fix: string
}

/** Options by whose they are; those that are unknown are in neither. */
export interface CheckedOptions {
  readonly language: Readonly<Record<string, unknown>>
  /** Keys as in a file (snake_case). */
  readonly config: Readonly<Record<string, unknown>>
  readonly problems: readonly OptionProblem[]
}

export function checkOptions(group: Group, use: ConnectorUse<unknown>): CheckedOptions {
  const schema = use.config[SIDES[group]]
  if (schema === null) return { language: {}, config: {}, problems: [] } // the planner names the sides
  const own = new Map(Object.keys(schema.shape).map((key) => [camelCase(key), key]))
  own.delete('connection')
  const known = [...new Set([...own.keys(), ...LANGUAGE_KEYS[group]])]
  const problems: OptionProblem[] = []
  const language: Record<string, unknown> = {}
  const config: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(use.options)) {
    const ownKey = own.get(key)
    if (value === undefined) continue
    if (ownKey !== undefined) config[ownKey] = value
    else if (known.includes(key)) language[key] = value
    else problems.push(problemOf(key, known, titleOf(group, use)))
  }
  return { language, config, problems }
}

const titleOf = (group: Group, use: ConnectorUse<unknown>): string =>
  `a ${SIDES[group]} with connector \`${use.connector}\``

/** Whether the connector takes these values; what it does not is reported. */
export function checkValues(
  path: readonly [Group, string],
  use: ConnectorUse<unknown>,
  { diagnostics, ...parts }: ConfigParts,
): boolean {
  const schema = use.config[SIDES[path[0]]]
  if (schema === null) return true
  const own = Object.entries(parts.shared).filter(([key]) => Object.hasOwn(schema.shape, key))
  const value: Record<string, unknown> = { ...Object.fromEntries(own), ...parts.config }
  const known = diagnostics.all.length
  checkForm(schema.meta({ title: titleOf(path[0], use) }), {
    path,
    value,
    diagnostics,
    // What a reference brings is judged when it is resolved.
    isSilent: (at) => hasReference(String(value[String(at[path.length])])),
  })
  return diagnostics.all.length === known
}

interface ConfigParts {
  readonly config: Readonly<Record<string, unknown>>
  /** Of the connection. */
  readonly shared: Readonly<Record<string, unknown>>
  readonly diagnostics: Diagnostics
}

function problemOf(key: string, known: readonly string[], title: string): OptionProblem {
  const near = nearestName(key, known)
  return {
    key,
    message: `\`${key}\` is not an option of ${title}`,
    fix: near === null ? `options are ${known.toSorted().join(', ')}` : `did you mean \`${near}\`?`,
  }
}
