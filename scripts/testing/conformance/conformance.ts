/**
 * The operator conformance kit: drives an operator through random scripts, each under many
 * deliveries, and holds every folded result against the plain one (one row per batch) and, where
 * the caller has one, against a naive model.
 *
 * Throws at the first difference; the message has the seed, the delivery and the differing rows.
 */
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { plainDelivery, type Delivery } from './delivery.ts'
import { drive, rowText, type Observed } from './drive.ts'
import { randomScript, type ScriptInput } from './random-script.ts'
import type { Script } from './script.ts'
import type { Subject } from './subject.ts'

export interface ConformanceOptions {
  readonly subject: Subject
  /** How rows of each input are made. */
  readonly inputs: readonly Omit<ScriptInput, 'edge' | 'uniqueKey'>[]
  /** Scripts, one per seed, from `seed` on. Default 20. */
  readonly seeds?: number
  readonly seed?: number
  /** Rows per script. Default 60. */
  readonly rows?: number
  /** ms of event time per script. Default 1000. */
  readonly span?: number
  /** Default 30 ms. */
  readonly slack?: number
  /**
   * Share of late rows. With late rows watermarks are part of the script, so that none are added
   * and inputs keep their order.
   */
  readonly late?: number
  readonly clock?: number
  /** What must come out, by output: values and event time. Outputs it leaves out are not compared. */
  readonly model?: (script: Script) => Readonly<Record<string, readonly ExpectedRow[]>>
  /** Counters that must be the same under every delivery. Default: those of records. */
  readonly stableCounters?: readonly string[]
}

export interface ExpectedRow {
  readonly values: readonly unknown[]
  readonly eventTime: number
}

const RECORD_COUNTERS = ['passed', 'absorbed', 'filtered', 'duplicate', 'late', 'rejected'] as const

export class ConformanceFailure extends Error {
  override readonly name = 'ConformanceFailure'
}

export function checkConformance(options: ConformanceOptions): void {
  const { seeds = 20, seed = 1 } = options
  for (let at = seed; at < seed + seeds; at++) checkSeed(options, at)
}

function checkSeed(options: ConformanceOptions, seed: number): void {
  const { subject, late = 0 } = options
  const script = randomScript({
    random: new SeededRandom(seed),
    inputs: options.inputs.map((input, index) => ({ ...input, ...edgeOf(subject, index) })),
    rows: options.rows ?? 60,
    span: options.span ?? 1000,
    slack: options.slack ?? 30,
    late,
    clock: options.clock ?? 0,
  })
  const isCalm = late === 0
  const plain = run(options, { seed, script, delivery: plainDelivery(new SeededRandom(seed)) })
  if (options.model !== undefined) compareModel(options, { seed, plain, script })
  for (const delivery of deliveries(subject, seed, isCalm)) {
    const observed = run(options, { seed, script, delivery })
    compare(options, { seed, delivery, plain, observed })
  }
}

function edgeOf(subject: Subject, index: number): Pick<ScriptInput, 'edge' | 'uniqueKey'> {
  const input = subject.inputs[index]
  const edge = input?.edge ?? 'append'
  return input?.uniqueKey === undefined ? { edge } : { edge, uniqueKey: input.uniqueKey }
}

interface Run {
  readonly seed: number
  readonly script: Script
  readonly delivery: Delivery
}

function run(options: ConformanceOptions, { seed, script, delivery }: Run): Observed {
  try {
    return drive(options.subject, script, { delivery, isCalm: (options.late ?? 0) === 0 })
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    throw new ConformanceFailure(`${where(options, seed, delivery)}: ${message}`, { cause })
  }
}

/** Each hunts one thing; the last ones all together. */
function deliveries(subject: Subject, seed: number, isCalm: boolean): Delivery[] {
  const plain = plainDelivery(new SeededRandom(seed + 7_000_000))
  const interleaves = isCalm && subject.inputs.length > 1 && subject.ordersInputs !== true
  const all: Partial<Delivery>[] = [
    { name: 'one batch as long as it goes', batchRowsMax: 10_000 },
    { name: 'batches cut anywhere, empty ones between', batchRowsMax: 7, empty: 0.3 },
    { name: 'further watermarks', batchRowsMax: 5, watermarks: 0.6 },
    { name: 'full after every batch', batchRowsMax: 9, fullAfter: 1 },
    { name: 'full after every third batch', batchRowsMax: 10_000, fullAfter: 3 },
    { name: 'three subtasks', batchRowsMax: 6, subtaskCount: 3 },
    { name: 'inputs interleaved anew', batchRowsMax: 8, interleaves },
    {
      name: 'everything at once',
      batchRowsMax: 12,
      empty: 0.2,
      watermarks: 0.3,
      fullAfter: 1,
      subtaskCount: 2,
      interleaves,
    },
  ]
  return all.map((one) => ({ ...plain, ...one }))
}

function compare(
  options: ConformanceOptions,
  of: { seed: number; delivery: Delivery; plain: Observed; observed: Observed },
): void {
  const { seed, delivery, plain, observed } = of
  const at = where(options, seed, delivery)
  for (const name of Object.keys(options.subject.outputs))
    same(`${at}: output ${name}`, plain.folded[name] ?? [], observed.folded[name] ?? [])
  same(`${at}: failures`, plain.failures, observed.failures)
  for (const name of options.stableCounters ?? RECORD_COUNTERS)
    same(`${at}: counter ${name}`, [`${plain.counters[name]}`], [`${observed.counters[name]}`])
}

function compareModel(
  options: ConformanceOptions,
  of: { seed: number; plain: Observed; script: Script },
): void {
  const expected = options.model?.(of.script) ?? {}
  for (const [name, rows] of Object.entries(expected)) {
    const is = options.subject.outputs[name]
    if (is === undefined) throw new ConformanceFailure(`the model names output ${name}`)
    const texts = rows.map((row) => rowText(is, row.values, row.eventTime)).toSorted()
    const at = `${options.subject.name}, seed ${of.seed}, against the model: output ${name}`
    same(at, texts, of.plain.folded[name] ?? [])
  }
}

function where(options: ConformanceOptions, seed: number, delivery: Delivery): string {
  return `${options.subject.name}, seed ${seed}, delivery "${delivery.name}"`
}

function same(what: string, expected: readonly string[], got: readonly string[]): void {
  const missing = difference(expected, got)
  const surplus = difference(got, expected)
  if (missing.length === 0 && surplus.length === 0) return
  throw new ConformanceFailure(
    [
      `${what} differs`,
      ...missing.slice(0, 5).map((text) => `  missing ${text}`),
      ...surplus.slice(0, 5).map((text) => `  surplus ${text}`),
    ].join('\n'),
  )
}

/** Of multisets. */
function difference(from: readonly string[], without: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const text of without) counts.set(text, (counts.get(text) ?? 0) + 1)
  return from.filter((text) => {
    const count = counts.get(text) ?? 0
    if (count > 0) counts.set(text, count - 1)
    return count === 0
  })
}
