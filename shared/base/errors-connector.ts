/** Error codes of the area "connector". One entry per code; docs/errors.md explains each. */
import type { ErrorKind } from './errors.ts'

export const CONNECTOR_ERRORS = {
  DISK_FULL: {
    domain: 'external',
    certainty: 'not-done',
    remedy: 'fail-run',
    title: 'A disk or quota had no room for output',
  },
  FILE_ACCESS_DENIED: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'fail-run',
    title: 'A file or directory may not be read or written',
  },
  FILE_FAILED: {
    domain: 'external',
    certainty: 'unknown',
    remedy: 'fail-run',
    title: 'The file system refused an operation',
  },
  FILE_IS_DIRECTORY: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'fail-run',
    title: 'A path that should name a file names a directory',
  },
  FILE_NOT_FOUND: {
    domain: 'user',
    certainty: 'not-done',
    remedy: 'fail-run',
    title: 'A file or directory does not exist',
  },
} as const satisfies Record<string, ErrorKind>
