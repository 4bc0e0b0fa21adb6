/** Standard output: keys of the config. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { flag } from '../../shared/spi/config-values.ts'

const sink = z.strictObject({
  format: z
    .enum(['jsonl', 'csv'])
    .default('jsonl')
    .describe('jsonl (one JSON object per line) or csv.'),
  header: flag('Whether CSV begins with a line of column names; true when left out.').optional(),
  delimiter: z
    .string()
    .length(1)
    .optional()
    .describe('What stands between the values of a CSV line; a comma when left out.'),
  decimal: z
    .enum(['number', 'string'])
    .optional()
    .describe('How JSON holds decimals: number (exact digits, the default) or string (quoted).'),
})

export const stdoutConfig = {
  name: 'stdout',
  summary: 'Writes rows to standard output.',
  source: null,
  table: null,
  sink,
  available: true,
  describeSink: () => ({
    upsert: false,
    upsertByDefault: false,
    upsertNeedsBounded: false,
    single: true,
  }),
} as const satisfies ConnectorConfig
