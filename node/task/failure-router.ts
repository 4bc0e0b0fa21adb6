/**
 * Routes the failure of one record by its block's `on_error` (D14): ends the run, counts it, or
 * makes it a dead letter. A failure of data is not a failure of the run unless the author says so.
 *
 * Owns: the dead letters of the turn. The node flushes them when its operator has answered.
 */
import type { Clock } from '../../shared/base/clock.ts'
import { StreamError } from '../../shared/base/errors.ts'
import type { OnError } from '../../shared/spec/pipeline-spec.ts'
import type { RecordFailure } from '../operators/operator.ts'
import { DeadLetterRows } from './dead-letters.ts'
import type { OutputPort } from './output-port.ts'
import { RunFailedError, traceOf } from './run-failure.ts'
import type { StageCounters } from './stage-counters.ts'

export interface FailureRouterOptions {
  readonly block: string
  readonly onError: OnError
  readonly counters: StageCounters
  readonly clock: Clock
  /** The block's `dead_letter` output, if it has one. */
  readonly port: OutputPort | null
}

export interface RefusedRecord {
  readonly code: string
  readonly message: string
  readonly error: unknown
  readonly position: string | null
  readonly payload: () => unknown
  readonly key: () => unknown
  /** A row that the operator made, not one that it read. */
  readonly ofResult: boolean
}

export class FailureRouter {
  readonly #options: FailureRouterOptions
  readonly #rows: DeadLetterRows | null

  constructor(options: FailureRouterOptions) {
    this.#options = options
    const { port } = options
    this.#rows = port === null || !port.isRead ? null : new DeadLetterRows(port.columns)
  }

  failRecord(failure: RecordFailure): void {
    const { code, message, error, payload, ofResult } = failure
    const key = failure.key ?? (() => undefined)
    const record = { code, message, error, position: null, payload, key }
    if (failure.endsRun === true) {
      const fix = error instanceof StreamError ? error.fix : null
      throw new RunFailedError({ ...this.#failure({ ...record, ofResult: false }), fix }, error)
    }
    this.refuse({ ...record, ofResult: ofResult === true })
  }

  refuse(record: RefusedRecord): void {
    const { block, onError, counters, clock } = this.#options
    if (onError === 'fail') throw new RunFailedError(this.#failure(record), record.error)
    if (onError === 'skip') {
      if (record.ofResult) counters.resultsSkipped++
      else counters.skipped++
      return
    }
    if (record.ofResult) counters.resultsDeadLettered++
    else counters.deadLettered++
    this.#rows?.add({
      block,
      code: record.code,
      message: record.message,
      trace: traceOf(record.error),
      key: record.key(),
      position: record.position,
      at: clock.now(),
      payload: record.payload(),
    })
  }

  /** Sends the dead letters of this turn; true when there were some. */
  flush(): boolean {
    if (this.#rows === null) return false
    const batch = this.#rows.take()
    if (batch === null) return false
    this.#options.port?.emit(batch)
    return true
  }

  #failure(record: RefusedRecord): RunFailedError['failure'] {
    return {
      block: this.#options.block,
      code: record.code,
      message: record.message,
      fix: 'mend the record, or set `on_error: skip` or `on_error: dead_letter` on the block',
      payload: shownPayload(record.payload()),
      key: record.key(),
      position: record.position,
      trace: traceOf(record.error),
    }
  }
}

/** Raw bytes are told as the text they nearly are. */
function shownPayload(payload: unknown): unknown {
  return payload instanceof Uint8Array ? new TextDecoder().decode(payload) : payload
}
