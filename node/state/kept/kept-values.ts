/**
 * The values of kept batches by slot, and the memory that they pin: what kept-batches.ts keeps,
 * without the question for how long.
 *
 * Owns: the columns, and which buffers each slot holds.
 */
import { assert, unreachable } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { KeptColumn } from './kept-column.ts'
import { KeptDict } from './kept-dict.ts'
import { KeptAny, KeptBool, KeptF64, KeptI32 } from './kept-numbers.ts'
import { KeptRing } from './kept-ring.ts'
import { movedSlots, type SlotMoves, slotsOf } from './kept-slots.ts'
import { KeptText } from './kept-text.ts'
import type { Memory } from '../memory.ts'
import { PinnedBuffers } from './pinned-buffers.ts'

const NO_BUFFERS: readonly ArrayBufferLike[] = []

export class KeptValues {
  readonly columns: readonly KeptColumn[]
  readonly pinned: PinnedBuffers
  readonly #rings: readonly KeptRing[]
  #buffers: (readonly ArrayBufferLike[])[] = slotsOf(NO_BUFFERS)

  /** `hasRings`: doubles lie beside the rows. */
  constructor(specs: readonly ColumnSpec[], memory: Memory, hasRings = false) {
    this.columns = specs.map((spec) => keptColumn(spec, hasRings))
    this.#rings = this.columns.filter((column) => column instanceof KeptRing)
    this.pinned = new PinnedBuffers(memory)
  }

  /** Of columns that lie beside the rows: held by themselves, whatever rows there are. */
  get besideBytes(): number {
    return this.#rings.reduce((sum, ring) => sum + ring.bytes, 0)
  }

  /** The rows from `start` to `end` are the slot's, by reference; answers the bytes of their values. */
  // oxlint-disable-next-line max-params -- a slot, and rows of columns
  put(slot: number, columns: readonly Column[], start: number, end: number): number {
    let bytes = 0
    this.columns.forEach((column, index) => {
      bytes += column.put(slot, columns[index] as Column, start, end)
    })
    this.#hold(slot)
    return bytes
  }

  /** Copies the first `count` rows behind the `used` rows of the open slot; answers as `put`. */
  // oxlint-disable-next-line max-params -- a slot, and rows of columns
  append(slot: number, used: number, columns: readonly Column[], count: number): number {
    let bytes = 0
    this.columns.forEach((column, index) => {
      bytes += column.append(slot, used, columns[index] as Column, count)
    })
    this.#hold(slot)
    return bytes
  }

  drop(slot: number): void {
    for (const column of this.columns) column.drop(slot)
    this.pinned.release(this.#buffers[slot] as readonly ArrayBufferLike[])
    this.#buffers[slot] = NO_BUFFERS
  }

  move(moves: SlotMoves): void {
    this.#buffers = movedSlots(this.#buffers, NO_BUFFERS, moves)
    for (const column of this.columns) column.move(moves)
  }

  /** Gives all memory back; nothing may be kept afterwards. */
  close(): void {
    this.pinned.clear()
    for (const ring of this.#rings) ring.values = new Float64Array(0)
  }

  /** Bytes that would go with the slot, if others that hold the same buffers go as well. */
  pinnedBy(slot: number): number {
    return this.pinned.shareOf(this.#buffers[slot] as readonly ArrayBufferLike[])
  }

  columnsOf(slot: number): Column[] {
    return this.columns.map((column) => column.columnOf(slot))
  }

  gather(rows: Int32Array, count: number, mask: number): Column[] {
    return this.columns.map((column) => column.gather(rows, count, mask))
  }

  column(index: number): KeptColumn {
    const column = this.columns[index]
    assert(column !== undefined, `column ${index} is kept`)
    return column
  }

  /** The slot may have other buffers than before. */
  #hold(slot: number): void {
    const buffers: ArrayBufferLike[] = []
    for (const column of this.columns) column.buffersOf(slot, buffers)
    const known = this.#buffers[slot] as readonly ArrayBufferLike[]
    if (buffers.length === known.length && known.every((one, at) => one === buffers[at])) return
    this.pinned.hold(buffers)
    this.pinned.release(known)
    this.#buffers[slot] = buffers
  }
}

function keptColumn(spec: ColumnSpec, hasRings: boolean): KeptColumn {
  switch (spec.layout) {
    case 'f64':
      return hasRings ? new KeptRing(spec) : new KeptF64(spec)
    case 'i32':
      return new KeptI32(spec)
    case 'bool':
      return new KeptBool(spec)
    case 'utf8':
    case 'bytes':
      return new KeptText(spec, spec.layout)
    case 'dict':
      return new KeptDict(spec)
    case 'any':
      return new KeptAny(spec)
    default:
      return unreachable(spec.layout)
  }
}
