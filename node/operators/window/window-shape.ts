/** Makes the shape of a window out of its plan. */
import { assert } from '../../../shared/base/assert.ts'
import type { SpanPlan, WindowPlan } from '../../../shared/planning/plan.ts'
import { calendarShape } from './calendar-shape.ts'
import type { WindowShape } from './window-arithmetic.ts'

export type { WindowShape } from './window-arithmetic.ts'

export function windowShape(plan: WindowPlan): WindowShape {
  switch (plan.type) {
    case 'tumbling':
      return spanShape(plan.size, plan.offsetMs, plan.zone)
    case 'sliding':
      return slidingShape(plan.sizeMs, plan.slideMs)
    case 'cumulate':
      return cumulateShape(spanShape(plan.size, 0, plan.zone), plan.stepMs)
    case 'global':
      return GLOBAL
    case 'same':
      return SAME
    default:
      assert(false, `a window of type ${plan.type} is not made of panes`)
  }
}

function spanShape(size: SpanPlan, offsetMs: number, zone: string): WindowShape {
  return 'ms' in size ? tumblingShape(size.ms, offsetMs) : calendarShape(size, offsetMs, zone)
}

function tumblingShape(sizeMs: number, offsetMs: number): WindowShape {
  return {
    paneStart: (time) => Math.floor((time - offsetMs) / sizeMs) * sizeMs + offsetMs,
    paneEnd: (start) => start + sizeMs,
    firstEnd: (start) => start + sizeMs,
    lastEnd: (start) => start + sizeMs,
    nextEnd: (end) => end + sizeMs,
    endAfter: (start) => start + sizeMs,
    windowStart: (end) => end - sizeMs,
    isSingle: true,
  }
}

function slidingShape(sizeMs: number, slideMs: number): WindowShape {
  const paneMs = greatestDivisor(sizeMs, slideMs)
  const firstEnd = (start: number) =>
    Math.ceil((start + paneMs - sizeMs) / slideMs) * slideMs + sizeMs
  return {
    paneStart: (time) => Math.floor(time / paneMs) * paneMs,
    paneEnd: (start) => start + paneMs,
    firstEnd,
    lastEnd: (start) => Math.floor(start / slideMs) * slideMs + sizeMs,
    nextEnd: (end) => end + slideMs,
    endAfter: (start, after) => {
      const first = firstEnd(start)
      return after < first ? first : (Math.floor((after - first) / slideMs) + 1) * slideMs + first
    },
    windowStart: (end) => end - sizeMs,
    isSingle: paneMs === sizeMs,
  }
}

/** Growing parts of a whole window: all start with it, each a step longer, the last ends with it. */
function cumulateShape(whole: WindowShape, stepMs: number): WindowShape {
  const paneStart = (time: number) => {
    const base = whole.paneStart(time)
    return base + Math.floor((time - base) / stepMs) * stepMs
  }
  const paneEnd = (start: number) => {
    const end = whole.paneEnd(whole.paneStart(start))
    return Math.min(start + stepMs, end)
  }
  return {
    paneStart,
    paneEnd,
    firstEnd: paneEnd,
    lastEnd: (start) => whole.paneEnd(whole.paneStart(start)),
    nextEnd: paneEnd,
    endAfter: (start, after) =>
      after < paneEnd(start) ? paneEnd(start) : paneEnd(paneStart(after)),
    windowStart: (end) => whole.paneStart(end - 1),
    isSingle: false,
  }
}

const GLOBAL: WindowShape = {
  paneStart: () => Number.NEGATIVE_INFINITY,
  paneEnd: () => Number.POSITIVE_INFINITY,
  firstEnd: () => Number.POSITIVE_INFINITY,
  lastEnd: () => Number.POSITIVE_INFINITY,
  nextEnd: () => Number.NaN,
  endAfter: () => Number.POSITIVE_INFINITY,
  windowStart: () => Number.NEGATIVE_INFINITY,
  isSingle: true,
}

/**
 * The windows of the input, of whatever kind: its rows have the time before their window's end, and
 * rows of one end are a pane. The bounds are columns of the key (same-window.ts).
 */
const SAME: WindowShape = {
  paneStart: (time) => time,
  paneEnd: (start) => start + 1,
  firstEnd: (start) => start + 1,
  lastEnd: (start) => start + 1,
  nextEnd: (end) => end + 1,
  endAfter: (start) => start + 1,
  windowStart: (end) => end - 1,
  isSingle: true,
}

function greatestDivisor(left: number, right: number): number {
  let [a, b] = [left, right]
  while (b !== 0) [a, b] = [b, a % b]
  return a
}
