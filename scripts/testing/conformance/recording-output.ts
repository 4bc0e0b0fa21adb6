/**
 * An output that keeps what an operator emits, pushes back when told to, and checks every batch
 * against the contract: layouts, lengths, nulls, change kinds, and that nothing is written to a
 * batch after it was emitted.
 */
import {
  DELETE,
  INSERT,
  UPDATE_AFTER,
  type Batch,
  type Column,
} from '../../../shared/model/batch.ts'
import type { Output } from '../../../node/operators/operator.ts'
import { canonicalRow } from '../../../shared/model/canonical/canonical-text.ts'
import { isNullAt, valueAt } from '../../../shared/model/column-value.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { SubjectOutput } from './subject.ts'

export interface EmittedRow {
  readonly values: readonly unknown[]
  readonly eventTime: number
  readonly change: number
}

export class ContractBroken extends Error {
  override readonly name = 'ContractBroken'
}

export class RecordingOutput implements Output {
  readonly rows: EmittedRow[] = []
  readonly #name: string
  readonly #is: SubjectOutput
  readonly #fullAfter: number
  readonly #emitted: { batch: Batch; text: string }[] = []
  #sinceDrain = 0
  #overfull = 0
  /** What was forwarded last: no timely row may lie at or behind it. */
  watermark = Number.NEGATIVE_INFINITY

  constructor(name: string, is: SubjectOutput, fullAfter: number) {
    this.#name = name
    this.#is = is
    this.#fullAfter = fullAfter
  }

  get isFull(): boolean {
    return this.#fullAfter > 0 && this.#sinceDrain >= this.#fullAfter
  }

  /** How many batches came although the output was full, since the last drain. */
  get overfullCount(): number {
    return this.#overfull
  }

  drain(): void {
    this.#sinceDrain = 0
    this.#overfull = 0
  }

  emit(batch: Batch): void {
    if (this.isFull) this.#overfull++
    this.#sinceDrain++
    this.#checkShape(batch)
    for (let row = 0; row < batch.length; row++) this.#take(batch, row)
    this.#emitted.push({ batch, text: textOf(batch) })
  }

  /** Emitted batches are immutable: they read now as they did then. */
  checkUntouched(): void {
    for (const { batch, text } of this.#emitted)
      this.#require(textOf(batch) === text, 'a batch was changed after it was emitted')
  }

  #take(batch: Batch, row: number): void {
    const values = batch.columns.map((column) => valueAt(column, row))
    const change = batch.kind?.[row] ?? INSERT
    const eventTime = batch.eventTime[row] ?? Number.NaN
    this.#require(change <= DELETE, `change kind ${change} exists`)
    if (this.#is.edge === 'append')
      this.#require(change === INSERT, `an append output has a change of kind ${change}`)
    if (this.#is.isTimely === true && (change === INSERT || change === UPDATE_AFTER))
      this.#require(
        eventTime > this.watermark,
        `a row at ${eventTime} came after watermark ${this.watermark} was forwarded`,
      )
    this.rows.push({ values, eventTime, change })
  }

  #checkShape(batch: Batch): void {
    const { columns } = this.#is
    this.#require(batch.columns.length === columns.length, 'a batch has the columns of its output')
    this.#require(batch.eventTime.length >= batch.length, 'every row has an event time')
    if (batch.kind !== null)
      this.#require(batch.kind.length >= batch.length, 'every row has a change kind')
    columns.forEach((spec, index) => {
      const column = batch.columns[index]
      this.#require(column !== undefined, `column ${spec.path} is there`)
      if (column !== undefined) this.#checkColumn(spec, column, batch.length)
    })
  }

  #checkColumn(spec: ColumnSpec, column: Column, length: number): void {
    this.#require(
      column.layout === spec.layout,
      `column ${spec.path} is ${column.layout}, not ${spec.layout}`,
    )
    this.#require(rowCapacity(column) >= length, `column ${spec.path} has a value for every row`)
    for (let row = 0; row < length; row++) {
      if (!isNullAt(column, row)) continue
      this.#require(spec.nullable, `column ${spec.path} cannot be null, but row ${row} is`)
      this.#require(isNeutral(column, row), `column ${spec.path} has a value under its null`)
    }
  }

  #require(fact: boolean, statement: string): void {
    if (!fact) throw new ContractBroken(`output ${this.#name}: ${statement}`)
  }
}

function rowCapacity(column: Column): number {
  if (column.layout === 'dict') return column.codes.length
  if (column.layout === 'utf8' || column.layout === 'bytes')
    return Math.min(column.starts.length, column.ends.length)
  return column.values.length
}

/** Under a null lies 0, an empty string or code 0, so that loops may read it unchecked. */
function isNeutral(column: Column, row: number): boolean {
  if (column.layout === 'any') return true
  if (column.layout === 'dict') return column.codes[row] === 0
  if (column.layout === 'utf8' || column.layout === 'bytes')
    return column.starts[row] === column.ends[row]
  return column.values[row] === 0
}

export function textOf(batch: Batch): string {
  const lines: string[] = []
  for (let row = 0; row < batch.length; row++) {
    const values = batch.columns.map((column) => valueAt(column, row))
    lines.push(`${batch.kind?.[row] ?? 0} ${batch.eventTime[row]} ${canonicalRow(values)}`)
  }
  return lines.join('\n')
}
