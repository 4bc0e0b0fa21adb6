/** YAML and TypeScript that mean the same give the same plan JSON, byte by byte. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { CONNECTOR_CONFIGS } from '../../../connectors/registry-configs.ts'
import { kafkaConfig } from '../../../connectors/kafka/config.ts'
import { stdoutConfig } from '../../../connectors/stdout/config.ts'
import { callColumn } from '../../../shared/api/column-builder.ts'
import type { Column } from '../../../shared/api/column.ts'
import { connectorBuilder } from '../../../shared/api/connector-use.ts'
import { pipeline } from '../../../shared/api/pipeline.ts'
import { schema } from '../../../shared/api/schema.ts'
import { planHash, planJson, planJsonText } from '../../../shared/planning/plan-json.ts'
import { planPipeline } from '../../../shared/planning/plan-pipeline.ts'
import { GOLDEN, planText } from './plan-text.ts'

const kafka = connectorBuilder(kafkaConfig)
const stdout = connectorBuilder(stdoutConfig)
const registry = new Map(Object.entries(CONNECTOR_CONFIGS))

const Order = schema({
  order_id: 'string',
  user: 'string',
  country: 'string?',
  amount: 'decimal(12,2)',
  quantity: 'integer',
  tags: 'array<string>',
  ts: 'timestamp',
})

const count = (): Column<'integer'> & { where(condition: unknown): Column<'integer'> } =>
  callColumn('count', []) as never
const sum = (column: unknown): Column<'decimal(15,2)?'> => callColumn('sum', [column]) as never
const call = (name: string, ...args: unknown[]): Column<'decimal(15,2)'> =>
  callColumn(name, args) as never

const built = pipeline('tumbling', (p) => {
  const orders = p.source(
    'orders',
    kafka({
      brokers: 'localhost:9092',
      topic: 'orders',
      schema: Order,
      eventTime: 'ts',
      watermark: { outOfOrderness: '5 seconds' },
    }),
  )
  const daily = orders
    .where((r) => r.amount.gt(0))
    .keyBy('country')
    .tumbling('1 day', { timezone: 'Europe/Berlin', allowedLateness: '2 hours', late: 'too_late' })
    .aggregate((r) => ({
      orders: count(),
      revenue: call('coalesce', sum(r.amount), 0),
      share: call('ratio', count().where(r.quantity.gt(1)), count()),
    }))
    .where('orders > 1')
    .as('daily')
  daily.to('out', stdout({}))
  daily.late.to('late', stdout({}))
})

test('plan JSON: a TypeScript pipeline is its YAML twin', async (t) => {
  const file = await planText(readFileSync(join(GOLDEN, 'tumbling.yaml'), 'utf8'), 'tumbling.yaml')
  t.deepEqual(built.mistakes, [])
  const twin = planPipeline(built.spec, registry)
  t.deepEqual(
    twin.diagnostics.filter((one) => one.severity === 'error'),
    [],
  )
  if (file.plan === null || twin.plan === null) return t.fail('both have a plan')
  t.is(planJsonText(twin.plan), planJsonText(file.plan))
  t.is(planHash(twin.plan), planHash(file.plan))
  return undefined
})

test('plan JSON: keys are sorted, and descriptions and places are not in it', async (t) => {
  const text = readFileSync(join(GOLDEN, 'tumbling.yaml'), 'utf8')
  const plain = await planText(text)
  const described = await planText(
    text.replace(
      '    where: amount > 0',
      '    description: what sells\n\n    where:   amount   > 0',
    ),
  )
  if (plain.plan === null || described.plan === null) return t.fail('both have a plan')
  t.is(planHash(described.plan), planHash(plain.plan))
  const keys = Object.keys(JSON.parse(planJsonText(plain.plan)) as object)
  t.deepEqual(keys, keys.toSorted())
  return undefined
})

const ordered = (config: string): string => `pipeline: ordered
sources: { s: { connector: file, ${config}, schema: { id: string } } }
sinks: { o: { from: s, connector: stdout } }
`

test('plan JSON: settings of a connector in another order are the same plan', async (t) => {
  const one = await planText(ordered('path: a.csv, format: csv, header: true'))
  const other = await planText(ordered('header: true, format: csv, path: a.csv'))
  if (one.plan === null || other.plan === null) return t.fail('both have a plan')
  t.is(JSON.stringify(planJson(other.plan)), JSON.stringify(planJson(one.plan)))
  const [block] = planJson(one.plan)['blocks'] as { config: object }[]
  const keys = Object.keys(block?.config ?? {})
  t.deepEqual(keys, keys.toSorted())
  return undefined
})
