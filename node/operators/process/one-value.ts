/** One JavaScript value on its way into or out of a state column of layout `any`. */
import type { Column } from '../../../shared/model/batch.ts'
import type { FieldType } from '../../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { Pages } from '../../state/pages.ts'

/** A state column that holds internal values of a type as they are. */
export function anySpec(path: string, { type, nullable }: FieldType): ColumnSpec {
  return { path, type, nullable, layout: 'any' }
}

export class OneValue {
  readonly #values: unknown[] = [null]
  readonly #columns: readonly Column[] = [{ layout: 'any', values: this.#values, nulls: null }]

  /** Columns whose row 0 is the value. */
  hold(value: unknown): readonly Column[] {
    this.#values[0] = value
    return this.#columns
  }

  /** A value column of an entry. */
  read(pages: Pages, entry: number, position: number): unknown {
    const slot = pages.layout.value[position]
    if (slot === undefined) return null
    return pages.objects[pages.arena.i32[(entry + slot.word) * 2] as number]
  }
}
