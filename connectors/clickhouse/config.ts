/** ClickHouse tables: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { connectionName, durationText, text, wholeNumber } from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  url: text('`https://host:8443`.').optional(),
  database: text('Database.').optional(),
  username: text('User.').optional(),
  password: text('Password; write ${secret:NAME}.').optional(),
})

const source = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  table: text('Table to read once.').optional(),
  query: text('A SELECT to read instead of a table.').optional(),
})

const table = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  table: text('Table to look up in.'),
})

const sink = z.strictObject({
  connection: connectionName.optional(),
  ...connection.shape,
  table: text('Table to write to; it must exist. For upserts its engine is ReplacingMergeTree.'),
  batch_rows: wholeNumber('Rows of one insert at most.', { min: 1 }).optional(),
  linger: durationText('How long rows may wait for others.').optional(),
})

export const clickhouseConfig = {
  name: 'clickhouse',
  summary: 'Writes to ClickHouse tables, looks rows up there and reads them once.',
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
