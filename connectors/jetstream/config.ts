/** NATS JetStream: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { connectionName, template, text } from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  servers: z
    .union([text('host:port'), z.array(text('host:port')).min(1)])
    .optional()
    .describe('Servers to start from, one or several.'),
  user: text('User.').optional(),
  password: text('Password; write ${secret:NAME}.').optional(),
  token: text('Token; write ${secret:NAME}.').optional(),
  credentials: text('Path of a credentials file.').optional(),
})

const source = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  stream: text('Stream to read.'),
  subject: text('Only messages of this subject; `*` and `>` are wildcards.').optional(),
  start: z
    .union([z.enum(['earliest', 'latest']), z.iso.datetime({ offset: true })])
    .default('earliest')
    .describe('Where a first run begins: earliest, latest, or a time.'),
  format: z.enum(['json', 'text']).default('json').describe('How a message is encoded.'),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  stream: text('Stream to write to.'),
  subject: template('Subject to publish on; one that the stream takes.'),
  message: template('Text of the message; the row as JSON when left out.').optional(),
})

export const jetstreamConfig = {
  name: 'jetstream',
  summary: 'Reads and writes streams of NATS JetStream.',
  source: source,
  table: null,
  sink: sink,
  connection: connection,
  available: false,
  describeSource: () => ({
    bounded: false,
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
