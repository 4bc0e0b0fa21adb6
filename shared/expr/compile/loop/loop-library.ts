/** What generated loops call: `lib` in their code. */
import { BATCH_RECORDS_MAX } from '../../../base/limits.ts'
import type { Batch, Column } from '../../../model/batch.ts'
import { columnBuilder, TextBuilder } from '../../../model/column-builder.ts'
import { convertColumn } from '../../../model/convert-batch.ts'
import { gather, gatherBytes, gatherColumn, gatherTimes } from '../../../model/gather.ts'
import { GrowingDictionary } from '../../../model/growing-dictionary.ts'
import { ColumnText, equalsBytes, equalsRows } from '../../../model/string-columns.ts'
import {
  containsBytes,
  countByte,
  countBytes,
  endsWithBytes,
  startsWithBytes,
  wordsOf,
} from '../../../model/text/utf8-search.ts'
import { StreamError } from '../../../base/errors.ts'
import { memoOf } from '../generate-memo.ts'

let noNulls = new Uint8Array(BATCH_RECORDS_MAX)

/** Zeros for at least `length` rows: nulls of a column that has none. Never written. */
function zeros(length: number): Uint8Array {
  if (noNulls.length < length) noNulls = new Uint8Array(room(length))
  return noNulls
}

/** How many rows to make room for where `length` are needed. */
function room(length: number): number {
  return Math.max(BATCH_RECORDS_MAX, length)
}

/** The rows that did not throw. `gaps` are the rows that did, in order. */
function withoutGaps(
  batch: Batch,
  gaps: readonly number[],
  host: { selection: Int32Array | null },
): Batch | null {
  host.selection = null
  if (gaps.length === 0) return batch
  const left = new Int32Array(batch.length - gaps.length)
  let count = 0
  let next = 0
  for (let row = 0; row < batch.length; row++) {
    if (gaps[next] === row) next++
    else left[count++] = row
  }
  host.selection = left
  return count === 0 ? null : gather(batch, left, count)
}

/** Rows of a column; the event times are often a column too, whose rows were taken already. */
// oxlint-disable-next-line max-params -- called by generated loops
function gatherBeside(
  column: Column,
  selection: Int32Array,
  count: number,
  times: Float64Array,
  gatheredTimes: Float64Array,
): Column {
  if (column.layout !== 'f64' || column.values !== times) {
    return gatherColumn(column, selection, count)
  }
  const nulls = gatherBytes(column.nulls, selection, count)
  return { layout: 'f64', values: gatheredTimes, nulls }
}

/** Of `validate` with action fail: ends the run whatever `on_error` says. */
function ruleBroken(rules: readonly string[]): StreamError {
  const names = rules.map((rule) => `'${rule}'`).join(', ')
  return new StreamError('RULE_BROKEN', `a record breaks ${names}, and \`validate\` says fail`, {
    fix: 'mend the data, or write `action: reject` to set such records aside',
  })
}

export const LOOP_LIBRARY = {
  EMPTY_Float64Array: new Float64Array(0),
  EMPTY_Int32Array: new Int32Array(0),
  EMPTY_Uint8Array: new Uint8Array(0),
  columnBuilder,
  ColumnText,
  containsBytes,
  convertColumn,
  countByte,
  countBytes,
  endsWithBytes,
  equalsBytes,
  equalsRows,
  gatherBeside,
  gatherBytes,
  gatherTimes,
  GrowingDictionary,
  memoOf,
  room,
  ruleBroken,
  startsWithBytes,
  TextBuilder,
  withoutGaps,
  wordsOf,
  zeros,
} as const
