/**
 * How the loop of an aggregate knows a key: the mix by which it is looked for, and the tests whether it
 * is that of an entry, or that of the row before.
 */
import { nullTest } from '../../state/entry-code.ts'
import { type EntryLayout, type EntrySlot, isText } from '../../state/entry-layout.ts'
import { mixText } from '../../state/index/entry-index.ts'

/** The layout of the entries, and the input columns that are their key. */
export interface KeyShape {
  readonly layout: EntryLayout
  readonly core: { readonly key: readonly number[] }
}

/** Columns without values of their own compare by these arrays: equal ones mean equal bytes. */
const ARRAYS: Readonly<Record<string, readonly string[]>> = {
  utf8: ['starts', 'ends'],
  bytes: ['starts', 'ends'],
  dict: ['codes'],
}

/**
 * Text that is true where a key with texts is plainly that of the row before, whose entry is at
 * hand then: comparing bytes costs more than the rest of the probe. Null for keys without.
 */
export function sameKeyText({ core, layout }: KeyShape): string | null {
  if (!hasTextKey(layout.key) || layout.key.some(({ spec }) => spec.layout === 'any')) return null
  const equal = layout.key.flatMap((slot, index) => {
    const c = core.key[index] ?? 0
    const arrays = ARRAYS[slot.spec.layout] ?? ['values']
    const values = arrays.map((array) => `c${c}.${array}[i] === c${c}.${array}[i - 1]`)
    return slot.nullBit < 0 ? values : [...values, `(n${c} === null || n${c}[i] === n${c}[i - 1])`]
  })
  return [`i > from`, `b === laneB[i - 1]`, ...equal].join(' && ')
}

function hasTextKey(key: readonly EntrySlot[]): boolean {
  return key.some((slot) => isText(slot.spec))
}

/** Numbers are compared in place; anything else by a function beside the loop. */
export function hitText(shape: KeyShape): string {
  const { key } = shape.layout
  if (hasTextKey(key) || key.some((slot) => slot.spec.layout === 'any')) {
    return `hitKey(T, at, ks, i)`
  }
  if (key.length === 0) return 'true'
  return key.map((slot, index) => numberHit(slot, shape.core.key[index] ?? 0)).join(' && ')
}

export function numberHit(slot: EntrySlot, column: number): string {
  const own = slot.spec.layout === 'f64' ? `f64[at + ${slot.word}]` : `i32[(at + ${slot.word}) * 2]`
  const value = `v${column}[i]`
  const equal =
    slot.spec.layout === 'f64' && slot.spec.type.kind === 'number'
      ? `(${own} === ${value} || (${own} !== ${own} && ${value} !== ${value}))`
      : `${own} === ${value}`
  if (slot.nullBit < 0) return equal
  return `${equal} && (${nullTest(slot, 'at')}) === (${nullText(column)})`
}

/** Text of the mix of the key of row i, whose columns have values of their own. */
export function rowMixText({ core, layout }: KeyShape): string {
  const column = (index: number): number => core.key[index] ?? 0
  return mixText(
    layout.key,
    (_, index) => `v${column(index)}[i]`,
    (_, index) => nullText(column(index)),
  )
}

/** Text that is true where an input column is null at row i. */
export function nullText(column: number): string {
  return `n${column} !== null && n${column}[i] === 1`
}
