/**
 * Aggregates that keep one value of a row as it is: first and last by event time, min and max of
 * texts and bytes. The value lies in a slot of the entry, its time in a word.
 *
 * Ties in time go by the value's own order, smaller first, null before all: never by arrival.
 */
import type { ColumnSpec } from '../../../../shared/model/layout.ts'
import { type EntrySlot, isText } from '../../../state/entry-layout.ts'
import {
  clearNull,
  copyEntryCode,
  nullTest,
  openText,
  readPresent,
  setNull,
} from '../../../state/entry-code.ts'
import { type CallCode, type CallSite, indent, whenPresent } from './call-code.ts'

export function firstCall(arg: ColumnSpec): CallCode {
  return byTime(arg, { none: 'Infinity', before: '<' })
}

export function lastCall(arg: ColumnSpec): CallCode {
  return byTime(arg, { none: '-Infinity', before: '>' })
}

interface Order {
  readonly none: string
  readonly before: '<' | '>'
}

function byTime(arg: ColumnSpec, order: Order): CallCode {
  return {
    words: 1,
    slots: [slotOf(arg)],
    init: (site) => [`${site.word(0)} = ${order.none}`],
    add: (site) => [
      `if (time ${order.before} ${site.word(0)} || (time === ${site.word(0)} && ${compareRow(site)} ${order.before} 0)) {`,
      ...indent([`${site.word(0)} = time`, ...storeRow(site)]),
      `}`,
    ],
    subtract: null,
    merge: (site) => [
      `{`,
      ...indent([
        `const time = ${site.fromWord(0)}`,
        `if (time ${order.before} ${site.word(0)} || (time === ${site.word(0)} && ${compareEntry(site)} ${order.before} 0)) {`,
        ...indent([`${site.word(0)} = time`, ...copyFrom(site)]),
        `}`,
      ]),
      `}`,
    ],
    unmerge: null,
    result: (site) => resultLines(site, `${site.word(0)} === ${order.none}`),
  }
}

/**
 * Of texts and bytes, by their bytes. Word 0 is not 0 once there is a value: for a text of a
 * dictionary its stamp, so that the same text again is known without its bytes; else 1.
 */
export function textExtreme(arg: ColumnSpec, before: '<' | '>'): CallCode {
  const isStamped = arg.layout === 'dict'
  const stampOf = (column: number) => (isStamped ? `s${column} + c${column}.codes[i]` : '1')
  return {
    words: 1,
    slots: [slotOf(arg)],
    isStamped,
    init: () => [],
    add: (site) => {
      const stamp = stampOf(site.args[0]?.column ?? 0)
      const other = isStamped ? `${site.word(0)} !== ${stamp} && ` : ''
      return whenPresent(site, [
        `if (${other}(${site.word(0)} === 0 || ${compareRow(site)} ${before} 0)) {`,
        ...indent([`${site.word(0)} = ${stamp}`, ...storeRow(site)]),
        `}`,
      ])
    },
    subtract: null,
    merge: (site) => [
      `if (${site.fromWord(0)} !== 0 && (${site.word(0)} === 0 || ${compareEntry(site)} ${before} 0)) {`,
      ...indent([`${site.word(0)} = ${site.fromWord(0)}`, ...copyFrom(site)]),
      `}`,
    ],
    unmerge: null,
    result: (site) => resultLines(site, `${site.word(0)} === 0`),
  }
}

function slotOf(arg: ColumnSpec): ColumnSpec {
  return { ...arg, path: '$value' }
}

function theSlot(site: CallSite): EntrySlot {
  const [slot] = site.slots
  if (slot === undefined) throw new TypeError('a value call has a slot')
  return slot
}

/** Text of a number: below 0 when row i comes before the entry's value. */
function compareRow(site: CallSite): string {
  return `compareRow${site.index}(T, e, c${site.args[0]?.column ?? 0}, i)`
}

function compareEntry(site: CallSite): string {
  return `compareEntry${site.index}(T, e, S, f)`
}

function storeRow(site: CallSite): string[] {
  return [
    `storeRow${site.index}(T, e, c${site.args[0]?.column ?? 0}, i)`,
    ...(isText(theSlot(site).spec) ? [`f64 = T.arena.f64`, `i32 = T.arena.i32`] : []),
  ]
}

function copyFrom(site: CallSite): string[] {
  // The arena may have grown, and S may lie in it too.
  return [
    `copyFrom${site.index}(T, e, S, f)`,
    `f64 = T.arena.f64`,
    `i32 = T.arena.i32`,
    `g64 = S.arena.f64`,
    `j32 = S.arena.i32`,
  ]
}

function resultLines(site: CallSite, none: string): string[] {
  const slot = theSlot(site)
  const test = slot.nullBit < 0 ? none : `${none} || ${nullTest(slot)}`
  return [
    `if (${test}) ${site.writer}.putNull(r)`,
    `else {`,
    ...indent(readPresent(slot, site.writer)),
    `}`,
  ]
}

/** Functions beside the loops: comparing and storing a value is long for a loop's body. */
export function valueCallFunctions(site: CallSite): string[] {
  const slot = theSlot(site)
  const at = `e + ${slot.word}`
  const memo = `value${site.index}`
  const memos = slot.spec.layout === 'dict' ? [`let ${memo}Dict0 = null, ${memo}Image0 = null`] : []
  const views = `let f64 = T.arena.f64, i32 = T.arena.i32`
  const rowIsNull = `c.nulls !== null && c.nulls[i] === 1`
  const nulls =
    slot.nullBit < 0
      ? []
      : [
          `const rowNull = ${rowIsNull}, ownNull = ${nullTest(slot)}`,
          `if (rowNull || ownNull) return rowNull ? (ownNull ? 0 : -1) : 1`,
        ]
  const drop = isText(slot.spec)
    ? [`T.dropText(e, ${at})`]
    : slot.spec.layout === 'any'
      ? [`T.dropObject(i32[(${at}) * 2])`, `i32[(${at}) * 2] = 0`]
      : []
  const store = storeLines(slot, memo)
  return [
    ...memos,
    `function compareRow${site.index}(T, e, c, i) {`,
    ...indent([views, ...nulls, ...compareRowLines(slot, memo)]),
    `}`,
    `function compareEntry${site.index}(T, e, S, f) {`,
    ...indent([views, `const j32 = S.arena.i32`, ...compareEntryLines(slot)]),
    `}`,
    `function storeRow${site.index}(T, e, c, i) {`,
    ...indent([
      views,
      ...drop,
      ...(slot.nullBit < 0
        ? store
        : [
            `if (${rowIsNull}) {`,
            `  ${setNull(slot)}`,
            `} else {`,
            `  ${clearNull(slot)}`,
            ...indent(store),
            `}`,
          ]),
    ]),
    `}`,
    `function copyFrom${site.index}(T, e, S, f) {`,
    ...indent([
      views,
      ...drop,
      ...(slot.nullBit < 0 ? [] : [clearNull(slot)]),
      ...copyEntryCode([slot]).slice(1),
    ]),
    `}`,
  ]
}

function storeLines(slot: EntrySlot, memo: string): string[] {
  const at = `e + ${slot.word}`
  if (isText(slot.spec))
    return [...openText(slot, 0, memo), `T.putText(e, ${at}, text, start, end - start)`]
  if (slot.spec.layout === 'any') return [`i32[(${at}) * 2] = T.putObject(c.values[i])`]
  if (slot.spec.layout === 'f64') return [`f64[${at}] = c.values[i] + 0`]
  return [`i32[(${at}) * 2] = c.values[i]`]
}

function compareRowLines(slot: EntrySlot, memo: string): string[] {
  const at = `e + ${slot.word}`
  if (isText(slot.spec)) {
    return [
      ...openText(slot, 0, memo),
      `const own = T.textStart(e, ${at})`,
      `return h.compareBytes(text, start, end, T.arena.u8, own, own + i32[(${at}) * 2 + 1])`,
    ]
  }
  if (slot.spec.layout === 'any')
    return [`return h.compareValues(c.values[i], T.objects[i32[(${at}) * 2]])`]
  const own = slot.spec.layout === 'f64' ? `f64[${at}]` : `i32[(${at}) * 2]`
  return [`return c.values[i] - ${own}`]
}

function compareEntryLines(slot: EntrySlot): string[] {
  const at = `e + ${slot.word}`
  const from = `f + ${slot.word}`
  const nulls =
    slot.nullBit < 0
      ? []
      : [
          `const other = ${nullTest(slot, 'f').replaceAll('i32', 'j32')}, own = ${nullTest(slot)}`,
          `if (other || own) return other ? (own ? 0 : -1) : 1`,
        ]
  if (isText(slot.spec)) {
    return [
      ...nulls,
      `const start = S.textStart(f, ${from}), mine = T.textStart(e, ${at})`,
      `return h.compareBytes(S.arena.u8, start, start + j32[(${from}) * 2 + 1], T.arena.u8, mine, mine + i32[(${at}) * 2 + 1])`,
    ]
  }
  if (slot.spec.layout === 'any') {
    return [
      ...nulls,
      `return h.compareValues(S.objects[j32[(${from}) * 2]], T.objects[i32[(${at}) * 2]])`,
    ]
  }
  if (slot.spec.layout === 'f64') return [...nulls, `return S.arena.f64[${from}] - f64[${at}]`]
  return [...nulls, `return j32[(${from}) * 2] - i32[(${at}) * 2]`]
}
