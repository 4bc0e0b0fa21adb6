/** Where in the author's TypeScript each call of a test stands, for what is said of it. */
import { siteOfError, type CallSite } from '../../../shared/api/call-site.ts'
import type { Place, Places, SpecPath } from '../../../shared/base/diagnostics.ts'

const UNKNOWN: CallSite = { file: '<typescript>', line: 1, column: 1 }

export class TestSites implements Places {
  readonly #start: CallSite
  readonly #sites = new Map<string, CallSite>()

  /** Errors are made at the call; only their stack is used. */
  constructor(start: Error) {
    this.#start = siteOfError(start) ?? UNKNOWN
  }

  get count(): number {
    return this.#sites.size
  }

  /** `path` is of two parts: the word and the number of the call. */
  record(path: SpecPath, error: Error): void {
    this.#sites.set(keyOf(path), siteOfError(error) ?? this.#start)
  }

  locate(path: SpecPath): Place {
    const site = this.#sites.get(keyOf(path)) ?? this.#start
    return { ...site, width: 1, text: null }
  }
}

function keyOf(path: SpecPath): string {
  return path.slice(0, 2).join(' ')
}
