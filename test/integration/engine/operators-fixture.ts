/** Operators of the runtime's tests: small ones that keep state, fail, or make many rows. */
import { DONE, MORE, type Progress } from '../../../node/operators/operator.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { batchToRows } from '../../../shared/model/batch-rows.ts'
import { batchOf, PassOperator, type TestRow } from './engine-fixture.ts'

/** Makes `factor` batches of every batch, one at a time, looking at `isFull` after each. */
export class MultiplyOperator extends PassOperator {
  readonly #factor: number
  #batch: Batch | null = null
  #left = 0

  constructor(factor: number) {
    super()
    this.#factor = factor
  }

  override onBatch(_: number, batch: Batch): Progress {
    this.context!.counters.passed += batch.length
    this.#batch = batch
    this.#left = this.#factor
    return this.resume()
  }

  override resume(): Progress {
    while (this.#left > 0) {
      this.#left--
      this.main.emit(this.#batch!)
      if (this.main.isFull && this.#left > 0) return MORE
    }
    this.#batch = null
    return DONE
  }
}

/** Fails the rows whose `n` is a multiple of `divisor`, passes the others. */
export class FailingOperator extends PassOperator {
  readonly #divisor: number

  constructor(divisor: number) {
    super()
    this.#divisor = divisor
  }

  override onBatch(_: number, batch: Batch): Progress {
    const kept: TestRow[] = []
    for (const row of batchToRows(batch)) {
      const n = Number(row['n'])
      const at = typeof row['at'] === 'string' ? Date.parse(row['at']) : null
      if (n % this.#divisor !== 0) kept.push({ user: String(row['user']), n, at })
      else {
        this.context!.fail({
          code: 'DIVISION_BY_ZERO',
          message: `n is ${n}`,
          error: new Error('divided by zero'),
          payload: () => row,
          key: () => row['user'],
        })
      }
    }
    this.context!.counters.passed += kept.length
    if (kept.length > 0) this.main.emit(batchOf(kept))
    return DONE
  }
}

/** Sums `n` per user and window of event time; emits at the watermark, in order of window and user. */
export class WindowSumOperator extends PassOperator {
  readonly #sizeMs: number
  readonly #windows = new Map<number, Map<string, number>>()
  #watermark = Number.NEGATIVE_INFINITY
  largestState = 0

  constructor(sizeMs: number) {
    super()
    this.#sizeMs = sizeMs
  }

  override onBatch(_: number, batch: Batch): Progress {
    for (const row of batchToRows(batch)) {
      const at = Date.parse(String(row['at']))
      const start = Math.floor(at / this.#sizeMs) * this.#sizeMs
      if (start + this.#sizeMs - 1 <= this.#watermark) {
        this.context!.counters.late++
        continue
      }
      this.context!.counters.absorbed++
      const window = this.#windows.get(start) ?? new Map<string, number>()
      this.#windows.set(start, window)
      const user = String(row['user'])
      window.set(user, (window.get(user) ?? 0) + Number(row['n']))
    }
    this.largestState = Math.max(this.largestState, this.#windows.size)
    return DONE
  }

  override onWatermark(watermark: number): Progress {
    this.#watermark = watermark
    const due = [...this.#windows.keys()].filter((start) => start + this.#sizeMs - 1 <= watermark)
    for (const start of due.toSorted((a, b) => a - b)) {
      const sums = [...(this.#windows.get(start) ?? [])].toSorted(([a], [b]) => (a < b ? -1 : 1))
      this.#windows.delete(start)
      this.main.emit(batchOf(sums.map(([user, n]) => ({ user, n, at: start }))))
    }
    return DONE
  }
}

/** Keeps rows of two inputs until the watermark passes them; counts how many it holds at most. */
export class MeetingOperator extends PassOperator {
  readonly #held: { at: number; input: number }[] = []
  heldMax = 0

  override onBatch(input: number, batch: Batch): Progress {
    for (let row = 0; row < batch.length; row++) {
      this.#held.push({ at: batch.eventTime[row] ?? 0, input })
    }
    this.context!.counters.absorbed += batch.length
    this.heldMax = Math.max(this.heldMax, this.#held.length)
    return DONE
  }

  override onWatermark(watermark: number): Progress {
    this.watermarks.push(watermark)
    const kept = this.#held.filter((one) => one.at > watermark)
    this.#held.splice(0, this.#held.length, ...kept)
    return DONE
  }
}
