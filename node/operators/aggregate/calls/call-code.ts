/**
 * What the compiler of aggregates asks of one call: how many words and slots of the entry it takes,
 * and the lines that add a row, take one back, merge two entries and write the result.
 *
 * Names in the generated lines: `e` the entry in table `T` with views `f64`, `i32`; `f` an entry in
 * table `S` to merge from, with views `g64`, `j32`; `i` the row; `c3` input column 3, `v3` its
 * values, `n3` its nulls and, for a stamped call, `s3` the stamp of its dictionary; `ws` the writers
 * of the results and `r` their row; `h` the library.
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
  /** Whether word 0 is the stamp of the text in the slot (dictionary-stamps.ts), 0 for none. */
  readonly isStamped?: boolean
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
  /**
   * Names of its words. Calls with the same filter share words of the same name: lines for a word
   * belong to the call that owns it.
   */
  readonly names?: (call: AggregateCall, args: readonly ColumnSpec[]) => string[]
  /** The result as an expression; null, or absent, where it is no plain number of its words. */
  readonly value?: (site: CallSite) => ResultValue | null
}

/** A result that is a number in an f64 or bool column. */
export interface ResultValue {
  /** Text that is true where the result is null; null for never. */
  readonly isNull: string | null
  readonly text: string
  /** Whether it may be NaN or infinite: then the row fails. */
  readonly mayFail: boolean
}

/** Where a call stands: its place in the entry, its arguments, its number. */
export interface CallSite {
  readonly call: AggregateCall
  readonly index: number
  /** Input column numbers of the arguments, and what they are. */
  readonly args: readonly { readonly column: number; readonly spec: ColumnSpec }[]
  readonly slots: readonly EntrySlot[]
  /** Offset of word k in the entry. */
  at(k: number): number
  /** Text of word k of `e` and of `f`. */
  word(k: number): string
  fromWord(k: number): string
  /** Whether word k is changed by this call's lines; else by those of a call that shares it. */
  owns(k: number): boolean
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

/** The lines of `CallCode.result` for a value. */
export function valueLines(site: CallSite, value: ResultValue): string[] {
  const { isNull, text, mayFail } = value
  const put = mayFail
    ? [
        `const x = ${text}`,
        `if (!(x - x === 0)) return ${site.index}`,
        `${site.writer}.values[r] = x`,
      ]
    : [`${site.writer}.values[r] = ${text}`]
  return isNull === null ? put : nullOr(site, isNull, put)
}

/** Writes null where `test` is true, else runs the lines. */
export function nullOr(site: CallSite, test: string, lines: readonly string[]): string[] {
  return [`if (${test}) ${site.writer}.putNull(r)`, `else {`, ...indent(lines), `}`]
}
