/**
 * Turns the calls of one chain into one block of the specification: the keys of a transformation
 * where their order allows it, `steps` where it does not, as the same text in YAML would stand.
 */
import type { ExprSource } from '../../expr/ast.ts'
import type {
  CoreSpec,
  KeySpec,
  SelectItem,
  StepSpec,
  WindowSpec,
} from '../../spec/pipeline-spec.ts'
import type { CallSite } from '../call-site.ts'
import { siteOf } from '../column-builder.ts'

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
  readonly keyBy: { readonly items: readonly KeySpec[]; readonly site: CallSite } | null
  readonly window: { readonly spec: WindowSpec; readonly site: CallSite } | null
  readonly late: string | null
  readonly core: { readonly spec: CoreSpec; readonly site: CallSite } | null
  readonly after: readonly ChainStep[]
  /** A callback went wrong, which is reported. */
  readonly isBroken: boolean
  readonly site: CallSite
}

export interface BlockParts {
  readonly steps: readonly StepSpec[]
  readonly post: readonly StepSpec[]
  readonly sites: readonly PartSite[]
}

/** `key`: below the block. `text`: what stands there as text. */
interface PartSite {
  readonly key: StepSpec['key']
  readonly site: CallSite
  readonly text: string | null
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
  const sites: PartSite[] = [...coreSites(chain)]
  const keyed = (one: ChainStep, key: StepSpec['key']): StepSpec => {
    sites.push(...stepSites(one, key))
    return { ...one.step, key }
  }
  const inOrder = (steps: readonly ChainStep[]): StepSpec[] =>
    steps.map((one, index) =>
      keyed(one, isOrdered(steps) ? keyOf(one) : ['steps', index, one.step.kind]),
    )
  const behind = (steps: readonly ChainStep[], where: string): StepSpec[] =>
    steps.map((one) => keyed(one, one.step.kind === 'where' ? [where] : keyOf(one)))
  if (chain.core === null) {
    const split = splitByRank(chain.before)
    return { steps: inOrder(split.pre), post: behind(split.post, 'having'), sites }
  }
  return {
    steps: inOrder(chain.before),
    post: behind(chain.after, chain.core.spec.kind === 'join' ? 'where' : 'having'),
    sites,
  }
}

function coreSites({ keyBy, window, core }: ChainState): PartSite[] {
  const sites: PartSite[] = []
  if (keyBy !== null) {
    const [only] = keyBy.items
    sites.push(...itemSites(keyBy.items, ['key_by'], keyBy.site))
    if (keyBy.items.length === 1 && only !== undefined && 'path' in only) {
      sites.push({ key: ['key_by'], site: keyBy.site, text: only.path })
    }
  }
  if (window !== null) sites.push({ key: ['window'], site: window.site, text: null })
  if (core === null) return sites
  const { spec, site } = core
  sites.push({ key: [spec.kind], site, text: null })
  if (spec.kind === 'aggregate') sites.push(...itemSites(spec.fields, ['aggregate'], site))
  if (spec.kind === 'top' && typeof spec.by === 'string') {
    sites.push({ key: ['top', 'by'], site, text: spec.by })
  }
  if (spec.kind === 'dedupe' && spec.by !== undefined) {
    sites.push(exprSite(spec.by, ['dedupe', 'by'], site))
  }
  if (spec.kind === 'join') {
    const { alias, on, from } = spec.join
    sites.push(exprSite(on, ['join', alias, 'on'], site))
    sites.push({ key: ['join', alias, 'from'], site, text: from })
  }
  return sites
}

function stepSites({ step, site }: ChainStep, key: StepSpec['key']): PartSite[] {
  switch (step.kind) {
    case 'where':
      return [exprSite(step.expr, key, site)]
    case 'set':
    case 'select':
      return itemSites(step.fields, key, site)
    case 'validate':
      return [
        ...itemSites(step.rules, key, site),
        ...itemSites(step.rules, [...key, 'rules'], site),
      ]
    case 'unnest':
      return [{ key, site, text: null }, exprSite(step.expr, [...key, step.item], site)]
    case 'lookup':
      return [
        { key, site, text: null },
        ...step.lookups.map((one) => exprSite(one.on, [...key, one.alias, 'on'], site)),
      ]
    case 'drop':
      return [
        { key, site, text: null },
        ...step.fields.map((field, index) => ({ key: [...key, index], site, text: field })),
      ]
    default:
      return [{ key, site, text: null }]
  }
}

/** By index as in a list, and by name as in a mapping. */
function itemSites(items: readonly SelectItem[], key: StepSpec['key'], site: CallSite): PartSite[] {
  const own = items.flatMap((item, index): PartSite[] =>
    'path' in item
      ? [{ key: [...key, index], site, text: item.path }]
      : [
          exprSite(item.expr, [...key, item.name], site),
          exprSite(item.expr, [...key, index], site),
        ],
  )
  return [{ key, site, text: null }, ...own]
}

/** Text is looked for behind the call; what was built has a place of its own. */
function exprSite(expr: ExprSource, key: StepSpec['key'], site: CallSite): PartSite {
  if (typeof expr === 'string') return { key, site, text: expr }
  return { key, site: siteOf(expr.built) ?? site, text: null }
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
