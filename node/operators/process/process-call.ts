/**
 * One call of a process function: the context it is given, and everything it writes, held back
 * until it returns.
 *
 * Owns: rows and timers of the call that is running. Outside of a call the context refuses.
 */
import type {
  ListState,
  MapState,
  ProcessContext,
  ValueState,
} from '../../../shared/api/processor-definition.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import { shown } from '../../../shared/model/value-json.ts'
import type { UserRowWriter } from './user-rows.ts'

export interface EmittedRow {
  readonly output: string
  readonly values: readonly unknown[]
}

export interface TimerWrite {
  readonly kind: 'event' | 'processing' | 'delete'
  readonly time: number
}

export interface CallParts {
  readonly writers: ReadonlyMap<string, UserRowWriter>
  readonly states: Readonly<Record<string, ValueState | ListState | MapState>>
  readonly with: Readonly<Record<string, unknown>>
  /** The key as the author sees it. */
  readonly key: () => unknown
}

export class ProcessCall implements ProcessContext {
  readonly #parts: CallParts
  readonly #handles: Readonly<Record<string, ValueState | ListState | MapState>>
  #isRunning = false
  #time = Number.NaN
  #watermark = Number.NEGATIVE_INFINITY
  rows: EmittedRow[] = []
  timerWrites: TimerWrite[] = []
  /** What it did wrong, even if it caught what that threw. */
  #broken: StreamError | null = null

  constructor(parts: CallParts) {
    this.#parts = parts
    this.#handles = Object.freeze({ ...parts.states })
  }

  /** Runs a call. What it throws has discarded nothing yet: see the operator. */
  run(time: number, watermark: number, call: (context: ProcessContext) => unknown): void {
    this.#time = time
    this.#watermark = watermark
    this.#isRunning = true
    this.#broken = null
    try {
      refusePromise(call(this))
    } finally {
      this.#isRunning = false
    }
    if (this.#broken !== null) throw this.#broken
  }

  discard(): void {
    if (this.rows.length > 0) this.rows = []
    if (this.timerWrites.length > 0) this.timerWrites = []
  }

  get key(): unknown {
    this.#needRunning()
    return this.#parts.key()
  }

  get time(): number {
    return this.#time
  }

  get watermark(): number {
    return this.#watermark
  }

  get with(): Readonly<Record<string, unknown>> {
    return this.#parts.with
  }

  get state(): Readonly<Record<string, ValueState | ListState | MapState>> {
    this.#needRunning()
    return this.#handles
  }

  // Fields, so that `const { emit } = ctx` works.
  readonly emit = (row: unknown): void => this.emitTo('main', row)

  readonly emitTo = (output: string, row: unknown): void => {
    this.#needRunning()
    const writer = this.#parts.writers.get(output)
    if (writer === undefined) {
      const known = [...this.#parts.writers.keys()].filter((name) => name !== 'main')
      throw this.#break(
        new StreamError('PROCESS_OUTPUT_UNKNOWN', `there is no output ${shown(output)}`, {
          fix: `declare it under \`outputs\`, where there are: ${known.join(', ') || 'none'}`,
        }),
      )
    }
    try {
      this.rows.push({ output, values: writer.write(row) })
    } catch (cause) {
      throw this.#break(asStreamError(cause))
    }
  }

  readonly timers: ProcessContext['timers'] = {
    event: (time) => this.#setTimer('event', time),
    processing: (time) => this.#setTimer('processing', time),
    delete: (time) => this.#setTimer('delete', time),
  }

  #setTimer(kind: TimerWrite['kind'], given: number | Date): void {
    this.#needRunning()
    const time = given instanceof Date ? given.getTime() : given
    if (typeof time !== 'number' || !Number.isFinite(time)) {
      throw this.#break(
        new StreamError('PROCESS_TIMER_INVALID', `a timer is set for ${shown(given)}`, {
          fix: 'give milliseconds since 1970 or a valid Date',
        }),
      )
    }
    this.timerWrites.push({ kind, time: Math.floor(time) })
  }

  #break(error: StreamError): StreamError {
    this.#broken ??= error
    return error
  }

  #needRunning(): void {
    if (this.#isRunning) return
    throw new StreamError(
      'PROCESS_CONTEXT_STALE',
      'the context of a process function was used after its call had returned',
      { fix: 'read and emit inside onRecord or onTimer, and set a timer for what comes later' },
    )
  }
}

/** Nothing waits for a promise: what it did later would be lost. */
function refusePromise(result: unknown): void {
  if (typeof result !== 'object' || result === null || !('then' in result)) return
  if (result instanceof Promise) result.catch(() => {}) // said below
  throw new StreamError(
    'PROCESS_THREW',
    'the function returned a promise, and nobody waits for it',
    {
      fix: 'write it without async; use `lookup` for what is asked of other systems',
    },
  )
}

function asStreamError(cause: unknown): StreamError {
  if (cause instanceof StreamError) return cause
  const message = cause instanceof Error ? cause.message : String(cause)
  return new StreamError('PROCESS_ROW_INVALID', `a row cannot be read: ${message}`, { cause })
}
