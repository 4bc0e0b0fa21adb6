/** Batches in memory, for tests: keys of the config. */
import { z } from 'zod'
import type { ConnectorConfig } from '../../shared/spi/connector.ts'
import { flag } from '../../shared/spi/config-values.ts'
import { MemoryInput, MemoryOutput } from './memory-rows.ts'

const input = z
  .unknown()
  .refine((value) => value instanceof MemoryInput, 'expected a MemoryInput')
  .describe('A MemoryInput; programs only.')

const source = z.strictObject({
  input,
  bounded: flag('Whether the source ends after the last batch; true when left out.').optional(),
})

const sink = z.strictObject({
  output: z
    .unknown()
    .refine((value) => value instanceof MemoryOutput, 'expected a MemoryOutput')
    .describe('A MemoryOutput; programs only.'),
})

export const memoryConfig = {
  name: 'memory',
  summary: 'Gives and collects batches in memory, for tests.',
  source,
  table: z.strictObject({ input }),
  sink,
  available: true,
  describeSource: (config) => ({
    bounded: config['bounded'] !== false && config['bounded'] !== 'false',
    changes: 'append',
    fields: null,
    eventTime: null,
    layouts: {},
  }),
  describeSink: () => ({
    upsert: true,
    upsertByDefault: false,
    upsertNeedsBounded: false,
    single: false,
  }),
} as const satisfies ConnectorConfig
