/**
 * The keys of an append join in pages of their key groups: for every kind of key, and for rows that
 * are kept for ever.
 *
 * Owns: the table of keys, and how far it is swept. An entry holds the heads of both lists, as two
 * i32 of its first word.
 *
 * Invariant (J3 of append-join.ts): interval: sweeps come round much sooner than row numbers do.
 */
import { BATCH_RECORDS_MAX, KEY_GROUPS } from '../../../../shared/base/limits.ts'
import { compileKeyHash, type KeyHash } from '../../../../shared/model/key-hash/key-hash-compile.ts'
import { type EntryLayout, SLOT_MASK } from '../../../state/entry-layout.ts'
import { mixText, searchText } from '../../../state/index/entry-index.ts'
import { KEPT_BATCH_ROWS, type KeptBatches } from '../../../state/kept/kept-batches.ts'
import type { KeyedTable } from '../../../state/keyed-table.ts'
import { PAGE_DIRTY, PAGE_HEADER_WORDS } from '../../../state/page.ts'
import { LEFT, RIGHT, type Side } from '../pair-writer.ts'
import { type AppendLoop, type AppendRows, compileAppendLoop, type KeyText } from './append-code.ts'
import type { AppendKeys, AppendKeysOptions } from './append-keys.ts'
import { compactLists, type Heads } from './append-lists.ts'

const SIDES: readonly Side[] = [LEFT, RIGHT]
/** While so many row numbers pass, all keys are swept: a quarter of those there are. */
const SWEEP_ROWS_MAX = 2 ** 30

export class GroupedKeys implements AppendKeys {
  readonly #kept: readonly [KeptBatches, KeptBatches]
  readonly #table: KeyedTable
  readonly #hash: KeyHash
  readonly #loops: readonly [AppendLoop<KeyedTable>, AppendLoop<KeyedTable>]
  #isHashed = false
  /** Where the sweep for keys without rows goes on, and the part of a group it is behind. */
  #sweepGroup = 0
  #sweepOwed = 0
  /** The oldest row number of each side at the last step of the watermark. */
  readonly #sweptFirst: [number, number] = [KEPT_BATCH_ROWS, KEPT_BATCH_ROWS]

  constructor({ key, store, kept, shapes }: AppendKeysOptions) {
    this.#kept = kept
    this.#table = store.table('keys', { key, value: [], words: 1, isIndexed: true })
    this.#hash = compileKeyHash(key)
    const { layout, ops, index } = this.#table
    const text = index === null ? locatedText(layout) : indexedText(layout)
    const refers = { names: ['ops'], values: [ops] }
    this.#loops = [
      compileAppendLoop(shapes[LEFT], text, refers),
      compileAppendLoop(shapes[RIGHT], text, refers),
    ]
  }

  open(rows: AppendRows): void {
    this.#isHashed = false
    if (this.#table.index === null) this.#hashRows(rows)
  }

  run(side: Side, rows: AppendRows, from: number): number {
    const loop = this.#loops[side]
    let row = from
    while (row < rows.length && rows.count < rows.capacity) {
      rows.isStopped = false
      row = loop(rows, this.#table, row)
      if (rows.isStopped) this.#insert(rows, row)
    }
    return row
  }

  compact(side: Side, from: number | null): void {
    compactLists(this.#heads(side), this.#kept[side], from)
  }

  /**
   * As much of all keys is swept as the step of the watermark is of the time that rows are kept, so
   * that there are never more keys without rows than came in about that time, or than there are key
   * groups; and enough for J3.
   */
  forget(step: number): void {
    let share = this.#table.size < KEY_GROUPS ? 0 : step
    for (const side of SIDES) {
      const { first } = this.#kept[side]
      share = Math.max(share, ((first - this.#sweptFirst[side]) >>> 0) / SWEEP_ROWS_MAX)
      this.#sweptFirst[side] = first
    }
    this.#sweepOwed = Math.min(KEY_GROUPS, this.#sweepOwed + share * KEY_GROUPS)
    const isGone = (entry: number): boolean => {
      const hasLeft = this.#hasRows(entry, LEFT)
      return !this.#hasRows(entry, RIGHT) && !hasLeft
    }
    for (; this.#sweepOwed >= 1; this.#sweepOwed--) {
      this.#table.removeInGroup(this.#sweepGroup, isGone)
      this.#sweepGroup = (this.#sweepGroup + 1) % KEY_GROUPS
    }
  }

  #insert(rows: AppendRows, row: number): void {
    if (!this.#isHashed) this.#hashRows(rows)
    const { keys, laneA, laneB } = rows
    this.#table.insert(laneA[row] as number, laneB[row] as number, keys, row)
  }

  /** Both lanes are needed for new keys only, where an index finds the others. */
  #hashRows(rows: AppendRows): void {
    const { keys, length } = rows
    if (length > rows.laneA.length) {
      rows.laneA = new Int32Array(Math.max(length, BATCH_RECORDS_MAX))
      rows.laneB = new Int32Array(rows.laneA.length)
    }
    this.#hash(keys, length, rows.laneA, rows.laneB)
    this.#isHashed = true
  }

  /**
   * Whether a side of a key has a row. A head whose row has gone is taken out: row numbers come
   * again, and by then it would name a row of some other key.
   */
  #hasRows(entry: number, side: Side): boolean {
    const { arena, layout } = this.#table
    const place = (entry + layout.wordsAt) * 2 + side
    const head = arena.i32[place] as number
    if (this.#kept[side].isKept(head)) return true
    if (head === 0) return false
    arena.i32[place] = 0
    this.#table.markDirty(entry)
    return false
  }

  #heads(side: Side): Heads {
    const table = this.#table
    const cursor = table.cursor()
    const { i32 } = table.arena
    const at = table.layout.wordsAt
    return {
      next: () => {
        const entry = cursor.next()
        return entry === 0 ? -1 : (entry + at) * 2 + side
      },
      get: (place) => i32[place] as number,
      set: (place, head) => {
        i32[place] = head
        table.markDirty((place - side) / 2 - at)
      },
    }
  }
}

/** No row being worked has a null in its key. */
function indexedText(layout: EntryLayout): KeyText {
  const hits = layout.key.map(({ spec, word }, index) =>
    spec.layout === 'f64'
      ? `f64[e + ${word}] === key${index}[i]`
      : `i32[(e + ${word}) * 2] === key${index}[i]`,
  )
  const mix = mixText(
    layout.key,
    (_, index) => `key${index}[i]`,
    () => 'false',
  )
  return {
    open: [
      ...arenaLines,
      ...layout.key.map((_, index) => `const key${index} = keys[${index}].values`),
      `const index = T.index.at, shift = T.index.shift, mask = T.index.mask`,
    ],
    find: [
      `let e = 0`,
      `for (${searchText(mix)}; ; s = (s + 1) & mask) {`,
      `  e = i32[index + s]`,
      `  if (e === 0 || (${hits.join(' && ')})) break`,
      `}`,
      placeLine(layout),
    ],
    changed: [dirtyLine(layout)],
    close: [],
  }
}

function locatedText(layout: EntryLayout): KeyText {
  return {
    open: [...arenaLines, `const { laneA, laneB } = J`],
    find: [`const e = ops.locate(T, laneA[i], laneB[i], keys, i)`, placeLine(layout)],
    changed: [dirtyLine(layout)],
    close: [],
  }
}

const arenaLines = [`const f64 = T.arena.f64, i32 = T.arena.i32`]

function placeLine({ wordsAt }: EntryLayout): string {
  return `const place = e === 0 ? -1 : (e + ${wordsAt}) * 2`
}

function dirtyLine({ entryWords }: EntryLayout): string {
  const first = `e - Math.imul(i32[e * 2 + 1] & ${SLOT_MASK}, ${entryWords})`
  return `i32[(${first}) * 2 - ${PAGE_HEADER_WORDS * 2 - PAGE_DIRTY}] = 1`
}
