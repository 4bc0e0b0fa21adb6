/** What the demo shows before and while it runs: the graph in a line, and the bar. */
import type { RunProgress } from '../../../scripts/embedded/progress.ts'
import {
  formatBytes,
  formatCount,
  formatEventTime,
  formatShort,
  progressBar,
} from '../../../scripts/terminal/format.ts'
import type { Style } from '../../../scripts/terminal/style.ts'
import { widthOf } from '../../../scripts/terminal/table.ts'
import type { Plan } from '../../../shared/planning/plan.ts'

/** `flights → clean → departures → (hourly | routes → worst_routes)`, broken between branches. */
export function graphLines(plan: Plan, columns: number): string[] {
  const sources = plan.blocks.filter((block) => block.kind === 'source')
  const sinks = plan.blocks.filter((block) => block.kind === 'sink')
  const graphs = sources.map((source) => pathsFrom(plan, source.name))
  return wrapped(`${graphs.join('; ')} → ${sinks.length} files`, columns)
}

/** Transformations behind a block; the main inputs only, so that a join is shown once. */
function pathsFrom(plan: Plan, name: string): string {
  const next = plan.blocks.filter(
    (block) => block.kind === 'transform' && block.inputs[0]?.block === name,
  )
  const [only] = next
  if (only === undefined) return name
  if (next.length === 1) return `${name} → ${pathsFrom(plan, only.name)}`
  return `${name} → ( ${next.map((block) => pathsFrom(plan, block.name)).join(' | ')} )`
}

function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/ (?=\|)/)) {
    if (line !== '' && widthOf(line) + widthOf(word) + 3 > columns) {
      lines.push(line)
      line = `  ${word}`
    } else line = line === '' ? `  ${word}` : `${line} ${word}`
  }
  return [...lines, line]
}

export interface Bar {
  readonly progress: RunProgress
  /** The block whose records and event time are shown. */
  readonly source: string
  readonly memoryBytes: number
  readonly columns: number
}

const FACTS_WIDTH = 64 // of the longest facts beside the bar
const BAR_WIDTH_MAX = 40

/** Records, rate since the start, event time and memory, with a bar as wide as there is room. */
export function barLine({ progress, source, memoryBytes, columns }: Bar, style: Style): string {
  const { done, total, elapsedMs, blocks } = progress
  const block = blocks.find((one) => one.name === source)
  const records = block?.out ?? 0
  const time = block?.watermark ?? null
  const rate = elapsedMs > 0 ? (records * 1000) / elapsedMs : 0
  const share = done === null || total === null || total === 0 ? null : done / total
  const facts = [
    `${formatCount(records)} flights`,
    `${formatShort(rate)}/s`,
    ...(time === null || share === 1 ? [] : [`at ${formatEventTime(time).slice(0, 10)}`]),
    formatBytes(memoryBytes),
  ].join('  ')
  const width = Math.min(BAR_WIDTH_MAX, columns - FACTS_WIDTH)
  if (share === null || width < 5) return facts
  return `${style.cyan(progressBar(share, width))} ${`${Math.floor(share * 100)} %`.padStart(5)}  ${facts}`
}

/** Lines that are too long lose their remark, or their end, rather than wrap. */
export function fitLines(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => {
    if (widthOf(line) <= columns) return line
    const shorter = line.replace(REMARK, '')
    return widthOf(shorter) <= columns ? shorter : `${shorter.slice(0, columns - 1)}…`
  })
}

/** Behind the counts of a block in the summary: how many rows were inserted, updated, deleted. */
const REMARK = / {2}[\d,]+ inserted, .*$/
