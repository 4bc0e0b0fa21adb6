/** A decoded leaf as a column of a batch: values are put to their rows, nulls between them. */
import { assert } from '../../../shared/base/assert.ts'
import type { Column } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import type { LeafPages, LeafPart } from './leaf-pages.ts'
import type { RawValues } from './raw-values.ts'
import type { ValueKind } from './value-kind.ts'

/** Calls back for every row whose value its declared type cannot hold. */
export type OnWrong = (row: number) => void

export function leafColumn(
  chunk: LeafPages,
  spec: ColumnSpec,
  kind: ValueKind,
  onWrong: OnWrong,
): Column {
  const nulls = nullsOf(chunk)
  switch (spec.layout) {
    case 'f64': {
      const values = new Float64Array(chunk.rowCount)
      scatterNumbers(chunk, values)
      for (let row = 0; row < values.length; row++) {
        if (Number.isFinite(values[row])) continue
        values[row] = 0
        onWrong(row)
      }
      return { layout: 'f64', values, nulls }
    }
    case 'i32': {
      const values = new Int32Array(chunk.rowCount)
      scatterNumbers(chunk, values)
      return { layout: 'i32', values, nulls }
    }
    case 'bool': {
      const values = new Uint8Array(chunk.rowCount)
      scatterNumbers(chunk, values)
      return { layout: 'bool', values, nulls }
    }
    case 'utf8':
    case 'bytes':
      return { layout: spec.layout, ...scatterTexts(chunk), nulls }
    default: {
      assert(spec.layout === 'any' && kind.kind !== 'text', `${spec.path} has a layout of its kind`)
      return { layout: 'any', values: scatterAny(chunk, onWrong), nulls: null }
    }
  }
}

/** Whether a struct at a level of definition is there, per row. */
export function presenceColumn(chunk: LeafPages, level: number): Column {
  const values = new Uint8Array(chunk.rowCount)
  if (chunk.levels === null) values.fill(1)
  else
    for (let row = 0; row < values.length; row++)
      values[row] = (chunk.levels[row] ?? 0) >= level ? 1 : 0
  return { layout: 'bool', values, nulls: null }
}

function nullsOf({ levels, maxLevel, rowCount }: LeafPages): Uint8Array | null {
  if (levels === null) return null
  const nulls = new Uint8Array(rowCount)
  for (let row = 0; row < rowCount; row++) nulls[row] = levels[row] === maxLevel ? 0 : 1
  return nulls
}

function scatterNumbers(chunk: LeafPages, out: Float64Array | Int32Array | Uint8Array): void {
  let row = 0
  for (const part of chunk.parts) {
    assert(part.values.form === 'numbers', 'a column of numbers has numbers')
    const { values } = part.values
    const { codes } = part
    const end = row + part.rowCount
    const levels = part.valueCount === part.rowCount ? null : chunk.levels
    if (levels === null && codes === null) out.set(values.subarray(0, part.rowCount), row)
    else if (levels === null && codes !== null) gatherNumbers(values, codes, out, row)
    else {
      let index = 0
      for (let at = row; at < end; at++) {
        if (levels?.[at] !== chunk.maxLevel) continue
        out[at] = values[codes === null ? index : (codes[index] ?? 0)] ?? Number.NaN
        index++
      }
    }
    row = end
  }
}

function gatherNumbers(
  values: Float64Array,
  codes: Int32Array,
  out: Float64Array | Int32Array | Uint8Array,
  from: number,
): void {
  for (let index = 0; index < codes.length; index++)
    out[from + index] = values[codes[index] ?? 0] ?? Number.NaN
}

function scatterTexts(chunk: LeafPages): {
  starts: Uint32Array
  ends: Uint32Array
  bytes: Uint8Array
} {
  const starts = new Uint32Array(chunk.rowCount)
  const ends = new Uint32Array(chunk.rowCount)
  const { bytes, bases } = joinedBytes(chunk.parts)
  let row = 0
  for (const part of chunk.parts) {
    assert(part.values.form === 'texts', 'a column of texts has texts')
    const { values, codes } = part
    const base = bases.get(values) ?? 0
    const end = row + part.rowCount
    const levels = part.valueCount === part.rowCount ? null : chunk.levels
    let index = 0
    for (let at = row; at < end; at++) {
      if (levels !== null && levels[at] !== chunk.maxLevel) continue
      const place = codes === null ? index : (codes[index] ?? 0)
      starts[at] = base + (values.starts[place] ?? 0)
      ends[at] = base + (values.ends[place] ?? 0)
      index++
    }
    row = end
  }
  return { starts, ends, bytes }
}

/** The bytes of all parts in one array, each dictionary once, and where each part's begin. */
function joinedBytes(parts: readonly LeafPart[]): {
  bytes: Uint8Array
  bases: ReadonlyMap<RawValues, number>
} {
  const bases = new Map<RawValues, number>()
  const pieces: Uint8Array[] = []
  let length = 0
  for (const { values } of parts) {
    if (values.form !== 'texts' || bases.has(values)) continue
    bases.set(values, length)
    pieces.push(values.bytes)
    length += values.bytes.length
  }
  const [first] = pieces
  if (pieces.length === 1 && first !== undefined) return { bytes: first, bases }
  return { bytes: Buffer.concat(pieces), bases }
}

function scatterAny(chunk: LeafPages, onWrong: OnWrong): unknown[] {
  const out: unknown[] = Array.from({ length: chunk.rowCount }, () => null)
  let row = 0
  for (const part of chunk.parts) {
    assert(part.values.form === 'any', 'a column of other values has them')
    const { values } = part.values
    const end = row + part.rowCount
    const levels = part.valueCount === part.rowCount ? null : chunk.levels
    let index = 0
    for (let at = row; at < end; at++) {
      if (levels !== null && levels[at] !== chunk.maxLevel) continue
      const value = values[part.codes === null ? index : (part.codes[index] ?? 0)]
      index++
      if (value === undefined) onWrong(at)
      else out[at] = value
    }
    row = end
  }
  return out
}
