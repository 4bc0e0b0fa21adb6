/** Generated rows: keys of the config, and the fields that the generator itself knows. */
import { z } from 'zod'
import type { Field } from '../../shared/model/data-type.ts'
import type { ConnectorConfig, SourceTraits } from '../../shared/spi/connector.ts'
import { flag, positiveNumber, wholeNumber } from '../../shared/spi/config-values.ts'
import {
  NEXMARK_DICTIONARIES,
  NEXMARK_FIELDS,
  type NexmarkEntity,
} from './nexmark/nexmark-fields.ts'

const source = z.strictObject({
  kind: z
    .enum(['nexmark', 'sequence', 'schema'])
    .describe('nexmark: an auction; sequence: n counts up; schema: random rows of the schema.'),
  entity: z
    .enum(['bid', 'auction', 'person', 'all'])
    .default('all')
    .describe('nexmark: which events; all as flat rows with the field event.'),
  events: wholeNumber(
    'How many events, of all entities together; without it the source never ends and keeps to the rate in real time.',
  ).optional(),
  rate: positiveNumber('Events per second of event time.').default(100_000),
  seed: wholeNumber('Same seed, same events.', { max: 4_294_967_295 }).default(0),
  compat: flag(
    'nexmark: adds the offset of bidder ids twice, as the public generator does; false when left out.',
  ).default(false),
  out_of_order_group: wholeNumber(
    'nexmark: events are permuted within groups of so many; 1 is in order.',
    { min: 1, max: 1_000_000 },
  )
    .refine((size) => size % 953 !== 0, 'a multiple of 953 cannot be permuted: choose another size')
    .default(1),
})

export const SEQUENCE_FIELDS: readonly Field[] = [
  { name: 'n', type: { kind: 'integer' }, nullable: false },
  { name: 'dateTime', type: { kind: 'timestamp' }, nullable: false },
]

function describe(config: Readonly<Record<string, unknown>>): SourceTraits {
  const bounded = config['events'] !== undefined
  const base = { bounded, changes: 'append' as const }
  if (config['kind'] === 'schema') return { ...base, fields: null, eventTime: null, layouts: {} }
  if (config['kind'] === 'sequence')
    return { ...base, fields: SEQUENCE_FIELDS, eventTime: 'dateTime', layouts: {} }
  const entity = (config['entity'] ?? 'all') as NexmarkEntity
  return {
    ...base,
    fields: NEXMARK_FIELDS[entity] ?? NEXMARK_FIELDS.all,
    eventTime: 'dateTime',
    layouts: NEXMARK_DICTIONARIES[entity] ?? {},
  }
}

export const generatorConfig = {
  name: 'generator',
  summary: 'Makes seeded rows: an auction (Nexmark), a sequence, or random rows of a schema.',
  source,
  table: null,
  sink: null,
  available: true,
  describeSource: describe,
} as const satisfies ConnectorConfig
