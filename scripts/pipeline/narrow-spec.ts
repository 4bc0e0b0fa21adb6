/** A part of a pipeline: the blocks that one block reads from, with other sinks in their place. */
import type { PipelineSpec, SinkSpec, TransformationSpec } from '../../shared/spec/pipeline-spec.ts'

/** Only what `target` (`block` or `block.side`) needs; its rows go to the given sinks. */
export function narrowedTo(
  spec: PipelineSpec,
  target: string,
  sinks: Readonly<Record<string, SinkSpec>>,
): PipelineSpec {
  const needed = new Set<string>()
  visit(spec, blockOf(target), needed)
  const {
    alerts: _alerts,
    freshness: _freshness,
    schedule: _schedule,
    tests: _tests,
    ...rest
  } = spec
  return {
    ...rest,
    sources: pick(spec.sources, needed),
    transformations: pick(spec.transformations ?? {}, needed),
    sinks,
  }
}

const blockOf = (target: string): string => target.split('.', 1)[0] ?? target

function visit(spec: PipelineSpec, name: string, needed: Set<string>): void {
  const block = resolveAlias(spec, name)
  if (needed.has(block)) return
  needed.add(block)
  const transformation = spec.transformations?.[block]
  if (transformation === undefined) return
  for (const input of inputsOf(transformation)) visit(spec, blockOf(input), needed)
}

/** `late: name` on a window is another name of `block.late`. */
function resolveAlias(spec: PipelineSpec, name: string): string {
  const aliased = Object.entries(spec.transformations ?? {}).find(([, one]) => one.late === name)
  return aliased?.[0] ?? name
}

export function inputsOf(block: TransformationSpec): string[] {
  const { core } = block
  return core?.kind === 'join' ? [...block.from, core.join.from] : [...block.from]
}

function pick<T>(all: Readonly<Record<string, T>>, names: ReadonlySet<string>): Record<string, T> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)))
}
