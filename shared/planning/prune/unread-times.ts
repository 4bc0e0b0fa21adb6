/**
 * Sources whose event time nobody behind them uses: it is then neither read for its own sake nor
 * judged, and no watermark is made of it.
 *
 * Laws: only a bounded source qualifies, since its end says all that somebody may wait for, and
 * only with an event time that cannot be missing or refused: a field that is never null, of rows
 * that are appended, without `max_ahead`. What is not known to do without time needs it. Rows may lose
 * their event time on the way; watermarks go on to those that forget by them.
 */
import { aggregateNamed } from '../../expr/aggregates.ts'
import { isMaterialized, type Core, type Plan, type PlanBlock, type SourceBlock } from '../plan.ts'

/** Names of the sources. */
export function unreadTimes(plan: Plan): ReadonlySet<string> {
  /** Blocks whose watermark is of use, and those whose rows' event time is. */
  const awaited = new Set<string>()
  const needed = new Set<string>()
  const unread = new Set<string>()
  for (const block of plan.blocks.toReversed()) {
    const { name } = block
    if (block.kind === 'source') {
      if (!needed.has(name) && !awaited.has(name) && isSure(block)) unread.add(name)
      continue
    }
    const needs = needsTime(block, needed.has(name))
    const awaits = awaited.has(name) || awaitsWatermark(block)
    for (const ref of block.inputs) {
      if (awaits) awaited.add(ref.block)
      if (!needs) continue
      needed.add(ref.block)
      // Rows of a side output mostly are as they came, whatever the block does with the others.
      if (ref.output !== 'main') awaited.add(ref.block)
    }
  }
  return unread
}

/** Watermarks pass by blocks whose rows have no event time, up to who forgets or fires by them. */
function awaitsWatermark(block: Exclude<PlanBlock, SourceBlock>): boolean {
  if (block.kind === 'sink') return false
  return block.ttlMs !== null || block.core?.kind === 'process'
}

/** Every record has an event time, and none is refused for it. */
function isSure(block: SourceBlock): boolean {
  const { eventTime, eventTimeExpr, watermark, bounded, changes, normalizer, inTimeOrder } = block
  if (eventTime === null || (eventTimeExpr ?? null) !== null || !bounded) return false
  if (changes !== 'append' || normalizer === true || inTimeOrder === true) return false
  if (watermark !== null && watermark.maxAheadMs !== null) return false
  const main = block.outputs.find((output) => output.name === 'main')
  const column = main?.stream.columns.find((one) => one.path === eventTime)
  return column?.type.kind === 'timestamp' && !column.nullable
}

/** `isPassedOn`: somebody behind the block needs the event time of its rows. */
function needsTime(block: Exclude<PlanBlock, SourceBlock>, isPassedOn: boolean): boolean {
  if (block.kind === 'sink') return isMaterialized(block)
  return block.core === null ? isPassedOn : coreNeedsTime(block.core)
}

/** Rows behind the cores that do without have no event time either. */
function coreNeedsTime(core: Core): boolean {
  switch (core.kind) {
    case 'aggregate': {
      const isOrdered = core.calls.some(({ fn }) => aggregateNamed(fn)?.ordered !== false)
      return core.window !== null || isOrdered
    }
    case 'join':
      return core.mode.kind !== 'updating'
    default:
      return true // `top` and `dedupe` settle ties by it, processors may ask for it
  }
}
