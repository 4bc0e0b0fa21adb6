/** Amazon SQS: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import {
  connectionName,
  durationText,
  template,
  text,
  wholeNumber,
} from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  region: text('AWS region; that of the environment when left out.').optional(),
  endpoint: text('URL of another endpoint (a private link, a test server).').optional(),
  access_key_id: text('Key; the usual AWS chain when left out.').optional(),
  secret_access_key: text('Secret of the key; write ${secret:NAME}.').optional(),
})

const source = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  queue_url: text('Queue to receive from.'),
  visibility_timeout: durationText(
    'How long a received message stays hidden from others.',
  ).optional(),
  prefetch: wholeNumber('Messages taken and not yet acknowledged, at most.', { min: 1 }).optional(),
  format: z.enum(['json', 'text']).default('json').describe('How a message body is encoded.'),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  queue_url: text('Queue to send to.'),
  message: template('Text of the message; the row as JSON when left out.').optional(),
  dedupe_id: template(
    'Same id, same message: FIFO queues drop the second within 5 minutes.',
  ).optional(),
  group_id: template('Message group of a FIFO queue, in which order is kept.').optional(),
})

export const sqsConfig = {
  name: 'sqs',
  summary: 'Receives from and sends to an Amazon SQS queue.',
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
