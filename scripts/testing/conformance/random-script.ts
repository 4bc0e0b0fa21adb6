/**
 * Random scripts: rows of every input in disorder up to a slack, watermarks that are true, changes
 * that take back what was given, late rows where they are asked for.
 */
import type { Random } from '../../../shared/base/random.ts'
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import type { EdgeKind } from '../../../shared/planning/plan.ts'
import type { Script, ScriptRow, ScriptStep } from './script.ts'

export interface ScriptOptions {
  readonly random: Random
  readonly inputs: readonly ScriptInput[]
  /** Rows over all inputs. */
  readonly rows: number
  /** Event time from first to last row, ms. */
  readonly span: number
  /** How far a row may lie behind the newest of its input, ms. */
  readonly slack: number
  /** Share of rows that lie behind the watermark of their input. Default 0. */
  readonly late?: number
  /** Share of steps that are watermarks. Default 0.2. */
  readonly watermarks?: number
  /** Share of steps that move processing time. Default 0. */
  readonly clock?: number
}

export interface ScriptInput {
  readonly edge: EdgeKind
  /** Share of steps that take back or replace a row, on edges of changes. Default 0.3. */
  readonly changes?: number
  /** Makes the values of a row at an event time. */
  row(random: Random, time: number): readonly unknown[]
  /** For upsert edges: the row with the same unique key and other values. */
  update?(random: Random, row: ScriptRow, time: number): readonly unknown[]
  /** Event time of the row made, where it follows from the values (windows). */
  timeOf?(values: readonly unknown[], time: number): number
  /**
   * Changes are corrections: they have the event time of the row they take back, and reach so far
   * behind the watermark, ms. Without it a change has a time of its own.
   */
  readonly correctableMs?: number
  /** Positions of the unique key on an upsert edge. */
  readonly uniqueKey?: readonly number[]
}

export function randomScript(options: ScriptOptions): Script {
  return new ScriptWriter(options).write()
}

class ScriptWriter {
  readonly #options: ScriptOptions
  readonly #steps: ScriptStep[] = []
  readonly #live: ScriptRow[][]
  readonly #watermarks: number[]
  readonly #newest: number[]
  #clock = 0

  constructor(options: ScriptOptions) {
    this.#options = options
    this.#live = options.inputs.map(() => [])
    this.#watermarks = options.inputs.map(() => Number.NEGATIVE_INFINITY)
    this.#newest = options.inputs.map(() => Number.NEGATIVE_INFINITY)
  }

  write(): Script {
    const { rows, random, inputs, span, clock = 0 } = this.#options
    for (let count = 0; count < rows; count++) {
      const input = random.below(inputs.length)
      this.#addRow(input, Math.floor((count / rows) * span))
      if (random.next() < (this.#options.watermarks ?? 0.2)) this.#addWatermark(input)
      if (random.next() < clock) {
        this.#clock += random.below(1000)
        this.#steps.push({ kind: 'now', time: this.#clock })
      }
    }
    for (const input of shuffled(random, inputs.length)) this.#steps.push({ kind: 'end', input })
    return this.#steps
  }

  #addRow(input: number, base: number): void {
    const { random, inputs, slack, late = 0 } = this.#options
    const of = inputs[input]
    if (of === undefined) return
    const watermark = this.#watermarks[input] ?? Number.NEGATIVE_INFINITY
    let time = Math.max(base - random.below(slack + 1), watermark + 1)
    if (random.next() < late) time = Math.max(0, time - random.below(4 * slack + 10))
    const live = this.#live[input] ?? []
    const changes = of.edge === 'append' ? 0 : (of.changes ?? 0.3)
    const oldest = watermark - (of.correctableMs ?? Number.POSITIVE_INFINITY)
    const open = live.filter((row) => row.time > oldest)
    const chosen =
      open.length > 0 && random.next() < changes ? open[random.below(open.length)] : null
    if (chosen === null || chosen === undefined) this.#insert(input, of, time)
    else this.#change(input, chosen, time)
  }

  #insert(input: number, of: ScriptInput, at: number): void {
    const values = of.row(this.#options.random, at)
    const time = of.timeOf?.(values, at) ?? at
    const before = of.edge === 'upsert' ? this.#sameKey(input, of, values) : -1
    if (before >= 0) this.#live[input]?.splice(before, 1)
    this.#push(input, { values, time, change: before >= 0 ? UPDATE_AFTER : INSERT })
  }

  #sameKey(input: number, of: ScriptInput, values: readonly unknown[]): number {
    const key = of.uniqueKey ?? []
    return (this.#live[input] ?? []).findIndex((row) =>
      key.every((at) => Object.is(row.values[at], values[at])),
    )
  }

  #change(input: number, row: ScriptRow, at: number): void {
    const { random, inputs } = this.#options
    const of = inputs[input]
    const live = this.#live[input] ?? []
    if (of === undefined) return
    live.splice(live.indexOf(row), 1)
    const time = of.correctableMs === undefined ? at : row.time
    if (random.next() < 0.5) {
      this.#steps.push({ kind: 'row', input, row: { ...row, time, change: DELETE } })
      return
    }
    if (of.edge === 'retract')
      this.#steps.push({ kind: 'row', input, row: { ...row, time, change: UPDATE_BEFORE } })
    const values = of.update?.(random, row, time) ?? row.values
    this.#push(input, { values, time: of.timeOf?.(values, time) ?? time, change: UPDATE_AFTER })
  }

  #push(input: number, row: ScriptRow): void {
    this.#live[input]?.push(row)
    this.#newest[input] = Math.max(this.#newest[input] ?? row.time, row.time)
    this.#steps.push({ kind: 'row', input, row })
  }

  #addWatermark(input: number): void {
    const time = (this.#newest[input] ?? 0) - this.#options.slack - 1
    if (!(time > (this.#watermarks[input] ?? time))) return
    this.#watermarks[input] = time
    this.#steps.push({ kind: 'watermark', input, time })
  }
}

function shuffled(random: Random, count: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index)
  for (let at = count - 1; at > 0; at--) {
    const other = random.below(at + 1)
    ;[order[at], order[other]] = [order[other] as number, order[at] as number]
  }
  return order
}
