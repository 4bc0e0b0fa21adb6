/**
 * Batches from a text of rows: blocks of bytes are cut at line ends, a row reader goes through them,
 * and every 4,096 rows are a batch whose text still lies in the block.
 *
 * Owns: the block being read, the line number, the row count of the stream.
 * Invariants:
 *   T1. `bytes[at .. limit)` are whole lines that were not read yet; behind them lies part of one.
 *   T2. A byte that a batch points to is never written again: blocks are only appended to.
 */
import { isUtf8 } from 'node:buffer'
import { BATCH_RECORDS_MAX, LINE_BYTES_MAX, READ_BLOCK_BYTES } from '../../base/limits.ts'
import type { Batch } from '../../model/batch.ts'
import type { ByteSource } from './byte-source.ts'
import type { RowColumns } from './row-columns.ts'
import { malformed, RowProblem } from './row-problem.ts'
import type { RowReader } from './row-reader.ts'

const NEWLINE = 10
const RETURN = 13
const PAYLOAD_BYTES_MAX = 64 * 1024
const FREE_BYTES_MIN = 64 * 1024

export interface RowStreamOptions {
  readonly source: ByteSource
  readonly reader: RowReader
  readonly columns: RowColumns
  /** Bytes to expect in all, when known: small texts get small blocks. */
  readonly sizeHint: number
  /** The source may have more later: what is no whole line yet waits. */
  readonly grows: boolean
  /** Lines from 1. */
  onProblem(problem: RowProblem, line: number, payload: string | Uint8Array): void
}

export class RowStream {
  readonly #options: RowStreamOptions
  readonly #reader: RowReader
  readonly #columns: RowColumns
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #limit = 0
  #filled = 0
  #batchStart = 0
  #line = 1
  /** Rows since the last full batch, so that batches end at every 4,096th record. */
  #sinceCut = 0
  #isStart = true
  #hasEnded = false
  #isSkipping = false
  #hasBadText = false

  constructor(options: RowStreamOptions) {
    this.#options = options
    this.#reader = options.reader
    this.#columns = options.columns
  }

  /** The next batch; null when the source has no more rows (for now, if it grows). */
  async read(): Promise<Batch | null> {
    for (;;) {
      this.#parse()
      if (this.#sinceCut + this.#columns.count === BATCH_RECORDS_MAX) return this.#finish()
      if (this.#hasEnded) break
      if ((await this.#fill()) > 0) continue
      if (this.#options.grows) break
      this.endOfText()
    }
    return this.#columns.count > 0 ? this.#finish() : null
  }

  /** What came so far is all there is: its last line may have no line end. */
  endOfText(): void {
    this.#hasEnded = true
    if (this.#filled === this.#limit) return
    if (this.#filled === this.#bytes.length) this.#renewBlock(1)
    this.#bytes[this.#filled++] = NEWLINE
    this.#setLimit(this.#filled)
  }

  /** After the reader was used for a header: it stands at the rows again. */
  startRows(): void {
    this.#startBatch()
  }

  /** A first line that is no row (a CSV header), once it is there; null: there is no line. */
  async readHeader(): Promise<{ bytes: Buffer; start: number; end: number } | null> {
    while (this.#at === this.#limit && !this.#hasEnded) {
      if ((await this.#fill()) > 0) continue
      if (this.#options.grows) return null
      this.endOfText()
    }
    if (this.#at === this.#limit) return null
    const start = this.#at
    const end = this.#bytes.indexOf(NEWLINE, start)
    this.#at = end + 1
    this.#line++
    return { bytes: this.#bytes, start, end: this.#bytes[end - 1] === RETURN ? end - 1 : end }
  }

  #finish(): Batch {
    this.#sinceCut = (this.#sinceCut + this.#columns.count) % BATCH_RECORDS_MAX
    const batch = this.#columns.finish(this.#bytes.subarray(this.#batchStart, this.#at))
    this.#startBatch()
    return batch
  }

  #startBatch(): void {
    this.#batchStart = this.#at
    this.#reader.setBlock(this.#bytes, this.#at, this.#limit)
  }

  /** Reads rows until the batch is full or no whole row is left. */
  #parse(): void {
    let goesOn = true
    while (goesOn) {
      try {
        this.#parseRows()
        goesOn = false
      } catch (problem) {
        if (!(problem instanceof RowProblem)) throw problem
        this.#refuse(problem, this.#reader.resumeAt)
      }
    }
  }

  #parseRows(): void {
    const bytes = this.#bytes
    const columns = this.#columns
    const reader = this.#reader
    const room = BATCH_RECORDS_MAX - this.#sinceCut
    while (this.#at < this.#limit && columns.count < room) {
      const byte = bytes[this.#at]
      if (byte === NEWLINE || (byte === RETURN && bytes[this.#at + 1] === NEWLINE)) {
        this.#at += byte === NEWLINE ? 1 : 2
        this.#line++
        continue
      }
      const next = reader.read(this.#at)
      if (next < 0) {
        this.#onOpenRow()
        return
      }
      if (this.#hasBadText && !isUtf8(bytes.subarray(this.#at, next)))
        throw malformed('the line is not UTF-8 text')
      columns.count++
      this.#at = next
      this.#line += 1 + reader.innerLines
    }
  }

  /** A row in quotes that goes on behind the block: more bytes may close it. */
  #onOpenRow(): void {
    if (this.#hasEnded) {
      throw malformed('a quoted value is never closed')
    }
    if (this.#limit - this.#at > LINE_BYTES_MAX) throw tooLong()
  }

  #refuse(problem: RowProblem, resumeAt: number): void {
    const line = this.#line
    const start = this.#at
    const next = resumeAt > start ? resumeAt : this.#bytes.indexOf(NEWLINE, start) + 1
    for (let at = start; at < next; at++) if (this.#bytes[at] === NEWLINE) this.#line++
    this.#at = next
    this.#options.onProblem(problem, line, this.#payload(start, next))
  }

  #payload(start: number, next: number): string | Uint8Array {
    let end = Math.min(next, start + PAYLOAD_BYTES_MAX)
    while (end > start && (this.#bytes[end - 1] === NEWLINE || this.#bytes[end - 1] === RETURN))
      end--
    const raw = this.#bytes.subarray(start, end)
    return isUtf8(raw) ? raw.toString('utf8') : new Uint8Array(raw)
  }

  /** Reads more bytes; answers how many. */
  async #fill(): Promise<number> {
    if (this.#bytes.length - this.#filled - 1 < FREE_BYTES_MIN) this.#renewBlock(FREE_BYTES_MIN)
    const free = this.#bytes.subarray(this.#filled, this.#bytes.length - 1)
    const count = await this.#options.source.read(free)
    if (count === 0) return 0
    const before = this.#filled
    this.#filled += count
    if (this.#isStart) this.#skipByteOrderMark()
    if (this.#isSkipping && !this.#skipToNewline(before)) return count
    const last = this.#bytes.subarray(before, this.#filled).lastIndexOf(NEWLINE)
    if (last >= 0) this.#setLimit(before + last + 1)
    else if (this.#filled - this.#at > LINE_BYTES_MAX) this.#skipLongLine()
    return count
  }

  #setLimit(limit: number): void {
    if (!isUtf8(this.#bytes.subarray(this.#limit, limit))) this.#hasBadText = true
    this.#limit = limit
    this.#reader.setBlock(this.#bytes, this.#batchStart, limit)
  }

  #skipByteOrderMark(): void {
    if (this.#filled < 3) return
    this.#isStart = false
    const bytes = this.#bytes
    if (bytes[0] !== 0xef || bytes[1] !== 0xbb || bytes[2] !== 0xbf) return
    this.#at = 3
    this.#limit = 3
    this.#startBatch()
  }

  #skipLongLine(): void {
    const payload = this.#payload(this.#at, this.#filled)
    this.#isSkipping = true
    this.#dropToFilled()
    this.#options.onProblem(tooLong(), this.#line, payload)
  }

  /** True once the end of the line that is too long has come. */
  #skipToNewline(from: number): boolean {
    const end = this.#bytes.subarray(from, this.#filled).indexOf(NEWLINE)
    if (end < 0) {
      this.#dropToFilled()
      return false
    }
    this.#isSkipping = false
    this.#at = from + end + 1
    this.#limit = this.#at
    this.#line++
    if (this.#columns.count === 0) this.#startBatch()
    return true
  }

  #dropToFilled(): void {
    this.#at = this.#filled
    this.#limit = this.#filled
    if (this.#columns.count === 0) this.#startBatch()
  }

  /** A new block with room for `more` that begins with what the current batch still needs. */
  #renewBlock(more: number): void {
    const keepFrom = this.#columns.count > 0 ? this.#batchStart : this.#at
    const kept = this.#filled - keepFrom
    const wanted = Math.min(READ_BLOCK_BYTES, this.#options.sizeHint + FREE_BYTES_MIN + 2)
    const bytes = Buffer.allocUnsafeSlow(Math.max(wanted, kept * 2, kept + more + 1))
    this.#bytes.copy(bytes, 0, keepFrom, this.#filled)
    this.#bytes = bytes
    this.#at -= keepFrom
    this.#limit -= keepFrom
    this.#filled = kept
    this.#batchStart = 0
    this.#hasBadText = this.#hasBadText && !isUtf8(bytes.subarray(0, this.#limit))
    this.#reader.setBlock(bytes, 0, this.#limit)
  }
}

function tooLong(): RowProblem {
  return new RowProblem('ROW_TOO_LONG', `the line has more than ${LINE_BYTES_MAX / 1024 ** 2} MiB`)
}
