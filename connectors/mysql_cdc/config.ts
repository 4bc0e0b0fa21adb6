/** MySQL and MariaDB change data: keys of the config. The client is not there yet. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { connectionName, flag, text, wholeNumber } from '../../shared/spi/config-values.ts'

const connection = z.strictObject({
  url: text('`mysql://user@host:port/database`; the password by ${secret:NAME}.').optional(),
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
  table: text('Table to follow, `database.table`.'),
  server_id: wholeNumber('Number of this client among the replicas, unique there.', {
    min: 1,
    max: 4_294_967_295,
  }).optional(),
  snapshot: z
    .enum(['initial', 'never'])
    .default('initial')
    .describe('Whether the rows that are there are read before the changes.'),
})

export const mysqlCdcConfig = {
  name: 'mysql_cdc',
  summary: 'Follows the changes of a MySQL or MariaDB table by its binary log.',
  source: source,
  table: null,
  sink: null,
  connection: connection,
  available: false,
  describeSource: () => ({
    bounded: false,
    changes: 'kinds',
    fields: null,
    eventTime: null,
    layouts: {},
  }),
} as const satisfies ConnectorConfig
