/** The core of a block, its key and window, and the late rows it puts aside. */
import { unreachable } from '../../base/assert.ts'
import type { TypedExpr } from '../../expr/ast.ts'
import { refuse, type Draft } from '../draft.ts'
import type { Core, WindowPlan } from '../plan.ts'
import type { Stream } from '../planning.ts'
import { LATE_FIELD, rowWith, sideStream } from '../blocks/side-outputs.ts'
import { planAggregate } from './aggregate-plan.ts'
import { planDedupe } from './dedupe-plan.ts'
import { planJoin } from './join-plan.ts'
import { planKey } from './key-plan.ts'
import { planProcess } from './process-plan.ts'
import { planTop } from './top-plan.ts'
import { isEventTimed, planWindow } from './window-plan.ts'

/**
 * `rightWhere`: terms of `where` for the right side of a join. Null when there is no core, or when it
 * is refused (then there are errors).
 */
export function planCore(
  draft: Draft,
  right: Stream | null,
  rightWhere: TypedExpr | null,
): Core | null {
  const { core, window: windowSpec, key_by: keyBy } = draft.spec
  checkCompany(draft)
  if (core === undefined) return null
  if (core.kind === 'join') {
    if (keyBy !== undefined) {
      const fix = 'a join is keyed by the equalities of `on`: leave `key_by` out'
      refuse(draft, {
        code: 'OPTION_REFUSED',
        at: ['key_by'],
        message: '`join` has no `key_by`',
        fix,
      })
    }
    return right === null ? null : planJoin(draft, { spec: core.join, right, rightWhere })
  }
  const key = planKey(draft, core.kind)
  const window = windowSpec === undefined ? null : planWindow(draft, windowSpec)
  const isRefused = key === null || (windowSpec !== undefined && window === null)
  const isWithin = core.kind === 'dedupe' && core.within !== undefined
  if (!isRefused && (isWithin || (window !== null && isEventTimed(window)))) addLate(draft)
  // Expressions are checked all the same, so that all mistakes are shown at once.
  const keyed = { key: key ?? [], window }
  const planned = planKeyed(draft, keyed)
  return isRefused ? null : planned
}

function planKeyed(
  draft: Draft,
  keyed: {
    readonly key: NonNullable<ReturnType<typeof planKey>>
    readonly window: WindowPlan | null
  },
): Core | null {
  const { core } = draft.spec
  switch (core?.kind) {
    case 'aggregate':
      return planAggregate(draft, core, keyed)
    case 'top':
      return planTop(draft, core, keyed)
    case 'dedupe':
      return planDedupe(draft, core, keyed.key)
    case 'process':
      return planProcess(draft, core, keyed.key)
    case 'join':
    case undefined:
      return null
    default:
      return unreachable(core)
  }
}

/** Keys that only make sense beside a core. */
function checkCompany(draft: Draft): void {
  const { core, window, key_by: keyBy, ttl, late } = draft.spec
  const withWindow = core?.kind === 'aggregate' || core?.kind === 'top'
  if (window !== undefined && !withWindow) {
    refuse(draft, {
      code: 'OPTION_REFUSED',
      at: ['window'],
      message:
        core === undefined
          ? 'a window needs something to do with its rows'
          : `\`${core.kind}\` has no window`,
      fix: 'add `aggregate:` or `top:`',
    })
  }
  const isWithin = core?.kind === 'dedupe' && core.within !== undefined
  if (late !== undefined && window === undefined && !isWithin) {
    const message = '`late` needs a window, or `dedupe: { within }`'
    refuse(draft, { code: 'OPTION_REFUSED', at: ['late'], message })
  }
  if (core !== undefined) return
  if (keyBy !== undefined) {
    refuse(draft, {
      code: 'OPTION_REFUSED',
      at: ['key_by'],
      message: '`key_by` alone does nothing',
      fix: 'add `aggregate`, `top`, `dedupe` or `process`, or leave `key_by` out',
    })
  }
  if (ttl !== undefined) {
    const message = '`ttl` bounds state, and this block has none'
    refuse(draft, { code: 'OPTION_REFUSED', at: ['ttl'], message, fix: 'leave it out' })
  }
}

function addLate(draft: Draft): void {
  const row = rowWith(draft.row, LATE_FIELD, `late rows of ${draft.name}`)
  const { eventTime, bounded } = draft
  const edge = draft.edge === 'append' ? 'append' : 'retract'
  draft.sides.push(sideStream(draft.name, 'late', { row, eventTime, bounded, edge }))
}
