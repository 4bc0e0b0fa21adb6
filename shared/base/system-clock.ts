/** The Clock port over the machine's clock and timers. Holds no state. */
import { performance } from 'node:perf_hooks' // the global is a getter, looked up at each call
import type { Clock } from './clock.ts'

/** Longer sleeps are cut here, since timers hold 31 bits; the sleeper looks at the clock again. */
const TIMER_MS_MAX = 2_147_483_647

export class SystemClock implements Clock {
  now(): number {
    return Date.now()
  }

  monotonic(): number {
    return performance.now()
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted === true) return Promise.resolve()
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', done)
        resolve()
      }
      const timer = setTimeout(done, Math.min(Math.max(Math.ceil(ms), 0), TIMER_MS_MAX))
      signal?.addEventListener('abort', done, { once: true })
    })
  }

  yield(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve)
    })
  }
}
