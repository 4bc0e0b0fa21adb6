/** The summary of a run: every record of every block in exactly one column, so that it balances. */
import type { BlockReport, RecordCounts, RowsOut, RunReport } from '../../shared/api/run-report.ts'
import { formatBytes, formatCount, formatElapsed, formatNoun, formatShort } from './format.ts'
import type { Style } from './style.ts'
import { renderTable, type TableColumn } from './table.ts'

/** Columns of the table; those that are zero everywhere are left out. */
const COUNTS: readonly { readonly name: keyof RecordCounts; readonly title: string }[] = [
  { name: 'expanded', title: '+made' },
  { name: 'passed', title: 'passed' },
  { name: 'absorbed', title: 'absorbed' },
  { name: 'filtered', title: 'filtered' },
  { name: 'duplicate', title: 'duplicate' },
  { name: 'late', title: 'late' },
  { name: 'rejected', title: 'rejected' },
  { name: 'skipped', title: 'skipped' },
  { name: 'deadLettered', title: 'dead letters' },
]

export function runSummary(report: RunReport, style: Style): string[] {
  const used = COUNTS.filter(({ name }) => report.blocks.some((block) => block.records[name] !== 0))
  const hasWork = report.blocks.some((block) => block.inWork !== undefined)
  const columns: TableColumn[] = [
    { title: 'block' },
    { title: 'read', align: 'right' },
    ...used.map(({ title }): TableColumn => ({ title, align: 'right' })),
    ...(hasWork ? [{ title: 'in work', align: 'right' } as const] : []),
    { title: 'rows out', align: 'right' },
    { title: '' },
  ]
  const rows = report.blocks.map((block) => [
    block.name,
    formatCount(block.records.read),
    ...used.map(({ name }) => (block.records[name] === 0 ? '' : formatCount(block.records[name]))),
    ...(hasWork ? [block.inWork === undefined ? '' : formatCount(block.inWork)] : []),
    rowsOut(block),
    remarks(block),
  ])
  const [head = '', ...lines] = renderTable(columns, rows)
  return [style.bold(head), ...lines, '', ...sinkLines(report), ...endLines(report, style)]
}

function rowsOut(block: BlockReport): string {
  if (block.kind === 'sink') return ''
  const main = block.outputs.find((output) => output.name === 'main')
  if (main === undefined) return formatCount(block.records.passed)
  return formatCount(main.insert + main.updateBefore + main.updateAfter + main.delete)
}

/** Changes among the rows out, side outputs, and what the block gave up. */
function remarks(block: BlockReport): string {
  const parts: string[] = []
  const main = block.outputs.find((output) => output.name === 'main')
  if (main !== undefined && hasChanges(main)) {
    parts.push(
      `${formatCount(main.insert)} inserted, ${formatCount(main.updateAfter)} updated, ${formatCount(main.delete)} deleted`,
    )
  }
  for (const output of block.outputs) {
    const { name, isRead } = output
    const count = output.insert
    if (name !== 'main' && count > 0 && !isRead) parts.push(`nobody reads ${block.name}.${name}`)
  }
  if (block.expiredKeys > 0) parts.push(`${formatNoun(block.expiredKeys, 'key')} expired`)
  if (block.droppedTimers > 0) parts.push(`${formatNoun(block.droppedTimers, 'timer')} dropped`)
  if (block.unmatchedRetractions > 0) {
    parts.push(`${formatNoun(block.unmatchedRetractions, 'retraction')} found nothing`)
  }
  for (const [rule, count] of Object.entries(block.brokenRules ?? {})) {
    if (count > 0) parts.push(`${formatCount(count)} broke the rule ${rule}`)
  }
  return parts.join('; ')
}

const hasChanges = (rows: RowsOut): boolean =>
  rows.updateAfter + rows.updateBefore + rows.delete > 0

function sinkLines(report: RunReport): string[] {
  return report.sinks.flatMap((sink) => {
    const size = sink.bytes === null ? '' : `, ${formatBytes(sink.bytes)}`
    const places = sink.places.length === 0 ? '' : ` → ${sink.places.slice(0, 3).join(', ')}`
    const more = sink.places.length > 3 ? ` and ${sink.places.length - 3} more` : ''
    return [`${sink.block}: ${formatNoun(sink.rows, 'row')}${size}${places}${more}`]
  })
}

const RATE_MS_LEAST = 1000

const WORDS: Readonly<Record<RunReport['outcome'], string>> = {
  finished: 'finished',
  drained: 'drained: open windows fired, output is complete up to here',
  cancelled: 'cancelled: no output was made visible',
  failed: 'failed: no output was made visible',
}

/** Sinks become visible one by one: where one of them fails then, those before it are there. */
function endWords({ outcome, sinks }: RunReport): string {
  if (outcome !== 'failed' || sinks.length === 0) return WORDS[outcome]
  return `failed: only the output of ${sinks.map((sink) => sink.block).join(', ')} was made visible`
}

function endLines(report: RunReport, style: Style): string[] {
  const sources = report.blocks.filter((block) => block.kind === 'source')
  const records = sources.reduce((sum, block) => sum + block.records.read, 0)
  // Of a shorter run the figure would be about starting and opening files.
  const isLong = report.durationMs >= RATE_MS_LEAST
  const rate = isLong ? `, ${formatShort((records * 1000) / report.durationMs)} records/s` : ''
  const paint =
    report.outcome === 'finished' || report.outcome === 'drained' ? style.green : style.red
  return [
    paint(endWords(report)),
    `${formatNoun(records, 'record')} read in ${formatElapsed(report.durationMs)}${rate}${unfinished(report)}`,
  ]
}

/** Of a run that did not come to its end: what of that had not come through. */
function unfinished({ blocks, edges }: RunReport): string {
  const inWork = blocks.reduce((sum, block) => sum + (block.inWork ?? 0), 0)
  const between = edges
    .filter(({ from, to }) => blockOf(from) !== blockOf(to))
    .reduce((sum, { sent, taken }) => sum + sent - taken, 0)
  const left = inWork + between
  if (left === 0) return ''
  return `; ${left === 1 ? '1 was still on its' : `${formatCount(left)} were still on their`} way when it ended`
}

function blockOf(place: string): string {
  return place.split(/[./]/, 1)[0] ?? place
}
