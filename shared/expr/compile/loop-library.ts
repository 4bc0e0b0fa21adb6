/** What generated loops call: `lib` in their code. */
import { BATCH_RECORDS_MAX } from '../../base/limits.ts'
import { columnBuilder, TextBuilder } from '../../model/column-builder.ts'
import { convertColumn } from '../../model/convert-batch.ts'
import { gatherBytes, gatherColumn, gatherF64 } from '../../model/gather.ts'
import { ColumnText, equalsBytes, equalsRows } from '../../model/string-columns.ts'
import { StreamError } from '../../base/errors.ts'
import { memoOf } from './generate-memo.ts'

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

/** Of `validate` with action fail: ends the run whatever `on_error` says. */
function ruleBroken(rules: readonly string[]): StreamError {
  const names = rules.map((rule) => `'${rule}'`).join(', ')
  return new StreamError('RULE_BROKEN', `a record breaks ${names}, and \`validate\` says fail`, {
    fix: 'mend the data, or write `action: reject` to set such records aside',
  })
}

export const LOOP_LIBRARY = {
  columnBuilder,
  ColumnText,
  convertColumn,
  equalsBytes,
  equalsRows,
  gatherBytes,
  gatherColumn,
  gatherF64,
  memoOf,
  room,
  ruleBroken,
  TextBuilder,
  zeros,
} as const
