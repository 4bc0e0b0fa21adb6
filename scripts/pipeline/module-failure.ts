/** Why a TypeScript file of the author could not be loaded, with the line that is to blame. */
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'

/** `shop.ts:3:8 could not be loaded: …`, without the place where nothing tells it. */
export function moduleFailureText(full: string, cause: unknown): string {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const stack = cause instanceof Error ? (cause.stack ?? '') : ''
  const place = blamedLine(stack) ?? throwingLine(stack, full) ?? { file: full, at: '' }
  return `${relative(process.cwd(), place.file)}${place.at} could not be loaded: ${reason}`
}

interface Place {
  readonly file: string
  /** `:line:column`. */
  readonly at: string
}

/** What Node writes before the trace of a syntax error: file and line, the line, carets under it. */
function blamedLine(stack: string): Place | null {
  const found = /^(?:file:\/\/)?(\/.*|[A-Za-z]:.*):(\d+)\n.*\n(\s*)\^/.exec(stack)
  if (found === null) return null
  const [, file = '', line = '', blanks = ''] = found
  return { file, at: `:${line}:${blanks.length + 1}` }
}

/** The first line of the trace that is in the file itself. */
function throwingLine(stack: string, full: string): Place | null {
  for (const name of [pathToFileURL(full).href, full]) {
    const start = stack.indexOf(`${name}:`)
    const at = start === -1 ? null : /^:\d+:\d+/.exec(stack.slice(start + name.length))
    if (at !== null) return { file: full, at: at[0] }
  }
  return null
}
