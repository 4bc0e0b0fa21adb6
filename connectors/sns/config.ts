/** Amazon SNS: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { connectionName, template, text } from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  region: text('AWS region; that of the environment when left out.').optional(),
  endpoint: text('URL of another endpoint (a private link, a test server).').optional(),
  access_key_id: text('Key; the usual AWS chain when left out.').optional(),
  secret_access_key: text('Secret of the key; write ${secret:NAME}.').optional(),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  topic_arn: text('Topic to publish to.'),
  message: template('Text of the message; the row as JSON when left out.').optional(),
  subject: template('Subject, for e-mail.').optional(),
  dedupe_id: template(
    'Same id, same message: FIFO topics drop the second within 5 minutes.',
  ).optional(),
  group_id: template('Message group of a FIFO topic, in which order is kept.').optional(),
  attributes: z
    .record(z.string(), z.string())
    .optional()
    .describe('Message attributes; templates.'),
})

export const snsConfig = {
  name: 'sns',
  summary: 'Publishes one message per row to an Amazon SNS topic.',
  source: null,
  table: null,
  sink: sink,
  connection: connection,
  available: false,
  describeSink: () => ({
    upsert: false,
    upsertByDefault: false,
    upsertNeedsBounded: false,
    single: false,
  }),
} as const satisfies ConnectorConfig
