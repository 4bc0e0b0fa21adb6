/** Plans the text of a YAML file with the connectors of the project; for the tests of planning. */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CONNECTOR_CONFIGS } from '../../../connectors/registry-configs.ts'
import type { Diagnostic } from '../../../shared/base/diagnostics.ts'
import type { Plan } from '../../../shared/planning/plan.ts'
import { planPipeline } from '../../../shared/planning/plan-pipeline.ts'
import { readPipeline } from '../../../shared/spec/read-pipeline.ts'

export const GOLDEN = resolve(import.meta.dirname, '../../golden/plans')

export interface PlannedText {
  readonly plan: Plan | null
  readonly diagnostics: readonly Diagnostic[]
}

export async function planText(text: string, path = 'test.yaml'): Promise<PlannedText> {
  const registry = new Map(Object.entries(CONNECTOR_CONFIGS))
  const read = await readPipeline({
    path: resolve(GOLDEN, path),
    text: new TextEncoder().encode(text),
    readFile: async (name) => ({ kind: 'file', bytes: await readFile(name) }),
    loadModule: (name) => import(resolve(name)) as Promise<Record<string, unknown>>,
    env: {},
    registry,
  })
  if (read.spec === null) return { plan: null, diagnostics: read.diagnostics.all }
  const planned = planPipeline(read.spec, registry, { params: read.params })
  return { plan: planned.plan, diagnostics: [...read.diagnostics.all, ...planned.diagnostics] }
}

/** One line per fact: where, code, message, cause, fix. */
export function diagnosticText(one: Diagnostic): string {
  const lines = [`${one.severity} ${one.code} at ${one.path.join('.')}`, `  ${one.message}`]
  if (one.cause !== undefined) lines.push(`  cause: ${one.cause}`)
  if (one.fix !== undefined) lines.push(`  fix: ${one.fix}`)
  return lines.join('\n')
}
