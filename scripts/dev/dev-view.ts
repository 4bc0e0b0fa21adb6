/** What `dev` shows on a terminal: what is wrong in place of everything, else blocks and last rows. */
import type { RunReport } from '../../shared/api/run-report.ts'
import type { RunProgress } from '../embedded/progress.ts'
import type { Captured } from '../pipeline/capture-sink.ts'
import { rowTable } from '../terminal/row-table.ts'
import { failureLines } from '../terminal/run-failure.ts'
import { runSummary } from '../terminal/run-summary.ts'
import { runView } from '../terminal/run-view.ts'
import type { Style } from '../terminal/style.ts'

export interface DevState {
  readonly pipeline: string
  /** Mistakes of the file, or what failed before a run: shown alone. */
  readonly problems: readonly string[]
  /** `2 passed`; what failed of the tests, shown above the rows. */
  readonly tests: readonly string[]
  readonly startedAfterMs: number | null
  readonly progress: RunProgress | null
  readonly report: RunReport | null
  /** Last rows by sink. */
  readonly rows: ReadonlyMap<string, Captured>
}

export const NOTHING_YET: DevState = {
  pipeline: '',
  problems: [],
  tests: [],
  startedAfterMs: null,
  progress: null,
  report: null,
  rows: new Map(),
}

export function devLines(state: DevState, style: Style, height: number): string[] {
  if (state.problems.length > 0) return [...state.problems, '', style.dim(HINT)]
  const head = [...headLines(state, style), ...state.tests, ...runLines(state, style)]
  return [...head, ...rowLines(state, style, height - head.length - 1), style.dim(HINT)]
}

const HINT = 'save to check, test and run again; Ctrl-C ends'

function headLines({ pipeline, startedAfterMs, report }: DevState, style: Style): string[] {
  const phase = report === null ? 'running' : report.outcome
  const after =
    startedAfterMs === null ? '' : style.dim(`  ${Math.round(startedAfterMs)} ms after the save`)
  return [`${style.bold(pipeline)} ${phase}${after}`]
}

function runLines({ progress, report }: DevState, style: Style): string[] {
  if (report !== null) return [...runSummary(report, style), ...failureLines(report, style)]
  return progress === null ? [] : runView(progress, process.memoryUsage.rss(), style)
}

const ROWS_LEAST = 3

/** Every sink gets its share of the room, at least a few rows. */
function rowLines({ rows }: DevState, style: Style, room: number): string[] {
  const share = Math.max(ROWS_LEAST, Math.floor(room / Math.max(1, rows.size)) - 3)
  return [...rows].flatMap(([sink, captured]) => [
    '',
    `${style.cyan(sink)} ${style.dim(`${captured.count} rows`)}`,
    ...(captured.rows.length === 0 ? [] : rowTable(captured.rows.slice(-share), style)),
  ])
}
