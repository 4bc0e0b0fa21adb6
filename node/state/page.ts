/**
 * A page: the unit of dirty flag, checksum, eviction and shipment (D5). A block of an arena:
 *
 *   header   PAGE_HEADER_WORDS words, as i32: see below
 *   entries  2^capacityLog2 of them, each entryWords long
 *
 * and, when its entries hold strings, one more block, the byte area. Strings are `[offset, length]`
 * in the area, so that a page may move without touching them.
 */
import { KEY_GROUPS } from '../../shared/base/limits.ts'

export const PAGE_HEADER_WORDS = 7
/** Indexes into the header as i32. */
export const PAGE_DIRTY = 0
/** Grows with every change of the set of entries; for checkpoints. */
export const PAGE_VERSION = 1
/** Entries in use. */
export const PAGE_COUNT = 2
export const PAGE_CAPACITY_LOG2 = 3
export const PAGE_GROUP = 4
/** Of hashed pages: how many high bits of lane B all its keys share, and which. */
export const PAGE_DEPTH = 5
export const PAGE_PREFIX = 6
/** Of pages that are not hashed (group-pages.ts): the first free slot + 1, slots ever used. */
export const PAGE_FREE_HEAD = 5
export const PAGE_SLOTS_USED = 6
/** Byte area: block (in words), its size in bytes, bytes used, bytes that nobody reads any more. */
export const PAGE_AREA = 7
export const PAGE_AREA_BYTES = 8
export const PAGE_AREA_USED = 9
export const PAGE_AREA_DEAD = 10
/** The next and the previous page of the same key group, for pages that are not hashed. */
export const PAGE_NEXT = 11
export const PAGE_PREVIOUS = 12

export const PAGE_ENTRIES_LOG2_FIRST = 2
/** Hashed pages double up to so many bytes, then split. Only flat tables have larger ones. */
const PAGE_BYTES_MAX = 32 * 1024
/** The capacity stands beside the page's offset in 4 bits. */
export const PAGE_ENTRIES_LOG2_MAX = 12

/** The first page of a key group of a table that will have `size` entries. */
export function capacityLog2First(entryWords: number, size: number): number {
  const needed = Math.ceil(Math.log2(Math.max(1, size / KEY_GROUPS)))
  return Math.max(PAGE_ENTRIES_LOG2_FIRST, Math.min(needed, capacityLog2Max(entryWords)))
}

/** The largest page of entries of this size. */
export function capacityLog2Max(entryWords: number): number {
  const entries = PAGE_BYTES_MAX / 8 / entryWords
  const log2 = Math.floor(Math.log2(Math.max(1, entries)))
  return Math.max(PAGE_ENTRIES_LOG2_FIRST, Math.min(PAGE_ENTRIES_LOG2_MAX, log2))
}
