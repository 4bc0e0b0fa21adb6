/**
 * What the compiler of aggregates asks of one call: how many words and slots of the entry it takes,
 * and the lines that add a row, take one back, merge two entries and write the result.
 *
 * Names in the generated lines: `e` the entry in table `T` with views `f64`, `i32`; `f` an entry in
 * table `S` to merge from, with views `g64`, `j32`; `i` the row; `c3` input column 3, `v3` its
 * values and `n3` its nulls; `ws` the writers of the results and `r` their row; `h` the library.
 * Lines must leave `f64` and `i32` fresh after anything that may allocate.
 */
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import type { AggregateCall } from '../../../../shared/planning/plan.ts'
import type { EntrySlot } from '../../../state/entry-layout.ts'

export interface CallCode {
  /** f64 words of the entry. */
  readonly words: number
  /** Value slots of the entry, for texts and objects. */
  readonly slots: readonly ColumnSpec[]
  /** Of a fresh (zeroed) entry. */
  init(site: CallSite): string[]
  /** Adds row i; the row passed the call's filter. Nulls are the call's business. */
  add(site: CallSite): string[]
  /** Takes row i back; null when it cannot. */
  readonly subtract: ((site: CallSite) => string[]) | null
  /** Adds the accumulator of entry `f` in S to that of `e`. */
  merge(site: CallSite): string[]
  /** Takes the accumulator of `f` out of that of `e`; null when it cannot. */
  readonly unmerge: ((site: CallSite) => string[]) | null
  /** Writes row r of the call's writer; may `return` the index of the call: its result failed. */
  result(site: CallSite): string[]
}

/** Where a call stands: its place in the entry, its arguments, its number. */
export interface CallSite {
  readonly call: AggregateCall
  readonly index: number
  /** Input column numbers of the arguments, and what they are. */
  readonly args: readonly { readonly column: number; readonly spec: ColumnSpec }[]
  /** Offset of its first word in the entry. */
  readonly at: number
  readonly slots: readonly EntrySlot[]
  /** Text of word k of `e` and of `f`. */
  word(k: number): string
  fromWord(k: number): string
  /** Text that is true when argument k is not null at row i; null when it never is. */
  present(k: number): string | null
  readonly writer: string
}

/** Runs `lines` only where the first argument is not null. */
export function whenPresent(site: CallSite, lines: readonly string[]): string[] {
  const test = site.present(0)
  return test === null ? [...lines] : [`if (${test}) {`, ...indent(lines), `}`]
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

/** Writes null where `test` is true, else runs the lines. */
export function nullOr(site: CallSite, test: string, lines: readonly string[]): string[] {
  return [`if (${test}) ${site.writer}.putNull(r)`, `else {`, ...indent(lines), `}`]
}
