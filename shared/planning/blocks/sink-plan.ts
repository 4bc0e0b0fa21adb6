/** Sinks: connector, mode and key, columns in the order they are written. */
import type { SinkTraits } from '../../spi/connector.ts'
import { checkConnector } from './connector-checks.ts'
import type { InputRef, SinkBlock } from '../plan.ts'
import { blockPath, type Planning, type Stream } from '../planning.ts'
import { checkParallelism, deadLetterOutput, parallelismOf } from './side-outputs.ts'
import { planSinkMode } from './sink-mode.ts'
import type { PlannedBlock } from './source-plan.ts'
import { planInput } from './union-plan.ts'

const DEFAULT_TRAITS: SinkTraits = {
  upsert: true,
  upsertByDefault: false,
  upsertNeedsBounded: false,
  single: false,
}

export interface SinkInput {
  readonly name: string
  /** Several only for `dead_letter` of all blocks, which have the same fields. */
  readonly streams: readonly (Stream | null)[]
  readonly refs: readonly InputRef[]
}

export function planSink(
  planning: Planning,
  { name, streams: inputs, refs }: SinkInput,
): PlannedBlock<SinkBlock> | null {
  const spec = planning.spec.sinks[name]
  if (spec === undefined) return null
  const path = blockPath('sinks', name)
  const checked = checkConnector(planning, spec, 'sink', path())
  checkParallelism(planning, spec.parallelism, path('parallelism'))
  const known = inputs.filter((one) => one !== null)
  const stream = known.length < inputs.length ? null : planInput(planning, name, known)
  if (checked === null || stream === null) return null
  const traits = checked.connector.describeSink?.(checked.config) ?? DEFAULT_TRAITS
  if (traits.single && (spec.parallelism ?? 1) > 1) {
    planning.diagnostics.error(
      'PARALLELISM_REFUSED',
      path('parallelism'),
      'the sink writes one file, which takes one subtask',
      {
        fix: 'leave `parallelism` out, or end the path in `/` to write parts',
      },
    )
  }
  const mode = planSinkMode(planning, { spec, stream, traits, path: path() })
  if (mode === null) return null
  const onError = spec.on_error ?? planning.spec.defaults?.on_error ?? 'fail'
  const streams = deadLetterOutput(name, onError, stream.info.bounded)
  const block: SinkBlock = {
    kind: 'sink',
    name,
    inputs: refs,
    outputs: streams.map((one) => ({ name: one.ref.output, stream: one.info, used: [] })),
    onError,
    parallelism: traits.single ? 1 : parallelismOf(planning, spec.parallelism),
    connector: spec.connector,
    config: checked.config,
    ...mode,
    columns: stream.row.columns,
  }
  return { block, streams }
}
