/**
 * Reads files merged by event time. Each file is taken to be in order; a row that is older than one
 * before it in its file keeps its place behind that one. Equal times: by the order of file names.
 *
 * A file is opened once to learn its first time, and again when the merge has come there, so that
 * only files that overlap are open at once.
 *
 * Owns: the open files and the rows of theirs that wait for older rows of others.
 */
import { BATCH_RECORDS_MAX } from '../../shared/base/limits.ts'
import type { Batch } from '../../shared/model/batch.ts'
import { concat } from '../../shared/model/concat-batches.ts'
import { gather, slice } from '../../shared/model/gather.ts'
import type { Source, SourceRead } from '../../shared/spi/connector.ts'
import type { ListedFile } from './file-list.ts'
import { openSplit } from './open-split.ts'
import type { ReadContext } from './read-context.ts'
import type { SplitReader } from './split-reader.ts'

/** A file in the merge: closed before its first time has come, then open, then gone. */
interface Lane {
  readonly file: ListedFile
  readonly firstTime: number
  reader: SplitReader | null
  batch: Batch | null
  /** Largest event time up to each row of `batch`. */
  times: Float64Array
  next: number
}

export class OrderedSource implements Source {
  readonly #context: ReadContext
  readonly #files: readonly ListedFile[]
  readonly #split: string
  #lanes: Lane[] | null = null
  /** Merged rows, in order, that do not fill a batch yet. */
  #merged: Batch[] = []
  #mergedCount = 0
  #doneBytes = 0
  #hasEnded = false

  constructor(context: ReadContext, files: readonly ListedFile[], split: string) {
    this.#context = context
    this.#files = files
    this.#split = split
  }

  async read(): Promise<SourceRead> {
    this.#lanes ??= await this.#learnFirstTimes()
    while (this.#mergedCount < BATCH_RECORDS_MAX && (await this.#mergeRound(this.#lanes)));
    if (this.#mergedCount > 0) return { kind: 'batch', split: this.#split, batch: this.#take() }
    if (this.#hasEnded || this.#files.length === 0) return { kind: 'end' }
    this.#hasEnded = true
    return { kind: 'split-end', split: this.#split }
  }

  progress(): { done: number; total: number; unit: 'bytes' } {
    const total = this.#files.reduce((sum, file) => sum + file.entry.bytes, 0)
    const open = this.#lanes?.reduce((sum, lane) => sum + (lane.reader?.position ?? 0), 0) ?? 0
    return { done: Math.min(this.#doneBytes + open, total), total, unit: 'bytes' }
  }

  async close(): Promise<void> {
    const lanes = this.#lanes ?? []
    this.#lanes = []
    for (const lane of lanes) await lane.reader?.close()
  }

  async #learnFirstTimes(): Promise<Lane[]> {
    const quiet: ReadContext = { ...this.#context, fail: () => {}, note: () => {} }
    const lanes: Lane[] = []
    for (const file of this.#files) {
      const reader = await openSplit(quiet, file)
      const batch = await firstBatch(reader)
      const times = batch === null ? null : runningTimes(batch, -Infinity)
      const firstTime = times?.find((time) => time > -Infinity) ?? -Infinity
      // An empty file is opened all the same: what is wrong in it must be told.
      lanes.push({ file, firstTime, reader: null, batch: null, times: NO_TIMES, next: 0 })
    }
    return lanes
  }

  /** Merges what is certain to be oldest; false when all files have ended. */
  async #mergeRound(lanes: Lane[]): Promise<boolean> {
    const bound = await this.#openUpTo(lanes)
    const parts: Batch[] = []
    const times: Float64Array[] = []
    for (const lane of lanes) {
      if (lane.batch === null) continue
      const end = upperEnd(lane.times, lane.next, lane.batch.length, bound)
      if (end === lane.next) continue
      parts.push(slice(lane.batch, lane.next, end))
      times.push(lane.times.subarray(lane.next, end))
      lane.next = end
    }
    const [first] = parts
    if (first === undefined) return false
    const merged = parts.length === 1 ? first : inOrder(parts, times)
    this.#merged.push(merged)
    this.#mergedCount += merged.length
    return true
  }

  /** Opens files whose time has come; answers up to which time all rows are at hand. */
  async #openUpTo(lanes: Lane[]): Promise<number> {
    for (;;) {
      let bound = Infinity
      let closed: Lane | null = null
      for (const lane of lanes.slice()) {
        if (lane.reader === null) {
          if (closed === null || lane.firstTime < closed.firstTime) closed = lane
          continue
        }
        if (lane.batch === null || lane.next === lane.batch.length) {
          if (!(await this.#advance(lane))) {
            lanes.splice(lanes.indexOf(lane), 1)
            continue
          }
        }
        bound = Math.min(bound, lane.times[(lane.batch?.length ?? 0) - 1] ?? Infinity)
      }
      if (closed === null || closed.firstTime > bound) return bound
      closed.reader = await openSplit(this.#context, closed.file)
    }
  }

  /** The next batch of a lane; false when its file has ended. */
  async #advance(lane: Lane): Promise<boolean> {
    const last = lane.batch === null ? -Infinity : (lane.times[lane.batch.length - 1] ?? -Infinity)
    lane.batch = (await lane.reader?.read()) ?? null
    lane.next = 0
    if (lane.batch === null) {
      this.#doneBytes += lane.file.entry.bytes
      await lane.reader?.close()
      return false
    }
    lane.times = runningTimes(lane.batch, last)
    return true
  }

  #take(): Batch {
    const [first] = this.#merged
    const all =
      this.#merged.length === 1 && first !== undefined
        ? first
        : concat({ columns: this.#context.columns }, this.#merged)
    const count = Math.min(all.length, BATCH_RECORDS_MAX)
    const rest = all.length - count
    this.#merged = rest > 0 ? [slice(all, count, all.length)] : []
    this.#mergedCount = rest
    return rest > 0 ? slice(all, 0, count) : all
  }
}

const NO_TIMES = new Float64Array(0)

/** Reads no further; the file is closed whatever happens. */
async function firstBatch(reader: SplitReader): Promise<Batch | null> {
  try {
    return await reader.read()
  } finally {
    await reader.close()
  }
}

function runningTimes(batch: Batch, before: number): Float64Array {
  const times = new Float64Array(batch.length)
  let largest = before
  for (let row = 0; row < batch.length; row++) {
    const time = batch.eventTime[row] ?? Number.NaN
    if (time > largest) largest = time
    times[row] = largest
  }
  return times
}

/** The end of the rows from `start` whose time is at most `bound`. */
function upperEnd(times: Float64Array, start: number, end: number, bound: number): number {
  let low = start
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((times[middle] ?? 0) <= bound) low = middle + 1
    else high = middle
  }
  return low
}

function inOrder(parts: readonly Batch[], times: readonly Float64Array[]): Batch {
  const [first] = parts
  const all = concat(first?.schema ?? { columns: [] }, parts)
  const time = new Float64Array(all.length)
  let at = 0
  for (const part of times) {
    time.set(part, at)
    at += part.length
  }
  const order = new Int32Array(all.length)
  for (let row = 0; row < order.length; row++) order[row] = row
  order.sort((left, right) => (time[left] ?? 0) - (time[right] ?? 0) || left - right)
  return gather(all, order, order.length)
}
