/**
 * Switches OpenTelemetry on when the environment names an exporter, as its specification says. The
 * SDK is loaded only then, and is no dependency of the package: without it one line says so.
 */
import type { CommandIo } from '../commands/command.ts'

export interface TelemetrySession {
  /** Sends what is left; gives up after a while, so that a dead collector does not hold the exit. */
  close(): Promise<void>
}

const SWITCHES = [
  'OTEL_TRACES_EXPORTER',
  'OTEL_METRICS_EXPORTER',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
  'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  'OTEL_EXPORTER_OTLP_METRICS_ENDPOINT',
] as const

const CLOSE_MS_MAX = 3000

export function isTelemetryOn(env: CommandIo['env']): boolean {
  if (env['OTEL_SDK_DISABLED'] === 'true') return false
  return SWITCHES.some((name) => !['', 'none', undefined].includes(env[name]))
}

/** Null when nothing is to be exported, or when the SDK is not installed. */
export async function openTelemetry(io: CommandIo): Promise<TelemetrySession | null> {
  if (!isTelemetryOn(io.env)) return null
  try {
    const { NodeSDK } = await import('@opentelemetry/sdk-node')
    const sdk = new NodeSDK({ serviceName: io.env['OTEL_SERVICE_NAME'] ?? 'millrace' })
    sdk.start()
    return { close: () => closed(sdk.shutdown(), io) }
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
    const reason = isMissing
      ? 'OTEL_* is set, and @opentelemetry/sdk-node is not installed: `npm install @opentelemetry/sdk-node`'
      : `OpenTelemetry did not start: ${error instanceof Error ? error.message : String(error)}`
    io.stderr.write(`note: nothing is traced: ${reason}\n`)
    return null
  }
}

async function closed(shutdown: Promise<void>, io: CommandIo): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<'late'>()
  const timer = setTimeout(() => resolve('late'), CLOSE_MS_MAX)
  const end = await Promise.race([
    shutdown.then(
      () => 'sent',
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    ),
    promise,
  ])
  clearTimeout(timer)
  if (end === 'sent') return
  const why = end === 'late' ? `no answer within ${CLOSE_MS_MAX / 1000} s` : end
  io.stderr.write(`note: not all traces were sent: ${why}\n`)
}
