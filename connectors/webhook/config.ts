/** HTTP endpoints that are told: keys of the config. The client is not there yet. */
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
  url: text('Address.').optional(),
  headers: z.record(z.string(), z.string()).optional().describe('Sent with every request.'),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST').describe('Method of the request.'),
  message: template('Body of the request; the row as JSON when left out.').optional(),
  dedupe_id: template('Sent as Idempotency-Key: same id, same message.').optional(),
  batch_rows: wholeNumber('Rows of one request at most.', { min: 1 }).default(1),
  timeout: durationText('How long an answer may take.').optional(),
})

export const webhookConfig = {
  name: 'webhook',
  summary: 'Sends one HTTP request per row or per group of rows.',
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
