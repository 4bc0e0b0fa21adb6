/**
 * Sinks that would write over what another sink writes, or over what the pipeline reads: such a run
 * would lose rows without a word.
 */
import type { Diagnostics, SpecPath } from '../base/diagnostics.ts'
import type { ConnectorConfig } from '../spi/connector.ts'
import type { Plan } from './plan.ts'

/** A block and the place that its connector reads or writes whole. */
export interface PlaceUse {
  readonly block: string
  readonly side: 'source' | 'table' | 'sink'
  /** Of a sink that is not the author's, what writes there. */
  readonly what?: string
  readonly place: string
}

export interface TakenPlace {
  readonly sink: string
  readonly message: string
  readonly fix: string
}

/** One per sink that takes the place of another block. */
export function takenPlaces(uses: readonly PlaceUse[]): TakenPlace[] {
  const taken: TakenPlace[] = []
  const owners = new Map<string, PlaceUse>()
  // What is read comes first: a sink is always the one in the wrong.
  for (const use of uses.toSorted((a, b) => rank(a) - rank(b))) {
    const owner = owners.get(use.place)
    if (owner === undefined) owners.set(use.place, use)
    else if (use.side === 'sink') taken.push(takenBy(use, owner))
  }
  return taken
}

/** Said at their keys; values with `${…}` are compared when the pipeline runs. */
export function refuseTakenPlaces(
  plan: Plan,
  registry: ReadonlyMap<string, ConnectorConfig>,
  diagnostics: Diagnostics,
): void {
  const blocks = plan.blocks.flatMap((block) => (block.kind === 'transform' ? [] : [block]))
  const all = [...blocks, ...plan.tables.map((table) => ({ ...table, kind: 'table' as const }))]
  const uses = all.flatMap(({ name, kind, connector, config }): PlaceUse[] => {
    const place = registry.get(connector)?.placeOf?.(config, '') ?? null
    return place === null ? [] : [{ block: name, side: kind, place }]
  })
  for (const { sink, message, fix } of takenPlaces(uses)) {
    const path: SpecPath = ['sinks', sink]
    diagnostics.error('SINK_PLACE_TAKEN', path, message, { onKey: true, fix })
  }
}

function rank({ side }: PlaceUse): number {
  return side === 'sink' ? 1 : 0
}

function takenBy({ block, place }: PlaceUse, owner: PlaceUse): TakenPlace {
  if (owner.side !== 'sink') {
    const message = `sink \`${block}\` would replace ${place}, which the ${owner.side} \`${owner.block}\` reads`
    return { sink: block, message, fix: 'write to another path' }
  }
  const others = owner.what ?? `sink \`${owner.block}\``
  return {
    sink: block,
    message: `sink \`${block}\` and ${others} both write ${place}: one would replace the other`,
    fix: 'give each a path of its own, or put a transformation with `from: [a, b]` before one sink',
  }
}
