/** Where in an author's TypeScript a block or step was written, for diagnostics. */
import type { Place, Places, SpecPath } from '../base/diagnostics.ts'

export interface CallSite {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A place whose exact position is found by who can read the file (written-text.ts). */
export interface AuthoredPlace extends Place {
  readonly written?: Written
}

/** What the author wrote at or behind a call site: a text, or the key of an option. */
export type Written =
  | { readonly kind: 'text'; readonly text: string; readonly span: Span | null }
  | { readonly kind: 'key'; readonly key: string }
interface Span {
  readonly start: number
  readonly end: number
}

const UNKNOWN: CallSite = { file: '<typescript>', line: 1, column: 1 }
const FRAME = /(?:\(|at )(?:async )?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/
const OWN_FOLDER = new URL('.', import.meta.url).href

/** The innermost frame outside this folder: the author's line. */
export function callSite(): CallSite {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 25
  const error = new Error('call site')
  Error.stackTraceLimit = limit
  return siteOfError(error) ?? UNKNOWN
}

/** Where the author's line was when something was thrown; null when no frame is the author's. */
export function siteOfError(error: Error): CallSite | null {
  for (const line of (error.stack ?? '').split('\n')) {
    const match = FRAME.exec(line.trim())
    const file = match?.[1] ?? ''
    if (match === null || isOwn(file) || file.startsWith('node:')) continue
    return { file: pathOf(file), line: Number(match[2]), column: Number(match[3]) }
  }
  return null
}

function isOwn(file: string): boolean {
  return file.startsWith(OWN_FOLDER) || file.startsWith(pathOf(OWN_FOLDER))
}

function pathOf(file: string): string {
  return file.startsWith('file://') ? decodeURIComponent(new URL(file).pathname) : file
}

interface Recorded {
  readonly site: CallSite
  readonly text: string | null
}

/** Places of a built pipeline: the call site of the longest recorded prefix of a path. */
export class CallSites implements Places {
  readonly #sites = new Map<string, Recorded>()
  readonly #start: CallSite

  constructor(start: CallSite) {
    this.#start = start
  }

  /** `text` is what the author gave there as text: an expression, or the path of a field. */
  record(path: SpecPath, site: CallSite, text: string | null = null): void {
    this.#sites.set(JSON.stringify(path), { site, text })
  }

  locate(path: SpecPath, { span }: { span?: Span } = {}): AuthoredPlace {
    for (let length = path.length; length > 0; length--) {
      const found = this.#sites.get(JSON.stringify(path.slice(0, length)))
      if (found === undefined) continue
      const place = { ...found.site, width: 1, text: null }
      const written = writtenAt(found, path.slice(length), span ?? null)
      return written === null ? place : { ...place, written }
    }
    return { ...this.#start, width: 1, text: null }
  }
}

function writtenAt({ text }: Recorded, rest: SpecPath, span: Span | null): Written | null {
  if (text !== null) return { kind: 'text', text, span }
  const key = rest.findLast((one): one is string => typeof one === 'string')
  return key === undefined ? null : { kind: 'key', key }
}
