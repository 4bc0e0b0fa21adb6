/** What an embedded run is given: everything outside the plan comes through here. */
import type { WatermarkMode } from '../../node/task/source-node.ts'
import type { OperatorFactory } from '../../node/operators/operator-place.ts'
import type { Clock } from '../../shared/base/clock.ts'
import type { Disk } from '../../shared/base/disk.ts'
import type { Random } from '../../shared/base/random.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import type { ConnectorCode, ConnectorConfig, Sink } from '../../shared/spi/connector.ts'
import type { RunProgress } from './progress.ts'

/** Connectors by name; code is imported only for those that the plan uses. */
export interface ConnectorRegistry {
  config(name: string): ConnectorConfig | null
  code(name: string): Promise<ConnectorCode | null>
}

export type ConnectorSide = 'source' | 'table' | 'sink'

export interface RunOptions {
  readonly plan: Plan
  readonly connectors: ConnectorRegistry
  /** Builds operators; default: those of the engine. */
  readonly operators: OperatorFactory
  readonly clock: Clock
  readonly random: Random
  readonly disk: Disk
  /** Directory that relative paths start from: that of the pipeline file. */
  readonly baseDirectory: string
  /** Of blocks that do not say; default 1. */
  readonly parallelism?: number
  /** Records per source, then it ends as if it had no more; default: all. */
  readonly limit?: number
  /** Drains after so long; default: never. */
  readonly durationMs?: number
  /** Aborted: drain. Sources stop, open windows fire, sinks finish. */
  readonly signal?: AbortSignal
  /** Aborted: cancel. The run ends now, sinks abort. */
  readonly cancelSignal?: AbortSignal
  /** When watermarks leave sources; default `counted` (D13). */
  readonly watermarks?: WatermarkMode
  /** Puts `${…}` in, where a block starts; default: the config as it is. */
  readonly resolveConfig?: (
    config: Readonly<Record<string, unknown>>,
    use: { readonly connector: string; readonly side: ConnectorSide },
  ) => Record<string, unknown>
  /** Opens the place for dead letters that nobody reads, at the first; default: only counted. */
  readonly openDeadLetters?: (columns: readonly ColumnSpec[]) => Promise<Sink>
  /** A few times per second, and once at the end. */
  readonly onProgress?: (progress: RunProgress) => void
  /** One line for the log, once per text. */
  readonly onNote?: (block: string, text: string) => void
  /** Nothing can go on by itself: sources have nothing, sinks have written (for test kits). */
  readonly onQuiet?: () => void
}
