/**
 * Generates the readers, writers and comparers of an entry layout, so that every loop over state
 * sees one shape and does no work per column but the column's own (D2, D5).
 *
 * Names in the generated code: `T` the table, `e` an entry, `cs` columns of a batch, `i` a row,
 * `S`, `f` a table and an entry of the same layout to copy from, `ws` column writers, `r` the row
 * to write. Only own identifiers and numbers stand in the text.
 */
import { type EntrySlot, isText, nullPlace } from './entry-layout.ts'

const VIEWS = `const f64 = T.arena.f64, i32 = T.arena.i32`

/** Names every generated module takes from its library. */
export const ENTRY_LIBRARY_NAMES = `dictionaryImage, sameBytes, sameValue`

/** Memos of dictionary images, one per column: the same dictionary comes with every batch. */
export function memoCode(slots: readonly EntrySlot[], prefix: string): string[] {
  return slots.flatMap((slot, index) =>
    slot.spec.layout === 'dict'
      ? [`let ${prefix}Dict${index} = null, ${prefix}Image${index} = null`]
      : [],
  )
}

/** Lines that define `text`, `start` and `end` for a text column of a batch at row i. */
export function openText(slot: EntrySlot, index: number, prefix: string): string[] {
  if (slot.spec.layout !== 'dict') {
    return [`const text = c.bytes, start = c.starts[i], end = c.ends[i]`]
  }
  const image = `${prefix}Image${index}`
  return [
    ...openImage(index, prefix),
    `const text = ${image}.bytes, start = ${image}.offsets[code], end = ${image}.offsets[code + 1]`,
  ]
}

/** Lines that define `code` for a column of texts of a dictionary, whose image is at hand then. */
export function openImage(index: number, prefix: string): string[] {
  const image = `${prefix}Image${index}`
  return [
    `const code = c.codes[i]`,
    `if (c.dictionary !== ${prefix}Dict${index} || code >= ${image}.known) {`,
    `  ${prefix}Dict${index} = c.dictionary`,
    `  ${image} = dictionaryImage(c.dictionary)`,
    `}`,
  ]
}

/** `if` text that is true where the batch has a null. */
const BATCH_NULL = `c.nulls !== null && c.nulls[i] === 1`

export function nullTest(slot: EntrySlot, entry = 'e'): string {
  const { half, mask } = nullPlace(slot.nullBit)
  return `(i32[${entry} * 2 + ${half}] & ${mask}) !== 0`
}

export function setNull(slot: EntrySlot): string {
  const { half, mask } = nullPlace(slot.nullBit)
  return `i32[e * 2 + ${half}] |= ${mask}`
}

export function clearNull(slot: EntrySlot): string {
  const { half, mask } = nullPlace(slot.nullBit)
  return `i32[e * 2 + ${half}] &= ${~mask}`
}

/** A function body that answers whether all slots equal row i of the columns. */
export function equalBatchCode(slots: readonly EntrySlot[], prefix: string): string[] {
  return [
    VIEWS,
    ...slots.flatMap((slot, index) => [
      `{`,
      `  const c = cs[${index}]`,
      ...equalSlot(slot, index, prefix).map((line) => `  ${line}`),
      `}`,
    ]),
    `return true`,
  ]
}

function equalSlot(slot: EntrySlot, index: number, prefix: string): string[] {
  const compare = comparePresent(slot, index, prefix)
  if (slot.nullBit < 0) return compare
  return [
    `const isNull = ${BATCH_NULL}`,
    `if (isNull !== (${nullTest(slot)})) return false`,
    `if (!isNull) {`,
    ...compare.map((line) => `  ${line}`),
    `}`,
  ]
}

function comparePresent(slot: EntrySlot, index: number, prefix: string): string[] {
  const at = `e + ${slot.word}`
  switch (slot.spec.layout) {
    case 'f64':
      return [
        `const x = c.values[i], y = f64[${at}]`,
        `if (x !== y && (x === x || y === y)) return false`,
      ]
    case 'i32':
    case 'bool':
      return [`if (i32[(${at}) * 2] !== c.values[i]) return false`]
    case 'any':
      return [`if (!sameValue(T.objects[i32[(${at}) * 2]], c.values[i])) return false`]
    default:
      return [
        ...openText(slot, index, prefix),
        `if (i32[(${at}) * 2 + 1] !== end - start) return false`,
        `if (!sameBytes(T.arena.u8, T.textStart(e, ${at}), text, start, end - start)) return false`,
      ]
  }
}

/** A function body that answers whether all slots of `e` in T and `f` in S are equal. */
export function equalEntryCode(slots: readonly EntrySlot[]): string[] {
  return [
    VIEWS,
    `const g64 = S.arena.f64, j32 = S.arena.i32`,
    ...slots.flatMap((slot) => {
      const at = `e + ${slot.word}`
      const from = `f + ${slot.word}`
      const lines: string[] = []
      if (slot.nullBit >= 0) {
        const { half, mask } = nullPlace(slot.nullBit)
        lines.push(
          `if ((i32[e * 2 + ${half}] & ${mask}) !== (j32[f * 2 + ${half}] & ${mask})) return false`,
        )
      }
      if (slot.spec.layout === 'f64') {
        lines.push(
          `{ const x = g64[${from}], y = f64[${at}]; if (x !== y && (x === x || y === y)) return false }`,
        )
      } else if (slot.spec.layout === 'any') {
        lines.push(
          `if (!sameValue(T.objects[i32[(${at}) * 2]], S.objects[j32[(${from}) * 2]])) return false`,
        )
      } else if (isText(slot.spec)) {
        lines.push(
          `if (i32[(${at}) * 2 + 1] !== j32[(${from}) * 2 + 1]) return false`,
          `if (!sameBytes(T.arena.u8, T.textStart(e, ${at}), S.arena.u8, S.textStart(f, ${from}), i32[(${at}) * 2 + 1])) return false`,
        )
      } else {
        lines.push(`if (i32[(${at}) * 2] !== j32[(${from}) * 2]) return false`)
      }
      return lines
    }),
    `return true`,
  ]
}

/** A function body that writes row i into the slots of a zeroed or (`replace`) a used entry. */
export function storeBatchCode(
  slots: readonly EntrySlot[],
  options: { readonly prefix: string; readonly replace: boolean },
): string[] {
  return [
    `let ${VIEWS.slice('const '.length)}`,
    ...slots.flatMap((slot, index) => [
      `{`,
      `  const c = cs[${index}]`,
      ...(options.replace ? dropSlot(slot) : []).map((line) => `  ${line}`),
      ...storeSlot(slot, index, options.prefix).map((line) => `  ${line}`),
      `}`,
    ]),
  ]
}

/** A function body that answers how many bytes the texts of row i have. */
export function bytesCode(slots: readonly EntrySlot[], prefix: string): string[] {
  const lines = slots.flatMap((slot, index) =>
    isText(slot.spec)
      ? [
          `{`,
          `  const c = cs[${index}]`,
          `  if (!(${BATCH_NULL})) {`,
          ...openText(slot, index, prefix).map((line) => `    ${line}`),
          `    bytes += end - start`,
          `  }`,
          `}`,
        ]
      : [],
  )
  return [`let bytes = 0`, ...lines, `return bytes`]
}

function dropSlot(slot: EntrySlot): string[] {
  if (isText(slot.spec)) return [`T.dropText(e, e + ${slot.word})`]
  if (slot.spec.layout === 'any') return [`T.dropObject(i32[(e + ${slot.word}) * 2])`]
  return []
}

function storeSlot(slot: EntrySlot, index: number, prefix: string): string[] {
  const store = storePresent(slot, index, prefix)
  if (slot.nullBit < 0) return store
  return [
    `if (${BATCH_NULL}) {`,
    `  f64[e + ${slot.word}] = 0`,
    `  ${setNull(slot)}`,
    `} else {`,
    `  ${clearNull(slot)}`,
    ...store.map((line) => `  ${line}`),
    `}`,
  ]
}

function storePresent(slot: EntrySlot, index: number, prefix: string): string[] {
  const at = `e + ${slot.word}`
  switch (slot.spec.layout) {
    case 'f64':
      return [`f64[${at}] = c.values[i] + 0`]
    case 'i32':
    case 'bool':
      return [`i32[(${at}) * 2] = c.values[i]`]
    case 'any':
      return [`i32[(${at}) * 2] = T.putObject(c.values[i])`]
    default:
      return [
        ...openText(slot, index, prefix),
        `T.putText(e, ${at}, text, start, end - start)`,
        `f64 = T.arena.f64`,
        `i32 = T.arena.i32`,
      ]
  }
}

/** A function body that copies slots from `f` in S into the zeroed slots of `e` in T. */
export function copyEntryCode(slots: readonly EntrySlot[]): string[] {
  return [
    `let ${VIEWS.slice('const '.length)}`,
    ...slots.flatMap((slot) => {
      const at = `e + ${slot.word}`
      const from = `f + ${slot.word}`
      const lines: string[] = []
      if (slot.nullBit >= 0) {
        const { half, mask } = nullPlace(slot.nullBit)
        lines.push(`i32[e * 2 + ${half}] |= S.arena.i32[f * 2 + ${half}] & ${mask}`)
      }
      if (isText(slot.spec)) {
        lines.push(
          `T.putText(e, ${at}, S.arena.u8, S.textStart(f, ${from}), S.arena.i32[(${from}) * 2 + 1])`,
          `f64 = T.arena.f64`,
          `i32 = T.arena.i32`,
        )
      } else if (slot.spec.layout === 'any') {
        lines.push(`i32[(${at}) * 2] = T.putObject(S.objects[S.arena.i32[(${from}) * 2]])`)
      } else {
        lines.push(`f64[${at}] = S.arena.f64[${from}]`)
      }
      return lines
    }),
  ]
}

/** A function body that writes the slots of `e` to row r of the writers, one writer per slot. */
export function readEntryCode(slots: readonly EntrySlot[]): string[] {
  return [
    VIEWS,
    ...slots.flatMap((slot, index) => {
      const read = readPresent(slot, `ws[${index}]`)
      if (slot.nullBit < 0) return read
      return [`if (${nullTest(slot)}) ws[${index}].putNull(r)`, `else {`, ...read, `}`]
    }),
  ]
}

export function readPresent(slot: EntrySlot, writer: string): string[] {
  const at = `e + ${slot.word}`
  switch (slot.spec.layout) {
    case 'f64':
      return [`${writer}.values[r] = f64[${at}]`]
    case 'i32':
    case 'bool':
      return [`${writer}.values[r] = i32[(${at}) * 2]`]
    case 'any':
      return [`${writer}.put(r, T.objects[i32[(${at}) * 2]])`]
    default:
      return [`${writer}.put(r, T.arena.u8, T.textStart(e, ${at}), i32[(${at}) * 2 + 1])`]
  }
}
