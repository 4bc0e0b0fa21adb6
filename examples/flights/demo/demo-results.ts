/** What the demo shows at its end: the worst routes, the corrections, what to try next. */
import { formatCount, formatEventTime, sparkline } from '../../../scripts/terminal/format.ts'
import type { Style } from '../../../scripts/terminal/style.ts'
import { renderTable } from '../../../scripts/terminal/table.ts'
import type { RunReport } from '../../../shared/api/run-report.ts'
import type { Corrections, WorstRoute } from './written-rows.ts'

const RUN = 'npm run -s millrace --'
/** Two digits per six hours, above the bars that they name. */
const HOURS = '0     6     12    18'

export function worstRoutesLines(routes: readonly WorstRoute[], style: Style): string[] {
  const columns = [
    { title: 'worst routes' },
    { title: 'flights', align: 'right' as const },
    { title: 'late', align: 'right' as const },
    { title: 'mean', align: 'right' as const },
    { title: 'p95', align: 'right' as const },
    { title: HOURS },
  ]
  const rows = routes.map((route) => [
    `${route.origin} → ${route.destination}`,
    formatCount(route.departures),
    `${Math.round((100 * route.late) / route.departures)} %`,
    `${route.delay_mean.toFixed(1)} min`,
    `${Math.round(route.delay_p95)} min`,
    sparkline(route.byHour),
  ])
  const [head = '', ...lines] = renderTable(columns, rows)
  return [style.bold(head), ...lines, style.dim('bars: mean delay by hour of the timetable')]
}

export interface Ending {
  readonly corrections: Corrections
  readonly report: RunReport
}

export function correctionLines({ corrections, report }: Ending, style: Style): string[] {
  const { windowCount, first } = corrections
  const late = report.blocks.find((block) => block.name === 'hourly')?.records.late ?? 0
  const lines = [
    style.bold(`${formatCount(windowCount)} hours were corrected after they were first written`),
  ]
  if (first !== null) lines.push(`  ${firstCorrection(first)}`)
  return [
    ...lines,
    `  ${formatCount(late)} flights came too late even for that: out/too_late.jsonl`,
    `  see all: ${style.cyan(`${RUN} preview examples/flights/corrections.yaml`)}`,
  ]
}

function firstCorrection(first: NonNullable<Corrections['first']>): string {
  const hour = formatEventTime(first.windowStart.getTime())
  return `the first: ${first.state}, ${hour}: ${first.departuresBefore} departures became ${first.departuresAfter}`
}

export function nextLines(style: Style): string[] {
  const commands = [
    [`${RUN} explain examples/flights/flights.yaml`, 'how it runs'],
    [`${RUN} test examples/flights/flights.yaml`, 'its own tests'],
    [`${RUN} dev examples/flights/flights.yaml`, 'edit, see rows'],
  ] as const
  const width = Math.max(...commands.map(([command]) => command.length))
  return [
    style.bold('Try next'),
    ...commands.map(([command, what]) => `  ${style.cyan(command.padEnd(width))}  ${what}`),
  ]
}
