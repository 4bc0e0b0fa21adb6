/** Plans the steps of a block one after the other; each moves the draft on. */
import { unreachable } from '../../base/assert.ts'
import type { StepSpec } from '../../spec/pipeline-spec.ts'
import type { Draft } from '../draft.ts'
import { rowWith, RULE_FIELD, sideStream } from '../blocks/side-outputs.ts'
import { planValidate, planWhere } from './filter-steps.ts'
import { planLookups } from './lookup-steps.ts'
import { planDrop, planRename, planSelect, planSet } from './project-steps.ts'
import { planFlatMap, planUnnest } from './row-maker-steps.ts'

export function planSteps(draft: Draft, steps: readonly StepSpec[]): void {
  for (const step of steps) planStep(draft, step)
}

/** `having` is a `where` under another key. */
export function isHaving(step: StepSpec): boolean {
  return step.key.includes('having')
}

function planStep(draft: Draft, step: StepSpec): void {
  switch (step.kind) {
    case 'where':
      return planWhere(draft, step, { role: isHaving(step) ? 'having' : 'where' })
    case 'set':
      return planSet(draft, step)
    case 'drop':
      return planDrop(draft, step)
    case 'rename':
      return planRename(draft, step)
    case 'select':
      return planSelect(draft, step)
    case 'unnest':
      return planUnnest(draft, step)
    case 'flat_map':
      return planFlatMap(draft, step)
    case 'lookup':
      return planLookups(draft, step)
    case 'validate':
      addRejected(draft, step.action)
      return planValidate(draft, step)
    default:
      return unreachable(step)
  }
}

function addRejected(draft: Draft, action: 'reject' | 'observe' | 'warn' | 'fail'): void {
  if (action !== 'reject') return
  const row = rowWith(draft.row, RULE_FIELD, `\`validate\` of ${draft.name}`)
  const { eventTime, bounded } = draft
  const edge = draft.edge === 'append' ? 'append' : 'retract'
  draft.sides.push(sideStream(draft.name, 'rejected', { row, eventTime, bounded, edge }))
}
