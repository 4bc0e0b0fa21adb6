/** Objects in S3: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import {
  connectionName,
  durationText,
  flag,
  text,
  wholeNumber,
} from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  region: text('AWS region; that of the environment when left out.').optional(),
  endpoint: text('URL of another endpoint (a private link, a test server).').optional(),
  access_key_id: text('Key; the usual AWS chain when left out.').optional(),
  secret_access_key: text('Secret of the key; write ${secret:NAME}.').optional(),
})

const format = z.enum(['jsonl', 'csv', 'parquet']).optional().describe('By the name when left out.')
const compression = z
  .enum(['none', 'gzip', 'zstd', 'snappy'])
  .optional()
  .describe('By the name when left out; snappy is for Parquet.')
const header = flag('Whether the first line of CSV names the columns.').optional()
const delimiter = z.string().length(1).optional().describe('Between the values of a CSV line.')

const read = {
  connection: connectionName.optional(),
  ...connection.shape,
  bucket: text('Bucket.'),
  path: text('Key or pattern (`sales/day=*/*.parquet`).'),
  format,
  compression,
  header,
  delimiter,
}

const source = z.strictObject({
  ...read,
  order: z.literal('event_time').optional().describe('Merge the objects by event time.'),
  follow: flag('Whether new objects are read as they come.').optional(),
  poll: durationText('How often new objects are looked for.').optional(),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  bucket: text('Bucket.'),
  path: text('Prefix ending in `/`: parts `<block>-<epoch>-<lane>.<ext>` appear under it.'),
  format,
  compression,
  header,
  delimiter,
  part_bytes: wholeNumber('Bytes of one upload part.', { min: 5_242_880 }).optional(),
})

export const s3Config = {
  name: 's3',
  summary: 'Reads and writes objects in Amazon S3 and what speaks its protocol.',
  source: source,
  table: z.strictObject(read),
  sink: sink,
  connection: connection,
  available: false,
  describeSource: (config) => ({
    bounded: config['follow'] !== true,
    changes: 'append',
    fields: null,
    eventTime: null,
    layouts: {},
  }),
  describeSink: () => ({
    upsert: false,
    upsertByDefault: false,
    upsertNeedsBounded: false,
    single: false,
  }),
} as const satisfies ConnectorConfig
