/** What a file's name and the config say about its format; contradictions are refused. */
import { StreamError } from '../../shared/base/errors.ts'

export type FormatName = 'jsonl' | 'csv' | 'parquet'
export type CompressionName = 'none' | 'gzip' | 'zstd' | 'snappy'

export interface FileFormat {
  readonly format: FormatName
  readonly compression: CompressionName
  readonly header: boolean
  readonly delimiter: string
  readonly decimal: 'number' | 'string'
}

const FORMATS: Readonly<Record<string, FormatName>> = {
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  json: 'jsonl',
  csv: 'csv',
  tsv: 'csv',
  parquet: 'parquet',
  pq: 'parquet',
}

const COMPRESSIONS: Readonly<Record<string, CompressionName>> = {
  gz: 'gzip',
  gzip: 'gzip',
  zst: 'zstd',
  zstd: 'zstd',
}

/** The format of a file by what was written about it, else by its name. */
export function fileFormat(path: string, config: Readonly<Record<string, unknown>>): FileFormat {
  const extensions = path
    .slice(path.lastIndexOf('/') + 1)
    .split('.')
    .slice(1)
  const last = extensions.at(-1)?.toLowerCase() ?? ''
  const byName = COMPRESSIONS[last]
  const kind = (byName === undefined ? last : (extensions.at(-2) ?? '')).toLowerCase()
  const format = (config['format'] as FormatName | undefined) ?? FORMATS[kind]
  if (format === undefined) {
    throw new StreamError('FILE_FORMAT_UNKNOWN', `the format of ${path} cannot be told`, {
      fix: 'write `format: jsonl`, `csv` or `parquet`',
    })
  }
  const written = config['compression'] as CompressionName | undefined
  const isTabs = kind === 'tsv' && config['delimiter'] === undefined
  const made: FileFormat = {
    format,
    compression: written ?? byName ?? (format === 'parquet' ? 'snappy' : 'none'),
    header: config['header'] !== false,
    delimiter: isTabs ? '\t' : ((config['delimiter'] as string | undefined) ?? ','),
    decimal: config['decimal'] === 'string' ? 'string' : 'number',
  }
  refuseConflicts(path, made, config)
  return made
}

function refuseConflicts(
  path: string,
  made: FileFormat,
  config: Readonly<Record<string, unknown>>,
): void {
  if (made.format !== 'parquet' && made.compression === 'snappy')
    throw conflict(`snappy compresses Parquet, not ${made.format} (${path})`, 'use gzip or zstd')
  if (made.format !== 'csv') {
    for (const key of ['header', 'delimiter'])
      if (config[key] !== undefined)
        throw conflict(
          `\`${key}\` is for CSV, and ${path} is ${made.format}`,
          `leave out \`${key}\``,
        )
  }
  if (made.format !== 'jsonl' && config['decimal'] !== undefined)
    throw conflict(`\`decimal\` is for JSON lines, and ${path} is ${made.format}`, 'leave it out')
}

export function conflict(message: string, fix: string): StreamError {
  return new StreamError('CONNECTOR_CONFIG_CONFLICT', message, { fix })
}
