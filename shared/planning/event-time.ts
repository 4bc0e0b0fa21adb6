/** Event time of a stream: who needs it, and who lost it (D13). */
import type { Draft } from './draft.ts'
import { draftPath } from './draft.ts'
import type { Planning } from './planning.ts'
import type { SpecPath } from '../base/diagnostics.ts'

export interface TimeNeed {
  /** "a session window", "`within`". */
  readonly what: string
  readonly path: SpecPath
  readonly lostBy: string | null
}

/** Reports that event time is needed where there is none; true when it is there. */
export function needEventTime(
  planning: Planning,
  time: 'kept' | 'lost',
  { what, path, lostBy }: TimeNeed,
): boolean {
  if (time === 'kept') return true
  const block = lostBy ?? ''
  if (planning.graph.sections.get(block) === 'sources') {
    planning.diagnostics.error(
      'EVENT_TIME_MISSING',
      path,
      `${what} needs event time, and source \`${block}\` has none`,
      {
        fix: `add \`event_time:\` to \`${block}\`, the timestamp field that says when it happened`,
      },
    )
    return false
  }
  const why = whyLost(planning, block)
  planning.diagnostics.error(
    'EVENT_TIME_LOST',
    path,
    `${what} needs event time, and \`${block}\` lost it`,
    {
      cause: `\`${block}\` is ${why}, whose rows belong to no point in time`,
      fix: `put this before \`${block}\`, or give \`${block}\` a bound in time (${boundOf(planning, block)})`,
    },
  )
  return false
}

export function needDraftTime(
  draft: Draft,
  what: string,
  at: readonly (string | number)[],
): boolean {
  return needEventTime(draft.planning, draft.eventTime, {
    what,
    path: draftPath(draft, ...at),
    lostBy: draft.lostBy,
  })
}

function whyLost(planning: Planning, block: string): string {
  const spec = planning.spec.transformations?.[block]
  if (spec?.core?.kind === 'join') return 'a join without a bound in time'
  if (spec?.core?.kind === 'top') return 'a `top` without a window'
  if (spec?.window?.type === 'count' || spec?.window?.type === 'global') {
    return `a ${spec.window.type} window`
  }
  if (spec?.window?.time === 'processing') return 'a window of processing time'
  if (spec === undefined) return 'a stream of dead letters'
  return spec.from.length > 1
    ? 'a union with a stream without event time'
    : 'an aggregate without a window'
}

function boundOf(planning: Planning, block: string): string {
  const spec = planning.spec.transformations?.[block]
  return spec?.core?.kind === 'join' ? '`within`, `as_of` or `window: true`' : 'a `window`'
}
