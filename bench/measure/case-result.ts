/** What the rounds of one case say: ratios within rounds, their median and range, and the verdict. */
import { BIDS_PER_EVENT, type BenchmarkCase } from '../cases.ts'
import { type RunFigures, type Spread, spreadOf } from './rounds.ts'

/** A loop that is slower than its best version by more than this fails the benchmark. */
const SLOWER_THAN_BEST_MAX = 0.1

export interface SideResult {
  /** Per generated event; in micro cases per bid. */
  readonly ns: Spread
  readonly eventsPerCpuSecond: Spread
  readonly wallMs: Spread
  readonly startMs: Spread
  readonly peakMemoryBytes: number
  readonly checksums: readonly number[]
}

export type Verdict = 'reached' | 'below the goal' | 'below the floor' | 'does not count'

export interface CaseResult {
  readonly case: BenchmarkCase
  readonly events: number
  readonly rounds: number
  readonly engine: SideResult
  readonly loop: SideResult
  /** The engine with the generator inside: no replay, its cost included. */
  readonly withGenerator: SideResult | null
  /** Engine ÷ loop in events per CPU-second, per round. */
  readonly ratio: Spread
  /** Loop ÷ its best version; null where they are the same. */
  readonly againstBest: Spread | null
  readonly areEqual: boolean
  readonly verdict: Verdict
  /** Why the benchmark fails; null when it does not. */
  readonly failure: string | null
}

export interface SideFigures {
  readonly engine: readonly RunFigures[]
  readonly loop: readonly RunFigures[]
  readonly best: readonly RunFigures[] | null
  readonly generator: readonly RunFigures[] | null
}

export function caseResult(one: BenchmarkCase, sides: SideFigures): CaseResult {
  const { engine, loop, best, generator } = sides
  const ratio = spreadOf(perRound(loop, engine))
  const againstBest = best === null ? null : spreadOf(perRound(best, loop))
  const compared = [...engine, ...loop, ...(best ?? [])]
  const areEqual = new Set(compared.map(({ checksum, rows }) => `${checksum} ${rows}`)).size === 1
  const engineSide = sideResult(one, engine)
  return {
    case: one,
    events: engine[0]?.events ?? 0,
    rounds: engine.length,
    engine: engineSide,
    loop: sideResult(one, loop),
    withGenerator: generator === null ? null : sideResult(one, generator),
    ratio,
    againstBest,
    areEqual,
    verdict: areEqual ? verdictOf(one, ratio.median, engineSide.ns.median) : 'does not count',
    failure: failureOf(one, areEqual, againstBest),
  }
}

/** CPU time of one side in units of the other's, round by round. */
function perRound(of: readonly RunFigures[], by: readonly RunFigures[]): number[] {
  return of.map((figures, round) => figures.cpuMs / (by[round]?.cpuMs ?? NaN))
}

function sideResult(one: BenchmarkCase, runs: readonly RunFigures[]): SideResult {
  const share = one.suite === 'micro' ? BIDS_PER_EVENT : 1
  return {
    ns: spreadOf(runs.map(({ cpuMs, events }) => (cpuMs * 1e6) / (events * share))),
    eventsPerCpuSecond: spreadOf(runs.map(({ cpuMs, events }) => events / (cpuMs / 1000))),
    wallMs: spreadOf(runs.map((run) => run.wallMs)),
    startMs: spreadOf(runs.map((run) => run.startMs)),
    peakMemoryBytes: Math.max(...runs.map((run) => run.peakMemoryBytes)),
    checksums: [...new Set(runs.map((run) => run.checksum))],
  }
}

function verdictOf({ goal, floor, nsMax }: BenchmarkCase, ratio: number, ns: number): Verdict {
  if (nsMax !== null) return ns <= nsMax ? 'reached' : 'below the goal'
  if (goal !== null && ratio >= goal) return 'reached'
  return floor !== null && ratio < floor ? 'below the floor' : 'below the goal'
}

function failureOf(
  { name }: BenchmarkCase,
  areEqual: boolean,
  againstBest: Spread | null,
): string | null {
  if (!areEqual) return `${name}: the results of engine and loop differ`
  if (againstBest === null || againstBest.median >= 1 - SLOWER_THAN_BEST_MAX) return null
  const percent = Math.round((1 / againstBest.median - 1) * 100)
  return `${name}: the loop is ${percent} % slower than its best version`
}
