/** One row of a text at a time, from a block of whole lines into columns. */
export interface RowReader {
  /** The block to read from, and where the text of the current batch begins in it. */
  setBlock(bytes: Buffer, base: number, limit: number): void
  /**
   * Reads the row at `at` into the current row of the columns and answers where the next begins;
   * -1: the row goes on behind the limit. Throws a RowProblem; then nothing of the row counts.
   */
  read(at: number): number
  /** Line ends inside the last row besides its own. */
  readonly innerLines: number
  /** Where reading goes on after the problem that `read` threw. */
  readonly resumeAt: number
}
