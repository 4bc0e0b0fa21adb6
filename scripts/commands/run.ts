/** `millrace run FILE`: the whole pipeline in this process, to its end or to Ctrl-C. */
import type { RunReport } from '../../shared/api/run-report.ts'
import { ERROR_KINDS, type ErrorCode, StreamError } from '../../shared/base/errors.ts'
import { parseDuration } from '../../shared/model/duration-text.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import type { RunProgress } from '../embedded/progress.ts'
import { loadPipeline, type LoadedPipeline } from '../pipeline/load-pipeline.ts'
import { type RunChoices, runLoaded } from '../pipeline/run-loaded.ts'
import { refusalJson, showDiagnostics } from '../pipeline/show-diagnostics.ts'
import { jsonText } from '../terminal/json-text.ts'
import { isTelemetryOn, openTelemetry } from '../telemetry/otel-switch.ts'
import { LiveRegion } from '../terminal/live-region.ts'
import { failureLines } from '../terminal/run-failure.ts'
import { runSummary } from '../terminal/run-summary.ts'
import { runView } from '../terminal/run-view.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'
import { failOnExit, reasonsOf } from './fail-on.ts'
import { Interrupts } from './interrupts.ts'

export async function run(flags: Flags, io: CommandIo): Promise<ExitCode> {
  const isJson = flags['json'] === true
  const isQuiet = flags['quiet'] === true
  reasonsOf(flags)
  const limits = limitsOf(flags)
  const loaded = await loadPipeline(String(flags['file']), flags, io)
  const canRun = showDiagnostics(loaded, io, isQuiet)
  if (!canRun || loaded.plan === null) {
    if (isJson) io.stdout.write(`${jsonText(refusalJson(loaded))}\n`)
    return 2
  }
  if (isJson) refuseStdout(loaded.plan)
  const report = await runLive(loaded, loaded.plan, { flags, limits, io })
  if (isJson) io.stdout.write(`${jsonText(report)}\n`)
  else if (!isQuiet) io.stderr.write(`${runSummary(report, io.style).join('\n')}\n`)
  for (const line of failureLines(report, io.style)) io.stderr.write(`${line}\n`)
  return exitOf(report, loaded, flags)
}

/** `--json` owns stdout. */
function refuseStdout(plan: Plan): void {
  const sink = plan.blocks.find((block) => block.kind === 'sink' && block.connector === 'stdout')
  if (sink === undefined) return
  throw new StreamError('JSON_WITH_STDOUT', `the sink "${sink.name}" writes to standard output`, {
    fix: 'leave out --json, or let the sink write to a file',
  })
}

async function runLive(
  loaded: LoadedPipeline,
  plan: Plan,
  { flags, limits, io }: { flags: Flags; limits: Limits; io: CommandIo },
): Promise<RunReport> {
  const region = new LiveRegion(flags['quiet'] === true ? { write: () => true } : io.stderr)
  const interrupts = new Interrupts(io, region)
  const observer = await observerOf(plan, limits, io)
  const draw = (progress: RunProgress): void =>
    region.draw(runView(progress, process.memoryUsage.rss(), io.style))
  try {
    const report = await runLoaded(loaded, plan, {
      io,
      ...limits,
      signal: interrupts.drain,
      cancelSignal: interrupts.cancel,
      ...(region.isLive || observer !== null
        ? {
            onProgress: (progress) => {
              if (region.isLive) draw(progress)
              observer?.onProgress(progress)
            },
          }
        : {}),
      onNote: (block, text) => {
        region.clear()
        if (flags['quiet'] !== true) io.stderr.write(`note: ${block}: ${text}\n`)
      },
    })
    observer?.end(report)
    return report
  } finally {
    region.clear()
    interrupts.release()
    await observer?.close()
  }
}

interface RunObserver {
  onProgress(progress: RunProgress): void
  end(report: RunReport): void
  close(): Promise<void>
}

/** Null, and nothing of OpenTelemetry loaded, unless the environment names an exporter. */
async function observerOf(plan: Plan, limits: Limits, io: CommandIo): Promise<RunObserver | null> {
  if (!isTelemetryOn(io.env)) return null
  const session = await openTelemetry(io)
  if (session === null) return null
  const { RunTelemetry } = await import('../telemetry/run-telemetry.ts')
  const telemetry = new RunTelemetry(plan.pipeline, limits.parallelism ?? 1)
  return {
    onProgress: (progress) => telemetry.onProgress(progress),
    end: (report) => telemetry.end(report),
    close: () => session.close(),
  }
}

type Limits = Pick<RunChoices, 'limit' | 'durationMs' | 'parallelism'>

function limitsOf(flags: Flags): Limits {
  const { limit, duration, parallelism } = flags
  return {
    ...(limit === undefined ? {} : { limit: wholeNumber('limit', limit, 0) }),
    ...(typeof duration === 'string' ? { durationMs: durationOf(duration) } : {}),
    ...(parallelism === undefined
      ? {}
      : { parallelism: wholeNumber('parallelism', parallelism, 1) }),
  }
}

function wholeNumber(name: string, value: unknown, least: number): number {
  const number = Number(value)
  if (Number.isSafeInteger(number) && number >= least) return number
  throw new StreamError(
    'USAGE_WRONG',
    `--${name} is a whole number from ${least}, not ${String(value)}`,
  )
}

function durationOf(text: string): number {
  const { duration, problem } = parseDuration(text)
  if (duration !== null && duration.ms > 0) return duration.ms
  throw new StreamError('USAGE_WRONG', `--duration: ${problem ?? 'is more than nothing'}`)
}

function exitOf(report: RunReport, loaded: LoadedPipeline, flags: Flags): ExitCode {
  if (report.outcome === 'cancelled') return 4
  if (report.failure !== null) return failureExit(report.failure.code)
  return failOnExit(report, loaded, flags)
}

/** A failure by `on_error: fail` is 1, a wrong file or setting 2, a failed system 3. */
function failureExit(code: string): ExitCode {
  const kind = Object.hasOwn(ERROR_KINDS, code) ? ERROR_KINDS[code as ErrorCode] : null
  if (kind === null || kind.domain !== 'user') return 3
  return kind.remedy === 'refuse' ? 2 : 1
}
