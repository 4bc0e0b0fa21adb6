/**
 * Side outputs: what their rows look like (LANGUAGE §2). `late` and `rejected` hold the row as it
 * entered that step; dead letters have one form for all blocks.
 */
import type { SpecPath } from '../../base/diagnostics.ts'
import type { Field, FieldType, ScalarKind } from '../../model/data-type.ts'
import type { OnError } from '../../spec/pipeline-spec.ts'
import type { StreamInfo } from '../plan.ts'
import type { Planning, Stream } from '../planning.ts'
import { rowOf, type Row } from '../row.ts'

const scalar = (name: string, kind: ScalarKind, nullable = false): Field => ({
  name,
  type: { kind },
  nullable,
})

export const LATE_FIELD: Field = {
  name: '_late',
  type: {
    kind: 'struct',
    fields: [
      scalar('by', 'duration'),
      scalar('watermark', 'timestamp'),
      scalar('window_start', 'timestamp', true),
      scalar('window_end', 'timestamp', true),
    ],
  },
  nullable: false,
}

const RULE: FieldType = { type: { kind: 'string' }, nullable: false }
export const RULE_FIELD: Field = {
  name: '_rule',
  type: { kind: 'array', element: RULE },
  nullable: false,
}

const DEAD_LETTER_FIELDS: readonly Field[] = [
  scalar('_block', 'string'),
  scalar('_code', 'string'),
  scalar('_message', 'string'),
  scalar('_trace', 'string', true),
  scalar('_key', 'string', true),
  scalar('_position', 'string', true),
  scalar('_at', 'timestamp'),
  scalar('payload', 'string', true),
]

/** The dead letters of a block, if it makes any. */
export function deadLetterOutput(block: string, onError: OnError, bounded: boolean): Stream[] {
  if (onError !== 'dead_letter') return []
  const row = rowOf(DEAD_LETTER_FIELDS, `dead letters of ${block}`)
  return [sideStream(block, 'dead_letter', { row, eventTime: 'lost', bounded, edge: 'append' })]
}

/** The row as it entered a step, and what the step says about it. */
export function rowWith(row: Row, field: Field, origin: string): Row {
  const fields = [...row.fields.filter((one) => one.name !== field.name), field]
  const origins = new Map(row.origins).set(field.name, origin)
  const layouts = new Map(row.columns.map((one) => [one.path, one.layout]))
  return rowOf(fields, origins, layouts)
}

type SideParts = Pick<StreamInfo, 'eventTime' | 'bounded' | 'edge'> & { readonly row: Row }

export function sideStream(block: string, output: string, parts: SideParts): Stream {
  const { row, eventTime, bounded, edge } = parts
  return {
    ref: { block, output },
    row,
    info: {
      fields: row.fields,
      columns: row.columns,
      edge,
      uniqueKey: null,
      eventTime,
      lateness: 0,
      window: null,
      bounded,
      lostBy: eventTime === 'lost' ? block : null,
    },
    upsertOf: [],
    kindsKnown: false,
  }
}

export function checkParallelism(
  planning: Planning,
  parallelism: number | undefined,
  path: SpecPath,
): void {
  if (parallelism === undefined || (Number.isInteger(parallelism) && parallelism >= 1)) return
  const message = `parallelism is a whole number from 1, not ${parallelism}`
  planning.diagnostics.error('PARALLELISM_REFUSED', path, message)
}

/** What the block says, or the pipeline; null leaves it to the run. */
export function parallelismOf(planning: Planning, own: number | undefined): number | null {
  const { defaults, stream_processing: processing } = planning.spec
  return own ?? defaults?.parallelism ?? processing?.parallelism ?? null
}
