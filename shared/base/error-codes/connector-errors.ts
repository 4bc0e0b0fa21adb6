/** Error codes of the area "connector". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from '../error-kind.ts'

const REFUSED = { domain: 'user', certainty: 'not-done', remedy: 'refuse' } as const
const BROKEN = { domain: 'external', certainty: 'not-done', remedy: 'fail-run' } as const
const ROW = { domain: 'user', certainty: 'not-done', remedy: 'by-on-error' } as const

export const CONNECTOR_ERRORS = {
  CONNECTOR_CONFIG_CONFLICT: {
    ...REFUSED,
    title: 'Two keys of a connector contradict each other.',
  },
  CONNECTOR_NOT_YET: {
    ...REFUSED,
    title: 'The connector can be checked, planned and tested, but not run yet.',
  },
  DISK_FULL: { ...BROKEN, title: 'There is no room left where a file is written.' },
  FILE_ACCESS_DENIED: { ...BROKEN, title: 'The file may not be read or written.' },
  FILE_COLUMN_MISSING: {
    ...REFUSED,
    title: 'A file lacks a column that cannot be null.',
  },
  FILE_COLUMN_TWICE: { ...REFUSED, title: 'A file has two columns of one name.' },
  FILE_COMPRESSION_BROKEN: {
    ...BROKEN,
    title: 'A compressed file is damaged, cut off or not of its format.',
  },
  FILE_EXPANDS_TOO_FAR: {
    ...BROKEN,
    title: 'A compressed file expands far beyond what its size allows.',
  },
  FILE_FAILED: { ...BROKEN, title: 'A file operation failed.' },
  FILE_FORMAT_UNKNOWN: { ...REFUSED, title: 'The format of a file cannot be told from its name.' },
  FILE_NOT_DIRECTORY: { ...REFUSED, title: 'A file stands where a folder is needed.' },
  FILE_NOT_FOUND: { ...REFUSED, title: 'The file or the pattern names nothing that is there.' },
  PARQUET_BROKEN: { ...BROKEN, title: 'A Parquet file is damaged, cut off or none.' },
  PARQUET_TYPE_MISMATCH: {
    ...REFUSED,
    title: 'A column of a Parquet file has a type that the declared one cannot hold.',
  },
  ROW_FIELD_MISSING: { ...ROW, title: 'A row lacks a field that cannot be null.' },
  ROW_FIELD_WRONG: { ...ROW, title: 'A value of a row is not of the type of its field.' },
  ROW_MALFORMED: { ...ROW, title: 'A line is not what its format says.' },
  ROW_TOO_LONG: { ...ROW, title: 'A line is longer than a line may be.' },
  SINK_CLOSED: { ...BROKEN, title: 'Who read the output has closed it.' },
} as const satisfies Record<string, ErrorKind>
