/**
 * One case under pressure, in a process of its own: `node press.ts CASE EVENTS` prints as JSON what
 * the sources gave, what each sink took, and the largest memory of the process.
 */
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { CONNECTOR_CODE } from '../../../../connectors/registry-code.ts'
import { createOperator } from '../../../../node/operators/create-operator.ts'
import { runPlan } from '../../../../scripts/embedded/run-plan.ts'
import { NodeDisk } from '../../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../../shared/base/seeded-random.ts'
import { SystemClock } from '../../../../shared/base/system-clock.ts'
import type { ConnectorCode, Sink, Source } from '../../../../shared/spi/connector.ts'
import { planText } from '../../../unit/planning/plan-text.ts'

export interface Pressed {
  readonly outcome: string
  /** Records that sources gave. */
  readonly given: number
  /** Rows that were offered to a sink, by name; all but the last batch are written. */
  readonly taken: Readonly<Record<string, number>>
  readonly memoryMiB: number
}

interface Case {
  readonly blocks: (events: number) => string
  /** Milliseconds that a sink named `slow` takes. */
  readonly slow: { readonly perRow: number } | { readonly perBatch: number }
  /** Cancelled after so long; null: runs to its end. */
  readonly cancelAfterMs: number | null
}

const sequence = (name: string, events: number): string =>
  `  ${name}: { connector: generator, kind: sequence, events: ${events}, rate: 1000, watermark: { out_of_orderness: 0s } }`

const CASES: Readonly<Record<string, Case>> = {
  slow: {
    blocks: (events) => `sources:
${sequence('s', events)}
transformations:
  a: { from: s, set: { text: "concat('record ', to_string(n))" } }
  b: { from: a, where: n >= 0 }
sinks:
  slow: { from: b, connector: stdout }
`,
    slow: { perRow: 1000 },
    cancelAfterMs: 1200,
  },
  firing: {
    blocks: (events) => `sources:
${sequence('s', events)}
transformations:
  w: { from: s, key_by: n, window: { type: tumbling, size: 1 hour }, aggregate: { k: count(), last: last(dateTime) } }
sinks:
  slow: { from: w, connector: stdout }
`,
    slow: { perBatch: 10 },
    cancelAfterMs: null,
  },
  hot: {
    blocks: (events) => `sources:
${sequence('left_side', events)}
${sequence('right_side', events)}
transformations:
  l: { from: left_side, set: { k: n * 0 } }
  r: { from: right_side, set: { k: n * 0 } }
  j: { from: l, join: { o: { from: r, on: k, within: [-1 hour, 1 hour] } } }
sinks:
  slow: { from: j, connector: stdout }
`,
    slow: { perBatch: 1 },
    cancelAfterMs: 1500,
  },
  updating: {
    blocks: (events) => `sources:
${sequence('left_side', events)}
${sequence('right_side', events)}
transformations:
  l: { from: left_side, set: { k: n * 0 } }
  r: { from: right_side, set: { k: n * 0 } }
  j: { from: l, join: { o: { from: r, on: k, type: full } } }
sinks:
  slow: { from: j, connector: stdout, mode: changes }
`,
    slow: { perBatch: 1 },
    cancelAfterMs: 1500,
  },
  fan: {
    blocks: (events) => `sources:
${sequence('s', events)}
transformations:
  a: { from: s, set: { twice: n * 2 } }
sinks:
  slow: { from: a, connector: stdout }
  fast: { from: a, connector: stdout }
`,
    slow: { perRow: 1000 },
    cancelAfterMs: 1200,
  },
}

async function press(name: string, events: number): Promise<Pressed> {
  const { blocks, slow, cancelAfterMs } = CASES[name]!
  const { plan, diagnostics } = await planText(`pipeline: pressure\n${blocks(events)}`)
  if (plan === null) throw new Error(diagnostics.map((one) => one.message).join('; '))
  const taken: Record<string, number> = {}
  let given = 0
  const generator = await CONNECTOR_CODE['generator']!()
  const code: ConnectorCode = {
    async openSource(context) {
      const inner = await generator.openSource!(context)
      return counted(inner, (rows) => (given += rows))
    },
    openSink({ block }) {
      return Promise.resolve(
        sinkOf(async (rows) => {
          taken[block] = (taken[block] ?? 0) + rows
          if (block === 'slow') await pause('perRow' in slow ? rows * slow.perRow : slow.perBatch)
        }),
      )
    },
  }
  const seen = (outcome: string): Pressed => ({
    outcome,
    given,
    taken,
    memoryMiB: largestMemoryMiB(),
  })
  const run = runPlan({
    plan,
    connectors: { config: () => null, code: () => Promise.resolve(code) },
    operators: createOperator,
    clock: new SystemClock(),
    random: new SeededRandom(1),
    disk: new NodeDisk(),
    baseDirectory: '.',
  }).then(({ outcome, failure }) => seen(failure === null ? outcome : failure.message))
  if (cancelAfterMs === null) return run
  // A sink that writes cannot be interrupted: the process ends under it.
  return Promise.race([run, pause(cancelAfterMs).then(() => seen('cut off'))])
}

function counted(inner: Source, count: (rows: number) => void): Source {
  return {
    async read(signal) {
      const answer = await inner.read(signal)
      if (answer.kind === 'batch') count(answer.batch.length)
      return answer
    },
    progress: () => inner.progress(),
    close: () => inner.close(),
  }
}

function sinkOf(take: (rows: number) => Promise<void>): Sink {
  return {
    write: (batch) => take(batch.length),
    finish: () => Promise.resolve({ rows: 0, bytes: null, places: [] }),
    abort: () => Promise.resolve(),
    close: () => Promise.resolve(),
  }
}

/**
 * Where the system tells it, of this program alone: `maxRSS` begins with the memory of the process
 * that started it.
 */
function largestMemoryMiB(): number {
  const path = '/proc/self/status'
  const status = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const peak = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return Math.round((peak === undefined ? process.resourceUsage().maxRSS : Number(peak)) / 1024)
}

if (import.meta.main) {
  const pressed = await press(String(process.argv[2]), Number(process.argv[3]))
  process.stdout.write(`${JSON.stringify(pressed)}\n`, () => process.exit(0))
}
