/**
 * How a batch lies in one buffer that leaves its thread, in the byte order of the machine:
 *
 *   words (i32)   mark, rows, parts (bits), bytes of arbitrary values; then four per column:
 *                 nulls (0 or 1), and of texts their bytes; of dictionaries slot, whether it begins
 *                 anew, how many entries follow
 *   event times   f64 per row; left out where every row has lost its own
 *   kinds         a byte per row; left out where every row is an insert
 *   per column    nulls, a byte per row; then values
 *                   f64, i32, bool   as in the batch
 *                   utf8, bytes      u32 offsets, one more than rows; then the bytes
 *                   dict             i32 codes; then for the entries that are new to the channel
 *                                    u32 offsets, one more than entries, and their bytes
 *   values        of columns of layout `any`: all of them, serialised
 *
 * Every section begins at a multiple of 8 bytes. Both ends know the columns from the plan.
 */

/** First word of a packed batch; grows when the layout changes. */
export const PACKED_MARK = 0x4d52_4201

export const HEADER_WORDS = 4
export const WORDS_PER_COLUMN = 4

export const HAS_TIMES = 1
export const HAS_KINDS = 2

/** Dictionaries that a channel remembers per column: sources have one each, and unions few sources. */
export const DICTIONARY_SLOTS = 8

export function headerBytes(columns: number): number {
  return aligned((HEADER_WORDS + WORDS_PER_COLUMN * columns) * 4)
}

/** Bytes up to the next multiple of 8. */
export function aligned(bytes: number): number {
  return (bytes + 7) & ~7
}
