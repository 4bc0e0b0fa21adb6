/**
 * The benchmark: `npm run bench -- nexmark` and `npm run bench -- micro`. Engine and hand-written loop
 * of each case run in fresh processes, interleaved in random order over the rounds.
 *
 *   --queries q5,q7   only these      --rounds N   11 for a claim, 3 for a check (default)
 *   --events N        whole millions above one (default 10,000,000)      --seed N
 *   --json            one object      --write      table and chart into docs/
 *   --no-generator    without the figures that have the generator inside
 *   --keep-best       makes the present loops the best versions; measures nothing
 *
 * Ends with 1 when results differ or a loop became slower than its best version.
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type BenchmarkCase, casesOf, type Suite } from './cases.ts'
import { hasOtherBest, keepAsBest } from './measure/best-version.ts'
import { type CaseResult, caseResult } from './measure/case-result.ts'
import { runRounds, type Side } from './measure/rounds.ts'
import { machineLine, sideLines, textTable } from './report/text-report.ts'
import { writeDocs } from './report/write-docs.ts'

const BENCH = import.meta.dirname
const RUN_ONE = join(BENCH, 'nexmark', 'run-one.ts')

interface Choices {
  readonly suite: Suite
  readonly cases: readonly BenchmarkCase[]
  readonly events: number
  readonly rounds: number
  readonly seed: number
  readonly flags: {
    readonly json: boolean
    readonly write: boolean
    readonly generator: boolean
    readonly keepBest: boolean
  }
}

async function main(args: readonly string[]): Promise<number> {
  const choices = choicesOf(args)
  if (typeof choices === 'string') {
    process.stderr.write(`${choices}\n`)
    return 2
  }
  const { suite, cases, flags } = choices
  if (flags.keepBest) {
    for (const one of cases) keepAsBest(join(BENCH, suite), one.name)
    return 0
  }
  const results: CaseResult[] = []
  for (const one of cases) {
    process.stderr.write(`${one.name} …\n`)
    results.push(await measure(one, choices))
  }
  const failures = results.flatMap(({ failure }) => (failure === null ? [] : [failure]))
  if (flags.write) {
    const command = `npm run bench -- ${args.join(' ')}`
    writeDocs(resolve(BENCH, '../docs'), { suite, results, command })
  }
  if (flags.json) {
    process.stdout.write(
      `${JSON.stringify({ suite, machine: machineLine(), results, failures })}\n`,
    )
  } else process.stdout.write(textReport(results, failures))
  return failures.length > 0 ? 1 : 0
}

async function measure(one: BenchmarkCase, choices: Choices): Promise<CaseResult> {
  const { rounds, flags } = choices
  const folder = join(BENCH, one.suite)
  const names = ['engine', 'baseline']
  if (hasOtherBest(folder, one.name)) names.push('best')
  if (flags.generator) names.push('generator')
  const sides = names.map((name) => sideOf(name, join(folder, `${one.name}.yaml`), choices))
  const figures = await runRounds(sides, rounds)
  const of = (name: string) => figures[names.indexOf(name)] ?? null
  return caseResult(one, {
    engine: of('engine') ?? [],
    loop: of('baseline') ?? [],
    best: of('best'),
    generator: of('generator'),
  })
}

function sideOf(name: string, file: string, { events, seed }: Choices): Side {
  const command = [process.execPath, '--expose-gc', RUN_ONE, file, name, `${events}`, `${seed}`]
  return { name, command }
}

function textReport(results: readonly CaseResult[], failures: readonly string[]): string {
  const reached = results.filter(({ verdict }) => verdict === 'reached').length
  return [
    `${machineLine()}; ${results[0]?.events ?? 0} events, ${results[0]?.rounds ?? 0} rounds\n\n`,
    textTable(results),
    '\nratio: engine ÷ loop in events per CPU-second, median of the rounds\n\n',
    sideLines(results),
    `\n${reached} of ${results.length} reach their goal\n`,
    ...failures.map((failure) => `failed: ${failure}\n`),
  ].join('')
}

/** A text says what is wrong with the arguments. */
function choicesOf(args: readonly string[]): Choices | string {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      queries: { type: 'string' },
      rounds: { type: 'string', default: '3' },
      events: { type: 'string', default: '10000000' },
      seed: { type: 'string', default: '1' },
      json: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      'no-generator': { type: 'boolean', default: false },
      'keep-best': { type: 'boolean', default: false },
    },
  })
  const [suite] = positionals
  if (suite !== 'nexmark' && suite !== 'micro') return 'name a suite: nexmark or micro'
  const wanted = values.queries?.split(',')
  const known = casesOf(suite)
  const unknown = wanted?.filter((name) => !known.some((one) => one.name === name)) ?? []
  if (unknown.length > 0) return `no case is named ${unknown.join(', ')}`
  const [rounds, events, seed] = [values.rounds, values.events, values.seed].map(Number)
  if (!isCount(rounds) || !isCount(events) || seed === undefined || !Number.isInteger(seed)) {
    return 'rounds, events and seed are whole numbers'
  }
  return {
    suite,
    cases: known.filter((one) => wanted === undefined || wanted.includes(one.name)),
    events,
    rounds,
    seed,
    flags: {
      json: values.json,
      write: values.write,
      generator: !values['no-generator'],
      keepBest: values['keep-best'],
    },
  }
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && Number.isInteger(value) && value > 0
}

process.exitCode = await main(process.argv.slice(2))
