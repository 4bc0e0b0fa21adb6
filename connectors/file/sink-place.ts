/** Where and in which format a sink writes. */
import type { FileFormat } from './file-format.ts'

export interface SinkPlace {
  readonly format: FileFormat
  /** As the author's path names it. */
  readonly place: string
  readonly absolute: string
}
