/** How a session that is told once lies in its entry: words, tags, and what stands in its index. */

/**
 * Its first time; its end (last time + gap); of the sessions of its key the one before it, 0 for none,
 * and the one after it, where the tag is BEHIND.
 */
export const SESSION = { start: 0, end: 1, next: 2, later: 3 } as const
export const SESSION_WORDS = 4

/** Tags of an entry: see session-table.ts. */
export const FREE = 0
export const FOUND = 1
export const BEHIND = 2
export const GONE = 3

/** Of a free place, as i32: the next free place of its block. */
export const LINK = 2

/** In the index: nothing; a session that was there, over which a search goes on. */
export const SLOT_EMPTY = 0
export const SLOT_LEFT = 1
