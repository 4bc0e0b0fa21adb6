/**
 * One side of one case, in a process of its own: generates the input, warms up, then measures. Prints
 * the figures as one JSON line.
 *
 *   node bench/nexmark/run-one.ts FILE engine|generator|baseline|best EVENTS SEED
 *
 * `generator` is the engine with the generator inside instead of the replayed block.
 */
import { basename, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Checksum } from '../measure/checksum.ts'
import type { RunFigures } from '../measure/rounds.ts'
import type { MakeBaseline } from './baseline/baseline.ts'
import { prepareBaseline } from './baseline-side.ts'
import { BLOCK_EVENTS, type ReplayOptions } from './replay.ts'

const RATE = 100_000

interface Prepared {
  readonly run: () => void | Promise<void>
  readonly checksum: Checksum
}

async function main(): Promise<void> {
  const [file = '', side = '', eventsText = '', seedText = '1'] = process.argv.slice(2)
  const events = Number(eventsText)
  const options: ReplayOptions = { events, seed: Number(seedText), rate: RATE }
  const isEngine = side === 'engine' || side === 'generator'
  const prepare = isEngine ? await engine(file, side) : await baseline(file, side)
  const warm = prepare({ ...options, events: Math.min(events, BLOCK_EVENTS) })
  const started = performance.now()
  await warm.run()
  const startMs = performance.now() - started
  const measured = prepare(options)
  globalThis.gc?.()
  const cpu = process.cpuUsage()
  const wall = performance.now()
  await measured.run()
  const wallMs = performance.now() - wall
  const used = process.cpuUsage(cpu)
  const figures: RunFigures = {
    events,
    cpuMs: (used.user + used.system) / 1000,
    wallMs,
    checksum: measured.checksum.value >>> 0,
    rows: measured.checksum.rows,
    startMs,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`)
}

/** Imported only here, so that the loop's process holds nothing of the engine. */
async function engine(
  file: string,
  side: 'engine' | 'generator',
): Promise<(options: ReplayOptions) => Prepared> {
  const { prepareEngine } = await import('./engine-side.ts')
  const { loadPipeline } = await import('../../scripts/pipeline/load-pipeline.ts')
  const { styleFor } = await import('../../scripts/terminal/style.ts')
  const { stdout, stderr, env } = process
  const style = styleFor(stderr, env)
  const io = {
    stdout,
    stderr,
    env,
    style,
    outStyle: style,
    workingDirectory: process.cwd(),
    onInterrupt: () => () => {},
  }
  const { plan, diagnostics, baseDirectory } = await loadPipeline(file, {}, io)
  if (plan === null) throw new Error(JSON.stringify(diagnostics))
  return (options) => {
    const checksum = new Checksum()
    return { checksum, ...prepareEngine({ plan, baseDirectory, input: side }, options, checksum) }
  }
}

/** `baseline` is the file of the query's name; another side is a file in `best/`. */
async function baseline(file: string, side: string): Promise<(options: ReplayOptions) => Prepared> {
  const name = basename(file, '.yaml')
  const folder = side === 'best' ? 'best' : 'baseline'
  const path = resolve(file, '..', folder, `${name}.ts`)
  const module = (await import(pathToFileURL(path).href)) as Record<string, MakeBaseline>
  const make = module[name]
  if (make === undefined) throw new Error(`${path} exports no ${name}`)
  return (options) => {
    const checksum = new Checksum()
    return { checksum, ...prepareBaseline(make, options, checksum) }
  }
}

await main()
