/** Error codes of the area "cli": commands, flags and files they name. */
import type { ErrorKind } from '../error-kind.ts'

const USAGE = { domain: 'user', certainty: 'not-done', remedy: 'refuse' } as const

export const CLI_ERRORS = {
  CONFIG_UNREADABLE: { ...USAGE, title: 'The file with defaults for flags cannot be read.' },
  FOLDER_NOT_EMPTY: { ...USAGE, title: 'A new pipeline would overwrite files.' },
  JSON_WITH_STDOUT: { ...USAGE, title: '--json and a stdout sink both want standard output.' },
  MODULE_EXPORTS_NO_PIPELINE: { ...USAGE, title: 'A TypeScript file exports no pipeline.' },
  MODULE_NOT_LOADED: { ...USAGE, title: 'A TypeScript file could not be loaded.' },
  TOPIC_UNKNOWN: { ...USAGE, title: 'There is no reference under that name.' },
  USAGE_WRONG: { ...USAGE, title: 'A flag has a value that it cannot have.' },
} as const satisfies Record<string, ErrorKind>
