/** Where in an author's TypeScript a block or step was written, for diagnostics. */
import type { Place, Places, SpecPath } from '../base/diagnostics.ts'

export interface CallSite {
  readonly file: string
  readonly line: number
  readonly column: number
}

const UNKNOWN: CallSite = { file: '<typescript>', line: 1, column: 1 }
const FRAME = /(?:\(|at )(?:async )?((?:file:\/\/)?[^()]+?):(\d+):(\d+)\)?$/
const OWN_FOLDER = new URL('.', import.meta.url).href

/** The innermost frame outside this folder: the author's line. */
export function callSite(): CallSite {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 25
  const stack = new Error('call site').stack ?? ''
  Error.stackTraceLimit = limit
  for (const line of stack.split('\n').slice(1)) {
    const match = FRAME.exec(line.trim())
    if (match === null || isOwn(match[1] ?? '')) continue
    return { file: pathOf(match[1] ?? ''), line: Number(match[2]), column: Number(match[3]) }
  }
  return UNKNOWN
}

function isOwn(file: string): boolean {
  return file.startsWith(OWN_FOLDER) || file.startsWith(pathOf(OWN_FOLDER))
}

function pathOf(file: string): string {
  return file.startsWith('file://') ? decodeURIComponent(new URL(file).pathname) : file
}

/**
 * Places of a built pipeline: the call site of the longest recorded prefix of a path. Expressions
 * have no text of their own, so spans are not used.
 */
export class CallSites implements Places {
  readonly #sites = new Map<string, CallSite>()
  readonly #start: CallSite

  constructor(start: CallSite) {
    this.#start = start
  }

  record(path: SpecPath, site: CallSite): void {
    this.#sites.set(JSON.stringify(path), site)
  }

  locate(path: SpecPath): Place {
    for (let length = path.length; length > 0; length--) {
      const site = this.#sites.get(JSON.stringify(path.slice(0, length)))
      if (site !== undefined) return { ...site, width: 1, text: null }
    }
    return { ...this.#start, width: 1, text: null }
  }
}
