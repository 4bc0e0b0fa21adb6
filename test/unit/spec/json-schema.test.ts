/** The JSON Schema for editors agrees with the reader: what it reads is valid, what it refuses is not. */
import { readFile } from 'node:fs/promises'
import { Ajv2020 } from 'ajv/dist/2020.js'
import test from 'ava'
import { parse } from 'yaml'
import { pipelineJsonSchema, testFileJsonSchema } from '../../../shared/spec/json-schema.ts'
import { REGISTRY } from './reading.ts'

const SCHEMA = pipelineJsonSchema(REGISTRY)
const ajv = new Ajv2020({ allErrors: true, validateFormats: false, allowUnionTypes: true })
const validate = ajv.compile(SCHEMA)

test('JSON Schema: the three files of the language are valid but for what comes later', async (t) => {
  for (const [name, isValid] of [
    ['storefront', true],
    ['fraud', true],
    ['sales', false],
  ] as const) {
    const file: unknown = parse(await readFile(`test/fixtures/pipelines/${name}.yaml`, 'utf8'))
    t.is(validate(file), isValid, `${name}: ${JSON.stringify(validate.errors)}`)
  }
})

const WRONG_FORM = [
  'key-unknown',
  'key-camel-case',
  'key-filter-and-map',
  'key-missing-path',
  'key-missing-connector',
  'key-missing-from',
  'key-missing-name',
  'key-of-another-connector',
  'connector-unknown',
  'connector-no-source',
  'window-unknown-type',
  'window-slide-missing',
  'window-number-without-unit',
  'window-lateness-of-rolling',
  'join-type',
  'join-within-one',
  'name-of-pipeline',
  'name-with-dash',
  'process-without-name',
  'source-on-error',
  'table-without-key',
  'top-without-order',
  'validate-as-list',
  'value-enum',
  'value-parallelism',
  'environment-changes-transformation',
]

for (const name of WRONG_FORM) {
  test(`JSON Schema: ${name} is not valid`, async (t) => {
    const file: unknown = parse(await readFile(`test/fixtures/wrong/${name}.yaml`, 'utf8'))
    t.false(validate(file))
  })
}

test('JSON Schema: every connector has a definition for each of its sides', (t) => {
  const definitions = Object.keys(SCHEMA['$defs'] as object)
  for (const connector of REGISTRY.values()) {
    for (const side of ['source', 'table', 'sink'] as const) {
      const isThere = definitions.includes(`${connector.name}_${side}`)
      t.is(isThere, connector[side] !== null, `${connector.name} ${side}`)
    }
  }
})

test('JSON Schema: a number may come from a reference', (t) => {
  const source = { connector: 'stdin', schema: { id: 'string' }, parallelism: '${LANES}' }
  t.true(validate({ pipeline: 'p', sources: { s: source } }))
  t.false(validate({ pipeline: 'p', sources: { s: { ...source, parallelism: 'many' } } }))
})

test('JSON Schema: keys are described, for completion', (t) => {
  const text = JSON.stringify(SCHEMA)
  t.true((text.match(/"description"/g)?.length ?? 0) > 300)
})

test('JSON Schema: files of tests have one of their own', (t) => {
  const tests = ajv.compile(testFileJsonSchema())
  t.true(tests({ tests: [{ name: 'a', given: [{ s: { at: '10:00' } }], expect: { o: [] } }] }))
  t.true(tests([{ name: 'a', expect: '?' }]))
  t.false(tests({ tests: [{ name: 'a', expects: {} }] }))
  t.false(tests({ tests: [{ name: 'a', given: [{ s: {}, watermark: '10:00' }] }] }))
})
