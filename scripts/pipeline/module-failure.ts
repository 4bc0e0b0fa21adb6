/** Why a TypeScript file of the author could not be loaded, with the line that is to blame. */
import { relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { CallSite } from '../../shared/api/call-site.ts'
import { StreamError } from '../../shared/base/errors.ts'

/** `shop.ts:3:8 could not be loaded: …`, without the place where nothing tells it. */
export function moduleFailureText(full: string, cause: unknown): string {
  const place = placeText(full, moduleFailureSite(full, cause))
  return `${place} could not be loaded: ${reasonOf(cause)}`
}

/** `shop.ts:3:8: …`, or the reason alone. */
export function moduleFailureReason(full: string, cause: unknown): string {
  const site = moduleFailureSite(full, cause)
  return site === null ? reasonOf(cause) : `${placeText(full, site)}: ${reasonOf(cause)}`
}

function placeText(full: string, site: CallSite | null): string {
  const at = site === null ? '' : `:${site.line}:${site.column}`
  return `${relative(process.cwd(), site?.file ?? full)}${at}`
}

function reasonOf(cause: unknown): string {
  if (cause instanceof StreamError && cause.fix !== null) return `${cause.message}: ${cause.fix}`
  return cause instanceof Error ? cause.message : String(cause)
}

/** The line that is to blame; null where nothing tells it. */
export function moduleFailureSite(full: string, cause: unknown): CallSite | null {
  const stack = cause instanceof Error ? (cause.stack ?? '') : ''
  return blamedLine(stack) ?? throwingLine(stack, full)
}

/**
 * What Node writes before the trace of a syntax error: file and line, the line (with a few before
 * it), carets under it.
 */
function blamedLine(stack: string): CallSite | null {
  const found = /^(?:file:\/\/)?(\/.*|[A-Za-z]:.*):(\d+)\n(?:.*\n){1,4}?([ \t]*)\^/.exec(stack)
  if (found === null) return null
  const [, file = '', line = '', blanks = ''] = found
  return { file, line: Number(line), column: blanks.length + 1 }
}

/** The first line of the trace that is in the file itself. */
function throwingLine(stack: string, full: string): CallSite | null {
  for (const name of [pathToFileURL(full).href, full]) {
    const start = stack.indexOf(`${name}:`)
    const at = start === -1 ? null : /^:(\d+):(\d+)/.exec(stack.slice(start + name.length))
    if (at !== null) return { file: full, line: Number(at[1]), column: Number(at[2]) }
  }
  return null
}
