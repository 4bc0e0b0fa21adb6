/**
 * Count windows: every n records of a key, in order of arrival. A window fires with its last record;
 * what is left fires at end of input. Bounds are the first and last event time of its records; rows
 * have no event time. Append input; no record is late.
 *
 * Owns: per key the window that is open, and how many there were.
 *
 * Invariant: an open window has fewer than n records; one without records has no row.
 */
import { assert } from '../../../shared/base/assert.ts'
import { type Batch, INSERT } from '../../../shared/model/batch.ts'
import { CountingMemory } from '../../state/memory.ts'
import { StateStore } from '../../state/state-store.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import { openBatch } from '../aggregate/aggregate-input.ts'
import type { AggregateSetup } from '../aggregate/aggregate-setup.ts'
import {
  type AggregateBatch,
  aggregateBatch,
  compileAggregate,
  type CompiledAggregate,
} from '../aggregate/compile-aggregate.ts'
import { resultFailure } from '../aggregate/failed-result.ts'
import { GroupExpiry, SWEEP_GROUPS } from '../aggregate/group-expiry.ts'
import { ResultWriter } from '../aggregate/result-writer.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'

/** Words of an entry: records in the open window, its first and last time, its number, last write. */
const COUNT = 0
const FIRST = 1
const LAST = 2
const NUMBER = 3
const WRITTEN = 4
const WORDS = 5

export class CountAggregate implements Operator {
  readonly #setup: AggregateSetup
  readonly #size: number
  readonly #compiled: CompiledAggregate
  readonly #batch: AggregateBatch
  readonly #store: StateStore
  readonly #table: KeyedTable
  readonly #out: ResultWriter
  /** The batch in hand and its next row; the walk over what is left at the end. */
  #input: Batch | null = null
  #row = 0
  #rest: Generator<void> | null = null
  readonly #expiry: GroupExpiry
  #context: OperatorContext | null = null

  constructor(setup: AggregateSetup) {
    const { core } = setup
    assert(core.window?.type === 'count', 'a count aggregate has a count window')
    this.#setup = setup
    this.#expiry = new GroupExpiry(setup)
    this.#size = core.window.size
    this.#compiled = compileAggregate(core, {
      retracts: false,
      merges: true,
      touches: false,
      countsRows: false,
      expires: false,
      ownWords: WORDS,
    })
    this.#store = new StateStore(setup.memory ?? new CountingMemory())
    this.#table = this.#store.table('open windows', this.#compiled.spec)
    this.#batch = aggregateBatch(this.#compiled)
    this.#out = new ResultWriter(core)
  }

  get code(): string {
    return this.#compiled.code
  }

  get store(): StateStore {
    return this.#store
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(_input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    const { core } = this.#setup
    openBatch(this.#batch, batch, { core, compiled: this.#compiled, context: this.#opened() })
    this.#input = batch
    this.#row = 0
    return this.resume()
  }

  onWatermark(watermark: number): Progress {
    this.#expiry.advance(watermark)
    if (watermark === Number.POSITIVE_INFINITY) this.#rest = this.#restRows()
    else this.#expire()
    return this.resume()
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    const output = this.#opened().output('main')
    for (;;) {
      if (this.#out.isFull) {
        output.emit(this.#out.take())
        if (output.isFull) return MORE
      }
      if (this.#input !== null) this.#takeRow(this.#input)
      else if (this.#rest === null || this.#rest.next().done === true) break
    }
    this.#rest = null
    if (this.#out.length > 0) output.emit(this.#out.take())
    return DONE
  }

  outputWatermark(watermark: number): number {
    return watermark
  }

  close(): void {
    this.#store.close()
  }

  #opened(): OperatorContext {
    if (this.#context === null) throw new TypeError('an operator is opened first')
    return this.#context
  }

  #takeRow(input: Batch): void {
    const row = this.#row
    this.#row += 1
    this.#addRow(row)
    if (this.#row < input.length) return
    this.#opened().counters.absorbed += input.length - this.#batch.refused
    this.#batch.before += input.length
    this.#input = null
  }

  #addRow(row: number): void {
    const table = this.#table
    const entry = this.#entryOf(row)
    if (!this.#compiled.loops.addRow(this.#batch, table, entry, row)) return
    const time = this.#batch.times[row] as number
    const count = this.#get(entry, COUNT) + 1
    this.#set(entry, COUNT, count)
    if (!(time >= this.#get(entry, FIRST))) this.#set(entry, FIRST, time)
    if (!(time <= this.#get(entry, LAST))) this.#set(entry, LAST, time)
    this.#set(entry, WRITTEN, this.#expiry.now(this.#opened()))
    if (count < this.#size) return
    this.#writeRow(entry)
    this.#startOver(entry, this.#get(entry, NUMBER) + 1)
  }

  #entryOf(row: number): number {
    const { laneA, laneB, keyColumns } = this.#batch
    const [a, b] = [laneA[row] as number, laneB[row] as number]
    const known = this.#table.locate(a, b, keyColumns, row)
    if (known !== 0) {
      const bound = this.#expiry.bound(this.#opened())
      if (Number.isFinite(bound) && this.#get(known, WRITTEN) <= bound) {
        this.#startOver(known, 1)
        this.#opened().counters.expiredKeys += 1
      }
      return known
    }
    const made = this.#table.insert(a, b, keyColumns, row)
    this.#compiled.loops.init(this.#table, made)
    this.#open(made, 1)
    return made
  }

  #open(entry: number, number: number): void {
    this.#set(entry, COUNT, 0)
    this.#set(entry, FIRST, Number.POSITIVE_INFINITY)
    this.#set(entry, LAST, Number.NEGATIVE_INFINITY)
    this.#set(entry, NUMBER, number)
  }

  #startOver(entry: number, number: number): void {
    const table = this.#table
    const { layout } = table
    const written = this.#get(entry, WRITTEN)
    table.dropValues(entry)
    const first = layout.value[0]?.word ?? layout.wordsAt
    table.arena.f64.fill(0, entry + first, entry + layout.entryWords)
    this.#compiled.loops.init(table, entry)
    this.#open(entry, number)
    this.#set(entry, WRITTEN, written)
  }

  #writeRow(entry: number): void {
    const table = this.#table
    const out = this.#out
    const [start, end] = [this.#get(entry, FIRST), this.#get(entry, LAST)]
    table.readKey(entry, out.keys, out.length)
    out.putBounds(start, end)
    const number = out.bounds[2]
    if (number !== undefined) number.values[out.length] = this.#get(entry, NUMBER)
    let cause: unknown
    try {
      cause = this.#compiled.loops.writeResults(table, entry, out.results, out.length)
    } catch (error) {
      cause = error
    }
    if (cause === -1) {
      out.advance(Number.NaN, INSERT)
      return
    }
    out.clearRow()
    const { core } = this.#setup
    this.#opened().fail(resultFailure({ core, table, entry, start, end, cause }))
  }

  /** The windows that are open at end of input. */
  *#restRows(): Generator<void> {
    const cursor = this.#table.cursor()
    for (let entry = cursor.next(); entry !== 0; entry = cursor.next()) {
      if (this.#get(entry, COUNT) === 0) continue
      while (this.#out.isFull) yield
      this.#writeRow(entry)
      this.#set(entry, COUNT, 0)
    }
  }

  #expire(): void {
    const context = this.#opened()
    const bound = this.#expiry.bound(context)
    if (bound === Number.NEGATIVE_INFINITY) return
    const word = this.#compiled.sessionWord + WRITTEN
    context.counters.expiredKeys += this.#table.expire(word, bound, { groups: SWEEP_GROUPS })
  }

  #get(entry: number, word: number): number {
    return this.#table.word(entry, this.#compiled.sessionWord + word)
  }

  #set(entry: number, word: number, value: number): void {
    this.#table.setWord(entry, this.#compiled.sessionWord + word, value)
  }
}
