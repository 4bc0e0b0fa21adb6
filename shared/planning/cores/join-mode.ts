/** In which way a join is bounded, what each way needs, and which types exist for it. */
import type { TypedExpr } from '../../expr/ast.ts'
import { printDuration } from '../../model/duration-text.ts'
import { printFieldType } from '../../model/type-text.ts'
import type { JoinSpec } from '../../spec/pipeline-spec.ts'
import { draftPath, refuse, type Draft } from '../draft.ts'
import type { SplitCondition } from '../equality-pairs.ts'
import { needDraftTime, needEventTime } from '../event-time.ts'
import { checkRowExpr } from '../expression-checks.ts'
import type { WindowPlan } from '../plan.ts'
import type { Stream } from '../planning.ts'

export type JoinMode =
  | { readonly kind: 'updating' }
  | { readonly kind: 'window' }
  | { readonly kind: 'interval'; readonly lowMs: number; readonly highMs: number }
  | { readonly kind: 'as_of'; readonly time: TypedExpr }

interface ModeParts {
  readonly spec: JoinSpec
  readonly right: Stream
  readonly condition: SplitCondition | null
}

export function planJoinMode(draft: Draft, parts: ModeParts): JoinMode | null {
  const { spec } = parts
  const written = [
    spec.within === undefined ? null : 'within',
    spec.as_of === undefined ? null : 'as_of',
    spec.window === true ? 'window' : null,
  ].filter((one) => one !== null)
  if (written.length > 1) {
    refuse(draft, {
      code: 'OPTION_REFUSED',
      at: ['join', spec.alias, written[1] ?? ''],
      message: `a join has one bound in time, and here stand ${written.map((one) => `\`${one}\``).join(' and ')}`,
      fix: 'keep one of them',
    })
    return null
  }
  if (!checkType(draft, spec, written[0] ?? null)) return null
  if (spec.within !== undefined) return intervalMode(draft, parts, spec.within)
  if (spec.as_of !== undefined) return asOfMode(draft, parts, spec.as_of)
  if (spec.window === true) return windowMode(draft, parts)
  return { kind: 'updating' }
}

function checkType(draft: Draft, spec: JoinSpec, bound: string | null): boolean {
  const type = spec.type ?? 'inner'
  const isAny = bound === null || bound === 'window'
  if (isAny || type === 'inner' || type === 'left') return true
  refuse(draft, {
    code: 'JOIN_TYPE_REFUSED',
    at: ['join', spec.alias, 'type'],
    message: `a join with \`${bound}\` is \`inner\` or \`left\`, not \`${type}\``,
    fix:
      type === 'right'
        ? 'exchange the two sides and write `type: left`'
        : `leave \`${bound}\` out, or use \`window: true\` on windowed streams`,
  })
  return false
}

function needBoth(draft: Draft, { spec, right }: ModeParts, key: string): boolean {
  const at = ['join', spec.alias, key]
  const left = needDraftTime(draft, `\`${key}\``, at)
  const { eventTime, lostBy = null } = right.info
  const path = draftPath(draft, ...at)
  return needEventTime(draft.planning, eventTime, { what: `\`${key}\``, path, lostBy }) && left
}

function intervalMode(
  draft: Draft,
  parts: ModeParts,
  [lowMs, highMs]: readonly [number, number],
): JoinMode | null {
  const hasTime = needBoth(draft, parts, 'within')
  if (lowMs > highMs) {
    const [low, high] = [printDuration(lowMs), printDuration(highMs)]
    refuse(draft, {
      code: 'DURATION_WRONG',
      at: ['join', parts.spec.alias, 'within'],
      message: `\`within: [${low}, ${high}]\` is empty: the first is larger than the second`,
      fix: `write \`within: [${high}, ${low}]\`, the least and the most by which the right event time is later`,
    })
    return null
  }
  return hasTime ? { kind: 'interval', lowMs, highMs } : null
}

function asOfMode(
  draft: Draft,
  parts: ModeParts,
  asOf: NonNullable<JoinSpec['as_of']>,
): JoinMode | null {
  const { spec, right, condition } = parts
  const at = ['join', spec.alias, 'as_of']
  const hasTime = needBoth(draft, parts, 'as_of')
  const time = checkRowExpr(draft, asOf, { at, row: draft.row })
  if (time === null || !hasTime || condition === null) return null
  if (time.type.kind !== 'timestamp') {
    refuse(draft, {
      code: 'TYPE_MISMATCH',
      at,
      message: `\`as_of\` is a point in time, and this is ${printFieldType(time)}`,
      fix: 'give a field of type `timestamp`',
    })
    return null
  }
  const versioned = right.info.uniqueKey
  const keys = condition.pairs.map((pair) => (pair.right.node === 'column' ? pair.right.path : ''))
  const isByKey = versioned === null || versioned.every((path) => keys.includes(path))
  if (right.info.edge === 'append' || isByKey) return { kind: 'as_of', time }
  refuse(draft, {
    code: 'JOIN_CONDITION_WRONG',
    at: ['join', spec.alias, 'on'],
    message: `\`${spec.from}\` has one version per ${versioned?.join(', ') ?? ''}, and \`on\` does not compare all of that`,
    fix: `compare ${versioned?.map((path) => `\`… == ${spec.alias}.${path}\``).join(' and ') ?? ''}`,
  })
  return null
}

function windowMode(draft: Draft, { spec, right }: ModeParts): JoinMode | null {
  const at = ['join', spec.alias, 'window']
  const missing =
    draft.window === null ? draft.spec.from[0] : right.info.window === null ? spec.from : null
  if (missing !== null) {
    refuse(draft, {
      code: 'WINDOW_MISSING',
      at,
      message: `\`window: true\` joins rows of the same window, and \`${missing}\` has no windows`,
      fix: `give \`${missing}\` a window, or bound the join by \`within\``,
    })
    return null
  }
  if (sameWindows(draft.window, right.info.window)) return { kind: 'window' }
  refuse(draft, {
    code: 'JOIN_TYPE_REFUSED',
    at,
    message: `the two sides have different windows: ${windowText(draft.window)} and ${windowText(right.info.window)}`,
    fix: 'give both the same window',
  })
  return null
}

function sameWindows(a: WindowPlan | null, b: WindowPlan | null): boolean {
  return windowText(a) === windowText(b)
}

/** Which intervals there are: type, sizes and zone. */
export function windowText(window: WindowPlan | null): string {
  switch (window?.type) {
    case 'tumbling':
      return `tumbling ${spanText(window.size)}${window.offsetMs === 0 ? '' : ` offset ${printDuration(window.offsetMs)}`}${zoneText(window.zone)}`
    case 'sliding':
      return `sliding ${printDuration(window.sizeMs)} every ${printDuration(window.slideMs)}`
    case 'cumulate':
      return `cumulate ${spanText(window.size)} by ${printDuration(window.stepMs)}${zoneText(window.zone)}`
    case 'session':
      return `session gap ${printDuration(window.gapMs)}`
    case 'count':
      return `count ${window.size}`
    case 'rolling':
      return `rolling ${printDuration(window.sizeMs)}`
    case 'same':
      return `same as its input (${windowText(window.of)})`
    case 'global':
      return 'global'
    default:
      return 'none'
  }
}

function zoneText(zone: string): string {
  return zone === 'UTC' ? '' : ` in ${zone}`
}

export function spanText(span: Extract<WindowPlan, { type: 'tumbling' }>['size']): string {
  if ('ms' in span) return printDuration(span.ms)
  return `${span.count} ${span.calendar}${span.count === 1 ? '' : 's'}`
}
