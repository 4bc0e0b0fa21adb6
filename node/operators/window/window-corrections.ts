/**
 * Corrections: records of windows that have fired and still take them. Before such records change a
 * pane, the rows in force are written down; when the input batch ends, the net change per window and
 * key is emitted (D18).
 *
 * Owns: per window that was touched in this batch, the touched keys and their old rows.
 * Invariant: a key is written down once per window and batch, before its first change.
 */
import { DELETE, INSERT, UPDATE_AFTER, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import type { KeyHash } from '../../../shared/model/key-hash/key-hash-compile.ts'
import { assert } from '../../../shared/base/assert.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import type { Panes } from '../../state/state-store.ts'
import type { TableCursor } from '../../state/table-cursor.ts'
import type { AggregateBatch, CompiledAggregate } from '../aggregate/compile-aggregate.ts'
import { ResultWriter } from '../aggregate/result-writer.ts'
import type { WindowRows } from './window-rows.ts'

const ROW = 0
const WAS_THERE = 1

interface Correction {
  readonly end: number
  /** Keys, with the index of their old row and whether they had one. */
  readonly keys: KeyedTable
  readonly before: ResultWriter
}

export class WindowCorrections {
  readonly #rows: WindowRows
  readonly #open: () => KeyedTable
  readonly #close: (keys: KeyedTable) => void
  readonly #isRetract: boolean
  /** Makes the lanes of a row, where a batch comes without them. */
  readonly #hashRow: KeyHash['row'] | null
  #corrections: Correction[] = []
  #cursor: TableCursor | null = null

  constructor(
    rows: WindowRows,
    tables: Panes,
    options: { readonly isRetract: boolean; readonly compiled: CompiledAggregate },
  ) {
    const { isRetract, compiled } = options
    this.#rows = rows
    this.#hashRow = compiled.isLaneless ? compiled.keyHash.row : null
    this.#open = () => tables.open()
    this.#close = (keys) => tables.close(keys)
    this.#isRetract = isRetract
  }

  get isEmpty(): boolean {
    return this.#corrections.length === 0
  }

  /** Rows `from` to `to` of the batch are about to change the window that ends at `end`. */
  touch(end: number, batch: AggregateBatch, from: number, to: number): void {
    const { keys, before } = this.#correction(end, batch.laneA.length)
    const { keyColumns, laneA, laneB } = batch
    for (let row = from; row < to; row++) {
      this.#hashRow?.(keyColumns, row, laneA, laneB)
      const a = laneA[row] as number
      const b = laneB[row] as number
      if (keys.locate(a, b, keyColumns, row) !== 0) continue
      const key = keys.insert(a, b, keyColumns, row)
      before.clearRow()
      const isThere = this.#rows.writeKey(before, end, { table: keys, entry: key })
      keys.setWord(key, ROW, before.length)
      keys.setWord(key, WAS_THERE, isThere ? 1 : 0)
      before.length += 1
    }
  }

  /** Emits what changed, in order of the windows; false when the output is full. */
  emit(out: ResultWriter, flush: () => boolean): boolean {
    this.#corrections.sort((left, right) => left.end - right.end)
    for (;;) {
      const [correction] = this.#corrections
      if (correction === undefined) return true
      this.#cursor ??= correction.keys.cursor()
      for (let key = this.#cursor.next(); key !== 0; key = this.#cursor.next()) {
        this.#emitKey(out, correction, key)
        if (out.length + 2 > out.capacity && !flush()) return false
      }
      this.#cursor = null
      this.#close(correction.keys)
      this.#corrections.shift()
    }
  }

  #emitKey(out: ResultWriter, correction: Correction, key: number): void {
    const { keys, before, end } = correction
    const oldRow = keys.word(key, ROW)
    const wasThere = keys.word(key, WAS_THERE) === 1
    const isThere = this.#rows.writeKey(out, end, { table: keys, entry: key, isResult: true })
    if (!isThere) {
      if (wasThere) this.#emitOld(out, correction, oldRow, DELETE)
      return
    }
    if (!wasThere) {
      out.advance(end - 1, INSERT)
      return
    }
    if (out.sameResults(before, oldRow)) {
      out.clearRow()
      return
    }
    if (this.#isRetract) {
      this.#emitOld(out, correction, oldRow, UPDATE_BEFORE)
      this.#rows.writeKey(out, end, { table: keys, entry: key })
    }
    out.advance(end - 1, UPDATE_AFTER)
  }

  // oxlint-disable-next-line max-params -- which row goes where, as what
  #emitOld(out: ResultWriter, { before, end }: Correction, row: number, kind: number): void {
    out.clearRow()
    out.copyRow(before, row)
    out.advance(end - 1, kind)
  }

  #correction(end: number, capacity: number): Correction {
    const known = this.#corrections.find((one) => one.end === end)
    if (known !== undefined) return known
    assert(this.#cursor === null, 'corrections are emitted before the next batch')
    const made = { end, keys: this.#open(), before: new ResultWriter(this.#rows.core, capacity) }
    this.#corrections.push(made)
    return made
  }
}
