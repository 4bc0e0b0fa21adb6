/**
 * Input of the benchmark: one block of events, generated as columns before the clock starts, and
 * replayed with ids and times shifted, so that a replay goes on where the block ended. Engine and
 * baseline read the same batches; a shifted column is made anew for each, by this code, for both.
 *
 * A block of 1,000,000 events holds 60,000 auctions and 20,000 persons, whole hot blocks of 100 of
 * each, so that shifted events are like those the generator would make (draws repeat, ids do not).
 */
import { EventBlock } from '../../connectors/generator/nexmark/event-block.ts'
import { NexmarkColumns } from '../../connectors/generator/nexmark/nexmark-columns.ts'
import { NEXMARK_FIELDS } from '../../connectors/generator/nexmark/nexmark-fields.ts'
import type { Batch, BatchSchema, Column } from '../../shared/model/batch.ts'
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
  readonly #batches: Batch[] = []
  readonly #shifts: number[]
  readonly #replayCount: number
  #replay = 0
  #next = 0

  constructor(entity: Entity, paths: readonly string[], options: ReplayOptions) {
    const all = columnsOf(NEXMARK_FIELDS[entity])
    const specs = paths.map((path) => {
      const spec = all.find((one) => one.path === path)
      if (spec === undefined) throw new TypeError(`${entity} has no column ${path}`)
      return spec
    })
    this.#shifts = paths.map((path) => shiftOf(entity, path, options))
    this.#replayCount = Math.max(1, Math.ceil(options.events / BLOCK_EVENTS))
    if (this.#replayCount > 1 && options.events % BLOCK_EVENTS !== 0) {
      throw new RangeError(`${options.events} events are no whole number of blocks`)
    }
    const { rate, seed } = options
    const end = Math.min(options.events, BLOCK_EVENTS)
    const block = new EventBlock(entity, { seed, rate, group: 1, compat: false })
    const columns = new NexmarkColumns(seed)
    const made: Column[][] = []
    for (let from = 0; from < end;) {
      from = block.fill(from, end)
      if (block.count > 0) made.push(specs.map((spec) => columns.column(spec, block)))
    }
    // Dictionaries are whole only now; layouts are what the columns have.
    this.schema = {
      columns: specs.map((spec, index) => ({
        ...spec,
        layout: made[0]?.[index]?.layout ?? spec.layout,
      })),
    }
    for (const own of made) this.#batches.push(this.#batchOf(own))
  }

  #batchOf(columns: readonly Column[]): Batch {
    const [first] = columns
    return {
      schema: this.schema,
      length: lengthOf(first),
      eventTime: NO_TIMES,
      kind: null,
      columns,
    }
  }

  /** The next batch, or null at the end. */
  next(): Batch | null {
    if (this.#next === this.#batches.length) {
      this.#next = 0
      this.#replay += 1
    }
    if (this.#replay >= this.#replayCount) return null
    const batch = this.#batches[this.#next++]
    if (batch === undefined) return null
    return this.#replay === 0 ? batch : this.#shifted(batch)
  }

  #shifted(batch: Batch): Batch {
    const columns = batch.columns.map((column, index) => {
      const shift = (this.#shifts[index] ?? 0) * this.#replay
      return shift === 0 || column.layout !== 'f64' ? column : shiftColumn(column.values, shift)
    })
    return { ...batch, columns }
  }
}

function shiftColumn(values: Float64Array, shift: number): Column {
  const { length } = values
  const shifted = new Float64Array(length)
  for (let row = 0; row < length; row++) shifted[row] = (values[row] as number) + shift
  return { layout: 'f64', values: shifted, nulls: null }
}

function lengthOf(column: Column | undefined): number {
  if (column === undefined) return 0
  switch (column.layout) {
    case 'dict':
      return column.codes.length
    case 'utf8':
    case 'bytes':
      return column.starts.length
    default:
      return column.values.length
  }
}
