/**
 * `flat_map`: a function of the author, none to many rows out per record. Rows are checked before
 * any is kept, so that a record whose function throws or gives rubbish leaves nothing.
 */
import { assert } from '../../../shared/base/assert.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { INSERT } from '../../../shared/model/batch.ts'
import type { Field } from '../../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import { RowViews, type RowView } from '../../../shared/model/rows/row-view.ts'
import { RowWriter } from '../../../shared/model/rows/row-writer.ts'
import { shown } from '../../../shared/model/value-json.ts'
import { functionThrew } from './user-functions.ts'
import type { Rows, Segment, SegmentHost } from './segment.ts'
import type { BreakingPart, BreakingStep } from './segment-plan.ts'

type FlatMap = Extract<BreakingStep, { kind: 'flat_map' }>

export class FlatMapSegment implements Segment {
  readonly code: string
  readonly #name: string
  readonly #run: (row: RowView) => unknown
  readonly #views: RowViews
  readonly #writer: RowWriter
  readonly #builder: BatchBuilder
  /** Positions of the columns that are read behind it, among all of its output. */
  readonly #kept: readonly number[]
  #origin: number[] = []

  constructor(step: FlatMap, part: BreakingPart) {
    this.#name = step.fn.ref
    this.#run = runOf(step)
    this.#views = new RowViews(part.input)
    const declared = declaredColumns(step)
    this.#writer = new RowWriter(declared, `a row of flat_map ${step.fn.ref}`)
    this.#builder = new BatchBuilder({ columns: part.output })
    this.#kept = part.output.map((spec) => positionOf(declared, spec))
    this.code = '// flat_map: a function of the author, once per record'
  }

  run(rows: Rows, host: SegmentHost): Rows | null {
    const { batch } = rows
    const view = this.#views.open(batch)
    this.#origin = []
    for (let row = 0; row < batch.length; row++) {
      try {
        const made = this.#rowsOf(view(row))
        const kind = batch.kind?.[row] ?? INSERT
        for (const values of made) {
          this.#builder.append(values, batch.eventTime[row] ?? Number.NaN, kind)
          this.#origin.push(rows.origin?.[row] ?? row)
        }
      } catch (error) {
        host.fail(row, error)
      }
    }
    if (this.#builder.length === 0) return null
    return { batch: this.#builder.finish(), origin: Int32Array.from(this.#origin) }
  }

  #rowsOf(row: RowView): unknown[][] {
    let given: unknown
    try {
      given = this.#run(row)
    } catch (cause) {
      throw functionThrew(`flat_map ${this.#name}`, cause)
    }
    if (!isIterable(given)) {
      throw new StreamError(
        'FUNCTION_RESULT_WRONG',
        `flat_map ${this.#name} gave ${shown(given)}, which is no list of rows`,
        { fix: 'return an array, or write it as a generator (`*run(row) { yield … }`)' },
      )
    }
    return this.#checked(given)
  }

  #checked(given: Iterable<unknown>): unknown[][] {
    const made: unknown[][] = []
    const iterator = given[Symbol.iterator]()
    for (;;) {
      let step: IteratorResult<unknown>
      try {
        step = iterator.next()
      } catch (cause) {
        throw functionThrew(`flat_map ${this.#name}`, cause)
      }
      if (step.done === true) return made
      const values = this.#writer.values(step.value)
      made.push(this.#kept.map((position) => values[position]))
    }
  }
}

function runOf(step: FlatMap): (row: RowView) => unknown {
  const { definition } = step.fn
  assert(
    typeof definition === 'object' && definition !== null && 'run' in definition,
    `the function ${step.fn.ref} is loaded`,
  )
  const { run } = definition
  assert(typeof run === 'function', `the function ${step.fn.ref} has a run`)
  return (row) => run(row) as unknown
}

/** All that the function declares: the step holds only what somebody reads of it. */
function declaredColumns(step: FlatMap): readonly ColumnSpec[] {
  const { definition } = step.fn
  const isDeclared = typeof definition === 'object' && definition !== null && 'output' in definition
  return isDeclared && Array.isArray(definition.output)
    ? columnsOf(definition.output as readonly Field[])
    : step.output
}

function positionOf(columns: readonly ColumnSpec[], spec: ColumnSpec): number {
  return columns.findIndex((one) => one.path === spec.path)
}

/** A text is iterable and no list of rows. */
function isIterable(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value
}
