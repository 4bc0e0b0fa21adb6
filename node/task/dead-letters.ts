/**
 * Dead letters: refused records as rows of the block's `dead_letter` output.
 *
 * Owns: the rows of this turn, until they are taken as one batch.
 */
import { DEAD_LETTER_TEXT_MAX } from '../../shared/base/limits.ts'
import type { Batch } from '../../shared/model/batch.ts'
import { BatchBuilder } from '../../shared/model/batch-builder.ts'
import type { DataType } from '../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'

export interface DeadLetter {
  readonly block: string
  readonly code: string
  readonly message: string
  readonly trace: string | null
  readonly key: unknown
  readonly position: string | null
  readonly at: number
  readonly payload: unknown
}

const STRING: DataType = { kind: 'string' }

/** Of every `dead_letter` stream. `_key` and `payload` are JSON text (or the text that was read). */
export const DEAD_LETTER_COLUMNS: readonly ColumnSpec[] = [
  { path: '_block', type: STRING, nullable: false, layout: 'utf8' },
  { path: '_code', type: STRING, nullable: false, layout: 'utf8' },
  { path: '_message', type: STRING, nullable: false, layout: 'utf8' },
  { path: '_trace', type: STRING, nullable: true, layout: 'utf8' },
  { path: '_key', type: STRING, nullable: true, layout: 'utf8' },
  { path: '_position', type: STRING, nullable: true, layout: 'utf8' },
  { path: '_at', type: { kind: 'timestamp' }, nullable: false, layout: 'f64' },
  { path: 'payload', type: STRING, nullable: true, layout: 'utf8' },
]

export class DeadLetterRows {
  readonly #columns: readonly ColumnSpec[]
  readonly #builder: BatchBuilder

  /** `columns` of the edge: some of the dead letter columns, by path. */
  constructor(columns: readonly ColumnSpec[]) {
    this.#columns = columns
    this.#builder = new BatchBuilder({ columns }, 16)
  }

  add(letter: DeadLetter): void {
    const values = this.#columns.map((spec) => fitted(valueOf(letter, spec.path), spec.type))
    this.#builder.append(values, letter.at)
  }

  /** The rows since the last call; null when there are none. */
  take(): Batch | null {
    return this.#builder.length === 0 ? null : this.#builder.finish()
  }
}

function valueOf(letter: DeadLetter, path: string): unknown {
  switch (path) {
    case '_block':
      return letter.block
    case '_code':
      return letter.code
    case '_message':
      return letter.message.slice(0, DEAD_LETTER_TEXT_MAX)
    case '_trace':
      return letter.trace?.slice(0, DEAD_LETTER_TEXT_MAX) ?? null
    case '_key':
      return letter.key ?? null
    case '_position':
      return letter.position
    case '_at':
      return letter.at
    case 'payload':
      return letter.payload ?? null
    default:
      return null
  }
}

function fitted(value: unknown, type: DataType): unknown {
  if (value === null || value === undefined) return null
  if (type.kind === 'string') return textOf(value)
  if (type.kind === 'bytes' && !(value instanceof Uint8Array)) {
    return new TextEncoder().encode(textOf(value))
  }
  if (type.kind === 'json' && value instanceof Uint8Array) return textOf(value)
  return value
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, DEAD_LETTER_TEXT_MAX)
  if (value instanceof Uint8Array) {
    return new TextDecoder().decode(value.subarray(0, DEAD_LETTER_TEXT_MAX))
  }
  const text = JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'bigint' ? inner.toString() : inner,
  )
  return (text ?? 'null').slice(0, DEAD_LETTER_TEXT_MAX)
}
