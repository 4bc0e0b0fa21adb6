/** Redis keys: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import {
  connectionName,
  durationText,
  flag,
  template,
  text,
  wholeNumber,
} from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  url: text('`redis://host:port/number`; the password by ${secret:NAME}.').optional(),
  username: text('User of the access list.').optional(),
  password: text('Password; write ${secret:NAME}.').optional(),
  tls: flag('Whether the connection is encrypted.').optional(),
})

const table = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  type: z.enum(['hash', 'string']).default('hash').describe('How a row lies in Redis.'),
  prefix: text('What stands before the value of the key.').optional(),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  type: z
    .enum(['hash', 'string', 'stream', 'sorted_set'])
    .default('hash')
    .describe('hash: a field per column; string: the row as JSON; stream: appended entries.'),
  key: template('Key of the row. What it names is the key of the sink.'),
  value: template('Value of a string; the row as JSON when left out.').optional(),
  score: text('Field that orders a sorted set.').optional(),
  expire: durationText('Time after the last write when Redis forgets the key.').optional(),
  max_length: wholeNumber('Entries a stream keeps.', { min: 1 }).optional(),
})

export const redisConfig = {
  name: 'redis',
  summary: 'Keeps the newest row per key in Redis, and looks rows up there.',
  source: null,
  table: table,
  sink: sink,
  connection: connection,
  available: false,
  describeSink: (config) => ({
    upsert: config['type'] !== 'stream',
    upsertByDefault: config['type'] !== 'stream',
    upsertNeedsBounded: false,
    single: false,
    ...(typeof config['key'] === 'string' ? { keyTemplate: config['key'] } : {}),
  }),
} as const satisfies ConnectorConfig
