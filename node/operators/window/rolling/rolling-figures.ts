/**
 * The figures of rolling windows: for every range (the window's size, and each `.last(…)`) the calls
 * that have it, with accumulators per key that follow the key's newest record.
 *
 * Rows that come and go are written to one-row columns, so that the generated loops take them as
 * they take rows of a batch.
 *
 * Owns: a table of accumulators per range; one-row columns.
 */
import type { Batch, Column } from '../../../../shared/model/batch.ts'
import type { AggregateCall, AggregateCore } from '../../../../shared/planning/plan.ts'
import { type ColumnWriter, columnWriter } from '../../../state/column-writer.ts'
import type { KeyedTable } from '../../../state/keyed-table.ts'
import type { StateStore } from '../../../state/state-store.ts'
import { openBatch } from '../../aggregate/aggregate-input.ts'
import { putResult } from '../../aggregate/calls/put-result.ts'
import {
  type AggregateBatch,
  aggregateBatch,
  compileAggregate,
  type CompiledAggregate,
} from '../../aggregate/compile-aggregate.ts'
import type { OperatorContext } from '../../operator.ts'

export interface RollingRow {
  readonly time: number
  /** One per column of the core's input. */
  readonly values: readonly unknown[]
}

/** The calls of one range. */
export class RollingRange {
  readonly rangeMs: number
  /** Where the results of its calls stand among all. */
  readonly places: readonly number[]
  /** Whether rows are taken out of accumulators; else figures are made anew for every record. */
  readonly subtracts: boolean
  readonly compiled: CompiledAggregate
  readonly #batch: AggregateBatch
  readonly #core: AggregateCore
  readonly #table: KeyedTable
  /** For records that are not the newest of their key; empty between two figures. */
  readonly #scratch: KeyedTable

  constructor(core: AggregateCore, range: RangeCalls, store: StateStore) {
    this.rangeMs = range.rangeMs
    this.places = range.places
    this.subtracts = range.subtracts
    const calls = range.places.flatMap((place) => core.calls[place] ?? [])
    const output = [
      ...core.key.flatMap((index) => core.input[index]?.spec ?? []),
      ...calls.map((call) => call.result),
    ]
    this.#core = { ...core, window: null, passed: [], calls, output }
    this.compiled = compileAggregate(this.#core, {
      retracts: range.subtracts,
      merges: true,
      touches: false,
      countsRows: true,
      expires: false,
    })
    this.#batch = aggregateBatch(this.compiled)
    const name = `range ${range.rangeMs}${range.subtracts ? '' : ' anew'}`
    this.#table = store.table(name, this.compiled.spec)
    this.#scratch = store.table(`${name}, one record`, this.compiled.spec)
  }

  /** The row that the next call is about. */
  openRow(row: Batch, context: OperatorContext): void {
    openBatch(this.#batch, row, { core: this.#core, compiled: this.compiled, context })
  }

  add(): void {
    this.compiled.loops.addRow(this.#batch, this.#table, this.#entryIn(this.#table), 0)
  }

  /** An entry that lost its last row goes. */
  take(): void {
    const entry = this.#entryIn(this.#table)
    this.compiled.loops.takeRow(this.#batch, this.#table, entry, 0)
    if (this.#table.word(entry, this.compiled.rowsWord) <= 0) this.#table.remove(entry)
  }

  addToScratch(): void {
    this.compiled.loops.addRow(this.#batch, this.#scratch, this.#entryIn(this.#scratch), 0)
  }

  clearScratch(): void {
    this.#scratch.clear()
  }

  /** Writes the figures of the row's key; −1, or why one failed. */
  write(writers: readonly ColumnWriter[], at: number, ofScratch: boolean): unknown {
    const table = ofScratch ? this.#scratch : this.#table
    try {
      return this.compiled.loops.writeResults(table, this.#entryIn(table), writers, at)
    } catch (error) {
      return error
    }
  }

  #entryIn(table: KeyedTable): number {
    const { laneA, laneB, keyColumns } = this.#batch
    const [a, b] = [laneA[0] as number, laneB[0] as number]
    const known = table.locate(a, b, keyColumns, 0)
    if (known !== 0) return known
    const made = table.insert(a, b, keyColumns, 0)
    this.compiled.loops.init(table, made)
    return made
  }
}

interface RangeCalls {
  readonly rangeMs: number
  readonly subtracts: boolean
  readonly places: number[]
}

/** Calls by range, those that cannot take rows back apart. */
export function rollingRanges(
  core: AggregateCore,
  sizeMs: number,
  store: StateStore,
): RollingRange[] {
  const ranges: RangeCalls[] = []
  for (const [place, call] of core.calls.entries()) {
    const rangeMs = call.lastMs ?? sizeMs
    const subtracts = canSubtract(call)
    const known = ranges.find((one) => one.rangeMs === rangeMs && one.subtracts === subtracts)
    if (known === undefined) ranges.push({ rangeMs, subtracts, places: [place] })
    else known.places.push(place)
  }
  return ranges.map((range) => new RollingRange(core, range, store))
}

function canSubtract(call: AggregateCall): boolean {
  return call.user !== null || call.fn !== 'approx_count_distinct'
}

/** Makes a batch of one row out of values; it is good until the next one. */
export class OneRow {
  readonly #core: AggregateCore
  readonly #writers: readonly ColumnWriter[]
  readonly #time = new Float64Array(1)

  constructor(core: AggregateCore) {
    this.#core = core
    this.#writers = core.input.map((column) => columnWriter(column.spec.layout, 1))
  }

  batch({ time, values }: RollingRow): Batch {
    this.#time[0] = time
    for (const [index, writer] of this.#writers.entries()) {
      writer.reset()
      writer.clearNull(0)
      putResult(writer, 0, values[index])
    }
    return {
      schema: { columns: this.#core.input.map((column) => column.spec) },
      length: 1,
      eventTime: this.#time,
      kind: null,
      columns: this.#writers.map((writer): Column => writer.peek()),
    }
  }
}
