/**
 * The demo from start to end: check, run with a live bar, then the figures of what was written.
 * Talk goes to stderr, results to stdout, as with every command.
 */
import { join } from 'node:path'
import type { CommandIo, ExitCode } from '../../../scripts/commands/command.ts'
import { Interrupts } from '../../../scripts/commands/interrupts.ts'
import type { RunProgress } from '../../../scripts/embedded/progress.ts'
import { loadPipeline } from '../../../scripts/pipeline/load-pipeline.ts'
import { runLoaded } from '../../../scripts/pipeline/run-loaded.ts'
import { showDiagnostics } from '../../../scripts/pipeline/show-diagnostics.ts'
import { formatElapsed } from '../../../scripts/terminal/format.ts'
import { LiveRegion } from '../../../scripts/terminal/live-region.ts'
import { runSummary } from '../../../scripts/terminal/run-summary.ts'
import type { RunReport } from '../../../shared/api/run-report.ts'
import type { Plan } from '../../../shared/planning/plan.ts'
import { correctionLines, nextLines, worstRoutesLines } from './demo-results.ts'
import { barLine, fitLines, graphLines } from './demo-view.ts'
import { readCorrections, readWorstRoutes } from './written-rows.ts'

const FILE = 'flights.yaml'

export async function runDemo(io: CommandIo): Promise<ExitCode> {
  const { stderr, style } = io
  const columns = columnsOf(io)
  const started = performance.now()
  const loaded = await loadPipeline(FILE, {}, io)
  if (!showDiagnostics(loaded, io, true) || loaded.plan === null) return 2
  const { plan } = loaded
  const checked = formatElapsed(performance.now() - started)
  stderr.write(`${style.bold('examples/flights/flights.yaml')}: ${plan.blocks.length} blocks, `)
  stderr.write(`no mistakes, checked in ${checked}\n`)
  stderr.write(`${graphLines(plan, columns).join('\n')}\n\n`)

  const report = await runWithBar(plan, io, (choices) =>
    runLoaded(loaded, plan, { io, ...choices }),
  )
  if (report.failure !== null) return failed(report, io)
  if (report.outcome === 'cancelled') {
    stderr.write('cancelled: nothing was written\n')
    return 4
  }
  await showResults(report, { io, columns })
  return 0
}

interface LiveChoices {
  readonly signal: AbortSignal
  readonly cancelSignal: AbortSignal
  readonly onProgress: (progress: RunProgress) => void
}

/** The bar is drawn again in place; on anything that is no terminal only its last state is shown. */
async function runWithBar(
  plan: Plan,
  io: CommandIo,
  run: (choices: LiveChoices) => Promise<RunReport>,
): Promise<RunReport> {
  const region = new LiveRegion(io.stderr)
  const interrupts = new Interrupts(io, region)
  const source = plan.blocks.find((block) => block.kind === 'source')?.name ?? ''
  let last = ''
  try {
    return await run({
      signal: interrupts.drain,
      cancelSignal: interrupts.cancel,
      onProgress: (progress) => {
        const memoryBytes = process.memoryUsage.rss()
        const bar = { progress, source, memoryBytes, columns: columnsOf(io) }
        last = barLine(bar, io.style)
        region.draw([last])
      },
    })
  } finally {
    region.clear()
    interrupts.release()
    if (last !== '') io.stderr.write(`${last}\n\n`)
  }
}

interface Shown {
  readonly io: CommandIo
  readonly columns: number
}

async function showResults(report: RunReport, { io, columns }: Shown): Promise<void> {
  const { stdout, outStyle } = io
  const out = join(io.workingDirectory, 'out')
  const [worst, corrections] = await Promise.all([readWorstRoutes(out), readCorrections(out)])
  const early =
    report.outcome === 'drained' ? ['Stopped early: of the flights up to here.', ''] : []
  const lines = [
    ...early,
    ...worstRoutesLines(worst, outStyle),
    '',
    ...fitLines(runSummary(report, outStyle), columns),
    '',
    ...correctionLines({ corrections, report }, outStyle),
    '',
    ...nextLines(outStyle),
  ]
  stdout.write(`${lines.join('\n')}\n`)
}

function failed(report: RunReport, { stderr, style }: CommandIo): ExitCode {
  const { failure } = report
  if (failure === null) return 0
  stderr.write(`${style.red(`error[${failure.code}]`)} in ${failure.block}: ${failure.message}\n`)
  if (failure.fix !== null) stderr.write(`  fix: ${failure.fix}\n`)
  return 3
}

/** Of the terminal; 100 where there is none, so that files and logs do not wrap. */
function columnsOf({ stderr }: CommandIo): number {
  return stderr.isTTY === true ? (stderr.columns ?? 80) : 100
}
