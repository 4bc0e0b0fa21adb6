/**
 * The auction generator: columns against single events, its stated distributions, independence of
 * how it is cut, split and projected.
 */
import test from 'ava'
import { generatorCode } from '../../../../connectors/generator/index.ts'
import {
  bidColumns,
  bidId,
  eventAt,
  NexmarkEvents,
} from '../../../../connectors/generator/nexmark/nexmark-events.ts'
import {
  NEXMARK_FIELDS,
  type NexmarkEntity,
} from '../../../../connectors/generator/nexmark/nexmark-fields.ts'
import { idAt, kindOf, BASE_TIME } from '../../../../connectors/generator/nexmark/nexmark-rules.ts'
import { CONNECTOR_CONFIGS } from '../../../../connectors/registry-configs.ts'
import { valueAt } from '../../../../shared/model/column-value.ts'
import { columnsOf } from '../../../../shared/model/row-schema.ts'
import type { Batch } from '../../../../shared/model/batch.ts'
import type { SourceContext } from '../../../../shared/spi/connector.ts'
import { readAll, sourceContext } from '../connector-contexts.ts'

function context(
  entity: NexmarkEntity,
  config: Record<string, unknown>,
  owns: (split: string) => boolean = () => true,
  columns: readonly string[] | null = null,
): SourceContext {
  const parsed = CONNECTOR_CONFIGS['generator']?.source?.parse({
    kind: 'nexmark',
    entity,
    ...config,
  }) as Record<string, unknown>
  const traits = CONNECTOR_CONFIGS['generator']?.describeSource?.(parsed)
  const fields = NEXMARK_FIELDS[entity]
  const specs = columnsOf(fields).map((spec) => ({
    ...spec,
    layout: traits?.layouts[spec.path] ?? spec.layout,
  }))
  return {
    ...sourceContext({ schema: '{ a: string }', config: parsed, baseDirectory: '/' }),
    fields,
    columns: columns === null ? specs : specs.filter((spec) => columns.includes(spec.path)),
    eventTime: 'dateTime',
    owns,
  }
}

async function read(given: SourceContext): Promise<Batch[]> {
  const source = await generatorCode.openSource?.(given)
  if (source === undefined) throw new Error('no source')
  return readAll(source)
}

function rows(batches: readonly Batch[]): Record<string, unknown>[] {
  return batches.flatMap((batch) =>
    Array.from({ length: batch.length }, (_, row) =>
      Object.fromEntries(
        batch.schema.columns.map((spec, index) => [spec.path, valueAt(batch.columns[index]!, row)]),
      ),
    ),
  )
}

/** Fields by name, whatever their order. */
function sorted(one: object): string {
  return JSON.stringify(Object.entries(one).toSorted(([left], [right]) => (left < right ? -1 : 1)))
}

function keys(all: readonly Record<string, unknown>[]): string[] {
  return all.map((row) => `${String(row['dateTime'])} ${String(row['extra'])}`).toSorted()
}

for (const rules of [
  { seed: 7, rate: 100_000, group: 1, compat: false },
  { seed: 8, rate: 12_345, group: 1000, compat: true },
]) {
  const config = {
    events: 30_000,
    seed: rules.seed,
    rate: rules.rate,
    compat: rules.compat,
    out_of_order_group: rules.group,
  }
  test(`nexmark: columns hold what single events say, group ${rules.group}`, async (t) => {
    const events = new NexmarkEvents(rules)
    const expected = Array.from({ length: 30_000 }, (_, number) =>
      events.eventAt(idAt(number, rules.group)),
    )
    for (const entity of ['bid', 'auction', 'person'] as const) {
      const made = rows(await read(context(entity, config)))
      const wanted = expected.filter((event) => event.event === entity)
      t.is(made.length, wanted.length)
      for (const [index, event] of wanted.entries()) {
        const { event: _, ...fields } = event
        if (JSON.stringify(made[index]) !== JSON.stringify(fields)) t.deepEqual(made[index], fields)
      }
    }
    const all = rows(await read(context('all', config)))
    t.is(all.length, 30_000)
    for (const [index, event] of expected.entries()) {
      const row = Object.fromEntries(
        Object.entries(all[index] ?? {}).filter(([, value]) => value !== null),
      )
      if (sorted(row) !== sorted(event)) t.deepEqual(row, { ...event })
    }
  })
}

test('nexmark: event time is that of the column and grows in order', async (t) => {
  for (const columns of [['dateTime'], ['price']]) {
    const batches = await read(context('bid', { events: 30_000 }, () => true, columns))
    let last = 0
    for (const batch of batches) {
      for (let row = 0; row < batch.length; row++) {
        t.true((batch.eventTime[row] ?? 0) >= last)
        last = batch.eventTime[row] ?? 0
      }
    }
    t.is(batches[0]?.eventTime[0], BASE_TIME)
    t.is(last, BASE_TIME + 299)
  }
})

test('nexmark: splits are the same for all, and what subtasks own is everything once', async (t) => {
  const whole = rows(await read(context('bid', { events: 200_000 })))
  const parts = await Promise.all(
    [0, 1, 2].map((subtask) =>
      read(
        context('bid', { events: 200_000 }, (split) => Number(split.split('-')[1]) % 3 === subtask),
      ),
    ),
  )
  t.true(parts.every((part) => part.length > 0))
  t.deepEqual(keys(parts.flatMap(rows)), keys(whole))
})

test('nexmark: a projection changes no value', async (t) => {
  const whole = rows(await read(context('all', { events: 20_000 })))
  const narrow = rows(
    await read(context('all', { events: 20_000 }, () => true, ['price', 'extra', 'state'])),
  )
  t.deepEqual(
    narrow,
    whole.map(({ price, state, extra }) => ({ price, state, extra })),
  )
})

test('nexmark: seeds differ, and one seed gives the same events for ever', (t) => {
  t.notDeepEqual(eventAt(104, 1), eventAt(104, 2))
  const made: unknown = eventAt(1_000_004, 42)
  t.deepEqual(made, GOLDEN_BID)
})

const GOLDEN_BID = {
  event: 'bid',
  auction: 60_931,
  bidder: 21_001,
  price: 287_007,
  channel: 'channel-4593',
  url: 'https://www.nexmark.com/xvu/h_x/veun/item.htm?query=1&channel_id=1886912512',
  dateTime: 1_436_918_410_000,
  extra: 'mijhnrfnoikyhplozkkwskiaavmkgdatepnglbfcyteqtyrxerioac',
}

test('nexmark: shares and ranges are those of the rules', (t) => {
  const events = new NexmarkEvents({ seed: 3 })
  const count = 200_000
  let hotAuctions = 0
  let hotBidders = 0
  let named = 0
  let bids = 0
  let extra = 0
  const decades = [0, 0, 0, 0, 0, 0]
  for (let id = 0; id < count; id++) {
    const event = events.eventAt(id)
    if (event.event !== 'bid') continue
    const cycle = Math.floor(id / 50)
    const newest = cycle * 3 + 2
    bids++
    if (event.auction === newest - (newest % 100) + 1000) hotAuctions++
    if (event.bidder === cycle - (cycle % 100) + 1 + 1000) hotBidders++
    if (!event.channel.startsWith('channel-')) named++
    extra += event.extra.length
    t.true(event.extra.length >= 54 && event.extra.length <= 81)
    t.true(event.auction <= newest + 10 + 1000 && event.auction >= 1000)
    const decade = Math.min(5, Math.floor(Math.log10(event.price / 100)))
    decades[decade] = (decades[decade] ?? 0) + 1
    t.true(event.price >= 100 && event.price <= 1e8)
  }
  const near = (value: number, wanted: number, slack: number): void => {
    t.true(Math.abs(value - wanted) < slack, `${value} is near ${wanted}`)
  }
  near(hotAuctions / bids, 0.5, 0.02)
  near(hotBidders / bids, 0.75, 0.02)
  near(named / bids, 0.5, 0.01)
  near(extra / bids, 67.5, 0.3)
  for (const decade of decades) near(decade / bids, 1 / 6, 0.01)
})

test('nexmark: of every 50 events one is a person, three are auctions, the rest bids', (t) => {
  const counts = [0, 0, 0]
  for (let place = 0; place < 50; place++) counts[kindOf(place)] = (counts[kindOf(place)] ?? 0) + 1
  t.deepEqual(counts, [1, 3, 46])
  t.deepEqual(
    Array.from({ length: 1000 }, (_, number) => idAt(number + 3000, 1000)).toSorted(
      (a, b) => a - b,
    ),
    Array.from({ length: 1000 }, (_, number) => number + 3000),
  )
})

test('nexmark: bid columns by index are the bids of the events', (t) => {
  const events = new NexmarkEvents({ seed: 5 })
  const parts = bidColumns(12_345, 10_000, { seed: 5 }, ['auction', 'price', 'dateTime'])
  t.is(
    parts.reduce((sum, part) => sum + part.length, 0),
    10_000,
  )
  let index = 12_345
  for (const part of parts) {
    for (let row = 0; row < part.length; row++, index++) {
      const event = events.eventAt(bidId(index))
      if (event.event !== 'bid') throw new Error('no bid')
      if (valueAt(part.columns['auction']!, row) !== event.auction) t.fail(`${index}`)
      if (valueAt(part.columns['price']!, row) !== event.price) t.fail(`${index}`)
      if (valueAt(part.columns['dateTime']!, row) !== event.dateTime) t.fail(`${index}`)
    }
  }
})
