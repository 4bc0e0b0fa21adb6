/**
 * Gathers rows of a received column into an output column; row −1 is null. Text is shared with the
 * source and never copied, unless the output has another layout.
 */
import { assert, unreachable } from '../../../shared/base/assert.ts'
import type { Column, Nulls } from '../../../shared/model/batch.ts'
import { columnBuilder } from '../../../shared/model/column-builder.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { gatherColumn } from '../../../shared/model/gather.ts'
import type { Layout } from '../../../shared/model/layout.ts'

/** Stands for a row that is not there. */
export const NO_ROW = -1

export interface Gathered {
  readonly selection: Int32Array
  readonly count: number
  /** Whether the selection has NO_ROW. */
  readonly hasGaps: boolean
}

export function gatherOrNull(column: Column, layout: Layout, rows: Gathered): Column {
  if (column.layout !== layout) return converted(column, layout, rows)
  if (!rows.hasGaps) return gatherColumn(column, rows.selection, rows.count)
  return gatherWithGaps(column, rows)
}

/** Rarer, so that one loop may serve all number arrays. */
function gatherWithGaps(column: Column, rows: Gathered): Column {
  const { count } = rows
  switch (column.layout) {
    case 'f64': {
      const values = pick(column.values, new Float64Array(count), rows)
      return { layout: 'f64', values, nulls: nullsOf(column.nulls, rows) }
    }
    case 'i32': {
      const values = pick(column.values, new Int32Array(count), rows)
      return { layout: 'i32', values, nulls: nullsOf(column.nulls, rows) }
    }
    case 'bool': {
      const values = pick(column.values, new Uint8Array(count), rows)
      return { layout: 'bool', values, nulls: nullsOf(column.nulls, rows) }
    }
    case 'dict': {
      const codes = pick(column.codes, new Int32Array(count), rows)
      const { dictionary } = column
      return { layout: 'dict', codes, dictionary, nulls: nullsOf(column.nulls, rows) }
    }
    case 'utf8':
    case 'bytes': {
      const starts = pick(column.starts, new Uint32Array(count), rows)
      const ends = pick(column.ends, new Uint32Array(count), rows)
      const { bytes } = column
      return { layout: column.layout, starts, ends, bytes, nulls: nullsOf(column.nulls, rows) }
    }
    case 'any':
      return { layout: 'any', values: pickAny(column.values, rows), nulls: null }
    default:
      return unreachable(column)
  }
}

type Numbers = Float64Array | Int32Array | Uint32Array | Uint8Array

/** The target begins as zeros: the neutral value under a null. */
function pick<T extends Numbers>(source: T, target: T, { selection, count }: Gathered): T {
  for (let at = 0; at < count; at++) {
    const row = selection[at] as number
    if (row !== NO_ROW) target[at] = source[row] as number
  }
  return target
}

function pickAny(values: readonly unknown[], { selection, count }: Gathered): unknown[] {
  const out: unknown[] = []
  for (let at = 0; at < count; at++) {
    const row = selection[at] as number
    out.push(row === NO_ROW ? null : values[row])
  }
  return out
}

function nullsOf(nulls: Nulls, { selection, count }: Gathered): Uint8Array {
  const out = new Uint8Array(count)
  for (let at = 0; at < count; at++) {
    const row = selection[at] as number
    if (row === NO_ROW) out[at] = 1
    else if (nulls !== null) out[at] = nulls[row] as number
  }
  return out
}

function converted(column: Column, layout: Layout, { selection, count }: Gathered): Column {
  const isText = column.layout === 'dict' || column.layout === 'utf8'
  assert(isText && (layout === 'dict' || layout === 'utf8'), 'only text changes its layout')
  const builder = columnBuilder(layout, count)
  for (let at = 0; at < count; at++) {
    const row = selection[at] as number
    builder.append(row === NO_ROW ? null : valueAt(column, row))
  }
  return builder.finish()
}
