/**
 * Input of the benchmark: one block of events, generated as columns before the clock starts, and
 * replayed with ids and times shifted, so that a replay goes on where the block ended. Engine and
 * baseline read the same batches; a shifted column is made anew for each, by this code, for both.
 *
 * Batches are full, also where one replay ends and the next begins, so that the engine cuts none of
 * them: watermarks leave a source after every full batch.
 *
 * A block of 1,000,000 events holds 60,000 auctions and 20,000 persons, whole hot blocks of 100 of
 * each, so that shifted events are like those the generator would make (draws repeat, ids do not).
 */
import { EventBlock } from '../../connectors/generator/nexmark/event-block.ts'
import { NexmarkColumns } from '../../connectors/generator/nexmark/nexmark-columns.ts'
import { NEXMARK_FIELDS } from '../../connectors/generator/nexmark/nexmark-fields.ts'
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'
import type {
  Batch,
  BatchSchema,
  Column,
  DictColumn,
  Utf8Column,
} from '../../shared/model/batch.ts'
import { columnsOf } from '../../shared/model/row-schema.ts'

export const BLOCK_EVENTS = 1_000_000
const CYCLE = 50
const NO_TIMES = new Float64Array(0)

export type Entity = 'bid' | 'auction' | 'person'

export interface ReplayOptions {
  readonly events: number
  readonly seed: number
  /** Events per second of event time. */
  readonly rate: number
}

/** What one replay adds to a column's values. */
function shiftOf(entity: Entity, path: string, { rate }: ReplayOptions): number {
  switch (path) {
    case 'auction':
      return (BLOCK_EVENTS / CYCLE) * 3
    case 'bidder':
    case 'seller':
      return BLOCK_EVENTS / CYCLE
    case 'id':
      return (BLOCK_EVENTS / CYCLE) * (entity === 'auction' ? 3 : 1)
    case 'dateTime':
    case 'expires':
      return (BLOCK_EVENTS / rate) * 1000
    default:
      return 0
  }
}

/** The batches of one entity, with the given columns, as often as asked for. */
export class Replay {
  readonly schema: BatchSchema
  readonly #columns: readonly Column[]
  /** Rows of the block. */
  readonly #length: number
  readonly #shifts: number[]
  readonly #rowCount: number
  /** Rows that were given, of all replays. */
  #given = 0

  constructor(entity: Entity, paths: readonly string[], options: ReplayOptions) {
    const all = columnsOf(NEXMARK_FIELDS[entity])
    const specs = paths.map((path) => {
      const spec = all.find((one) => one.path === path)
      if (spec === undefined) throw new TypeError(`${entity} has no column ${path}`)
      return spec
    })
    this.#shifts = paths.map((path) => shiftOf(entity, path, options))
    const replayCount = Math.max(1, Math.ceil(options.events / BLOCK_EVENTS))
    if (replayCount > 1 && options.events % BLOCK_EVENTS !== 0) {
      throw new RangeError(`${options.events} events are no whole number of blocks`)
    }
    const { rate, seed } = options
    const end = Math.min(options.events, BLOCK_EVENTS)
    const block = new EventBlock(entity, { seed, rate, group: 1, compat: false })
    const columns = new NexmarkColumns(seed)
    const made: Column[][] = []
    this.#length = 0
    for (let from = 0; from < end;) {
      from = block.fill(from, end)
      if (block.count > 0) made.push(specs.map((spec) => columns.column(spec, block)))
      this.#length += block.count
    }
    this.#rowCount = this.#length * replayCount
    this.#columns = specs.map((_, index) => joined(made.map((own) => own[index])))
    this.schema = {
      columns: specs.map((spec, index) => ({
        ...spec,
        layout: this.#columns[index]?.layout ?? spec.layout,
      })),
    }
  }

  /** The next batch, or null at the end. */
  next(): Batch | null {
    const length = Math.min(BATCH_RECORDS_MAX, this.#rowCount - this.#given)
    if (length === 0) return null
    const columns = this.#columns.map((column, index) => this.#take(column, index, length))
    this.#given += length
    return { schema: this.schema, length, eventTime: NO_TIMES, kind: null, columns }
  }

  /** Of a column; two parts where one replay ends and the next begins. */
  #take(column: Column, index: number, length: number): Column {
    const start = this.#given % this.#length
    const replay = (this.#given - start) / this.#length
    const end = Math.min(start + length, this.#length)
    const shift = this.#shifts[index] ?? 0
    const first = shiftedPart(column, { start, end }, shift * replay)
    const rest = length - (end - start)
    if (rest === 0) return first
    return joined([first, shiftedPart(column, { start: 0, end: rest }, shift * (replay + 1))])
  }
}

interface Rows {
  readonly start: number
  readonly end: number
}

function shiftedPart(column: Column, { start, end }: Rows, shift: number): Column {
  if (column.layout === 'f64' && shift !== 0) {
    const { values } = column
    const shifted = new Float64Array(end - start)
    for (let row = start; row < end; row++) shifted[row - start] = (values[row] as number) + shift
    return { layout: 'f64', values: shifted, nulls: null }
  }
  switch (column.layout) {
    case 'f64':
      return { ...column, values: column.values.subarray(start, end) }
    case 'dict':
      return { ...column, codes: column.codes.subarray(start, end) }
    case 'utf8':
      return {
        ...column,
        starts: column.starts.subarray(start, end),
        ends: column.ends.subarray(start, end),
      }
    default:
      throw new TypeError(`the generator makes no columns of layout ${column.layout}`)
  }
}

/** One column of the rows of all; texts lie in one buffer that all of them share. */
function joined(parts: readonly (Column | undefined)[]): Column {
  const [first] = parts
  switch (first?.layout) {
    case 'f64':
      return { layout: 'f64', values: joinedF64(parts.map((one) => f64Of(one))), nulls: null }
    case 'dict': {
      const codes = Int32Array.from(parts.flatMap((one) => [...dictOf(one).codes]))
      return { layout: 'dict', codes, dictionary: first.dictionary, nulls: null }
    }
    case 'utf8': {
      const { bytes } = first
      const own = parts.map((one) => utf8Of(one, bytes))
      const starts = Uint32Array.from(own.flatMap((one) => [...one.starts]))
      const ends = Uint32Array.from(own.flatMap((one) => [...one.ends]))
      return { layout: 'utf8', starts, ends, bytes, nulls: null }
    }
    default:
      throw new TypeError('the block has rows, of layouts the generator makes')
  }
}

function joinedF64(parts: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

function f64Of(column: Column | undefined): Float64Array {
  if (column?.layout !== 'f64') throw new TypeError('all parts of a column have numbers')
  return column.values
}

function dictOf(column: Column | undefined): DictColumn {
  if (column?.layout !== 'dict') throw new TypeError('all parts of a column have a dictionary')
  return column
}

function utf8Of(column: Column | undefined, bytes: Uint8Array): Utf8Column {
  if (column?.layout !== 'utf8' || column.bytes !== bytes) {
    throw new TypeError('all parts of a column share their text')
  }
  return column
}
