/**
 * A run as OpenTelemetry sees it: one span for the run, one below it per block, and counters that
 * are read a few times per second. Nothing is done per record.
 *
 * Owns: the span of the run and the newest snapshot, which the observers read.
 */
import {
  context,
  metrics,
  type ObservableResult,
  type Span,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import type { BlockReport, RunReport } from '../../shared/api/run-report.ts'
import type { BlockProgress, RunProgress } from '../embedded/progress.ts'

const SCOPE = 'millrace'

interface Metric {
  readonly name: string
  readonly description: string
  readonly value: (block: BlockProgress) => number | null
}

const COUNTERS: readonly Metric[] = [
  { name: 'millrace_records_read', description: 'Records a block read.', value: (one) => one.read },
  { name: 'millrace_rows_out', description: 'Rows that left a block.', value: (one) => one.out },
  {
    name: 'millrace_records_late',
    description: 'Records that came too late.',
    value: (one) => one.late,
  },
  {
    name: 'millrace_records_rejected',
    description: 'Records that broke a rule.',
    value: (one) => one.rejected,
  },
  {
    name: 'millrace_records_skipped',
    description: 'Records skipped by on_error.',
    value: (one) => one.skipped,
  },
  {
    name: 'millrace_records_dead_lettered',
    description: 'Records sent to dead letters.',
    value: (one) => one.deadLettered,
  },
]

const GAUGES: readonly Metric[] = [
  {
    name: 'millrace_watermark_lag_ms',
    description: 'Processing time less watermark.',
    value: (one) => one.lagMs,
  },
  {
    name: 'millrace_busy_ratio',
    description: 'Share of time a block works.',
    value: (one) => one.busyShare,
  },
]

export class RunTelemetry {
  readonly #pipeline: string
  readonly #span: Span
  #blocks: readonly BlockProgress[] = []

  constructor(pipeline: string, parallelism: number) {
    this.#pipeline = pipeline
    const attributes = { 'millrace.pipeline': pipeline, 'millrace.parallelism': parallelism }
    this.#span = trace.getTracer(SCOPE).startSpan('millrace run', { attributes })
    const meter = metrics.getMeter(SCOPE)
    for (const metric of COUNTERS) {
      const { name, description } = metric
      meter
        .createObservableCounter(name, { description })
        .addCallback((result) => this.#observe(metric, result))
    }
    for (const metric of GAUGES) {
      const { name, description } = metric
      meter
        .createObservableGauge(name, { description })
        .addCallback((result) => this.#observe(metric, result))
    }
  }

  onProgress(progress: RunProgress): void {
    this.#blocks = progress.blocks
  }

  /** Of a run that gave a report, however it ended. */
  end(report: RunReport): void {
    const { startedAt, durationMs, outcome, failure } = report
    const endedAt = startedAt + durationMs
    const parent = trace.setSpan(context.active(), this.#span)
    for (const block of report.blocks) {
      const span = trace
        .getTracer(SCOPE)
        .startSpan(
          `block ${block.name}`,
          { startTime: startedAt, attributes: attributesOf(block) },
          parent,
        )
      if (failure?.block === block.name)
        span.setStatus({ code: SpanStatusCode.ERROR, message: failure.code })
      span.end(endedAt)
    }
    this.#span.setAttribute('millrace.outcome', outcome)
    if (failure !== null)
      this.#span.setStatus({ code: SpanStatusCode.ERROR, message: failure.code })
    this.#span.end()
  }

  #observe({ value }: Metric, result: ObservableResult): void {
    for (const block of this.#blocks) {
      const now = value(block)
      if (now !== null) result.observe(now, { pipeline: this.#pipeline, block: block.name })
    }
  }
}

function attributesOf({ kind, records }: BlockReport): Record<string, string | number> {
  const counts = Object.entries(records).filter(([, count]) => count > 0)
  const named = counts.map(([name, count]) => [`millrace.records.${name}`, count] as const)
  return { 'millrace.block.kind': kind, ...Object.fromEntries(named) }
}
