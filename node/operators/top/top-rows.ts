/**
 * The rows of `top` by key (and window), and which of them are the best.
 *
 * Owns: of appended rows the best n per key (with ties all that equal the n-th); of rows that may be
 * taken back all of them.
 *
 * A row that is taken back stays until its key is settled, marked as gone: if an equal one comes
 * meanwhile, nothing has changed.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { TopCore } from '../../../shared/planning/plan.ts'
import type { ColumnWriter } from '../../state/column-writer.ts'
import type { KeyedRows, RowRef } from '../../state/keyed-rows.ts'
import type { StateStore } from '../../state/state-store.ts'
import { columnsAt, type KeyedBatch, specsOf } from '../keyed-batch.ts'
import { storedReader, type StoredReader } from '../stored-reader.ts'
import { compareTies, RowOrder } from './row-order.ts'
import { BatchRow, EntryRow, type RowValues } from './row-values.ts'
import { FRONT_ROWS_MAX, WindowFront } from './window-front.ts'

export class TopRows {
  readonly rows: KeyedRows
  /**
   * Null where rows may have several keys, or be taken back, or many are kept, or the order begins
   * with no word.
   */
  readonly windowFront: WindowFront | null
  readonly #core: TopCore
  readonly #order: RowOrder
  readonly #stored: readonly number[]
  readonly #restPositions: readonly number[]
  readonly #readKept: StoredReader
  readonly #tiePositions: readonly number[]
  readonly #one = new BatchRow()
  readonly #other = new BatchRow()
  readonly #oneStored: EntryRow
  readonly #otherStored: EntryRow
  /** Words of a row behind those of the order: rank that was emitted (0: none), gone, fired. */
  readonly #rankWord: number
  #words: Float64Array[]
  #columns: readonly Column[] = []

  constructor(core: TopCore, store: StateStore, key: readonly ColumnSpec[], expires: boolean) {
    const input = specsOf(core.input)
    this.#core = core
    this.#order = new RowOrder(core.order, input)
    const [first] = core.order
    const isOneKey = core.key.length === 0 && core.window !== null && core.edge === 'append'
    const hasFront = isOneKey && core.n <= FRONT_ROWS_MAX && this.#order.wordCount > 0
    this.windowFront = hasFront && first !== undefined ? new WindowFront(first, core.n) : null
    this.#stored = [...new Set([...core.kept, ...this.#order.restColumns])]
    this.#restPositions = this.#order.restColumns.map((index) => this.#stored.indexOf(index))
    this.#rankWord = this.#order.wordCount
    this.#words = Array.from({ length: this.#order.wordCount }, () => new Float64Array(0))
    this.rows = store.rows('rows', {
      key,
      value: this.#stored.map((index) => input[index] as ColumnSpec),
      words: this.#order.wordCount + 3,
      expires,
    })
    this.#oneStored = new EntryRow(this.rows.rows)
    this.#otherStored = new EntryRow(this.rows.rows)
    const positions = core.kept.map((_, position) => position)
    this.#readKept = storedReader(this.rows.rows, positions)
    this.#tiePositions = positions.filter(
      (position) => !core.key.includes(core.kept[position] as number),
    )
  }

  open(batch: Batch): void {
    if (this.#words.some((words) => words.length < batch.length))
      this.#words = this.#words.map(() => new Float64Array(batch.length))
    this.#order.fillWords(batch, this.#words)
    this.#columns = columnsAt(batch, this.#stored)
  }

  /** Of the open batch, whose rows have all one key and window: see WindowFront. */
  front(length: number, end: number): Int32Array | null {
    const [words] = this.#words
    return words === undefined ? null : (this.windowFront?.rowsOf(words, length, end) ?? null)
  }

  /** Of the open batch's rows of one key, those that may be among the best; the rest is nothing. */
  bestOfBatch(rows: number[]): number[] {
    const { n, ties } = this.#core
    if (rows.length <= n) return rows
    const sorted = rows.toSorted((a, b) => this.#compareBatchRows(a, b, true) || a - b)
    if (!ties) return sorted.slice(0, n)
    const last = sorted[n - 1] as number
    return sorted.filter((row, at) => at < n || this.#compareBatchRows(row, last, false) === 0)
  }

  /**
   * Of the open batch's rows of one key, those that are better than the worst of n rows that are
   * there (with ties: as good): of appended rows the others can never be among the best.
   */
  betterThanWorst(key: KeyedBatch, rows: number[]): number[] {
    let worst = 0
    let count = 0
    for (let ref = this.first(key, rows[0] as number); ref !== 0; ref = this.rows.next(ref)) {
      count++
      if (worst === 0 || this.#compare(ref, worst, true) > 0) worst = ref
    }
    const { n, ties } = this.#core
    if (count < n) return rows
    return rows.filter((row) => {
      const order = this.#compareToStored(row, worst, !ties)
      return order < 0 || (ties && order === 0)
    })
  }

  #compareToStored(row: number, ref: RowRef, toBytes: boolean): number {
    for (let word = 0; word < this.#words.length; word++) {
      const one = (this.#words[word] as Float64Array)[row] as number
      const other = this.rows.word(ref, word)
      if (one !== other) return one > other ? -1 : 1
    }
    return this.#compareValues(this.#one.at(this.#columns, row), this.#oneStored.at(ref), toBytes)
  }

  append(key: KeyedBatch, row: number, time: number): RowRef {
    const ref = this.rows.append(
      key.laneA[row] as number,
      key.laneB[row] as number,
      key.columns,
      row,
      this.#columns,
      row,
      time,
    )
    this.#words.forEach((words, word) => this.rows.setWord(ref, word, words[row] as number))
    return ref
  }

  /** Takes a row back; false when there is none like it. */
  takeBack(key: KeyedBatch, row: number): boolean {
    const ref = this.#findEqual(key, row, 0)
    if (ref !== 0) this.#setGone(ref, 1)
    return ref !== 0
  }

  /** An equal row that was taken back meanwhile is there again. */
  bringBack(key: KeyedBatch, row: number): boolean {
    const ref = this.#findEqual(key, row, 1)
    if (ref !== 0) this.#setGone(ref, 0)
    return ref !== 0
  }

  #findEqual(key: KeyedBatch, row: number, gone: number): RowRef {
    let ref = this.first(key, row)
    while (ref !== 0) {
      if (
        this.rows.word(ref, this.#rankWord + 1) === gone &&
        this.rows.sameValues(ref, this.#columns, row)
      )
        return ref
      ref = this.rows.next(ref)
    }
    return 0
  }

  first(key: KeyedBatch, row: number): RowRef {
    return this.rows.first(key.laneA[row] as number, key.laneB[row] as number, key.columns, row)
  }

  /** The best rows of a list in order, without those that are gone. */
  bestOf(first: RowRef): RowRef[] {
    const { n, ties } = this.#core
    const best: RowRef[] = []
    for (let ref = first; ref !== 0; ref = this.rows.next(ref)) {
      if (this.isGone(ref)) continue
      if (best.length === n && this.#compare(ref, best[n - 1] as number, true) >= 0) continue
      this.#insert(best, ref)
      if (best.length > n) best.pop()
    }
    return ties && best.length === n ? this.#withTies(first, best) : best
  }

  /** From 1. Without ties the place; with ties equal rows share the rank of the first of them. */
  ranksOf(best: readonly RowRef[]): number[] {
    const ranks: number[] = []
    best.forEach((ref, at) => {
      const before = best[at - 1]
      const isTied =
        this.#core.ties && before !== undefined && this.#compare(before, ref, false) === 0
      ranks.push(isTied ? (ranks[at - 1] as number) : at + 1)
    })
    return ranks
  }

  rankOf(ref: RowRef): number {
    return this.rows.word(ref, this.#rankWord)
  }

  setRank(ref: RowRef, rank: number): void {
    this.rows.setWord(ref, this.#rankWord, rank)
  }

  isGone(ref: RowRef): boolean {
    return this.rows.word(ref, this.#rankWord + 1) === 1
  }

  #setGone(ref: RowRef, gone: number): void {
    this.rows.setWord(ref, this.#rankWord + 1, gone)
  }

  hasFired(ref: RowRef): boolean {
    return this.rows.word(ref, this.#rankWord + 2) === 1
  }

  setFired(ref: RowRef): void {
    this.rows.setWord(ref, this.#rankWord + 2, 1)
  }

  readKept(ref: RowRef, writers: readonly ColumnWriter[], at: number): void {
    this.#readKept(this.rows.rows, ref, writers, at)
  }

  #insert(best: RowRef[], ref: RowRef): void {
    let at = best.length
    while (at > 0 && this.#compare(ref, best[at - 1] as number, true) < 0) at--
    best.splice(at, 0, ref)
  }

  #withTies(first: RowRef, best: RowRef[]): RowRef[] {
    const last = best.at(-1)
    assert(last !== undefined, 'n is at least 1')
    const taken = new Set(best)
    const tied: RowRef[] = []
    for (let ref = first; ref !== 0; ref = this.rows.next(ref)) {
      if (this.isGone(ref) || taken.has(ref)) continue
      if (this.#compare(ref, last, false) === 0) this.#insert(tied, ref)
    }
    return [...best, ...tied]
  }

  /** Negative when `a` is better. `toBytes`: ties go by the canonical bytes. */
  #compare(a: RowRef, b: RowRef, toBytes: boolean): number {
    for (let word = 0; word < this.#order.wordCount; word++) {
      const one = this.rows.word(a, word)
      const other = this.rows.word(b, word)
      if (one !== other) return one > other ? -1 : 1
    }
    if (this.#order.isAllWords && !toBytes) return 0
    return this.#compareValues(this.#oneStored.at(a), this.#otherStored.at(b), toBytes)
  }

  #compareBatchRows(a: number, b: number, toBytes: boolean): number {
    for (const words of this.#words) {
      const one = words[a] as number
      const other = words[b] as number
      if (one !== other) return one > other ? -1 : 1
    }
    const columns = this.#columns
    return this.#compareValues(this.#one.at(columns, a), this.#other.at(columns, b), toBytes)
  }

  #compareValues(a: RowValues, b: RowValues, toBytes: boolean): number {
    const rest = this.#order.compareRest(a, b, this.#restPositions)
    return rest !== 0 || !toBytes ? rest : compareTies(a, b, this.#tiePositions)
  }
}
