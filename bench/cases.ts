/** What is measured: pipeline files with a hand-written loop beside them, and what they shall reach. */

export type CaseClass = 'stateless' | 'windows' | 'joins and updates' | 'micro'
export type Suite = 'nexmark' | 'micro'

export interface BenchmarkCase {
  readonly name: string
  readonly suite: Suite
  readonly class: CaseClass
  /** Engine ÷ loop in events per CPU-second: wanted, and never below; null for micro cases. */
  readonly goal: number | null
  readonly floor: number | null
  /** Nanoseconds of the engine per bid, at most; only of micro cases. */
  readonly nsMax: number | null
}

const GOALS = {
  stateless: { goal: 0.8, floor: 0.6 },
  windows: { goal: 0.7, floor: 0.5 },
  'joins and updates': { goal: 0.6, floor: 0.4 },
} as const

/** q6 is no query of the public suite's engines; q12 depends on the clock and has no loop. */
const QUERIES: Readonly<Record<keyof typeof GOALS, string>> = {
  stateless: 'q0 q1 q2 q13 q14 q21 q22',
  windows: 'q5 q7 q8 q11',
  'joins and updates': 'q3 q4 q9 q15 q16 q17 q18 q19 q20',
}

const MICRO = { passthrough: 20, filter: 10, tumbling: 30, sliding: 50 } as const

export function casesOf(suite: Suite): BenchmarkCase[] {
  if (suite === 'micro') {
    return Object.entries(MICRO).map(([name, nsMax]) => ({
      name,
      suite,
      class: 'micro',
      goal: null,
      floor: null,
      nsMax,
    }))
  }
  const classes = Object.keys(GOALS) as (keyof typeof GOALS)[]
  const cases = classes.flatMap((one) =>
    QUERIES[one]
      .split(' ')
      .map((name) => ({ name, suite, class: one, ...GOALS[one], nsMax: null }) as const),
  )
  return cases.toSorted((a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)))
}

/** Of the generated events, how many are bids. */
export const BIDS_PER_EVENT = 46 / 50
