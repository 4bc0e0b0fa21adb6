/**
 * Modules of authors: pipelines in TypeScript and files of functions. Whatever their folder has
 * installed, `millrace` in them is the package that runs them, so that builders and engine are of
 * one version and a project works before anything is installed in it.
 *
 * Importing this file switches that on for the process.
 */
import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'

const ENDING = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
const OWN: Readonly<Record<string, string>> = {
  millrace: new URL(`../../index.${ENDING}`, import.meta.url).href,
  'millrace/testing': new URL(`../../testing.${ENDING}`, import.meta.url).href,
}

registerHooks({
  resolve(specifier, context, next) {
    const url = Object.hasOwn(OWN, specifier) ? OWN[specifier] : undefined
    return url === undefined ? next(specifier, context) : { url, shortCircuit: true }
  },
  load(url, context, next) {
    const format = isMisjudged(url, context.format) ? 'module-typescript' : context.format
    return next(url, { ...context, format })
  },
})

/**
 * What `npm init` writes (`"type": "commonjs"`) makes Node read a TypeScript file as CommonJS, in
 * which `import` is a syntax error.
 */
function isMisjudged(url: string, format: string | null | undefined): boolean {
  if (format !== 'commonjs-typescript' || !url.startsWith('file:')) return false
  return /^(?:import|export)\b/m.test(readFileSync(fileURLToPath(url), 'utf8'))
}

export type AuthorModule = Readonly<Record<string, unknown>>

/** Importing must have no effects; what it throws is the author's to see. */
export async function importAuthorModule(path: string): Promise<AuthorModule> {
  return (await import(pathToFileURL(path).href)) as AuthorModule
}
