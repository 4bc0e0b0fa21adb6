/**
 * One output of one stage in one subtask: counts the rows and hands them to every consumer.
 *
 * Owns: counts of rows by kind of change. Consumers share batches by reference; one that nobody
 * reads only counts.
 */
import { assert } from '../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'
import { DELETE, INSERT, UPDATE_BEFORE, type Batch } from '../../shared/model/batch.ts'
import { slice } from '../../shared/model/gather.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { StreamElement } from '../exchange/stream-element.ts'
import type { Output } from '../operators/operator.ts'
import { RowCounts } from './stage-counters.ts'

export class OutputPort implements Output {
  readonly name: string
  readonly columns: readonly ColumnSpec[]
  readonly rows = new RowCounts()
  readonly #exchanges: Exchange[] = []
  /** What is asserted of every batch. */
  readonly #fits: string

  constructor(name: string, columns: readonly ColumnSpec[]) {
    this.name = name
    this.columns = columns
    this.#fits = `a batch for ${name} has the ${columns.length} columns of its edge`
  }

  /** While the run is wired, before the first row. */
  connect(exchange: Exchange): void {
    this.#exchanges.push(exchange)
  }

  get isRead(): boolean {
    return this.#exchanges.length > 0
  }

  get isFull(): boolean {
    for (let at = 0; at < this.#exchanges.length; at++) {
      if (this.#exchanges[at]?.isFull === true) return true
    }
    return false
  }

  emit(batch: Batch): void {
    if (batch.length === 0) return
    this.#count(batch)
    if (this.#exchanges.length === 0) return
    assert(batch.columns.length === this.columns.length, this.#fits)
    if (batch.length <= BATCH_RECORDS_MAX) this.#send(batch)
    else this.#sendParts(batch)
  }

  #send(batch: Batch): void {
    for (let at = 0; at < this.#exchanges.length; at++) this.#exchanges[at]?.send(batch)
  }

  /** Steps that make rows (unnest, lookup) may make more than a batch may hold. */
  #sendParts(batch: Batch): void {
    for (let start = 0; start < batch.length; start += BATCH_RECORDS_MAX) {
      this.#send(slice(batch, start, Math.min(start + BATCH_RECORDS_MAX, batch.length)))
    }
  }

  broadcast(element: StreamElement): void {
    for (let at = 0; at < this.#exchanges.length; at++) this.#exchanges[at]?.broadcast(element)
  }

  #count({ kind, length }: Batch): void {
    if (kind === null) {
      this.rows.insert += length
      return
    }
    let inserts = 0
    let befores = 0
    let deletes = 0
    for (let row = 0; row < length; row++) {
      const change = kind[row]
      if (change === INSERT) inserts++
      else if (change === UPDATE_BEFORE) befores++
      else if (change === DELETE) deletes++
    }
    this.rows.insert += inserts
    this.rows.updateBefore += befores
    this.rows.delete += deletes
    this.rows.updateAfter += length - inserts - befores - deletes
  }
}

/** The outputs of one node, `main` first. */
export class OutputPorts {
  readonly all: OutputPort[]

  constructor(all: readonly OutputPort[]) {
    this.all = [...all]
  }

  get isFull(): boolean {
    for (let at = 0; at < this.all.length; at++) if (this.all[at]?.isFull === true) return true
    return false
  }

  find(name: string): OutputPort | null {
    for (let at = 0; at < this.all.length; at++) {
      const port = this.all[at]
      if (port?.name === name) return port
    }
    return null
  }

  /** As an operator asks for it; one that the plan does not name only counts. */
  output(name: string): OutputPort {
    const known = this.find(name)
    if (known !== null) return known
    const port = new OutputPort(name, [])
    this.all.push(port)
    return port
  }

  broadcast(element: StreamElement): void {
    for (let at = 0; at < this.all.length; at++) this.all[at]?.broadcast(element)
  }
}
