/** What reading a file needs, from the context of a source or of a table. */
import type { Clock } from '../../shared/base/clock.ts'
import type { Disk } from '../../shared/base/disk.ts'
import { StreamError } from '../../shared/base/errors.ts'
import type { ErrorCode } from '../../shared/base/errors.ts'
import type { Field } from '../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { SourceContext, SourceFailure, TableContext } from '../../shared/spi/connector.ts'

export interface ReadContext {
  readonly config: Readonly<Record<string, unknown>>
  readonly baseDirectory: string
  readonly clock: Clock
  readonly disk: Disk
  readonly fields: readonly Field[]
  readonly columns: readonly ColumnSpec[]
  readonly eventTime: string | null
  readonly kinds: boolean
  fail(failure: SourceFailure): void
  note(text: string): void
}

export function ofSource(context: SourceContext): ReadContext {
  return {
    config: context.config,
    baseDirectory: context.baseDirectory,
    clock: context.clock,
    disk: context.disk,
    fields: context.fields,
    columns: context.columns,
    eventTime: context.eventTime,
    kinds: context.changes === 'kinds',
    fail: (failure) => context.fail(failure),
    note: (text) => context.note(text),
  }
}

/** A table has no route for broken rows: the first one ends the reading. */
export function ofTable(context: TableContext): ReadContext {
  return {
    config: context.config,
    baseDirectory: context.baseDirectory,
    clock: context.clock,
    disk: context.disk,
    fields: context.fields,
    columns: context.columns,
    eventTime: null,
    kinds: false,
    fail: (failure) => {
      throw new StreamError(
        failure.code as ErrorCode,
        `table ${context.block}, ${failure.position}: ${failure.message}`,
      )
    },
    note: (text) => context.note(text),
  }
}
