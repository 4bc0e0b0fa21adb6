/**
 * Reads CSV (RFC 4180) straight from bytes into columns. A value may stand in quotes, hold the
 * delimiter, line ends and doubled quotes. Outside of quotes nothing means null where the field can
 * be null, else an empty text. Every record has as many values as the header has names.
 *
 * A record is first cut into cells, so that a value that does not fit costs only its own record.
 */
import { fromText, readJsonValue } from './json-value-reader.ts'
import {
  IS_BOOLEAN,
  IS_BYTES,
  IS_DATE,
  IS_DECIMAL,
  IS_INTEGER,
  IS_NUMBER,
  IS_STRING,
  IS_TIMESTAMP,
  type FieldSlot,
} from './field-slot.ts'
import { JsonScanner } from './json-scanner.ts'
import { NumberToken } from './number-token.ts'
import { malformed, nullRefused, RowProblem, wrong } from './row-problem.ts'
import { kindByName, type RowColumns } from './row-columns.ts'
import type { RowReader } from './row-reader.ts'
import { isBase64Text } from './json-value-reader.ts'
import { TimeBytes } from './time-bytes.ts'

const QUOTE = 34
const NEWLINE = 10
const RETURN = 13
const SPACE = 32
const PLAIN = 0
const QUOTED = 1
const DOUBLED = 2

/** What a column of the text leads to; neither: nobody declared it. */
interface CellTarget {
  readonly slot: FieldSlot | null
  readonly isKind: boolean
}

/** A struct that can be null: it is there when one of its leaves is. */
interface Presence {
  readonly slot: FieldSlot
  readonly leaves: readonly FieldSlot[]
}

export class CsvRowReader implements RowReader {
  innerLines = 0
  resumeAt = -1
  readonly #columns: RowColumns
  readonly #delimiter: number
  readonly #number = new NumberToken()
  readonly #times = new TimeBytes()
  readonly #presences: readonly Presence[]
  readonly #pending: FieldSlot[] = []
  #targets: readonly CellTarget[] = []
  #absent: readonly FieldSlot[] = []
  #bytes: Buffer = Buffer.alloc(0)
  #base = 0
  #limit = 0
  #rowNumber = 0
  /** Start, end and form of each cell of the record. */
  #cells = new Int32Array(3 * 64)

  constructor(columns: RowColumns, delimiter: string) {
    this.#columns = columns
    this.#delimiter = delimiter.charCodeAt(0)
    this.#presences = presencesOf(columns)
    this.setColumns(columns.hasKinds ? ['_kind', ...leafNames(columns)] : leafNames(columns))
  }

  /** Which column of the text is which field; answers the fields that no column has. */
  setColumns(names: readonly string[]): FieldSlot[] {
    this.#targets = names.map((name) => ({
      slot: name.endsWith('.?') ? null : (this.#columns.slots.get(name) ?? null),
      isKind: this.#columns.hasKinds && name === '_kind',
    }))
    const given = new Set(names)
    this.#absent = [...this.#columns.slots.values()].filter(
      (slot) => !given.has(slot.path) && !slot.path.endsWith('.?'),
    )
    return [...this.#absent]
  }

  /** The first of the columns that are read that stands there more than once; null: none. */
  repeated(names: readonly string[]): string | null {
    const isRead = (index: number): boolean => {
      const target = this.#targets[index]
      return target !== undefined && (target.slot !== null || target.isKind)
    }
    const found = names.find((name, index) => isRead(index) && names.indexOf(name) < index)
    return found ?? null
  }

  /** The cells of one line as texts: the header. */
  names(bytes: Buffer, start: number, end: number): string[] {
    const line = Buffer.concat([bytes.subarray(start, end), Buffer.from('\n')])
    this.setBlock(line, 0, line.length)
    const count = this.#cut(0)
    if (count < 0) throw malformed('a quoted column name is never closed')
    return Array.from({ length: count }, (_, index) => this.#text(index))
  }

  setBlock(bytes: Buffer, base: number, limit: number): void {
    this.#bytes = bytes
    this.#base = base
    this.#limit = limit
  }

  read(at: number): number {
    const row = this.#columns.count
    this.resumeAt = -1
    this.#rowNumber++
    if (this.#pending.length > 0) this.#pending.length = 0
    const count = this.#cut(at)
    if (count < 0) return -1
    const targets = this.#targets
    if (count !== targets.length)
      throw malformed(`the line has ${count} values where there are ${targets.length} columns`)
    for (let index = 0; index < count; index++) {
      const target = targets[index]
      if (target === undefined) continue
      if (target.slot !== null) this.#cell(target.slot, index, row)
      else if (target.isKind) this.#kind(index, row)
    }
    for (const slot of this.#absent) slot.setNull(row)
    for (const presence of this.#presences) this.#presence(presence, row)
    if (this.#pending.length > 0) this.#settle(row)
    return this.resumeAt
  }

  /** Cuts the record into cells and answers how many; -1: it goes on behind the limit. */
  #cut(start: number): number {
    const bytes = this.#bytes
    const delimiter = this.#delimiter
    let at = start
    let count = 0
    this.innerLines = 0
    for (;;) {
      if (count * 3 === this.#cells.length) this.#growCells()
      const cells = this.#cells
      if (bytes[at] === QUOTE) {
        at = this.#quoted(at, count * 3)
        if (at < 0) return -1
      } else {
        cells[count * 3] = at
        let byte = bytes[at] ?? NEWLINE
        while (byte !== delimiter && byte !== NEWLINE) byte = bytes[++at] ?? NEWLINE
        const isReturn = byte === NEWLINE && at > start && bytes[at - 1] === RETURN
        cells[count * 3 + 1] = isReturn ? at - 1 : at
        cells[count * 3 + 2] = PLAIN
      }
      count++
      if (bytes[at] === NEWLINE) break
      at++
    }
    this.resumeAt = at + 1
    return count
  }

  /** A cell in quotes; answers where what follows it stands. */
  #quoted(start: number, cell: number): number {
    const bytes = this.#bytes
    const limit = this.#limit
    let at = start + 1
    let form = QUOTED
    for (; at < limit; at++) {
      const byte = bytes[at]
      if (byte === NEWLINE) this.innerLines++
      if (byte !== QUOTE) continue
      if (bytes[at + 1] !== QUOTE) break
      form = DOUBLED
      at++
    }
    if (at >= limit) return -1
    this.#cells[cell] = start + 1
    this.#cells[cell + 1] = at
    this.#cells[cell + 2] = form
    at++
    if (bytes[at] === RETURN && bytes[at + 1] === NEWLINE) at++
    if (bytes[at] !== this.#delimiter && bytes[at] !== NEWLINE)
      throw malformed('a quoted value is followed by something else than a delimiter')
    return at
  }

  #growCells(): void {
    const larger = new Int32Array(this.#cells.length * 2)
    larger.set(this.#cells)
    this.#cells = larger
  }

  #text(index: number): string {
    const start = this.#cells[index * 3] ?? 0
    const end = this.#cells[index * 3 + 1] ?? 0
    const text = this.#bytes.toString('utf8', start, end)
    return this.#cells[index * 3 + 2] === DOUBLED ? text.replaceAll('""', '"') : text
  }

  #kind(index: number, row: number): void {
    const kind = kindByName(this.#text(index))
    if (kind < 0) throw wrong('_kind', this.#text(index), 'kind of change')
    this.#columns.kind[row] = kind
  }

  #cell(slot: FieldSlot, index: number, row: number): void {
    let start = this.#cells[index * 3] ?? 0
    let end = this.#cells[index * 3 + 1] ?? 0
    const form = this.#cells[index * 3 + 2] ?? PLAIN
    if (start === end && (form === PLAIN || (slot.code !== IS_STRING && slot.code !== IS_BYTES))) {
      if (this.#empty(slot, row)) return
    }
    slot.seen = this.#rowNumber
    if (slot.code === IS_STRING) {
      slot.setText(row, start - this.#base, end - this.#base)
      if (form === DOUBLED && slot.wanted) this.#pending.push(slot)
      return
    }
    const bytes = this.#bytes
    while (start < end && bytes[start] === SPACE) start++
    while (end > start && bytes[end - 1] === SPACE) end--
    if (!this.#scalar(slot, row, { start, end, index }))
      throw wrong(slot.path, this.#text(index), slot.expected)
  }

  /** An empty cell as null; false: it is an empty text. */
  #empty(slot: FieldSlot, row: number): boolean {
    if (slot.nullable || slot.spec.nullable) {
      slot.setNull(row)
      return true
    }
    if (slot.code === IS_STRING) return false
    throw nullRefused(slot.path)
  }

  #scalar(
    slot: FieldSlot,
    row: number,
    cell: { readonly start: number; readonly end: number; readonly index: number },
  ): boolean {
    const { start, end } = cell
    const bytes = this.#bytes
    const number = this.#number
    let value = Number.NaN
    switch (slot.code) {
      case IS_INTEGER:
      case IS_NUMBER:
      case IS_DECIMAL:
        if (!number.scan(bytes, start) || number.end !== end) return false
        if (slot.code === IS_INTEGER) value = number.integer()
        else if (slot.code === IS_NUMBER) value = number.number()
        else value = number.decimal(slot.precision, slot.scale)
        break
      case IS_TIMESTAMP:
        value = this.#times.timestampAt(bytes, start, end)
        if (Number.isNaN(value) && number.scan(bytes, start) && number.end === end)
          value = number.integer()
        break
      case IS_DATE: {
        const days = this.#times.daysAt(bytes, start, end)
        if (!Number.isNaN(days)) slot.setDays(row, days)
        return !Number.isNaN(days)
      }
      case IS_BOOLEAN: {
        const text = bytes.toString('latin1', start, end).toLowerCase()
        slot.setBoolean(row, text === 'true' ? 1 : 0)
        return text === 'true' || text === 'false'
      }
      case IS_BYTES:
        if (!isBase64Text(bytes.toString('latin1', start, end))) return false
        slot.setText(row, start - this.#base, end - this.#base)
        if (slot.wanted) this.#pending.push(slot)
        return true
      default: {
        const made = this.#value(slot, this.#text(cell.index).trim())
        if (made !== undefined) slot.setValue(row, made)
        return made !== undefined
      }
    }
    if (Number.isNaN(value)) return false
    slot.setNumber(row, value)
    return true
  }

  /** Digits as they stand; json, arrays and maps as JSON text. */
  #value(slot: FieldSlot, text: string): unknown {
    const { kind } = slot.field.type
    if (kind === 'bigint' || kind === 'decimal') return fromText(text, slot.field.type)
    const scanner = new JsonScanner()
    scanner.bytes = Buffer.from(`${text}\n`)
    try {
      const value = readJsonValue(scanner, slot.field, slot.path)
      return scanner.skipSpace() === NEWLINE ? value : undefined
    } catch (problem) {
      if (problem instanceof RowProblem && problem.code === 'ROW_MALFORMED') return undefined
      throw problem
    }
  }

  #presence(presence: Presence, row: number): void {
    const isThere = presence.leaves.some((slot) => slot.seen === this.#rowNumber)
    presence.slot.setBoolean(row, isThere ? 1 : 0)
    if (!isThere) return
    for (const slot of presence.leaves)
      if (!slot.nullable && slot.seen !== this.#rowNumber) throw nullRefused(slot.path)
  }

  /** Doubled quotes and base64, rewritten in place: the result is never longer. */
  #settle(row: number): void {
    const bytes = this.#bytes
    for (const slot of this.#pending) {
      const start = this.#base + (slot.starts[row] ?? 0)
      const end = this.#base + (slot.ends[row] ?? 0)
      if (slot.code === IS_BYTES) {
        const decoded = Buffer.from(bytes.toString('latin1', start, end), 'base64')
        decoded.copy(bytes, start)
        slot.ends[row] = start - this.#base + decoded.length
        continue
      }
      let to = start
      for (let from = start; from < end; from++) {
        const byte = bytes[from] ?? 0
        if (byte === QUOTE) from++
        bytes[to++] = byte
      }
      slot.ends[row] = to - this.#base
    }
  }
}

function leafNames(columns: RowColumns): string[] {
  return [...columns.slots.keys()].filter((path) => !path.endsWith('.?'))
}

function presencesOf(columns: RowColumns): Presence[] {
  const slots = [...columns.slots.values()]
  return slots
    .filter((slot) => slot.path.endsWith('.?'))
    .map((slot) => {
      const prefix = slot.path.slice(0, -1)
      const leaves = slots.filter((one) => one.path.startsWith(prefix) && one !== slot)
      return { slot, leaves: leaves.filter((one) => !one.path.endsWith('.?')) }
    })
}
