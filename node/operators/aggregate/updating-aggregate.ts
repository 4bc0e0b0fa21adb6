/**
 * Aggregation without a window: one group per key for as long as it lives. When an input batch ends
 * it emits the net change of every key that the batch touched (D18): nothing if the row is equal,
 * delete when the record count fell to 0.
 *
 * Owns: the groups; in the general mode the rows that were in force before the batch, else see
 * updating/touched-changes.ts. Output loses event time.
 *
 * Invariants:
 *   U1. Between two batches downstream knows exactly the result row of every group with records,
 *       but those that failed or expired.
 *   U2. A touched group stands in the list of touched rows once per batch, its old results in
 *       `before` at the same index (unless it is new).
 *   U3. A group whose last write is `ttl` or more behind the watermark takes no further part: it is
 *       reset when it is touched, or removed by the sweep, and counted once.
 */
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import {
  type Batch,
  DELETE,
  INSERT,
  UPDATE_AFTER,
  UPDATE_BEFORE,
} from '../../../shared/model/batch.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import { CountingMemory } from '../../state/memory.ts'
import { StateStore } from '../../state/state-store.ts'
import { openBatch } from './aggregate-input.ts'
import type { AggregateSetup } from './aggregate-setup.ts'
import { idAt } from './calls/distinct-code.ts'
import {
  type AggregateBatch,
  aggregateBatch,
  compileAggregate,
  type CompiledAggregate,
} from './compile-aggregate.ts'
import { resultFailure } from './failed-result.ts'
import { GroupExpiry, SWEEP_GROUPS } from './group-expiry.ts'
import { ResultWriter } from './result-writer.ts'
import { TouchedChanges } from './updating/touched-changes.ts'

export class UpdatingAggregate implements Operator {
  readonly #setup: AggregateSetup
  readonly #compiled: CompiledAggregate
  readonly #batch: AggregateBatch
  readonly #store: StateStore
  readonly #table: KeyedTable
  #before: ResultWriter
  readonly #out: ResultWriter
  /** Row of the batch that touched first, and whether the group was there before, per touched key. */
  #touchedRows = new Int32Array(BATCH_RECORDS_MAX)
  #wasThere = new Uint8Array(BATCH_RECORDS_MAX)
  #touchedCount = 0
  #nextTouched = 0
  /** Index of the word of the last write; −1 without a ttl. */
  readonly #writeWord: number
  /** Null in the general mode. */
  readonly #touched: TouchedChanges | null
  readonly #expiry: GroupExpiry
  #context: OperatorContext | null = null

  constructor(setup: AggregateSetup) {
    const { core } = setup
    this.#setup = setup
    this.#expiry = new GroupExpiry(setup)
    this.#compiled = compileAggregate(core, {
      retracts: setup.inputEdge !== 'append',
      merges: false,
      touches: true,
      countsRows: false,
      expires: setup.ttlMs !== null,
      edge: setup.outputEdge,
      isGeneral: setup.isGeneral === true,
    })
    this.#store = new StateStore(setup.memory ?? new CountingMemory())
    const { spec } = this.#compiled
    this.#writeWord = this.#compiled.writeWord
    this.#table = this.#store.table('groups', spec)
    for (const [d, side] of this.#compiled.distinct.entries()) {
      this.#table.beside.push(this.#store.table(`distinct ${d}`, side.spec))
    }
    this.#batch = aggregateBatch(this.#compiled)
    this.#batch.touch = (table, entry, row, isFresh) => this.#touch(table, entry, row, isFresh)
    this.#before = new ResultWriter(core)
    this.#out = new ResultWriter(core)
    this.#touched = this.#compiled.mode === 'general' ? null : this.#touchedChanges()
  }

  #touchedChanges(): TouchedChanges {
    const changes = new TouchedChanges(this.#setup, this.#compiled, this.#table, this.#batch, {
      reset: (entry) => this.#reset(entry),
      remove: (entry) => {
        this.#dropDistinct(entry)
        this.#table.remove(entry)
      },
      fail: (entry, cause) => this.#fail(entry, cause),
    })
    this.#batch.touch = (_table, entry, row, isFresh) => changes.touch(entry, row, isFresh)
    return changes
  }

  get code(): string {
    return this.#compiled.code
  }

  /** For checks. */
  get groups(): KeyedTable {
    return this.#table
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
    if (batch.length > this.#touchedRows.length) this.#growTouched(batch.length)
    const context = this.#opened()
    openBatch(this.#batch, batch, { core, compiled: this.#compiled, context })
    if (this.#touched === null) {
      this.#compiled.loops.accumulate(this.#batch, this.#table, 0, batch.length)
    } else {
      const now = this.#expiry.now(context)
      this.#touched.add(batch.length, now, this.#expiry.bound(context))
    }
    this.#batch.before += batch.length
    const { counters } = context
    counters.absorbed += batch.length - this.#batch.refused
    counters.unmatchedRetractions += this.#batch.unmatched
    this.#batch.unmatched = 0
    return this.#emitTouched()
  }

  onWatermark(watermark: number): Progress {
    this.#expiry.advance(watermark)
    const context = this.#opened()
    const bound = this.#expiry.bound(context)
    if (this.#writeWord < 0 || !Number.isFinite(bound)) return DONE
    const removed = this.#table.expire(this.#writeWord, bound, {
      groups: SWEEP_GROUPS,
      visit: (entry) => this.#dropDistinct(entry),
    })
    context.counters.expiredKeys += removed
    return DONE
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  resume(): Progress {
    return this.#emitTouched()
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

  #touch(table: KeyedTable, entry: number, row: number, isFresh: boolean): void {
    const index = this.#touchedCount
    let wasThere = !isFresh
    if (this.#writeWord >= 0) {
      if (wasThere && this.#isExpired(entry)) {
        this.#reset(entry)
        wasThere = false
      }
      table.setWord(entry, this.#writeWord, this.#expiry.now(this.#opened()))
    }
    if (wasThere) {
      this.#before.length = index
      this.#before.clearRow()
      wasThere = this.#write(this.#before, entry)
    }
    this.#touchedRows[index] = row
    this.#wasThere[index] = wasThere ? 1 : 0
    this.#touchedCount = index + 1
  }

  #isExpired(entry: number): boolean {
    const bound = this.#expiry.bound(this.#opened())
    return Number.isFinite(bound) && this.#table.word(entry, this.#writeWord) <= bound
  }

  /** The group starts anew in its place (U3). */
  #reset(entry: number): void {
    const table = this.#table
    const { layout } = table
    this.#dropDistinct(entry)
    const touched = table.word(entry, 0)
    table.dropValues(entry)
    const first = layout.value[0]?.word ?? layout.wordsAt
    table.arena.f64.fill(0, entry + first, entry + layout.entryWords)
    this.#compiled.loops.init(table, entry)
    table.setWord(entry, 0, touched)
    this.#opened().counters.expiredKeys += 1
  }

  #emitTouched(): Progress {
    const output = this.#opened().output('main')
    if (this.#touched !== null) return this.#touched.emit(output)
    while (this.#nextTouched < this.#touchedCount) {
      // A pair needs two rows.
      if (this.#out.length + 2 > this.#out.capacity) {
        output.emit(this.#out.take())
        if (output.isFull) return MORE
      }
      this.#emitChange(this.#nextTouched)
      this.#nextTouched += 1
    }
    if (this.#out.length > 0) output.emit(this.#out.take())
    this.#touchedCount = 0
    this.#nextTouched = 0
    this.#before.reset()
    return DONE
  }

  #emitChange(index: number): void {
    const { laneA, laneB, keyColumns } = this.#batch
    const row = this.#touchedRows[index] as number
    const wasThere = this.#wasThere[index] === 1
    const entry = this.#table.locate(laneA[row] as number, laneB[row] as number, keyColumns, row)
    if (this.#isEmpty(entry)) {
      this.#dropDistinct(entry)
      this.#table.remove(entry)
      if (wasThere) this.#emitOld(index, DELETE)
      return
    }
    const out = this.#out
    const isThere = this.#write(out, entry)
    if (!isThere) {
      if (wasThere) this.#emitOld(index, DELETE)
      return
    }
    if (!wasThere) {
      out.advance(Number.NaN, INSERT)
      return
    }
    if (out.sameResults(this.#before, index)) {
      out.clearRow()
      return
    }
    if (this.#setup.outputEdge === 'retract') {
      this.#emitOld(index, UPDATE_BEFORE)
      this.#write(out, entry)
    }
    out.advance(Number.NaN, UPDATE_AFTER)
  }

  #emitOld(index: number, kind: number): void {
    this.#out.clearRow()
    this.#out.copyRow(this.#before, index)
    this.#out.advance(Number.NaN, kind)
  }

  #isEmpty(entry: number): boolean {
    const { rowsWord } = this.#compiled
    return rowsWord >= 0 && this.#table.word(entry, rowsWord) <= 0
  }

  /** Writes key and results as the writer's next row; false when a result failed. */
  #write(writer: ResultWriter, entry: number): boolean {
    const table = this.#table
    table.readKey(entry, writer.keys, writer.length)
    let cause: unknown = -1
    try {
      cause = this.#compiled.loops.writeResults(table, entry, writer.results, writer.length)
    } catch (error) {
      cause = error
    }
    if (cause === -1) return true
    // Of the old row it was told when it came to be.
    if (writer === this.#out) {
      this.#fail(entry, cause)
      writer.clearRow()
    }
    return false
  }

  #fail(entry: number, cause: unknown): void {
    const { core } = this.#setup
    const bounds = { start: Number.NaN, end: Number.NaN }
    this.#opened().fail(resultFailure({ core, table: this.#table, entry, cause, ...bounds }))
  }

  /** The values that were counted distinct for a group that goes. */
  #dropDistinct(entry: number): void {
    const { idWord } = this.#compiled
    if (idWord < 0) return
    const table = this.#table
    const id = table.word(entry, idWord)
    const group = table.groupOf(entry)
    for (const side of table.beside) {
      const at = idAt(side.layout)
      side.removeInGroup(group, (one) => side.arena.f64[one + at] === id)
    }
  }

  #growTouched(length: number): void {
    this.#touchedRows = new Int32Array(length)
    this.#wasThere = new Uint8Array(length)
    this.#before = new ResultWriter(this.#setup.core, length)
  }
}
