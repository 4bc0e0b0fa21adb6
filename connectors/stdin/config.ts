/** Standard input: keys of the config. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { flag } from '../../shared/spi/config-values.ts'

const source = z.strictObject({
  format: z
    .enum(['jsonl', 'csv'])
    .default('jsonl')
    .describe('jsonl (one JSON object per line) or csv.'),
  header: flag('Whether the first line of CSV names the columns; true when left out.').optional(),
  delimiter: z
    .string()
    .length(1)
    .optional()
    .describe('What stands between the values of a CSV line; a comma when left out.'),
  bounded: flag(
    'Whether its end is waited for, as of a file; false for an endless stream (true when left out).',
  ).optional(),
})

export const stdinConfig = {
  name: 'stdin',
  summary: 'Reads rows from standard input.',
  source,
  table: null,
  sink: null,
  available: true,
  describeSource: (config) => ({
    bounded: config['bounded'] !== false && config['bounded'] !== 'false',
    changes: 'append',
    fields: null,
    eventTime: null,
    layouts: {},
  }),
} as const satisfies ConnectorConfig
