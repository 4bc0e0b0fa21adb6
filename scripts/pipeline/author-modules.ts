/**
 * Modules of authors: pipelines in TypeScript and files of functions. Whatever their folder has
 * installed, `millrace` in them is the package that runs them, so that builders and engine are of
 * one version and a project works before anything is installed in it.
 *
 * Importing this file switches that on for the process.
 */
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'

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
})

export type AuthorModule = Readonly<Record<string, unknown>>

/** Importing must have no effects; what it throws is the author's to see. */
export async function importAuthorModule(path: string): Promise<AuthorModule> {
  return (await import(pathToFileURL(path).href)) as AuthorModule
}
