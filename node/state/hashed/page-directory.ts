/**
 * The directory of hashed pages: for every key group its page, or a table of pages by the high bits
 * of lane B once a page of the group was split.
 *
 * Owns: which page holds which keys. An element of a directory or of a split table is
 * `page | capacityLog2`, 0 for no page; in the directory alone, a negative element −1 − n means
 * split table n.
 *
 * Invariants:
 *   D1. The page of (group, b) is directory[group], or splits[n][b >>> (32 − depth)] for a split
 *       table of 2^depth elements.
 *   D2. A page of local depth d and prefix p stands at exactly those elements whose index begins
 *       with the d bits of p.
 *   D3. Every page in the directory belongs to that key group, and no page stands in two groups.
 */
import { assert } from '../../../shared/base/assert.ts'
import { KEY_GROUPS } from '../../../shared/base/limits.ts'
import type { Arena } from '../arena.ts'
import { KeyedTable } from '../keyed-table.ts'
import { PAGE_DEPTH, PAGE_PREFIX } from '../page.ts'
import type { CompiledTable } from '../keyed-table-code.ts'

export class PageDirectory extends KeyedTable {
  readonly directory = new Int32Array(KEY_GROUPS)
  /** Split tables; null where one was given back. */
  readonly splits: (Int32Array | null)[] = []
  /** Whether no page was placed since the last `clear`. */
  #isEmpty = true

  constructor(compiled: CompiledTable, arena: Arena, expectedSize: number) {
    super(compiled, arena, expectedSize, { rings: 0 })
  }

  /** The element for a lane B, behind a negative element of the directory. */
  splitPage(element: number, b: number): number {
    const table = this.splitTable(element)
    return table[b >>> (32 - depthOf(table))] as number
  }

  splitTable(element: number): Int32Array {
    const table = this.splits[-1 - element]
    assert(table !== undefined && table !== null, 'a split group has a table')
    return table
  }

  elementOf(group: number, b: number): number {
    const element = this.directory[group] as number
    return element < 0 ? this.splitPage(element, b) : element
  }

  /** Puts a page, whose header says depth and prefix, into all its places (D2). */
  placePage(group: number, page: number, capacityLog2: number): void {
    const depth = this.arena.i32[page * 2 + PAGE_DEPTH] as number
    const element = page | capacityLog2
    this.shape += 1
    this.moves += 1
    this.#isEmpty = false
    if (depth === 0) {
      this.directory[group] = element
      return
    }
    const table = this.#tableOfDepth(group, depth)
    const width = depthOf(table) - depth
    const first = (this.arena.i32[page * 2 + PAGE_PREFIX] as number) << width
    table.fill(element, first, first + (1 << width))
  }

  /** Every page of the state once, by group and then by prefix. */
  override pages(): number[] {
    const pages: number[] = []
    if (this.#isEmpty) return pages
    for (let group = 0; group < KEY_GROUPS; group++) {
      const element = this.directory[group] as number
      if (element > 0) pages.push(element & -16)
      else if (element < 0) pages.push(...this.pagesOf(group))
    }
    return pages
  }

  override pagesOf(group: number): number[] {
    const element = this.directory[group] as number
    if (element >= 0) return element === 0 ? [] : [element & -16]
    const pages: number[] = []
    let last = 0
    for (const one of this.splitTable(element)) {
      if (one !== last && one !== 0) pages.push(one & -16)
      last = one
    }
    return pages
  }

  override clear(): void {
    super.clear()
    this.directory.fill(0)
    this.#isEmpty = true
    this.splits.length = 0
  }

  /** The group's split table, with at least 2^depth elements. */
  #tableOfDepth(group: number, depth: number): Int32Array {
    const element = this.directory[group] as number
    let table = element < 0 ? this.splitTable(element) : new Int32Array([element])
    if (element < 0 && depthOf(table) >= depth) return table
    while (depthOf(table) < depth) table = doubled(table)
    if (element < 0) this.splits[-1 - element] = table
    else this.directory[group] = -this.splits.push(table)
    return table
  }
}

function depthOf(table: Int32Array): number {
  return 31 - Math.clz32(table.length)
}

function doubled(table: Int32Array): Int32Array {
  const larger = new Int32Array(table.length * 2)
  for (let index = 0; index < larger.length; index++) larger[index] = table[index >> 1] as number
  return larger
}
