/**
 * The timers of a process function: by event time and by processing time, each with its key.
 *
 * Owns: both sets of timers, and those that are set for a time that has passed while timers fire;
 * they wait for the next watermark, so that a function cannot keep a firing going for ever.
 */
import type { Column } from '../../../shared/model/batch.ts'
import { gatherColumn } from '../../../shared/model/gather.ts'
import { columnWriter } from '../../state/column-writer.ts'
import type { StateStore } from '../../state/state-store.ts'
import type { Timers } from '../../state/timers.ts'
import { KeyedBatch } from '../keyed-batch.ts'
import type { CurrentKey } from './held-state.ts'
import type { TimerWrite } from './process-call.ts'

interface Deferred {
  readonly columns: readonly Column[]
  readonly timers: Timers
  readonly time: number
}

export class ProcessTimers {
  readonly event: Timers
  readonly processing: Timers
  readonly #key: CurrentKey
  readonly #timerKey: KeyedBatch
  #deferred: Deferred[] = []
  /** While timers up to it fire; −∞ outside. */
  #firing: { readonly timers: Timers; readonly time: number } | null = null

  constructor(store: StateStore, key: CurrentKey) {
    this.#key = key
    const { specs } = key.batch
    this.#timerKey = new KeyedBatch(
      specs,
      specs.map((_, index) => index),
    )
    this.event = store.timers('event timers', specs)
    this.processing = store.timers('processing timers', specs)
  }

  write({ kind, time }: TimerWrite): void {
    const { batch, row } = this.#key
    const [a, b] = [batch.laneA[row] as number, batch.laneB[row] as number]
    if (kind === 'delete') {
      this.event.delete(a, b, batch.columns, row, time, 0)
      this.processing.delete(a, b, batch.columns, row, time, 0)
      this.#undefer(time)
      return
    }
    const timers = kind === 'event' ? this.event : this.processing
    const firing = this.#firing
    if (firing !== null && firing.timers === timers && time <= firing.time) {
      const selection = Int32Array.of(row)
      const columns = batch.columns.map((column) => gatherColumn(column, selection, 1))
      this.#deferred.push({ columns, timers, time })
    } else timers.set(a, b, batch.columns, row, time, 0)
  }

  begin(timers: Timers, time: number): void {
    this.#firing = { timers, time }
  }

  /** The time of the next timer that is due, whose key is then the current one; null for none. */
  next(): number | null {
    const firing = this.#firing
    if (firing === null) return null
    const { timers } = firing
    const timer = timers.popDue(firing.time)
    if (timer === 0) {
      this.#end()
      return null
    }
    const time = timers.time(timer)
    const writers = this.#timerKey.specs.map((spec) => columnWriter(spec.layout, 1))
    timers.readKey(timer, writers, 0)
    timers.remove(timer)
    this.#timerKey.openColumns(
      writers.map((writer) => writer.take(1)),
      1,
    )
    this.#key.batch = this.#timerKey
    this.#key.row = 0
    return time
  }

  #end(): void {
    this.#firing = null
    const deferred = this.#deferred
    this.#deferred = []
    for (const { columns, timers, time } of deferred) {
      this.#timerKey.openColumns(columns, 1)
      const { laneA, laneB } = this.#timerKey
      timers.set(laneA[0] as number, laneB[0] as number, columns, 0, time, 0)
    }
  }

  /** A timer that was set and deleted in one firing; its key is the current one. */
  #undefer(time: number): void {
    if (this.#deferred.length === 0) return
    const { batch, row } = this.#key
    const [a, b] = [batch.laneA[row], batch.laneB[row]]
    this.#deferred = this.#deferred.filter((one) => {
      if (one.time !== time) return true
      const probe = new KeyedBatch(
        batch.specs,
        batch.specs.map((_, index) => index),
      )
      probe.openColumns(one.columns, 1)
      return probe.laneA[0] !== a || probe.laneB[0] !== b
    })
  }
}
