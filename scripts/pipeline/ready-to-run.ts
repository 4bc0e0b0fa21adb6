/**
 * What can be known to be wrong before anything is opened: connectors that cannot be run yet, values
 * of `${…}` that nobody gives, sinks that would replace what another block writes or reads. All of a
 * kind is named at once.
 */
import { type ErrorCode, StreamError } from '../../shared/base/errors.ts'
import type { Plan } from '../../shared/planning/plan.ts'
import { takenPlaces, type PlaceUse } from '../../shared/planning/taken-places.ts'
import {
  type ReferenceProblem,
  type ReferenceValues,
  resolveConfig,
} from '../../shared/spec/resolve-references.ts'
import { withDeadLetterSink } from '../embedded/default-dead-letters.ts'
import type { ConnectorRegistry, ConnectorSide } from '../embedded/run-options.ts'

interface Use {
  readonly block: string
  readonly connector: string
  readonly side: ConnectorSide
  readonly config: Readonly<Record<string, unknown>>
}

export interface Runnable {
  readonly connectors: ConnectorRegistry
  readonly values: ReferenceValues
  readonly baseDirectory: string
  /** Where dead letters go that no block reads. */
  readonly deadLetterPath: string
}

export function requireRunnable(plan: Plan, runnable: Runnable): void {
  const uses = usesOf(plan)
  requireConnectors(uses, runnable.connectors)
  requireValues(uses, runnable.values)
  requirePlaces(uses, runnable, withDeadLetterSink(plan) !== plan)
}

function usesOf(plan: Plan): Use[] {
  const blocks = plan.blocks.flatMap((block): Use[] => {
    if (block.kind === 'transform') return []
    const { name, connector, config, kind } = block
    return [{ block: name, connector, config, side: kind }]
  })
  const tables = plan.tables.map(({ name, connector, config }): Use => ({
    block: name,
    connector,
    config,
    side: 'table',
  }))
  return [...blocks, ...tables]
}

function requireConnectors(uses: readonly Use[], connectors: ConnectorRegistry): void {
  const absent = uses.filter(({ connector }) => connectors.config(connector)?.available === false)
  if (absent.length === 0) return
  const names = absent.map(({ block, connector }) => `${connector} (${block})`)
  const [verb, noun] = absent.length === 1 ? ['is', 'connector'] : ['are', 'connectors']
  throw new StreamError(
    'CONNECTOR_NOT_YET',
    `the ${noun} ${names.join(', ')} ${verb} not there yet`,
    { fix: 'check, explain and test the pipeline as it is; run it with another connector' },
  )
}

function requireValues(uses: readonly Use[], values: ReferenceValues): void {
  const missing = new Map<string, ReferenceProblem & { blocks: string[] }>()
  for (const { block, config } of uses) {
    for (const problem of resolveConfig(config, values).problems ?? []) {
      const known = missing.get(problem.message)
      if (known === undefined) missing.set(problem.message, { ...problem, blocks: [block] })
      else if (!known.blocks.includes(block)) known.blocks.push(block)
    }
  }
  const [first] = missing.values()
  if (first === undefined) return
  const code: ErrorCode = first.code
  const texts = [...missing.values()].map(({ message, blocks }) => {
    return `${message} (${blocks.join(', ')})`
  })
  const fixes = [...missing.values()].map((one) => one.fix)
  throw new StreamError(code, texts.join('; '), { fix: fixes.join('; ') })
}

/** As `check` does it, with the values of `${…}` put in. */
function requirePlaces(
  uses: readonly Use[],
  { connectors, values, baseDirectory, deadLetterPath }: Runnable,
  keepsDeadLetters: boolean,
): void {
  const places = uses.flatMap(({ block, connector, config, side }): PlaceUse[] => {
    const { config: resolved } = resolveConfig(config, values)
    if (resolved === null) return []
    const place = connectors.config(connector)?.placeOf?.(resolved, baseDirectory) ?? null
    return place === null ? [] : [{ block, side, place }]
  })
  const own: PlaceUse = {
    block: 'dead_letter',
    side: 'sink',
    what: 'the sink of dead letters that nobody reads',
    place: deadLetterPath,
  }
  const taken = takenPlaces(keepsDeadLetters ? [own, ...places] : places)
  const [first] = taken
  if (first === undefined) return
  throw new StreamError('SINK_PLACE_TAKEN', taken.map((one) => one.message).join('; '), {
    fix: first.fix,
  })
}
