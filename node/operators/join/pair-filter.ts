/**
 * Candidate pairs of a join: rows of the open batch with rows of the other side's state that have
 * the same key. What is left of the condition is evaluated over many pairs at once, as a batch of
 * the columns it reads.
 *
 * Owns: the pairs at hand, at most `capacity`.
 */
import { assert } from '../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import type { TypedExpr } from '../../../shared/expr/ast.ts'
import type { Batch, BatchSchema, Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { JoinCore, JoinSide } from '../../../shared/planning/plan.ts'
import { columnWriter, type ColumnWriter } from '../../state/column-writer.ts'
import type { RowRef } from '../../state/keyed-rows.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import type { OperatorContext } from '../operator.ts'
import { gatherOrNull } from './gather-or-null.ts'
import { pairRow } from './pair-row.ts'
import { LEFT, RIGHT, type Side } from './pair-writer.ts'
import type { BatchRow, SideState } from './side-state.ts'

/** Answers a byte per pair: 1 where the condition is true. A pair that throws is told to `fail`. */
export type PairPredicate = (
  pairs: Batch,
  fail: (pair: number, error: unknown) => void,
) => Uint8Array

/** In a mask: the condition threw, so that the pair is none, and fails by `on_error`. */
export const THREW = 2

export interface StoredSide {
  readonly side: SideState
  readonly row: RowRef
}

interface Half {
  /** Indexes into the side's input of the columns the condition reads. */
  readonly inputs: readonly number[]
  readonly first: number
  readonly writers: readonly ColumnWriter[]
}

export class PairFilter {
  /** Rows of the batch and refs into the other side, in order. */
  readonly rows: Int32Array
  readonly refs: Int32Array
  readonly capacity: number
  count = 0
  readonly #predicate: PairPredicate | null
  readonly #schema: BatchSchema
  readonly #halves: readonly [Half, Half]
  readonly #eventTime: Float64Array
  readonly #alias: string
  readonly #errors = new Map<number, unknown>()
  #context: Pick<OperatorContext, 'fail'> | null = null

  constructor(core: JoinCore, predicate: PairPredicate | null, capacity = BATCH_RECORDS_MAX) {
    this.capacity = capacity
    this.rows = new Int32Array(capacity)
    this.refs = new Int32Array(capacity)
    this.#eventTime = new Float64Array(capacity)
    assert((core.residual === null) === (predicate === null), 'a condition comes compiled')
    this.#predicate = predicate
    this.#alias = core.alias
    this.#schema = { columns: predicate === null ? [] : pairColumns(core) }
    const left = residualInputs(core, LEFT)
    const right = residualInputs(core, RIGHT)
    this.#halves = [this.#half(left, 0), this.#half(right, left.length)]
  }

  open(context: Pick<OperatorContext, 'fail'>): void {
    this.#context = context
  }

  /** Null when every candidate is a match: keys and times say it all. Where it threw stands THREW. */
  mask(side: Side, batch: Batch, other: SideState): Uint8Array | null {
    if (this.#predicate === null || this.count === 0) return null
    const columns: Column[] = []
    this.#gather(side, batch, columns)
    this.#readStored(side === LEFT ? RIGHT : LEFT, other, columns)
    return this.#evaluate(columns)
  }

  /** The pair fails by `on_error`: it would be a row that the join makes. */
  failPair(side: Side, batch: Batch, other: SideState, at: number): void {
    const own = { batch, row: this.rows[at] as number }
    const stored = other.rowAsBatch(this.refs[at] as number)
    this.#fail(at, side === LEFT ? [own, stored] : [stored, own])
  }

  /** Whether one pair of stored rows matches, for firings from state. */
  matches(left: StoredSide, right: StoredSide, isReported = true): boolean {
    if (this.#predicate === null) return true
    const columns: Column[] = []
    this.count = 1
    this.refs[0] = left.row
    this.#readStored(LEFT, left.side, columns)
    this.refs[0] = right.row
    this.#readStored(RIGHT, right.side, columns)
    const mask = this.#evaluate(columns)
    this.count = 0
    if (isReported && mask[0] === THREW)
      this.#fail(0, [left.side.rowAsBatch(left.row), right.side.rowAsBatch(right.row)])
    return mask[0] === 1
  }

  #fail(at: number, [left, right]: readonly [BatchRow, BatchRow]): void {
    const error = this.#errors.get(at)
    if (!(error instanceof StreamError)) throw error
    const payload = (): unknown => pairRow(left, right, this.#alias)
    const { code, message } = error
    this.#context?.fail({ code, message, error, payload, ofResult: true })
  }

  #evaluate(columns: readonly Column[]): Uint8Array {
    assert(this.#predicate !== null, 'there is a condition')
    this.#errors.clear()
    const pairs = {
      schema: this.#schema,
      length: this.count,
      eventTime: this.#eventTime,
      kind: null,
      columns,
    }
    const mask = this.#predicate(pairs, (pair, error) => this.#errors.set(pair, error))
    for (const pair of this.#errors.keys()) mask[pair] = THREW
    return mask
  }

  #gather(side: Side, batch: Batch, into: Column[]): void {
    const { inputs, first } = this.#halves[side]
    const rows = { selection: this.rows, count: this.count, hasGaps: false }
    inputs.forEach((input, index) => {
      const column = batch.columns[input]
      assert(column !== undefined, `column ${input} of a side exists`)
      const layout = this.#schema.columns[first + index]?.layout ?? column.layout
      into[first + index] = gatherOrNull(column, layout, rows)
    })
  }

  #readStored(side: Side, state: SideState, into: Column[]): void {
    const { inputs, first, writers } = this.#halves[side]
    const read = state.reader(inputs)
    for (let at = 0; at < this.count; at++) read(this.refs[at] as number, writers, at)
    writers.forEach((writer, index) => {
      into[first + index] = writer.take(this.count)
    })
  }

  #half(inputs: readonly number[], first: number): Half {
    const writers = inputs.map((_, index) => {
      const layout = this.#schema.columns[first + index]?.layout ?? 'any'
      return columnWriter(layout, this.capacity)
    })
    return { inputs, first, writers }
  }
}

/** The columns of the batches that a residual condition is evaluated over. */
export function pairColumns(core: JoinCore): ColumnSpec[] {
  const specs = (side: JoinSide, of: Side): ColumnSpec[] =>
    residualInputs(core, of).map((index) => {
      const spec = side.input[index]?.spec
      assert(spec !== undefined, `column ${index} of a side exists`)
      return of === LEFT ? spec : { ...spec, path: aliased(core, spec.path) }
    })
  return [...specs(core.left, LEFT), ...specs(core.right, RIGHT)]
}

/** Indexes into a side's input of the columns its residual condition reads. */
export function residualInputs(core: JoinCore, side: Side): number[] {
  if (core.residual === null) return []
  const paths: string[] = []
  collectPaths(core.residual, paths)
  const { input } = side === LEFT ? core.left : core.right
  const inputs: number[] = []
  input.forEach(({ spec }, index) => {
    const path = side === LEFT ? spec.path : aliased(core, spec.path)
    if (paths.some((read) => read === path || path.startsWith(`${read}.`))) inputs.push(index)
  })
  return inputs
}

function aliased(core: JoinCore, path: string): string {
  return `${core.alias}.${path}`
}

/** Paths of columns, and of structs that are read as a whole. */
function collectPaths(expr: TypedExpr, into: string[]): void {
  if (expr.node === 'column' || expr.node === 'struct') into.push(expr.path)
  else if (expr.node === 'cast') collectPaths(expr.arg, into)
  else if (expr.node === 'call') for (const arg of expr.args) collectPaths(arg, into)
  else if (expr.node === 'macro') {
    collectPaths(expr.over, into)
    collectPaths(expr.body, into)
  }
}
