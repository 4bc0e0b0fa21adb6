/**
 * How generated loops write the columns they compute: declarations before the loop, statements for
 * one row, and the finished column.
 *
 * Values go straight to arrays of the batch's size. Where few rows are left, those are copied out
 * and the array is kept for the next batch; otherwise the array itself is given away.
 */
import { unreachable } from '../../../base/assert.ts'
import type { ColumnSpec } from '../../../model/layout.ts'
import type { Value } from '../code-block.ts'
import { commentText } from '../constants.ts'

export interface OutputColumn {
  /** In front of the batch function: what lives from batch to batch. */
  readonly kept: readonly string[]
  /** In front of the loop. */
  readonly before: readonly string[]
  /** For one row, at index `m`. */
  readonly write: readonly string[]
  /** After the loop; `few` says that few rows are left. */
  readonly after: readonly string[]
  /** In place of `write` for a row that threw, where rows keep their places. */
  readonly gap: readonly string[]
  /** Text of the finished column of `m` rows. */
  readonly column: string
}

export interface OutputMode {
  /** Rows may be dropped: fewer rows may be left than the batch has. */
  readonly drops: boolean
  /** The consumer reads a batch before it asks for the next and keeps nothing of it. */
  readonly reuse: boolean
  /** Name of the loop's TextPool. */
  readonly pool: () => string
}

const ARRAYS = { f64: 'Float64Array', i32: 'Int32Array', bool: 'Uint8Array' } as const

export function outputColumn(
  index: number,
  spec: ColumnSpec,
  value: Value,
  mode: OutputMode,
): OutputColumn {
  const given = spec.nullable ? value : { ...value, isNull: null }
  const note = commentText(spec.path)
  switch (spec.layout) {
    case 'f64':
    case 'i32':
    case 'bool':
      return arrayColumn({ index, layout: spec.layout, note }, given, mode)
    case 'utf8':
      return value.number === undefined
        ? textColumn(index, note, given)
        : numberColumn(index, note, { number: value.number, mode })
    case 'dict':
      return dictColumn({ index, note }, given, mode)
    case 'bytes':
      return builderColumn({ index, layout: spec.layout, note }, given)
    case 'any':
      return {
        kept: [],
        before: [`const o${index} = [] // ${note}`],
        write: [
          given.isNull === null
            ? `o${index}.push(${given.text})`
            : `o${index}.push(${given.isNull} ? null : ${given.text})`,
        ],
        after: [],
        gap: [`o${index}.push(null)`],
        column: `{ layout: 'any', values: o${index}, nulls: null }`,
      }
    default:
      return unreachable(spec.layout)
  }
}

function arrayColumn(
  head: { readonly index: number; readonly layout: keyof typeof ARRAYS; readonly note: string },
  value: Value,
  mode: OutputMode,
): OutputColumn {
  const { index, layout, note } = head
  const values = `o${index}`
  const array = arrayOf(values, ARRAYS[layout], mode)
  const text = layout === 'bool' ? `${value.text} ? 1 : 0` : value.text
  if (value.isNull === null) {
    return {
      kept: array.kept,
      before: array.before.map((line) => `${line} // ${note}`),
      write: [`${values}[m] = ${text}`],
      after: array.after,
      gap: [],
      column: `{ layout: '${layout}', values: ${array.taken}, nulls: null }`,
    }
  }
  const nulls = arrayOf(`${values}n`, 'Uint8Array', mode)
  return {
    kept: [...array.kept, ...nulls.kept],
    before: [
      ...array.before.map((line) => `${line} // ${note}`),
      ...nulls.before,
      `let ${values}h = false`,
    ],
    write: [
      `if (${value.isNull}) { ${values}[m] = 0; ${values}n[m] = 1; ${values}h = true }`,
      `else { ${values}[m] = ${text}; ${values}n[m] = 0 }`,
    ],
    after: [...array.after, ...nulls.after],
    gap: [],
    column: `{ layout: '${layout}', values: ${array.taken}, nulls: ${values}h ? (${nulls.taken}) : null }`,
  }
}

interface ArrayCode {
  readonly kept: readonly string[]
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly taken: string
}

function arrayOf(name: string, type: string, { drops, reuse }: OutputMode): ArrayCode {
  if (!drops && !reuse) {
    const before = [`const ${name} = new ${type}(length)`]
    return { kept: [], before, after: [], taken: name }
  }
  const kept = `s${name}`
  return {
    kept: [`let ${kept} = new ${type}(0)`],
    before: [
      `if (${kept}.length < length) ${kept} = new ${type}(length)`,
      `const ${name} = ${kept}`,
    ],
    after: reuse ? [] : [`if (!few) ${kept} = lib.EMPTY_${type}`],
    taken: reuse ? name : `few ? ${name}.slice(0, m) : ${name}`,
  }
}

/** Texts of the loop's pool: rows keep numbers, which become places in the pool's bytes. */
function numberColumn(
  index: number,
  note: string,
  { number, mode }: { readonly number: string; readonly mode: OutputMode },
): OutputColumn {
  const numbers = `o${index}`
  return {
    kept: [`let s${numbers} = new Int32Array(0)`],
    before: [
      `if (s${numbers}.length < length) s${numbers} = new Int32Array(lib.room(length))`,
      `const ${numbers} = s${numbers} // ${note}`,
    ],
    write: [`${numbers}[m] = ${number}`],
    after: [],
    gap: [],
    column: `${mode.pool()}.column(${numbers}, ${mode.drops ? 'm' : 'length'})`,
  }
}

/** Texts wait in a builder, which encodes them together. */
function textColumn(index: number, note: string, value: Value): OutputColumn {
  const builder = `o${index}`
  const append = `${builder}.appendText(${value.text})`
  return {
    kept: [`const ${builder} = new lib.TextBuilder() // ${note}`],
    before: [`if (${builder}.length > 0) ${builder}.finish()`],
    write:
      value.isNull === null
        ? [append]
        : [`if (${value.isNull}) ${builder}.appendNull()`, `else ${append}`],
    after: [],
    gap: [`${builder}.appendNull()`],
    column: `${builder}.finish()`,
  }
}

/** Codes of a dictionary that grows; rows in a row mostly have the same text. */
function dictColumn(
  { index, note }: { readonly index: number; readonly note: string },
  value: Value,
  mode: OutputMode,
): OutputColumn {
  const name = `o${index}`
  const codes = arrayOf(name, 'Int32Array', mode)
  const nulls = value.isNull === null ? null : arrayOf(`${name}n`, 'Uint8Array', mode)
  const put = [
    `const ${name}x = ${value.text}`,
    `if (${name}x !== ${name}t) { ${name}k = ${name}d.code(${name}x); ${name}t = ${name}x }`,
    `${name}[m] = ${name}k`,
    ...(nulls === null ? [] : [`${name}n[m] = 0`]),
  ]
  const putNull = `if (${value.isNull}) { ${name}[m] = 0; ${name}n[m] = 1; ${name}h = true }`
  return {
    kept: [
      `const ${name}d = new lib.GrowingDictionary() // ${note}`,
      ...codes.kept,
      ...(nulls?.kept ?? []),
    ],
    before: [
      ...codes.before,
      `let ${name}t = ${name}d.last, ${name}k = ${name}d.lastCode`,
      ...(nulls === null ? [] : [...nulls.before, `let ${name}h = false`]),
    ],
    write:
      nulls === null
        ? [`{`, ...put.map((line) => `  ${line}`), `}`]
        : [putNull, `else {`, ...put.map((line) => `  ${line}`), `}`],
    after: [...codes.after, ...(nulls?.after ?? [])],
    gap: [`${name}[m] = 0`],
    column: `{ layout: 'dict', codes: ${codes.taken}, dictionary: ${name}d.take(), nulls: ${nulls === null ? 'null' : `${name}h ? (${nulls.taken}) : null`} }`,
  }
}

function builderColumn(
  {
    index,
    layout,
    note,
  }: { readonly index: number; readonly layout: string; readonly note: string },
  value: Value,
): OutputColumn {
  const text = value.isNull === null ? value.text : `${value.isNull} ? null : ${value.text}`
  return {
    kept: [`const o${index} = lib.columnBuilder('${layout}', lib.room(0)) // ${note}`],
    before: [`if (o${index}.length > 0) o${index}.finish()`],
    write: [`o${index}.append(${text})`],
    after: [],
    gap: [`o${index}.append(null)`],
    column: `o${index}.finish()`,
  }
}
