/**
 * Interleaved rounds of fresh processes: in each round every side of a case runs once, in random
 * order. Figures are compared within a round; what is reported is the median of the rounds with its
 * range. Never a single run, never figures of different rounds.
 */
import { spawn } from 'node:child_process'

/** What one process prints as its last line. */
export interface RunFigures {
  /** Records of the generated stream that were processed. */
  readonly events: number
  /** User and system time of the process during the measured part. */
  readonly cpuMs: number
  readonly wallMs: number
  /** Of the result; sides must agree for the figures to count. */
  readonly checksum: number
  readonly rows: number
  /** From process start to the first processed record. */
  readonly startMs: number
  readonly peakMemoryBytes: number
}

export interface Side {
  readonly name: string
  readonly command: readonly string[]
}

export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** One list of figures per side, in the order of the sides; index = round. */
export async function runRounds(
  sides: readonly Side[],
  roundCount: number,
): Promise<RunFigures[][]> {
  const figures: RunFigures[][] = sides.map(() => [])
  for (let round = 0; round < roundCount; round++) {
    for (const index of randomOrder(sides.length)) {
      const side = sides[index]
      if (side !== undefined) figures[index]?.push(await runSide(side))
    }
  }
  return figures
}

async function runSide(side: Side): Promise<RunFigures> {
  const [program = '', ...args] = side.command
  const output = await new Promise<string>((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (part: Buffer) => (text += part.toString('utf8')))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(text)
      else reject(new Error(`${side.name} ended with ${code}: ${side.command.join(' ')}`))
    })
  })
  return JSON.parse(output.trim().split('\n').at(-1) ?? '') as RunFigures
}

/** Order of a round; chance is wanted here, so that drift of the machine favours no side. */
function randomOrder(count: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index)
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(Math.random() * (last + 1))
    const held = order[last] as number
    order[last] = order[other] as number
    order[other] = held
  }
  return order
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const low = sorted[Math.floor(middle)] ?? NaN
  const high = sorted[Math.ceil(middle)] ?? NaN
  return { median: (low + high) / 2, low: sorted[0] ?? NaN, high: sorted.at(-1) ?? NaN }
}
