/** What `./file.ts#name` names: found by the loader that the options bring. */
import type { SpecPath } from '../../base/diagnostics.ts'
import { nearestName } from '../../base/nearest-name.ts'
import type { ReadContext } from './read-context.ts'
import { resolvePath } from './read-includes.ts'
import { nodeAt } from '../yaml/yaml-tree.ts'

export type LoadedExport =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'not-loaded' }
  | { readonly kind: 'problem' }

export async function loadExport(
  ref: string,
  path: SpecPath,
  ...[context, code]: [ReadContext, 'SCHEMA_NOT_FOUND' | 'FUNCTION_NOT_FOUND']
): Promise<LoadedExport> {
  const { options, diagnostics } = context
  if (options.loadModule === undefined) return { kind: 'not-loaded' }
  const [file = '', name = ''] = ref.split('#')
  const from = nodeAt(context.root, path)?.source.file ?? options.path
  const resolved = resolvePath(from, file)
  const read = await options.readFile(resolved)
  if (read.kind !== 'file') {
    const said = { fix: 'look at the spelling; the path starts from the folder of this file' }
    const what = read.kind === 'directory' ? 'is a directory' : 'does not exist'
    diagnostics.error(code, path, `${resolved} ${what}`, said)
    return { kind: 'problem' }
  }
  const loaded = await tryLoad(resolved, context)
  if ('problem' in loaded) {
    diagnostics.error(code, path, `${resolved} cannot be loaded`, {
      cause: loaded.problem,
      fix: 'mend the file; `millrace check` imports it and runs nothing of it',
    })
    return { kind: 'problem' }
  }
  if (Object.hasOwn(loaded.module, name)) return { kind: 'value', value: loaded.module[name] }
  const names = Object.keys(loaded.module)
  const near = nearestName(name, names)
  const list = names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`
  diagnostics.error(code, path, `${resolved} does not export \`${name}\``, {
    cause: list,
    fix: near === null ? `write \`export const ${name} = …\` there` : `did you mean \`${near}\`?`,
  })
  return { kind: 'problem' }
}

type Module = Readonly<Record<string, unknown>>

async function tryLoad(
  path: string,
  context: ReadContext,
): Promise<{ module: Module } | { problem: string }> {
  try {
    return { module: (await context.options.loadModule?.(path)) ?? {} }
  } catch (cause) {
    return { problem: cause instanceof Error ? cause.message : String(cause) }
  }
}
