/**
 * The JSON Schema (2020-12) of pipeline files for editors, generated from the forms that the reader
 * checks with, so that completion and check cannot disagree.
 *
 * A block of sources, tables or sinks has one definition per connector; `if connector is …` chooses
 * it, which is what editors complete best.
 */
import { z } from 'zod'
import type { ConnectorConfig } from '../spi/connector.ts'
import {
  alertForm,
  defaultsForm,
  freshnessForm,
  functionEntry,
  paramForm,
  pipelineName,
  scheduleForm,
  sinkForm,
  sourceForm,
  streamProcessingForm,
  tableForm,
} from './form/block-forms.ts'
import { transformationForm } from './form/transformation-form.ts'
import { TEST_KEYS } from './reader/tests/read-tests.ts'

export type JsonSchema = { readonly [key: string]: unknown }
type Registry = ReadonlyMap<string, ConnectorConfig>

const ID = 'https://json-schema.org/draft/2020-12/schema'
const NAME = '^[A-Za-z_][A-Za-z0-9_]*$'
/** In editors a key stands below its name; a number may be put in by `${…}`. */
const REFERENCE = { type: 'string', pattern: '\\$\\{' }

const SIDES = {
  sources: { side: 'source', form: sourceForm },
  tables: { side: 'table', form: tableForm },
  sinks: { side: 'sink', form: sinkForm },
} as const

export function pipelineJsonSchema(registry: Registry): JsonSchema {
  return {
    $schema: ID,
    title: 'Millrace pipeline',
    type: 'object',
    properties: {
      pipeline: ofForm(pipelineName),
      description: { type: 'string', description: 'What the pipeline is for.' },
      include: {
        description: 'Files that bring schemas, connections, tables, params, functions, defaults.',
        anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
      },
      params: byName(
        'Values that `--set` changes; `params.name` in expressions.',
        ofForm(paramForm),
      ),
      defaults: ofForm(defaultsForm),
      schemas: byName('Types of rows.', { $ref: '#/$defs/schema' }),
      connections: byName('Settings that several blocks share.', { type: 'object' }),
      tables: byName('What lookups read.', { $ref: '#/$defs/tables' }),
      functions: byName('Functions of TypeScript files.', ofForm(functionEntry)),
      sources: byName('Where records come from.', { $ref: '#/$defs/sources' }),
      transformations: byName('What is done with them.', ofForm(transformationForm)),
      sinks: byName('Where results go.', { $ref: '#/$defs/sinks' }),
      alerts: byName('Conditions that are told to somebody (not there yet).', ofForm(alertForm)),
      freshness: ofForm(freshnessForm),
      schedule: ofForm(scheduleForm),
      stream_processing: ofForm(streamProcessingForm),
      environments: byName('What `--env` lays over the file.', environmentSchema()),
      tests: { description: 'Tests of the pipeline.', type: 'array', items: testSchema() },
    },
    required: ['pipeline', 'sources'],
    additionalProperties: false,
    $defs: { schema: schemaSchema(), ...connectorSchemas(registry) },
  }
}

/** Of files `NAME.test.yaml`. */
export function testFileJsonSchema(): JsonSchema {
  const tests = { type: 'array', items: testSchema() }
  return {
    $schema: ID,
    title: 'Millrace tests',
    anyOf: [
      tests,
      { type: 'object', properties: { tests }, required: ['tests'], additionalProperties: false },
    ],
  }
}

function byName(description: string, schema: JsonSchema): JsonSchema {
  return {
    description,
    type: 'object',
    propertyNames: { pattern: NAME },
    additionalProperties: schema,
  }
}

/** What an author may write, before anything is parsed. */
function ofForm(form: z.ZodType): JsonSchema {
  const { $schema: _schema, ...schema } = z.toJSONSchema(form, {
    io: 'input',
    target: 'draft-2020-12',
    unrepresentable: 'any',
  })
  return withReferences(schema) as JsonSchema
}

/** Numbers and truth values may also come from `${…}`. */
function withReferences(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withReferences)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(
    ([key, value]) => [key, withReferences(value)] as const,
  )
  const inner: Record<string, unknown> = Object.fromEntries(entries)
  const isFixed = 'const' in inner || 'enum' in inner
  const isTyped = ['integer', 'number', 'boolean'].includes(String(inner['type']))
  if (!isTyped || isFixed) return inner
  const { description, default: fallback, ...bare } = inner
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [bare, REFERENCE],
  }
}

function connectorSchemas(registry: Registry): Record<string, JsonSchema> {
  const result: Record<string, JsonSchema> = {}
  for (const [group, { side, form }] of Object.entries(SIDES)) {
    const able = [...registry.values()].filter((one) => one[side] !== null)
    const cases = able.map((one) => {
      const key = `${one.name}_${side}`
      result[key] = blockSchema(form, one, side)
      const isIt = { properties: { connector: { const: one.name } }, required: ['connector'] }
      // Read as "not this connector, or its definition": `if` and `then` in other words.
      return { anyOf: [{ not: isIt }, { $ref: `#/$defs/${key}` }] }
    })
    result[group] = {
      type: 'object',
      properties: {
        connector: {
          description: 'What it reads from or writes to.',
          anyOf: able.map((one) => ({ const: one.name, description: one.summary })),
        },
      },
      required: ['connector'],
      allOf: cases,
    }
  }
  return result
}

/** Keys of the language and of the connector together; the connector's win, as in the reader. */
function blockSchema(
  form: z.ZodObject,
  connector: ConnectorConfig,
  side: 'source' | 'table' | 'sink',
): JsonSchema {
  const language = ofForm(form)
  const own = connector[side] === null ? {} : ofForm(connector[side])
  const optional = new Set(Object.keys(connector.connection?.shape ?? {}))
  const required = [...listOf(language['required']), ...listOf(own['required'])]
  const schemaKey = side === 'sink' ? {} : { schema: { $ref: '#/$defs/schema' } }
  return {
    description: connector.summary,
    type: 'object',
    properties: {
      ...objectOf(language['properties']),
      ...schemaKey,
      ...objectOf(own['properties']),
      connector: { const: connector.name, description: connector.summary },
    },
    required: [...new Set(required)].filter((key) => !optional.has(key)),
    additionalProperties: false,
  }
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function objectOf(value: unknown): JsonSchema {
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {}
}

const TYPE_EXAMPLES = [
  'string',
  'integer',
  'number',
  'boolean',
  'timestamp',
  'date',
  'duration',
  'decimal(12,2)',
  'bigint',
  'bytes',
  'json',
  'array<string>',
  'map<string>',
]

function schemaSchema(): JsonSchema {
  return {
    description: 'A name in `schemas`, `./file.ts#Name`, or `{ field: type }`; `?` allows null.',
    anyOf: [
      { type: 'string' },
      {
        type: 'object',
        propertyNames: { pattern: NAME },
        additionalProperties: {
          anyOf: [{ type: 'string', examples: TYPE_EXAMPLES }, { $ref: '#/$defs/schema' }],
        },
      },
    ],
  }
}

function environmentSchema(): JsonSchema {
  const block = { type: 'object', properties: { connector: { type: 'string' } } }
  const degree = { anyOf: [{ type: 'integer', minimum: 1 }, REFERENCE] }
  return {
    type: 'object',
    properties: {
      connections: byName('Settings that change.', { type: 'object' }),
      sources: byName('Connectors that change.', block),
      tables: byName('Connectors that change.', block),
      sinks: byName('Connectors that change.', block),
      transformations: byName('Only their parallelism.', {
        type: 'object',
        properties: { parallelism: degree },
        additionalProperties: false,
      }),
      stream_processing: {
        type: 'object',
        properties: { parallelism: degree, checkpoint: { type: 'object' } },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  }
}

function testSchema(): JsonSchema {
  const row = { type: 'object' }
  const rows = { anyOf: [row, { type: 'array', items: row }] }
  const expected = {
    anyOf: [
      { const: '?' },
      {
        type: 'object',
        additionalProperties: { anyOf: [{ const: '?' }, { type: 'array', items: row }] },
      },
    ],
  }
  const step = {
    type: 'object',
    minProperties: 1,
    maxProperties: 1,
    properties: {
      watermark: { description: 'All sources, or `{ source: time }`.' },
      advance: { type: 'string', description: 'Moves processing time.' },
      expect: expected,
    },
    additionalProperties: rows,
  }
  const known: Record<string, JsonSchema> = {
    name: { type: 'string', description: 'What must hold, as a sentence.' },
    day: { type: 'string', description: 'Base of "10:05" and "+3d".', examples: ['2026-01-31'] },
    timezone: { type: 'string', description: 'Zone of short times; UTC by default.' },
    environment: { type: 'string' },
    params: { type: 'object' },
    parallelism: { description: 'Degrees at which it runs; [1, 3] by default.' },
    where: { type: 'string', description: 'One block alone.' },
    ordered: { type: 'boolean' },
    contains: { type: 'boolean' },
    tables: { type: 'object', additionalProperties: rows },
    given: {
      anyOf: [
        { type: 'array', items: step },
        { type: 'object', additionalProperties: rows },
      ],
    },
    expect: expected,
  }
  const properties = Object.fromEntries(TEST_KEYS.map((key) => [key, known[key] ?? {}]))
  return { type: 'object', properties, required: ['name'], additionalProperties: false }
}
