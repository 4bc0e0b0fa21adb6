/**
 * `top` in windows whose rows an aggregate keeps: session and count windows, and any window that
 * fires early. The best rows of a key and window are the result of one aggregate over whole rows;
 * here each of its results becomes its rows.
 *
 * Nulls, ties, late rows, ends of windows and changes are as the window and `top` have them: see
 * session-aggregate.ts, count-aggregate.ts, window-aggregate.ts and object-top-rows.ts.
 *
 * Owns: the old rows of a result that is about to be replaced; what is in both is not said.
 */
import { assert } from '../../../shared/base/assert.ts'
import {
  DELETE,
  INSERT,
  UPDATE_AFTER,
  UPDATE_BEFORE,
  type Batch,
} from '../../../shared/model/batch.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { AggregateCore, TopCore } from '../../../shared/planning/plan.ts'
import type { Memory } from '../../state/memory.ts'
import { sameValue } from '../../state/same-value.ts'
import { aggregateOperator } from '../aggregate/aggregate-operator.ts'
import type { AggregateSetup } from '../aggregate/aggregate-setup.ts'
import type { RankedRow, TopTerms } from '../aggregate/objects/object-top-rows.ts'
import type { Operator, OperatorContext, Output, Progress } from '../operator.ts'
import type { TopOptions } from './top-n.ts'

export interface TopByAggregateOptions extends Pick<TopOptions, 'core' | 'ttlMs' | 'edge'> {
  readonly ttlByProcessingTime: boolean
  readonly lateColumns: readonly ColumnSpec[] | null
  readonly memory?: Memory
}

/** Whether the window of a `top` needs an aggregate. */
export function isTopByAggregate({ window }: TopCore): boolean {
  if (window === null) return false
  return window.type === 'session' || window.type === 'count' || window.earlyMs !== null
}

export class TopByAggregate implements Operator {
  readonly #core: TopCore
  readonly #aggregate: Operator

  constructor(options: TopByAggregateOptions) {
    const { core, ttlMs, ttlByProcessingTime, lateColumns, edge, memory } = options
    this.#core = core
    const setup: AggregateSetup = {
      core: aggregateCore(core),
      inputEdge: core.edge,
      // Old rows are needed, also where the new ones say which they replace.
      outputEdge: edge === 'append' ? 'append' : 'retract',
      ttlMs,
      ttlByProcessingTime,
      lateColumns,
      ...(memory === undefined ? {} : { memory }),
    }
    this.#aggregate = aggregateOperator(setup)
  }

  open(context: OperatorContext): void {
    const rows = new RowsOfResults(this.#core, context.output('main'))
    const output = (name: string): Output => (name === 'main' ? rows : context.output(name))
    this.#aggregate.open({ ...context, output })
  }

  onBatch(input: number, batch: Batch): Progress {
    return this.#aggregate.onBatch(input, batch)
  }

  onWatermark(watermark: number): Progress {
    return this.#aggregate.onWatermark(watermark)
  }

  onProcessingTime(now: number): Progress {
    return this.#aggregate.onProcessingTime(now)
  }

  onEnd(input: number): Progress {
    return this.#aggregate.onEnd(input)
  }

  resume(): Progress {
    return this.#aggregate.resume()
  }

  outputWatermark(watermark: number): number {
    return this.#aggregate.outputWatermark(watermark)
  }

  close(): void {
    this.#aggregate.close()
  }
}

const RESULT: ColumnSpec = { path: '$0', type: { kind: 'json' }, nullable: true, layout: 'any' }
const NUMBER: ColumnSpec = {
  path: 'window_number',
  type: { kind: 'integer' },
  nullable: false,
  layout: 'f64',
}

/** One aggregate of the whole row: kept columns first, so that ties go by them. */
function aggregateCore(core: TopCore): AggregateCore {
  const { input, key, kept, order, window, n, ties } = core
  const args = [...new Set([...kept, ...order.map((term) => term.column)])]
  const terms: TopTerms = order.map(({ column, descending }) => ({
    at: args.indexOf(column),
    descending,
  }))
  const options = { n, ties, terms: JSON.stringify(terms) }
  const call = { fn: '$top_rows', args, where: null, lastMs: null, options, result: RESULT }
  return {
    kind: 'aggregate',
    input,
    key,
    window,
    calls: [{ ...call, user: null }],
    passed: [],
    output: [...key.map((index) => specAt(core, index)), ...boundSpecs(core), RESULT],
    edge: core.edge,
  }
}

function specAt({ input }: TopCore, index: number): ColumnSpec {
  const column = input[index]
  assert(column !== undefined, `column ${index} comes in`)
  return column.spec
}

function boundSpecs({ window }: TopCore): ColumnSpec[] {
  const bounds = [boundSpec('window_start'), boundSpec('window_end')]
  return window?.type === 'count' ? [...bounds, NUMBER] : bounds
}

function boundSpec(path: string): ColumnSpec {
  return { path, type: { kind: 'timestamp' }, nullable: true, layout: 'f64' }
}

/** The output of the aggregate: its batches come in, and rows go on. */
class RowsOfResults implements Output {
  readonly #core: TopCore
  readonly #output: Output
  readonly #builder: BatchBuilder
  readonly #keptCount: number
  /** Rows of a result that the next row may replace. */
  #before: Row[] = []

  constructor(core: TopCore, output: Output) {
    this.#core = core
    this.#output = output
    this.#builder = new BatchBuilder({ columns: core.output })
    this.#keptCount = core.kept.length
  }

  get isFull(): boolean {
    return this.#output.isFull
  }

  emit(batch: Batch): void {
    for (let row = 0; row < batch.length; row++) this.#addResult(batch, row)
    this.#takeBack()
    if (this.#builder.length > 0) this.#output.emit(this.#builder.finish())
  }

  #addResult(batch: Batch, at: number): void {
    const kind = batch.kind === null ? INSERT : (batch.kind[at] as number)
    if (kind !== UPDATE_AFTER) this.#takeBack()
    const rows = this.#rowsOf(batch, at)
    if (kind === UPDATE_BEFORE) this.#before = rows
    else if (kind === DELETE) this.#say(rows, DELETE)
    else this.#replaceBy(rows)
  }

  /** What left comes first, then what is new. */
  #replaceBy(rows: readonly Row[]): void {
    const before = this.#before
    this.#before = []
    const isIn = (list: readonly Row[], row: Row): boolean =>
      list.some((other) => sameValue(row.values, other.values))
    const isDistinct = before.every((row, at) => !isIn(before.slice(at + 1), row))
    const leaving = isDistinct ? before.filter((row) => !isIn(rows, row)) : before
    const coming = isDistinct ? rows.filter((row) => !isIn(before, row)) : rows
    this.#say(leaving, DELETE)
    this.#say(coming, INSERT)
  }

  #takeBack(): void {
    const rows = this.#before
    this.#before = []
    this.#say(rows, DELETE)
  }

  #say(rows: readonly Row[], kind: number): void {
    for (const { values, time } of rows) this.#builder.append(values, time, kind)
  }

  #rowsOf(batch: Batch, at: number): Row[] {
    const { window, rankAs, key } = this.#core
    const time = batch.eventTime[at] as number
    const result = batch.columns.length - 1
    const added = batch.columns.slice(key.length, result).map((column) => valueAt(column, at))
    const bounds = window?.type === 'same' ? [] : added
    const list = batch.columns[result]
    assert(list?.layout === 'any', 'the result is a list of rows')
    return (list.values[at] as readonly RankedRow[]).map(({ values, rank }) => ({
      time,
      values: [...values.slice(0, this.#keptCount), ...bounds, ...(rankAs === null ? [] : [rank])],
    }))
  }
}

interface Row {
  readonly time: number
  readonly values: readonly unknown[]
}
