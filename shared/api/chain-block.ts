/**
 * Turns the calls of one chain into one block of the specification: the keys of a transformation
 * where their order allows it, `steps` where it does not, as the same text in YAML would stand.
 */
import type { CoreSpec, KeySpec, StepSpec, WindowSpec } from '../spec/pipeline-spec.ts'
import type { CallSite } from './call-site.ts'

type DistributedOmit<T, K extends keyof never> = T extends unknown ? Omit<T, K> : never
export type StepContent = DistributedOmit<StepSpec, 'key'>

export interface ChainStep {
  readonly step: StepContent
  readonly site: CallSite
}

/** What a chain has collected; immutable, since two chains may start from one. */
export interface ChainState {
  readonly from: readonly string[]
  readonly before: readonly ChainStep[]
  readonly keyBy: readonly KeySpec[] | null
  readonly window: WindowSpec | null
  readonly late: string | null
  readonly core: CoreSpec | null
  readonly after: readonly ChainStep[]
  readonly site: CallSite
}

export interface BlockParts {
  readonly steps: readonly StepSpec[]
  readonly post: readonly StepSpec[]
  readonly sites: readonly { readonly key: StepSpec['key']; readonly site: CallSite }[]
}

/** Position of a key in the table of transformation keys; they may only grow. */
const RANK: Readonly<Record<StepContent['kind'], number>> = {
  unnest: 1,
  flat_map: 2,
  lookup: 3,
  where: 5,
  set: 6,
  validate: 8,
  select: 21,
  drop: 21,
  rename: 22,
}
const HAVING_RANK = 20

/** Steps with the keys under which a YAML file would have them. */
export function blockParts(chain: ChainState): BlockParts {
  const sites: BlockParts['sites'][number][] = []
  const keyed = (one: ChainStep, key: StepSpec['key']): StepSpec => {
    sites.push({ key, site: one.site })
    return { ...one.step, key }
  }
  if (chain.core === null) {
    const split = splitByRank(chain.before)
    return {
      steps: split.pre.map((one) => keyed(one, keyOf(one))),
      post: split.post.map((one) =>
        keyed(one, one.step.kind === 'where' ? ['having'] : keyOf(one)),
      ),
      sites,
    }
  }
  const isJoin = chain.core.kind === 'join'
  return {
    steps: chain.before.map((one, index) =>
      keyed(one, isOrdered(chain.before) ? keyOf(one) : ['steps', index, one.step.kind]),
    ),
    post: chain.after.map((one) =>
      keyed(one, one.step.kind === 'where' && !isJoin ? ['having'] : keyOf(one)),
    ),
    sites,
  }
}

const keyOf = (one: ChainStep): StepSpec['key'] => [one.step.kind]

/** Whether each step may stand under its own key: ranks grow strictly. */
function isOrdered(steps: readonly ChainStep[]): boolean {
  return steps.every((one, index) => {
    const last = steps[index - 1]
    return last === undefined || RANK[last.step.kind] < RANK[one.step.kind]
  })
}

/** Without a core: a `where` behind a later key is `having`; else everything is `steps`. */
function splitByRank(steps: readonly ChainStep[]): {
  pre: readonly ChainStep[]
  post: readonly ChainStep[]
} {
  let rank = 0
  const pre: ChainStep[] = []
  const post: ChainStep[] = []
  for (const one of steps) {
    const own = RANK[one.step.kind]
    const next = one.step.kind === 'where' && rank >= own ? HAVING_RANK : own
    if (next <= rank) return { pre: steps, post: [] }
    rank = next
    ;(next >= HAVING_RANK ? post : pre).push(one)
  }
  return { pre, post }
}
