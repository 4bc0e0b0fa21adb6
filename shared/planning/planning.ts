/**
 * What the passes of one planning share: the spec, what is planned so far, and the demands that
 * later blocks make of earlier ones.
 *
 * Owns: streams by `block.output` (null: that block has errors, so its readers stay silent), tables,
 * demands for full changes. A demand starts planning again (plan-pipeline.ts); they only grow.
 */
import type { Diagnostics, SpecPath } from '../base/diagnostics.ts'
import type { Constant } from '../expr/scope.ts'
import type { PipelineSpec } from '../spec/pipeline-spec.ts'
import type { ConnectorConfig } from '../spi/connector.ts'
import type { Graph } from './graph.ts'
import type { InputRef, StreamInfo, TableBlock } from './plan.ts'
import type { Row } from './row.ts'
import type { PlannedFunctions } from './user-functions.ts'

/** A stream while it is planned. */
export interface Stream {
  readonly ref: InputRef
  readonly info: StreamInfo
  readonly row: Row
  /** Blocks that make it an upsert edge and would make it retract if asked. */
  readonly upsertOf: readonly string[]
  /** Kinds of change are those of the outside, row by row (`change()` needs no state). */
  readonly kindsKnown: boolean
}

export interface Planning {
  readonly spec: PipelineSpec
  readonly graph: Graph
  readonly registry: ReadonlyMap<string, ConnectorConfig>
  readonly diagnostics: Diagnostics
  readonly params: ReadonlyMap<string, Constant>
  readonly functions: PlannedFunctions
  readonly streams: Map<string, Stream | null>
  readonly tables: Map<string, { readonly block: TableBlock; readonly row: Row } | null>
  /** Names of blocks that must give full changes. */
  readonly retractDemands: Set<string>
}

export function streamKey(ref: InputRef): string {
  return `${ref.block}.${ref.output}`
}

/** Where a diagnostic of a block goes. */
export function blockPath(
  section: 'sources' | 'tables' | 'transformations' | 'sinks',
  name: string,
) {
  return (...more: readonly (string | number)[]): SpecPath => [section, name, ...more]
}

/** Asks the blocks that made this an upsert edge for full changes; true when it has them. */
export function demandFullChanges(planning: Planning, stream: Stream): boolean {
  if (stream.info.edge !== 'upsert') return true
  for (const block of stream.upsertOf) planning.retractDemands.add(block)
  return false
}
