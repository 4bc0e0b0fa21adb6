/** Sequences and random rows of a schema: seeded, independent of cuts, paced when endless. */
import test from 'ava'
import { generatorCode } from '../../../../connectors/generator/index.ts'
import { CONNECTOR_CONFIGS } from '../../../../connectors/registry-configs.ts'
import { VirtualClock } from '../../../../shared/base/virtual-clock.ts'
import { SEQUENCE_FIELDS } from '../../../../connectors/generator/config.ts'
import { columnsOf } from '../../../../shared/model/row-schema.ts'
import type { Source } from '../../../../shared/spi/connector.ts'
import { readAll, rowsOf, sourceContext } from '../connector-contexts.ts'

const SCHEMA = `{ id: integer, at: timestamp, name: string?, price: decimal(8,2), big: decimal(20,2)?,
  day: date, ok: boolean, raw: bytes?, doc: json?, list: array<integer?>, tags: map<string>, s: { a: integer, b: string? }? }`

async function open(config: Record<string, unknown>, more: object = {}): Promise<Source> {
  const parsed = CONNECTOR_CONFIGS['generator']?.source?.parse(config) as Record<string, unknown>
  const context = sourceContext({
    schema: SCHEMA,
    config: parsed,
    baseDirectory: '/',
    eventTime: 'at',
  })
  const source = await generatorCode.openSource?.({ ...context, ...more })
  if (source === undefined) throw new Error('no source')
  return source
}

test('generator: a sequence counts up by the rate', async (t) => {
  const columns = columnsOf(SEQUENCE_FIELDS)
  const source = await open({ kind: 'sequence', events: 5000, rate: 2 }, { columns })
  const rows = rowsOf(await readAll(source))
  t.is(rows.length, 5000)
  t.deepEqual(rows[3], { n: 3, dateTime: '2015-07-15T00:00:01.500Z' })
})

test('generator: rows of a schema are seeded, and a projection changes no value', async (t) => {
  const config = { kind: 'schema', events: 6000, seed: 4 }
  const rows = rowsOf(await readAll(await open(config)))
  t.is(rows.length, 6000)
  t.deepEqual(rowsOf(await readAll(await open(config))), rows)
  t.notDeepEqual(rowsOf(await readAll(await open({ ...config, seed: 5 }))), rows)
  const whole = sourceContext({ schema: SCHEMA, config: {}, baseDirectory: '/' }).columns
  const columns = whole.filter((spec) => spec.path === 'price' || spec.path === 'name')
  const narrow = rowsOf(await readAll(await open(config, { columns })))
  t.deepEqual(
    narrow,
    rows.map(({ name, price }) => ({ name, price })),
  )
  t.true(rows.some((row) => row['name'] === null) && rows.some((row) => row['s'] === null))
})

test('generator: an endless source keeps to its rate in processing time', async (t) => {
  const clock = new VirtualClock()
  const source = await open({ kind: 'schema', rate: 1000 }, { clock })
  t.is(source.progress(), null)
  const signal = new AbortController().signal
  t.is((await source.read(signal)).kind, 'idle')
  await clock.advance(500)
  const step = await source.read(signal)
  t.is(step.kind === 'batch' ? step.batch.length : 0, 500)
  t.is((await source.read(signal)).kind, 'idle')
})

test('generator: progress counts the events of owned splits', async (t) => {
  const source = await open(
    { kind: 'schema', events: 60_000 },
    { owns: (split: string) => split !== 'events-1' },
  )
  t.deepEqual(source.progress(), { done: 0, total: 34_400, unit: 'records' })
  t.is(rowsOf(await readAll(source)).length, 34_400)
})
