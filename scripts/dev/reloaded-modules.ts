/**
 * Modules of an author that are loaded afresh after each save, with all that they import themselves.
 *
 * Node keeps a module per URL, so each round has a number in the URL's query, which the imports of a
 * module hand on. Packages and Millrace's own files are left out: they do not change.
 *
 * Owns: the number of the round, the files seen in it. Modules of earlier rounds stay in memory
 * until the process ends.
 */
// oxlint-disable-next-line import/no-unassigned-import -- it registers the hook it is named for
import '../pipeline/author-modules.ts'
import { registerHooks } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { AuthorModule } from '../pipeline/author-modules.ts'
import { packageRoot } from '../package-version.ts'

const ROUND = 'round'
const OURS = ['shared', 'node', 'connectors', 'scripts', 'dist', 'node_modules'].map(
  (folder) => pathToFileURL(join(packageRoot(), folder)).href,
)

export class ReloadedModules {
  #round = 0
  readonly #files = new Set<string>()
  readonly #hooks

  constructor() {
    this.#hooks = registerHooks({
      resolve: (specifier, context, next) => {
        const found = next(specifier, context)
        const round = roundOf(context.parentURL)
        if (round === null || !isAuthors(found.url)) return found
        this.#files.add(fileURLToPath(found.url))
        return { ...found, url: withRound(found.url, round) }
      },
    })
  }

  /** The next imports see files as they are then. */
  startRound(): void {
    this.#round++
    this.#files.clear()
  }

  /** Files that the modules of this round are made of. */
  get files(): ReadonlySet<string> {
    return this.#files
  }

  async import(path: string): Promise<AuthorModule> {
    this.#files.add(path)
    const url = withRound(pathToFileURL(path).href, String(this.#round))
    return (await import(url)) as AuthorModule
  }

  close(): void {
    this.#hooks.deregister()
  }
}

function withRound(url: string, round: string): string {
  const made = new URL(url)
  made.searchParams.set(ROUND, round)
  return made.href
}

function roundOf(url: string | undefined): string | null {
  return url?.startsWith('file:') === true ? new URL(url).searchParams.get(ROUND) : null
}

function isAuthors(url: string): boolean {
  if (!url.startsWith('file:') || url.includes('/node_modules/')) return false
  return !OURS.some((folder) => url.startsWith(`${folder}/`)) && !isEntry(url)
}

/** The package's own entries, which stand in its root. */
function isEntry(url: string): boolean {
  const root = pathToFileURL(packageRoot()).href
  return url.startsWith(`${root}/index.`) || url.startsWith(`${root}/testing.`)
}
