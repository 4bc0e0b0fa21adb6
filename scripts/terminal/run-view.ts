/** The live view of a run: one line per block with its rate, and a bar where the end is known. */
import type { BlockProgress, RunProgress } from '../embedded/progress.ts'
import {
  formatBytes,
  formatCount,
  formatElapsed,
  formatEventTime,
  formatShort,
  progressBar,
} from './format.ts'
import type { Style } from './style.ts'
import { renderTable, type TableColumn } from './table.ts'

const BAR_WIDTH = 30
const LAG_MS_MAX = 30 * 24 * 60 * 60_000

const COLUMNS: readonly TableColumn[] = [
  { title: 'block' },
  { title: 'in', align: 'right' },
  { title: 'in/s', align: 'right' },
  { title: 'out', align: 'right' },
  { title: 'watermark' },
  { title: 'lag', align: 'right' },
  { title: 'busy', align: 'right' },
  { title: '' },
]

export function runView(progress: RunProgress, memoryBytes: number, style: Style): string[] {
  // How far event time is behind the clock says something only where the input is of today.
  const hasLag = progress.total === null && progress.blocks.some(({ lagMs }) => isOfToday(lagMs))
  const columns = COLUMNS.filter(({ title }) => hasLag || title !== 'lag')
  const rows = progress.blocks.map((block) => blockCells(block, hasLag))
  const [head = '', ...lines] = renderTable(columns, rows)
  return [...barLines(progress, memoryBytes, style), '', style.bold(head), ...lines]
}

const isOfToday = (lagMs: number | null): lagMs is number =>
  lagMs !== null && Math.abs(lagMs) < LAG_MS_MAX

function blockCells(block: BlockProgress, hasLag: boolean): string[] {
  const isSource = block.kind === 'source'
  return [
    block.name,
    formatCount(isSource ? block.out : block.read),
    formatShort(isSource ? block.outPerSecond : block.readPerSecond),
    block.kind === 'sink' ? '' : formatCount(block.out),
    block.watermark === null ? '' : formatEventTime(block.watermark),
    ...(hasLag ? [isOfToday(block.lagMs) ? formatElapsed(Math.max(0, block.lagMs)) : ''] : []),
    `${Math.round(block.busyShare * 100)} %`,
    remarks(block),
  ]
}

/** What is out of the ordinary, in words. */
function remarks(block: BlockProgress): string {
  const parts: string[] = []
  if (block.late > 0) parts.push(`${formatCount(block.late)} late`)
  if (block.rejected > 0) parts.push(`${formatCount(block.rejected)} rejected`)
  if (block.skipped > 0) parts.push(`${formatCount(block.skipped)} skipped`)
  if (block.deadLettered > 0) parts.push(`${formatCount(block.deadLettered)} dead letters`)
  if (block.backpressuredShare > 0.5) parts.push('waits for its readers')
  return parts.join(', ')
}

function barLines(progress: RunProgress, memoryBytes: number, style: Style): string[] {
  const { done, total, elapsedMs, unit } = progress
  const sources = progress.blocks.filter((block) => block.kind === 'source')
  const records = sources.reduce((sum, block) => sum + block.out, 0)
  const rate = sources.reduce((sum, block) => sum + block.outPerSecond, 0)
  const facts = [
    `${formatCount(records)} records`,
    `${formatShort(rate)}/s`,
    `${formatBytes(memoryBytes)} memory`,
    formatElapsed(elapsedMs),
  ]
  if (done === null || total === null || total === 0) return [facts.join('  ')]
  const share = done / total
  const amount = unit === 'bytes' ? `${formatBytes(done)} of ${formatBytes(total)}` : ''
  const left =
    share > 0.02 && share < 1 ? `${formatElapsed((elapsedMs / share) * (1 - share))} left` : ''
  return [
    [style.cyan(progressBar(share, BAR_WIDTH)), `${Math.floor(share * 100)} %`, amount, left]
      .filter((part) => part !== '')
      .join('  '),
    facts.join('  '),
  ]
}
