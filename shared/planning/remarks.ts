/** Warnings and notes that no single block decides: parts that do nothing yet, rows nobody reads. */
import type { Diagnostics } from '../base/diagnostics.ts'
import type { PipelineSpec } from '../spec/pipeline-spec.ts'
import type { Plan } from './plan.ts'

const NOT_YET = ['schedule', 'alerts', 'freshness'] as const

export function warnNotYet(spec: PipelineSpec, diagnostics: Diagnostics): void {
  for (const key of NOT_YET) {
    if (spec[key] === undefined) continue
    diagnostics.warning('NOT_YET', [key], `\`${key}\` is read but does nothing yet`, {
      onKey: true,
    })
  }
}

export function noteUnread(spec: PipelineSpec, plan: Plan, diagnostics: Diagnostics): void {
  const read = new Set(
    plan.blocks.flatMap((block) => block.inputs.map((ref) => `${ref.block}.${ref.output}`)),
  )
  for (const block of plan.blocks) {
    if (block.kind === 'sink') continue
    const section = block.kind === 'source' ? 'sources' : 'transformations'
    for (const { name } of block.outputs) {
      if (read.has(`${block.name}.${name}`) || name === 'dead_letter') continue
      const path = [section, block.name]
      if (name === 'main') {
        const isSideRead = block.outputs.some((one) => read.has(`${block.name}.${one.name}`))
        if (isSideRead) continue
        diagnostics.warning('BLOCK_UNREAD', path, `nobody reads \`${block.name}\``, {
          onKey: true,
          fix: `add a sink with \`from: ${block.name}\`, or take the block out`,
        })
        continue
      }
      diagnostics.note(
        'SIDE_OUTPUT_UNREAD',
        path,
        `\`${block.name}.${name}\` is read by nobody: its rows are counted and dropped`,
        { onKey: true, fix: `to keep them: \`from: ${block.name}.${name}\`` },
      )
    }
  }
  for (const name of Object.keys(spec.tables ?? {})) {
    if (isTableRead(plan, name)) continue
    diagnostics.warning('BLOCK_UNREAD', ['tables', name], `no lookup reads table \`${name}\``, {
      onKey: true,
      fix: 'take it out',
    })
  }
  if (Object.keys(spec.sinks).length > 0) return
  diagnostics.warning(
    'BLOCK_UNREAD',
    ['sinks'],
    'the pipeline has no sinks: nothing comes out of it',
    {
      fix: 'add `sinks:`, or use `millrace preview`',
    },
  )
}

function isTableRead(plan: Plan, table: string): boolean {
  return plan.blocks.some(
    (block) =>
      block.kind === 'transform' &&
      [...block.pre, ...block.post].some((step) => step.kind === 'lookup' && step.table === table),
  )
}
