/** The baseline's side of a benchmark: the hand-written loop over the same replayed batches. */
import type { Batch } from '../../shared/model/batch.ts'
import type { Checksum } from '../measure/checksum.ts'
import type { Baseline, MakeBaseline } from './baseline/baseline.ts'
import { type Entity, Replay, type ReplayOptions } from './replay.ts'

/** Batches of one stream, in order. */
export interface Stream {
  readonly entity: Entity
  next(): Batch | null
}

/** Generates the input; `run` is what the clock covers. */
export function prepareBaseline(make: MakeBaseline, options: ReplayOptions, checksum: Checksum) {
  const baseline = make(checksum)
  const streams = Object.entries(baseline.inputs).map(([entity, paths]): Stream => {
    const replay = new Replay(entity as Entity, paths, options)
    return { entity: entity as Entity, next: () => replay.next() }
  })
  return { run: (): void => runBaseline(baseline, streams) }
}

/** Gives the batches of all streams by the time of their first record. */
export function runBaseline(baseline: Baseline, streams: readonly Stream[]): void {
  const inputs = streams.map((stream): Input => {
    const time = baseline.inputs[stream.entity]?.indexOf('dateTime') ?? -1
    return { stream, time, batch: stream.next() }
  })
  for (let input = earliest(inputs); input?.batch; input = earliest(inputs)) {
    baseline.onBatch(input.stream.entity, input.batch)
    input.batch = input.stream.next()
  }
  baseline.onEnd()
}

interface Input {
  readonly stream: Stream
  /** Position of the time column, which orders the streams. */
  readonly time: number
  batch: Batch | null
}

function earliest(inputs: readonly Input[]): Input | undefined {
  if (inputs.length === 1) return inputs[0]
  let first: Input | undefined
  for (const input of inputs) {
    if (input.batch === null) continue
    if (first === undefined || timeOf(input) < timeOf(first)) first = input
  }
  return first
}

function timeOf({ batch, time }: Input): number {
  const column = batch?.columns[time]
  return column?.layout === 'f64' ? (column.values[0] as number) : 0
}
