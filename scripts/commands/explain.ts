/** `millrace explain FILE [BLOCK]`: how the pipeline will run, without running it. */
import { StreamError } from '../../shared/base/errors.ts'
import { nearestName } from '../../shared/base/nearest-name.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import { planHash, planJson } from '../../shared/planning/plan-json.ts'
import { loadPipeline } from '../pipeline/load-pipeline.ts'
import { refusalJson, showDiagnostics } from '../pipeline/show-diagnostics.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'

export async function explain(flags: Flags, io: CommandIo): Promise<ExitCode> {
  const loaded = await loadPipeline(String(flags['file']), flags, io)
  const isJson = flags['json'] === true
  if (!showDiagnostics(loaded, io, true) || loaded.plan === null) {
    if (isJson) io.stdout.write(`${JSON.stringify(refusalJson(loaded), null, 2)}\n`)
    return 2
  }
  const block = typeof flags['block'] === 'string' ? flags['block'] : undefined
  if (block !== undefined) requireBlock(loaded.plan, block)
  io.stdout.write(`${(await textOf(loaded.plan, formatOf(flags), block)).trimEnd()}\n`)
  return 0
}

function formatOf(flags: Flags): string {
  if (flags['json'] === true) return 'json'
  return flags['code'] === true ? 'code' : String(flags['format'])
}

async function textOf(plan: Plan, format: string, block: string | undefined): Promise<string> {
  switch (format) {
    case 'json':
      return JSON.stringify(jsonOf(plan, block), null, 2)
    case 'mermaid':
      return (await import('../../shared/planning/explain/explain-mermaid.ts')).explainMermaid(plan)
    case 'svg':
      return (await import('../../shared/planning/explain/explain-svg.ts')).explainSvg(plan)
    case 'code':
      return (await import('../pipeline/explain-code.ts')).explainCode(plan, block)
    default: {
      const { explainText } = await import('../../shared/planning/explain/explain-text.ts')
      return explainText(plan, block) ?? ''
    }
  }
}

/** With a block: its part of the plan. The hash is that of the whole plan. */
function jsonOf(plan: Plan, block: string | undefined): unknown {
  const json = planJson(plan)
  if (block === undefined) return { ...json, hash: planHash(plan) }
  const { blocks } = json as { blocks?: readonly { name?: unknown }[] }
  return blocks?.find((one) => one.name === block) ?? null
}

function requireBlock(plan: Plan, block: string): void {
  const names = plan.blocks.map((one) => one.name)
  if (names.includes(block)) return
  const nearest = nearestName(block, names)
  throw new StreamError('USAGE_WRONG', `there is no block "${block}"`, {
    fix: nearest === null ? `blocks are ${names.join(', ')}` : `did you mean ${nearest}?`,
  })
}
