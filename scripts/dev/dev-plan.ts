/** The plan that `dev` runs: the author's own, or with every sink replaced by one that shows rows. */
import { planPipeline } from '../../shared/planning/plan-pipeline.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import type { PipelineSpec } from '../../shared/spec/pipeline-spec.ts'
import type { ConnectorRegistry } from '../embedded/run-options.ts'
import {
  CAPTURE,
  captureCode,
  captureConfig,
  type Captured,
  captureSpec,
} from '../pipeline/capture-sink.ts'
import { connectorRegistry } from '../pipeline/connector-registry.ts'
import { CONNECTORS, type LoadedPipeline } from '../pipeline/load-pipeline.ts'
import { slowedCode } from './slowed-source.ts'

export interface DevPlan {
  readonly plan: Plan
  readonly connectors: ConnectorRegistry
  /** Last rows by sink; empty with real sinks. */
  readonly rows: ReadonlyMap<string, Captured>
}

export interface DevChoices {
  readonly isPreview: boolean
  /** Records per second and source; null: as fast as it goes. */
  readonly rate: number | null
}

const ROWS_KEPT = 50

export function devPlan(loaded: LoadedPipeline, plan: Plan, choices: DevChoices): DevPlan {
  const { isPreview, rate } = choices
  const rows = new Map<string, Captured>()
  const shown = isPreview && loaded.spec !== null ? previewPlan(loaded, loaded.spec) : null
  const capture = captureCode(rows, { kind: 'last', limit: ROWS_KEPT })
  const connectors: ConnectorRegistry = {
    config: (name) => (name === CAPTURE ? captureConfig : connectorRegistry.config(name)),
    code: async (name) => {
      if (name === CAPTURE) return capture
      const code = await connectorRegistry.code(name)
      return code === null || rate === null ? code : slowedCode(code, rate)
    },
  }
  return { plan: shown ?? plan, connectors, rows }
}

/** Null when the pipeline cannot be planned that way: then its own sinks say why. */
function previewPlan(loaded: LoadedPipeline, spec: PipelineSpec): Plan | null {
  const sinks = Object.entries(spec.sinks).map(
    ([name, { from }]) => [name, captureSpec(from)] as const,
  )
  const configs = new Map([...CONNECTORS, [CAPTURE, captureConfig]])
  const own = { ...spec, sinks: Object.fromEntries(sinks) }
  return planPipeline(own, configs, { params: loaded.params }).plan
}
