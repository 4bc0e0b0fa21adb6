/** A mistake in the text itself: it is known by offsets, before there is a tree with paths. */
import type { ErrorCode } from '../../base/errors.ts'
import type { SourceText } from './source-text.ts'

export interface Mistake {
  readonly code: ErrorCode
  readonly source: SourceText
  readonly start: number
  readonly end: number
  readonly message: string
  readonly cause?: string
  readonly fix?: string
}

export interface MistakeDetails {
  readonly cause?: string
  readonly fix?: string
}
