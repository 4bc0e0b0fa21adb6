/** PostgreSQL tables: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { connectionName, flag, text, wholeNumber } from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  url: text('`postgres://user@host:port/database`; the password by ${secret:NAME}.').optional(),
  host: text('Host name; instead of `url`.').optional(),
  port: wholeNumber('Port.', { min: 1, max: 65_535 }).optional(),
  database: text('Database.').optional(),
  user: text('User.').optional(),
  password: text('Password; write ${secret:NAME}.').optional(),
  ssl: flag('Whether the connection is encrypted.').optional(),
})

const source = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  table: text('Table or view to read once, `schema.table`.').optional(),
  query: text('A SELECT to read instead of a table.').optional(),
  split_by: text('Whole-number column whose ranges are read in parallel.').optional(),
})

const table = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  table: text('Table or view to look up in, `schema.table`.'),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  table: text('Table to write to, `schema.table`; it must exist.'),
  columns: z
    .record(z.string(), z.string())
    .optional()
    .describe('Column of the table per field, where the names differ.'),
  batch_rows: wholeNumber('Rows of one statement at most.', { min: 1 }).optional(),
})

export const postgresConfig = {
  name: 'postgres',
  summary: 'Looks rows up in PostgreSQL tables, reads them once, and writes to them.',
  source: source,
  table: table,
  sink: sink,
  connection: connection,
  available: false,
  describeSource: () => ({
    bounded: true,
    changes: 'append',
    fields: null,
    eventTime: null,
    layouts: {},
  }),
  describeSink: () => ({
    upsert: true,
    upsertByDefault: true,
    upsertNeedsBounded: false,
    single: false,
  }),
} as const satisfies ConnectorConfig
