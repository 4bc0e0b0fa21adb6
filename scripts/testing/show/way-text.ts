/** The way of the records: what each block before a stream read, and what became of it. */
import type { BlockReport, RecordCounts, RunReport } from '../../../shared/api/run-report.ts'
import type { Plan } from '../../../shared/planning/plan.ts'

const FATES: readonly (readonly [keyof RecordCounts, string])[] = [
  ['passed', 'passed'],
  ['absorbed', 'absorbed'],
  ['filtered', 'filtered'],
  ['duplicate', 'duplicate'],
  ['late', 'late'],
  ['rejected', 'rejected'],
  ['skipped', 'skipped'],
  ['deadLettered', 'dead-lettered'],
]

/** One line per block, in the order of running; blocks that have nothing to do with it are left out. */
export function wayLines(plan: Plan, report: RunReport, stream: string): string[] {
  const names = blocksBefore(plan, stream)
  const blocks = report.blocks.filter((block) => names.has(block.name) && block.kind !== 'sink')
  const width = Math.max(0, ...blocks.map((block) => block.name.length))
  return blocks.map((block) => `${block.name.padEnd(width)}  ${fateText(block)}`)
}

function blocksBefore(plan: Plan, sinkOrStream: string): Set<string> {
  const names = new Set<string>()
  const visit = (name: string): void => {
    if (names.has(name)) return
    const block = plan.blocks.find((one) => one.name === name)
    if (block === undefined) return
    names.add(name)
    for (const ref of block.inputs) visit(ref.block)
  }
  visit(sinkOrStream)
  return names
}

function fateText({ kind, records, results, outputs, ...counts }: BlockReport): string {
  const read = kind === 'source' ? `${records.read} given` : `${records.read} read`
  const made = records.expanded === 0 ? '' : ` + ${records.expanded} more by unnest or flat_map`
  const fates = fatesOf(records)
  const isPlain = fates.length === 1 && records.passed === records.read && results === null
  const first = isPlain || fates.length === 0 ? '' : ` = ${fates.join(' + ')}`
  const parts = [`${read}${made}${first}`]
  if (results !== null && results.read > 0) {
    const judged = fatesOf(results).filter((text) => !text.endsWith(' passed'))
    const tail = judged.length === 0 ? '' : ` of which ${judged.join(', ')}`
    parts.push(`${results.read} ${results.read === 1 ? 'result' : 'results'}${tail}`)
  }
  parts.push(...outputs.flatMap(outputText))
  if (counts.expiredKeys > 0) parts.push(`${counts.expiredKeys} keys expired`)
  if (counts.droppedTimers > 0) parts.push(`${counts.droppedTimers} timers dropped`)
  if (counts.unmatchedRetractions > 0) {
    parts.push(`${counts.unmatchedRetractions} retractions found nothing`)
  }
  return parts.join('; ')
}

function fatesOf(counts: RecordCounts): string[] {
  return FATES.flatMap(([key, word]) => (counts[key] === 0 ? [] : [`${counts[key]} ${word}`]))
}

function outputText(output: BlockReport['outputs'][number]): string[] {
  const { name, insert, updateBefore, updateAfter } = output
  const kinds = [
    [insert, 'insert'],
    [updateBefore, 'update_before'],
    [updateAfter, 'update_after'],
    [output.delete, 'delete'],
  ] as const
  const there = kinds.filter(([count]) => count > 0)
  const total = there.reduce((sum, [count]) => sum + count, 0)
  if (name !== 'main') return total === 0 ? [] : [`${total} to ${name}`]
  const isAppend = there.every(([, word]) => word === 'insert')
  const detail = isAppend ? '' : ` (${there.map(([count, word]) => `${count} ${word}`).join(', ')})`
  return [`${total} out${detail}`]
}
