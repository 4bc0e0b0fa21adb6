/** Windows: their plan with defaults, what they need of their input, and what their rows are. */
import { printDuration } from '../../model/duration-text.ts'
import { durationWords } from '../duration-words.ts'
import type { SpanSpec, WindowSpec } from '../../spec/pipeline-spec.ts'
import { needFullChanges, refuse, type Draft } from '../draft.ts'
import { needDraftTime } from '../event-time.ts'
import type { EdgeKind, SpanPlan, WindowPlan } from '../plan.ts'
import { refuseChanges } from '../change-kinds.ts'

const DAY_MS = 86_400_000

/** Null when it is refused. */
export function planWindow(draft: Draft, spec: WindowSpec): WindowPlan | null {
  const before = draft.planning.diagnostics.all.length
  checkDurations(draft, spec)
  checkOptions(draft, spec)
  const window = windowOf(draft, spec)
  if (window !== null) checkInput(draft, window)
  const isWrong = draft.planning.diagnostics.all
    .slice(before)
    .some((one) => one.severity === 'error')
  return isWrong ? null : window
}

function windowOf(draft: Draft, spec: WindowSpec): WindowPlan | null {
  const isRolling = spec.type === 'rolling'
  const timing = {
    time: spec.time ?? 'event',
    allowedLatenessMs: spec.allowed_lateness ?? (spec.type === 'same' ? draft.lateness : 0),
    earlyMs: spec.early ?? null,
    emit: spec.emit ?? (isRolling ? 'final' : 'updates'),
  } as const
  switch (spec.type) {
    case 'tumbling':
      return {
        ...timing,
        type: 'tumbling',
        size: spec.size,
        offsetMs: spec.offset ?? 0,
        zone: zoneOf(draft, spec.timezone),
      }
    case 'sliding': {
      const sizeMs = fixedMs(draft, spec.size, 'size')
      const slideMs = fixedMs(draft, spec.slide, 'slide')
      if (sizeMs === null || slideMs === null) return null
      if (slideMs > sizeMs) gap(draft, { sizeMs, otherMs: slideMs, key: 'slide' })
      return { ...timing, type: 'sliding', sizeMs, slideMs }
    }
    case 'cumulate': {
      const stepMs = fixedMs(draft, spec.step, 'step')
      const sizeMs = 'ms' in spec.size ? spec.size.ms : calendarMs(spec.size)
      if (stepMs === null) return null
      if (sizeMs !== null && (stepMs > sizeMs || sizeMs % stepMs !== 0)) {
        uneven(draft, sizeMs, stepMs)
      }
      const zone = zoneOf(draft, spec.timezone)
      return { ...timing, type: 'cumulate', size: spec.size, stepMs, zone }
    }
    case 'session':
      return { ...timing, type: 'session', gapMs: spec.gap }
    case 'count':
      return { ...timing, type: 'count', size: spec.size }
    case 'global':
      return { ...timing, type: 'global' }
    case 'rolling':
      return { ...timing, type: 'rolling', sizeMs: spec.size }
    default:
      return { ...timing, type: 'same', of: draft.window }
  }
}

function zoneOf(draft: Draft, zone = 'UTC'): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone === ''
      ? 'UTC'
      : zone
  } catch {
    refuse(draft, {
      code: 'OPTION_REFUSED',
      at: ['window', 'timezone'],
      message: `there is no time zone \`${zone}\``,
      fix: 'write a name such as `Europe/Berlin`, or `UTC`',
    })
    return 'UTC'
  }
}

/** Days and weeks as hours; a month has no fixed length. */
function calendarMs(span: SpanPlan): number | null {
  if ('ms' in span) return span.ms
  if (span.calendar === 'month') return null
  return span.count * (span.calendar === 'week' ? 7 : 1) * DAY_MS
}

function fixedMs(draft: Draft, span: SpanSpec, key: string): number | null {
  const ms = calendarMs(span)
  if (ms !== null) return ms
  refuse(draft, {
    code: 'DURATION_WRONG',
    at: ['window', key],
    message: `\`${key}\` of a ${draft.spec.window?.type} window cannot be months, which differ in length`,
    fix: 'use days, or `type: tumbling`',
  })
  return null
}

function gap(draft: Draft, parts: { sizeMs: number; otherMs: number; key: string }): void {
  const [size, other] = [printDuration(parts.sizeMs), printDuration(parts.otherMs)]
  refuse(draft, {
    code: 'DURATION_WRONG',
    at: ['window', parts.key],
    message: `\`${parts.key}\` is ${other} and \`size\` ${size}: records between two windows would belong to none`,
    fix: 'make `slide` at most `size`',
  })
}

function uneven(draft: Draft, sizeMs: number, stepMs: number): void {
  refuse(draft, {
    code: 'DURATION_WRONG',
    at: ['window', 'step'],
    message: `\`size\` (${printDuration(sizeMs)}) is no multiple of \`step\` (${printDuration(stepMs)})`,
    fix: 'choose a `step` that divides `size`',
  })
}

function checkDurations(draft: Draft, spec: WindowSpec): void {
  for (const key of ['size', 'slide', 'step', 'gap', 'early'] as const) {
    const value: unknown = (spec as unknown as Record<string, unknown>)[key]
    if (value === undefined) continue
    const amount = typeof value === 'number' ? value : spanAmount(value as SpanSpec)
    if (amount > 0 && Number.isFinite(amount)) continue
    refuse(draft, {
      code: 'DURATION_WRONG',
      at: ['window', key],
      message: `\`${key}\` of a window must be more than 0`,
    })
  }
  if (spec.allowed_lateness !== undefined && spec.allowed_lateness < 0) {
    const message = '`allowed_lateness` cannot be negative'
    refuse(draft, { code: 'DURATION_WRONG', at: ['window', 'allowed_lateness'], message })
  }
  if (spec.type === 'count' && !Number.isInteger(spec.size)) {
    const message = `a count window takes a whole number of records, not ${spec.size}`
    refuse(draft, { code: 'DURATION_WRONG', at: ['window', 'size'], message })
  }
}

function spanAmount(span: SpanSpec): number {
  return 'ms' in span ? span.ms : span.count
}

function checkOptions(draft: Draft, spec: WindowSpec): void {
  const isTimed = spec.type !== 'count' && spec.type !== 'global' && spec.type !== 'rolling'
  const refuseKey = (key: string, message: string, fix?: string): void =>
    refuse(draft, {
      code: 'OPTION_REFUSED',
      at: ['window', key],
      message,
      ...(fix === undefined ? {} : { fix }),
    })
  if (spec.allowed_lateness !== undefined && !isTimed) {
    refuseKey(
      'allowed_lateness',
      `a ${spec.type} window has no \`allowed_lateness\``,
      'leave it out',
    )
  }
  if (spec.early !== undefined && spec.type === 'rolling') {
    refuseKey(
      'early',
      'a rolling window gives one row per record, so there is nothing early',
      'leave it out',
    )
  }
  if (spec.early !== undefined && spec.type === 'count') {
    refuseKey(
      'early',
      'a count window gives its row with its last record, never before',
      'leave it out, make `size` smaller, or use a window of time',
    )
  }
  if (spec.emit === 'arrival' && spec.type !== 'rolling') {
    refuseKey(
      'emit',
      `\`emit: arrival\` is for rolling windows, and this is a ${spec.type} window`,
      'write `updates` or `final`',
    )
  }
  if (spec.emit === 'updates' && spec.type === 'rolling') {
    refuseKey('emit', 'a rolling window emits each record once', 'write `final` or `arrival`')
  }
  if (spec.emit === 'final' && spec.early !== undefined) {
    refuseKey(
      'early',
      '`early` gives rows before the end and `emit: final` forbids them',
      'leave one of them out',
    )
  }
  if (spec.time !== 'processing') return
  if (!isTimed || spec.type === 'same') {
    refuseKey('time', `a ${spec.type} window has no \`time: processing\``, 'leave it out')
  }
  if (spec.allowed_lateness !== undefined) {
    refuseKey(
      'allowed_lateness',
      'nothing is late in processing time',
      'leave `allowed_lateness` out',
    )
  }
}

/** Windows whose records have places in event time. */
export function isEventTimed(window: WindowPlan): boolean {
  return window.time === 'event' && window.type !== 'count' && window.type !== 'global'
}

function checkInput(draft: Draft, window: WindowPlan): void {
  const what = `a ${window.type} window`
  if (isEventTimed(window) && window.type !== 'same') needDraftTime(draft, what, ['window'])
  if (window.type === 'same' && window.of === null) {
    refuse(draft, {
      code: 'WINDOW_MISSING',
      at: ['window', 'type'],
      message: `\`type: same\` groups again inside the window of its input, and \`${draft.spec.from[0]}\` has no window`,
      fix: 'read a block with a window, or give a window of its own',
    })
  }
  if (window.type === 'session' || window.type === 'count' || window.type === 'rolling') {
    refuseChanges(draft, { what, at: ['window', 'type'] })
  } else needFullChanges(draft)
  if (!isEventTimed(window) || draft.lateness <= window.allowedLatenessMs) return
  if (window.type === 'rolling' || draft.edge === 'append') return
  const need = durationWords(draft.lateness)
  refuse(draft, {
    code: 'LATENESS_TOO_SMALL',
    at:
      draft.spec.window?.allowed_lateness === undefined
        ? ['window']
        : ['window', 'allowed_lateness'],
    message: `the rows of \`${draft.spec.from[0]}\` are corrected up to ${need} after their window, and this window takes corrections for ${durationWords(window.allowedLatenessMs)} only`,
    fix: `write \`allowed_lateness: ${need}\`, or \`emit: final\` in the window of \`${draft.spec.from[0]}\``,
  })
}

/** Whether rows of the window are changed after they were given. */
export function windowEdge(input: EdgeKind, window: WindowPlan): EdgeKind {
  if (window.emit === 'final' || window.type === 'rolling') return 'append'
  const isOnce = window.allowedLatenessMs === 0 && window.earlyMs === null
  return isOnce && input === 'append' ? 'append' : 'upsert'
}

/** What the rows of a window are to blocks behind: time, lateness, window. */
export function leaveWindow(draft: Draft, window: WindowPlan): void {
  draft.lateness = window.emit === 'updates' && isEventTimed(window) ? window.allowedLatenessMs : 0
  if (window.type === 'rolling') return
  const hasTime = isEventTimed(window)
  if (!hasTime) {
    draft.eventTime = 'lost'
    draft.lostBy ??= draft.name
  }
  draft.window = window.type === 'same' ? window.of : hasTime ? window : null
}
