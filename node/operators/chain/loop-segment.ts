/** A generated loop as a part of a chain. */
import { compileLoop } from '../../../shared/expr/compile/compile-loop.ts'
import type { Loop, LoopHost, LoopSpec } from '../../../shared/expr/compile/loop-spec.ts'
import { originsOf, type Rows, type Segment, type SegmentHost } from './segment.ts'

export class LoopSegment implements Segment, LoopHost {
  readonly #loop: Loop
  /** Of the batch being run; null in between. */
  #host: SegmentHost | null = null
  filtered = 0
  selection: Int32Array | null = null

  readonly #tracksOrigin: boolean

  constructor(spec: LoopSpec, tracksOrigin: boolean) {
    this.#loop = compileLoop(spec)
    this.#tracksOrigin = tracksOrigin
  }

  get code(): string {
    return this.#loop.code
  }

  run(rows: Rows, host: SegmentHost): Rows | null {
    this.#host = host
    const batch = this.#loop.run(rows.batch, this)
    if (batch === null) return null
    if (this.selection === null || !this.#tracksOrigin) return { batch, origin: rows.origin }
    return { batch, origin: originsOf(rows.origin, this.selection, batch.length) }
  }

  fail(row: number, error: unknown): void {
    this.#host?.fail(row, error)
  }

  reject(row: number, rules: readonly string[], values: readonly unknown[]): void {
    this.#host?.reject(row, rules, values)
  }

  observe(rule: string, action: 'observe' | 'warn'): void {
    this.#host?.observe(rule, action)
  }

  now(): number {
    return this.#host?.now() ?? Number.NaN
  }
}
