/**
 * A list of stateless steps as code: loops, cut where a step is none (segment-plan.ts). For blocks
 * without a core, for what stands before a core together with the core's input columns, and for
 * what stands behind it.
 *
 * A record is the unit of failure and of counting. Where one record becomes several rows and one of
 * them fails, none of them goes on; a record is passed if any of its rows is, else rejected if any
 * was, else filtered.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Overload } from '../../../shared/expr/overload.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { gather } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { ProjectedColumn, Step } from '../../../shared/planning/plan.ts'
import { LookupSegment } from '../lookup/lookup-segment.ts'
import type { LookupTable } from '../lookup/lookup-table.ts'
import { FlatMapSegment } from './flat-map-segment.ts'
import { LoopSegment } from './loop-segment.ts'
import { originsOf, type Rows, type Segment, type SegmentHost } from './segment.ts'
import { segmentPlan, type Part } from './segment-plan.ts'
import { UnnestSegment } from './unnest-segment.ts'

export interface ChainSpec {
  readonly input: readonly ColumnSpec[]
  readonly steps: readonly Step[]
  readonly output: readonly ProjectedColumn[]
  /** Columns of the `rejected` output that somebody reads; empty: only counted. */
  readonly rejected?: readonly ColumnSpec[]
  /** Arrays of a result are written again by the next call: only for consumers that keep none. */
  readonly reuse?: boolean
}

export interface ChainEnvironment {
  readonly overload: (id: string) => Overload
  readonly table: (name: string) => LookupTable
}

export interface ChainHost {
  /** A record of the batch failed, once per record. What this throws ends the batch. */
  fail(row: number, error: unknown): void
  /** A row broke rules: `row` is the record's, `values` those of the rejected columns. */
  reject(row: number, rules: readonly string[], values: readonly unknown[]): void
  observe(rule: string, action: 'observe' | 'warn'): void
  now(): number
}

/** Records of one batch: they add up to its length. */
export interface ChainCounts {
  readonly passed: number
  readonly filtered: number
  readonly rejected: number
  readonly failed: number
}

export interface Chain {
  /** Readable; for `explain --code`. */
  readonly code: string
  /** What is left of a batch with the columns of `input`; null for nothing. */
  run(batch: Batch, host: ChainHost): Batch | null
  /** Of the last run. */
  readonly counts: ChainCounts
}

export function compileChain(spec: ChainSpec, environment: ChainEnvironment): Chain {
  return new CompiledChain(spec, environment)
}

class CompiledChain implements Chain, SegmentHost {
  readonly code: string
  readonly #segments: readonly Segment[]
  #host: ChainHost | null = null
  #length = 0
  #rows: Rows | null = null
  #passed = 0
  /** Records that failed and that were rejected in the last run; sets are made when needed. */
  readonly #failed = new Set<number>()
  readonly #rejected = new Set<number>()

  constructor(spec: ChainSpec, environment: ChainEnvironment) {
    const shape = { ...spec, rejected: spec.rejected ?? [] }
    const parts = segmentPlan(shape)
    this.#segments = parts.map((part) =>
      segmentOf(part, spec, { ...environment, tracksOrigin: parts.length > 1 }),
    )
    this.code = this.#segments.map((segment) => segment.code).join('\n\n')
  }

  get counts(): ChainCounts {
    const failed = this.#failed.size
    const rejected = this.#rejected.size
    const filtered = this.#length - this.#passed - rejected - failed
    return { passed: this.#passed, filtered, rejected, failed }
  }

  run(batch: Batch, host: ChainHost): Batch | null {
    this.#host = host
    this.#length = batch.length
    this.#passed = 0
    if (this.#failed.size > 0) this.#failed.clear()
    if (this.#rejected.size > 0) this.#rejected.clear()
    let rows: Rows | null = { batch, origin: null }
    for (let at = 0; at < this.#segments.length; at++) {
      this.#rows = rows
      rows = this.#segments[at]?.run(rows, this) ?? null
      if (rows === null) return null
    }
    if (this.#segments.length > 1) rows = this.#settled(rows)
    if (rows === null) return null
    if (this.#segments.length === 1) this.#passed = rows.batch.length
    return rows.batch
  }

  fail(row: number, error: unknown): void {
    const record = this.#recordOf(row)
    if (this.#failed.has(record)) return
    this.#failed.add(record)
    this.#rejected.delete(record)
    this.#host?.fail(record, error)
  }

  reject(row: number, rules: readonly string[], values: readonly unknown[]): void {
    const record = this.#recordOf(row)
    if (this.#failed.has(record)) return
    this.#rejected.add(record)
    this.#host?.reject(record, rules, values)
  }

  observe(rule: string, action: 'observe' | 'warn'): void {
    this.#host?.observe(rule, action)
  }

  now(): number {
    return this.#host?.now() ?? Number.NaN
  }

  #recordOf(row: number): number {
    return this.#rows?.origin?.[row] ?? row
  }

  /** Takes out the other rows of records that failed, and counts records instead of rows. */
  #settled(rows: Rows): Rows | null {
    const left = this.#failed.size === 0 ? rows : this.#withoutFailed(rows)
    if (left === null) return null
    if (left.origin === null) {
      this.#passed = left.batch.length
      return left
    }
    let last = -1
    for (let row = 0; row < left.batch.length; row++) {
      const record = left.origin[row] as number
      if (record === last) continue
      last = record
      this.#passed++
      if (this.#rejected.size > 0) this.#rejected.delete(record)
    }
    return left
  }

  #withoutFailed({ batch, origin }: Rows): Rows | null {
    const selection = new Int32Array(batch.length)
    let count = 0
    for (let row = 0; row < batch.length; row++) {
      if (!this.#failed.has(origin?.[row] ?? row)) selection[count++] = row
    }
    if (count === 0) return null
    if (count === batch.length) return { batch, origin }
    return { batch: gather(batch, selection, count), origin: originsOf(origin, selection, count) }
  }
}

interface SegmentEnvironment extends ChainEnvironment {
  /** Whether rows have to know their records: not in a chain that is one loop. */
  readonly tracksOrigin: boolean
}

function segmentOf(part: Part, spec: ChainSpec, environment: SegmentEnvironment): Segment {
  const { overload, tracksOrigin } = environment
  if (part.kind === 'loop') {
    const { input, steps, output } = part
    const isLast = output === spec.output
    const reuse = isLast && spec.reuse === true
    const rejected = spec.rejected ?? []
    const { scratchFrom } = part
    const scratch = scratchFrom === undefined ? {} : { scratchFrom }
    const loop = { input, steps, output, rejected, reuse, overload, ...scratch }
    return new LoopSegment(loop, tracksOrigin)
  }
  const { step } = part
  if (step.kind === 'unnest') return new UnnestSegment(step, part)
  if (step.kind === 'flat_map') return new FlatMapSegment(step, part)
  assert(step.kind === 'lookup', 'unnest, flat_map and lookup break a chain')
  return new LookupSegment(step, part, { table: environment.table(step.table), overload })
}
