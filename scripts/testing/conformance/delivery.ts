/**
 * Deliveries: one way in which a script may reach an operator. Every delivery keeps the order of
 * each input; it chooses where batches are cut, where empty ones stand, how inputs interleave,
 * which further watermarks come, when outputs push back, and how many subtasks share the keys.
 */
import type { Random } from '../../../shared/base/random.ts'
import type { Script, ScriptRow, ScriptStep } from './script.ts'

export interface Delivery {
  readonly name: string
  readonly random: Random
  /** Rows per batch, at most. */
  readonly batchRowsMax: number
  /** Share of steps before which an empty batch comes. */
  readonly empty: number
  /** Share of steps before which a further, true watermark comes. */
  readonly watermarks: number
  /** Outputs are full after every so many batches; 0: never. */
  readonly fullAfter: number
  readonly subtaskCount: number
  /** Inputs are merged anew. */
  readonly interleaves: boolean
}

export type Action =
  | { readonly kind: 'batch'; readonly input: number; readonly rows: readonly ScriptRow[] }
  | Exclude<ScriptStep, { kind: 'row' }>

/** One row per batch, one subtask, nothing pushes back: what the others are compared with. */
export function plainDelivery(random: Random): Delivery {
  return {
    name: 'one row per batch',
    random,
    batchRowsMax: 1,
    empty: 0,
    watermarks: 0,
    fullAfter: 0,
    subtaskCount: 1,
    interleaves: false,
  }
}

/** The actions of a script under a delivery. `isCalm`: no row of it is late. */
export function actionsOf(script: Script, delivery: Delivery, isCalm: boolean): Action[] {
  const steps = delivery.interleaves ? interleaved(script, delivery.random) : script
  const more = isCalm && delivery.watermarks > 0 ? withWatermarks(steps, delivery) : steps
  return cut(more, delivery)
}

/** Merges the inputs at random; each keeps its own order. Processing time stays where it is. */
function interleaved(script: Script, random: Random): ScriptStep[] {
  if (script.some((step) => step.kind === 'now')) return [...script]
  const lanes: ScriptStep[][] = []
  for (const step of script) {
    if (step.kind !== 'now') (lanes[step.input] ??= []).push(step)
  }
  const merged: ScriptStep[] = []
  for (;;) {
    const left = lanes.filter((lane) => lane.length > 0)
    const lane = left[left.length === 0 ? 0 : random.below(left.length)]
    if (lane === undefined) return merged
    const count = 1 + random.below(random.next() < 0.1 ? lane.length : 3)
    merged.push(...lane.splice(0, count))
  }
}

/** Adds watermarks that no later row contradicts. */
function withWatermarks(steps: readonly ScriptStep[], delivery: Delivery): ScriptStep[] {
  const out: ScriptStep[] = []
  let earliest: number[] = []
  for (const step of steps.toReversed()) {
    out.push(step)
    if (step.kind === 'now' || step.kind === 'end') continue
    if (step.kind === 'row') {
      const known = earliest[step.input] ?? Number.POSITIVE_INFINITY
      earliest[step.input] = Math.min(known, step.row.time)
    }
    const bound = earliest[step.input]
    if (bound === undefined || delivery.random.next() >= delivery.watermarks) continue
    const back = delivery.random.next() < 0.5 ? 0 : delivery.random.below(1000)
    out.push({ kind: 'watermark', input: step.input, time: bound - 1 - back })
  }
  earliest = []
  return out.toReversed()
}

function cut(steps: readonly ScriptStep[], delivery: Delivery): Action[] {
  const { random, batchRowsMax, empty } = delivery
  const actions: Action[] = []
  let rows: ScriptRow[] = []
  let input = 0
  let room = 0
  const close = (): void => {
    if (rows.length > 0) actions.push({ kind: 'batch', input, rows })
    rows = []
    room = 1 + random.below(batchRowsMax)
  }
  for (const step of steps) {
    if (random.next() < empty) {
      close()
      if (step.kind !== 'now') actions.push({ kind: 'batch', input: step.input, rows: [] })
    }
    if (step.kind !== 'row') {
      close()
      actions.push(step)
      continue
    }
    if (step.input !== input || rows.length >= room) close()
    input = step.input
    rows.push(step.row)
  }
  close()
  return actions
}
