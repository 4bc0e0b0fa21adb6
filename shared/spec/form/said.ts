/**
 * What a form says about a wrong value: code, message and fix, carried through the one string that
 * zod has for a message.
 */
import type { ErrorCode } from '../../base/errors.ts'

export interface Said {
  readonly code: ErrorCode
  readonly message: string
  readonly fix?: string
}

const SEPARATOR = '\u0001'

export function say(code: ErrorCode, message: string, fix = ''): string {
  return [SEPARATOR, code, message, fix].join(SEPARATOR)
}

/** Null for zod's own messages. */
export function readSaid(text: string): Said | null {
  if (!text.startsWith(SEPARATOR)) return null
  const [, , code = '', message = '', fix = ''] = text.split(SEPARATOR)
  return { code: code as ErrorCode, message, ...(fix === '' ? {} : { fix }) }
}
