/**
 * One row's values by position, read one at a time: most comparisons end at the first. The objects
 * are pointed at row after row, so that none is made per record.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { nullPlace } from '../../state/entry-layout.ts'
import type { Pages } from '../../state/pages.ts'

export interface RowValues {
  value(position: number): unknown
}

export class BatchRow implements RowValues {
  columns: readonly Column[] = []
  row = 0

  at(columns: readonly Column[], row: number): this {
    this.columns = columns
    this.row = row
    return this
  }

  value(position: number): unknown {
    const column = this.columns[position]
    assert(column !== undefined, `column ${position} is stored`)
    return valueAt(column, this.row)
  }
}

/** The value columns of an entry of state. */
export class EntryRow implements RowValues {
  readonly #pages: Pages
  #entry = 0

  constructor(pages: Pages) {
    this.#pages = pages
  }

  at(entry: number): this {
    this.#entry = entry
    return this
  }

  value(position: number): unknown {
    const slot = this.#pages.layout.value[position]
    assert(slot !== undefined, `value column ${position} is stored`)
    const { f64, i32, u8 } = this.#pages.arena
    const entry = this.#entry
    const at = entry + slot.word
    if (slot.nullBit >= 0) {
      const { half, mask } = nullPlace(slot.nullBit)
      if (((i32[entry * 2 + half] as number) & mask) !== 0) return null
    }
    switch (slot.spec.layout) {
      case 'f64':
        return f64[at]
      case 'i32':
        return i32[at * 2]
      case 'bool':
        return i32[at * 2] === 1
      case 'any':
        return this.#pages.objects[i32[at * 2] as number]
      case 'bytes': {
        const start = this.#pages.textStart(entry, at)
        return u8.slice(start, start + (i32[at * 2 + 1] as number))
      }
      default:
        return this.#pages.textOf(entry, at)
    }
  }
}
