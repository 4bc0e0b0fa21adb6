/** A result that cannot be told: a failure of the result row, with its key and window. */
import { StreamError } from '../../../shared/base/errors.ts'
import { batchToRows, type JsonRow } from '../../../shared/model/batch-rows.ts'
import type { AggregateCore } from '../../../shared/planning/plan.ts'
import type { RecordFailure } from '../operator.ts'
import type { KeyedTable } from '../../state/keyed-table.ts'
import { columnWriter } from '../../state/column-writer.ts'

export interface FailedResult {
  readonly core: AggregateCore
  readonly table: Pick<KeyedTable, 'readKey'>
  readonly entry: number
  /** Of the window; NaN without one. */
  readonly start: number
  readonly end: number
  /** Index of the call, or what its accumulator threw. */
  readonly cause: unknown
}

export function resultFailure(failed: FailedResult): RecordFailure {
  const row = keyRow(failed)
  const error = resultError(failed.core, failed.cause)
  return {
    code: error.code,
    message: error.message,
    error,
    payload: () => row,
    key: () => row,
    ofResult: true,
  }
}

/** `cause`: index of the call, or what its accumulator threw. */
export function resultError(core: AggregateCore, cause: unknown): StreamError {
  if (cause instanceof StreamError) return cause
  if (typeof cause !== 'number') throw cause
  const fn = core.calls[cause]?.fn ?? 'aggregate'
  const type = core.calls[cause]?.result.type.kind ?? 'number'
  return new StreamError(
    'RESULT_OUT_OF_RANGE',
    `the result of ${fn} is beyond the largest ${type} that can be told exactly (2^53 − 1)`,
    { fix: 'cast the argument to bigint or decimal(38, s), or aggregate over a smaller group' },
  )
}

function keyRow(failed: FailedResult): JsonRow {
  const { core, table, entry } = failed
  const columns = core.output.slice(0, core.key.length)
  const writers = columns.map((column) => columnWriter(column.layout, 1))
  table.readKey(entry, writers, 0)
  const [row = {}] = batchToRows({
    schema: { columns },
    length: 1,
    eventTime: new Float64Array(1),
    kind: null,
    columns: writers.map((writer) => writer.take(1)),
  })
  // In `same` windows the bounds are columns of the key.
  if (!Number.isFinite(failed.start) || core.window?.type === 'same') return row
  return {
    ...row,
    window_start: new Date(failed.start).toISOString(),
    window_end: new Date(failed.end).toISOString(),
  }
}
