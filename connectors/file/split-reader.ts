/** One file being read: what the source needs of it, whatever its format. */
import type { Batch } from '../../shared/model/batch.ts'

export interface SplitReader {
  /** Null: the file has no more rows (for now, if it grows). */
  read(): Promise<Batch | null>
  /** Bytes of the file that were read. */
  readonly position: number
  close(): Promise<void>
}

/** A text file that may grow: `finish` says that what is there is all. */
export interface GrowingReader extends SplitReader {
  endOfText(): void
}
