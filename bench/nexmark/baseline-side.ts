/** The baseline's side of a benchmark: the hand-written loop over the same replayed batches. */
import type { Batch } from '../../shared/model/batch.ts'
import type { Checksum } from '../measure/checksum.ts'
import type { MakeBaseline } from './baseline/baseline.ts'
import { type Entity, Replay, type ReplayOptions } from './replay.ts'

interface Input {
  readonly entity: Entity
  readonly replay: Replay
  /** Position of the time column, which orders the streams. */
  readonly time: number
  batch: Batch | null
}

/** Generates the input; `run` is what the clock covers. */
export function prepareBaseline(make: MakeBaseline, options: ReplayOptions, checksum: Checksum) {
  const baseline = make(checksum)
  const inputs = Object.entries(baseline.inputs).map(([entity, paths]): Input => {
    const replay = new Replay(entity as Entity, paths, options)
    return { entity: entity as Entity, replay, time: paths.indexOf('dateTime'), batch: null }
  })
  return {
    run: (): void => {
      for (const input of inputs) input.batch = input.replay.next()
      for (let input = earliest(inputs); input?.batch; input = earliest(inputs)) {
        baseline.onBatch(input.entity, input.batch)
        input.batch = input.replay.next()
      }
      baseline.onEnd()
    },
  }
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
