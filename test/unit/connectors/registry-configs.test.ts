/** The registry of connector configs: strict, described, and enough for the files of the reference. */
import test from 'ava'
import { z } from 'zod'
import { CONNECTOR_CONFIGS } from '../../../connectors/registry-configs.ts'
import type { ConnectorConfig } from '../../../shared/spi/connector.ts'

type Side = 'source' | 'table' | 'sink'

function config(name: string): ConnectorConfig {
  const found = CONNECTOR_CONFIGS[name]
  if (found === undefined) throw new Error(`no connector ${name}`)
  return found
}

function parse(name: string, side: Side, value: unknown): Record<string, unknown> {
  const schema = config(name)[side]
  if (schema === null) throw new Error(`${name} has no ${side}`)
  return schema.parse(value)
}

const sides: readonly Side[] = ['source', 'table', 'sink']

test('registry: every connector stands under its own name and has a side', (t) => {
  for (const [name, one] of Object.entries(CONNECTOR_CONFIGS)) {
    t.is(one.name, name)
    t.true(
      sides.some((side) => one[side] !== null),
      name,
    )
    t.is(one.source !== null, one.describeSource !== undefined, `${name} describes its source`)
    t.is(one.sink !== null, one.describeSink !== undefined, `${name} describes its sink`)
  }
})

test('registry: every key has a description, unknown keys are refused, editors get a schema', (t) => {
  for (const one of Object.values(CONNECTOR_CONFIGS)) {
    for (const schema of [one.source, one.table, one.sink, one.connection ?? null]) {
      if (schema === null) continue
      const json = z.toJSONSchema(schema, { io: 'input' })
      t.is(json.additionalProperties, false, one.name)
      for (const [key, value] of Object.entries(json.properties ?? {}))
        t.truthy((value as { description?: string }).description, `${one.name}.${key} is described`)
      t.false(schema.safeParse({ no_such_key: 1 }).success)
    }
  }
})

test('registry: the sinks and sources of the reference files are accepted', (t) => {
  parse('kafka', 'source', { connection: 'kafka', topic: 'clicks' })
  parse('postgres_cdc', 'source', { connection: 'shop_db', table: 'public.orders' })
  parse('redis', 'sink', {
    url: '${REDIS_URL}',
    type: 'hash',
    key: 'revenue:{hour}:{landing}',
    expire: '40 days',
  })
  parse('postgres', 'table', { url: '${secret:CARDS_DB}', table: 'cards' })
  parse('postgres', 'sink', { connection: 'risk', table: 'cases' })
  parse('sns', 'sink', { topic_arn: '${FRAUD_TOPIC}', message: '{card}', dedupe_id: '{auth_id}' })
  parse('file', 'source', { path: 'data/sales/day=*/*.parquet', format: 'parquet' })
  t.pass()
})

test('registry: numbers and flags may come as text from the environment', (t) => {
  const parsed = parse('generator', 'source', { kind: 'nexmark', events: '1000', rate: '1e5' })
  t.like(parsed, { events: 1000, rate: 100_000, seed: 0, compat: false, entity: 'all' })
  t.true(parse('file', 'source', { path: 'x.csv', header: 'true' })['header'])
  t.throws(() => parse('generator', 'source', { kind: 'nexmark', events: 'many' }))
})

test('registry: a duration needs its unit', (t) => {
  const key = { key: 'k:{a}' }
  for (const expire of ['40 days', '10s', '1_minute', 'PT5M', '1h 30m', '200ms'])
    t.notThrows(() => parse('redis', 'sink', { ...key, expire }), expire)
  for (const expire of ['40', 'soon', '', 'P'])
    t.throws(() => parse('redis', 'sink', { ...key, expire }), undefined, expire)
})

test('registry: traits follow from the config', (t) => {
  const file = config('file')
  t.true(file.describeSource?.({ path: 'a.jsonl' }).bounded)
  t.false(file.describeSource?.({ path: 'a.jsonl', follow: true }).bounded)
  t.true(file.describeSink?.({ path: 'out.jsonl' }).single)
  t.false(file.describeSink?.({ path: 'out/' }).single)
  t.is(config('postgres_cdc').describeSource?.({}).changes, 'kinds')
  t.true(config('postgres').describeSink?.({}).upsertByDefault)
  t.false(config('kafka').describeSink?.({}).upsert)
  t.is(config('redis').describeSink?.({ key: 'v:{user}' }).keyTemplate, 'v:{user}')
  const bids = config('generator').describeSource?.({ kind: 'nexmark', entity: 'bid', events: 1 })
  t.is(bids?.eventTime, 'dateTime')
  t.is(bids?.layouts['channel'], 'dict')
  t.true(bids?.bounded)
  t.false(config('generator').describeSource?.({ kind: 'sequence' }).bounded)
})
