/** Files: keys of the config, and what the planner must know of a path. */
import { normalize } from 'node:path'
import { z } from 'zod'
import { StreamError } from '../../shared/base/errors.ts'
import type { ConfigMistake, ConnectorConfig } from '../../shared/spi/connector.ts'
import { flag, text } from '../../shared/spi/config-values.ts'
import { fileFormat } from './file-format.ts'
import { absolutePath, isPattern } from './file-path.ts'

const format = z
  .enum(['jsonl', 'csv', 'parquet'])
  .optional()
  .describe('jsonl (one JSON object per line), csv or parquet; by the name when left out.')

const compression = z
  .enum(['none', 'gzip', 'zstd', 'snappy'])
  .optional()
  .describe('By the name (`.gz`, `.zst`) when left out; snappy is for Parquet, its default.')

const delimiter = z
  .string()
  .length(1)
  .optional()
  .describe('What stands between the values of a CSV line; a comma when left out.')

const read = {
  path: text(
    'File or pattern (`data/day=*/*.parquet`; `**` goes through folders), relative to the pipeline file.',
  ),
  format,
  compression,
  header: flag(
    'Whether the first line of a CSV file names its columns; true when left out.',
  ).optional(),
  delimiter,
}

const source = z.strictObject({
  ...read,
  order: z
    .literal('event_time')
    .optional()
    .describe('Merges the rows of all files by event time; each file must be in order itself.'),
  follow: flag(
    'Goes on reading as files grow, rotate or appear; the source is then unbounded.',
  ).optional(),
  read: z
    .literal('all', { error: 'only `read: all` is there; `read: new_files` comes with state' })
    .optional()
    .describe('Which files are read: all that match.'),
})

const sink = z.strictObject({
  path: text(
    'File, which appears whole at the end; or a folder ending in `/` that gets parts `<block>-<epoch>-<lane>.<ext>`.',
  ),
  format,
  compression,
  header: flag(
    'Whether a CSV file begins with a line of column names; true when left out.',
  ).optional(),
  delimiter,
  decimal: z
    .enum(['number', 'string'])
    .optional()
    .describe('How JSON holds decimals: number (exact digits, the default) or string (quoted).'),
})

/** A pattern that leaves the end of names open is judged by the files it finds. */
const OPEN_END = /[*?[\]{}][^./]*$/

function formatMistake(config: Readonly<Record<string, unknown>>): ConfigMistake | null {
  const path = String(config['path'])
  const isOpen = path.includes('${') || OPEN_END.test(path)
  const values = Object.values(config)
  if (isOpen || values.some((one) => typeof one === 'string' && one.includes('${'))) return null
  try {
    fileFormat(path, config)
    return null
  } catch (error) {
    if (!(error instanceof StreamError)) throw error
    const { code, message, fix } = error
    return { code, key: 'path', message, fix }
  }
}

/** A folder is shared: its parts are named by block. */
function placeOf(config: Readonly<Record<string, unknown>>, baseDirectory: string): string | null {
  const path = String(config['path'])
  if (path.includes('${') || path.endsWith('/') || isPattern(path)) return null
  return normalize(absolutePath(baseDirectory, path))
}

export const fileConfig = {
  name: 'file',
  summary: 'Reads and writes JSON lines, CSV and Parquet files.',
  source,
  table: z.strictObject(read),
  sink,
  available: true,
  findMistake: formatMistake,
  placeOf,
  describeSource: (config) => ({
    bounded: config['follow'] !== true && config['follow'] !== 'true',
    changes: 'append',
    fields: null,
    eventTime: null,
    inTimeOrder: config['order'] !== undefined,
    layouts: {},
  }),
  describeSink: (config) => ({
    upsert: true,
    upsertByDefault: false,
    upsertNeedsBounded: true,
    single: !String(config['path']).endsWith('/'),
  }),
} as const satisfies ConnectorConfig
