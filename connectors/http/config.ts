/** HTTP endpoints that are read: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { connectionName, durationText, text, wholeNumber } from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  url: text('Address.').optional(),
  headers: z.record(z.string(), z.string()).optional().describe('Sent with every request.'),
})

const source = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  path: text('Appended to the address.').optional(),
  rows: text('Path of the list of rows in the answer; the answer itself when left out.').optional(),
  poll: durationText('How often it is asked again; once when left out.').optional(),
  timeout: durationText('How long an answer may take.').optional(),
})

const table = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  path: text('Appended to the address.').optional(),
  rows: text('Path of the list of rows in the answer; the answer itself when left out.').optional(),
  timeout: durationText('How long an answer may take.').optional(),
  retries: wholeNumber('Further tries after a failure.', { max: 10 }).optional(),
})

export const httpConfig = {
  name: 'http',
  summary: 'Polls an HTTP endpoint for rows, or looks rows up there.',
  source: source,
  table: table,
  sink: null,
  connection: connection,
  available: false,
  describeSource: (config) => ({
    bounded: config['poll'] === undefined,
    changes: 'append',
    fields: null,
    eventTime: null,
    layouts: {},
  }),
} as const satisfies ConnectorConfig
