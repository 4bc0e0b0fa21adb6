/** What the tests of state share: a seeded random, rows of columns, and the invariant checker. */
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { compileKeyHash } from '../../../shared/model/key-hash/key-hash-compile.ts'
import type { ColumnSpec, Layout } from '../../../shared/model/layout.ts'
import type { DataType } from '../../../shared/model/data-type.ts'

export class SeededRandom {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 0x9e3779b1) >>> 0
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  below(bound: number): number {
    return Math.floor(this.next() * bound)
  }
}

const TYPES: Record<Layout, DataType> = {
  f64: { kind: 'number' },
  i32: { kind: 'date' },
  bool: { kind: 'boolean' },
  utf8: { kind: 'string' },
  dict: { kind: 'string' },
  bytes: { kind: 'bytes' },
  any: { kind: 'json' },
}

export function column(path: string, layout: Layout, nullable = false): ColumnSpec {
  return { path, type: TYPES[layout], nullable, layout }
}

export function batchOf(columns: readonly ColumnSpec[], rows: readonly unknown[][]): Batch {
  const builder = new BatchBuilder({ columns }, Math.max(1, rows.length))
  for (const row of rows) builder.append(row, 0)
  return builder.finish()
}

export function lanesOf(columns: readonly ColumnSpec[], batch: Batch): [Int32Array, Int32Array] {
  const a = new Int32Array(batch.length)
  const b = new Int32Array(batch.length)
  compileKeyHash(columns)(batch.columns, batch.length, a, b)
  return [a, b]
}

/** A value of a layout out of a small pool, so that keys repeat. */
export function valueOf(random: SeededRandom, layout: Layout, pool: number): unknown {
  const n = random.below(pool)
  switch (layout) {
    case 'f64':
      return n * 1.5
    case 'i32':
      return n - 3
    case 'bool':
      return n % 2 === 0
    case 'utf8':
    case 'dict':
      return 'k'.repeat(n % 23) + String(n)
    case 'bytes':
      return Uint8Array.from({ length: n % 5 }, (_, index) => (n + index) & 255)
    default:
      return n % 3 === 0 ? { n } : [n, String(n)]
  }
}
