/**
 * Selecting rows of columns and batches. Text is never copied: a gathered utf8 column shares the
 * bytes of its source. One loop per layout, so that each stays monomorphic.
 */
import { unreachable } from '../base/assert.ts'
import type { Batch, Column, Nulls } from './batch.ts'
import { areLost } from './lost-times.ts'

/** Row indexes; only the first `count` are meant. */
export type Selection = Int32Array

/** The rows of `selection`, in its order; a row may stand in it more than once. */
export function gather(batch: Batch, selection: Selection, count: number): Batch {
  return {
    schema: batch.schema,
    length: count,
    eventTime: gatherTimes(batch.eventTime, selection, count),
    kind: gatherBytes(batch.kind, selection, count),
    columns: batch.columns.map((column) => gatherColumn(column, selection, count)),
  }
}

export function gatherColumn(column: Column, selection: Selection, count: number): Column {
  switch (column.layout) {
    case 'f64':
      return {
        layout: 'f64',
        values: gatherF64(column.values, selection, count),
        nulls: gatherBytes(column.nulls, selection, count),
      }
    case 'i32':
      return {
        layout: 'i32',
        values: gatherI32(column.values, selection, count),
        nulls: gatherBytes(column.nulls, selection, count),
      }
    case 'bool':
      return {
        layout: 'bool',
        values: gatherBytes(column.values, selection, count),
        nulls: gatherBytes(column.nulls, selection, count),
      }
    case 'utf8':
    case 'bytes':
      return {
        layout: column.layout,
        starts: gatherU32(column.starts, selection, count),
        ends: gatherU32(column.ends, selection, count),
        bytes: column.bytes,
        nulls: gatherBytes(column.nulls, selection, count),
      }
    case 'dict':
      return {
        layout: 'dict',
        codes: gatherI32(column.codes, selection, count),
        dictionary: column.dictionary,
        nulls: gatherBytes(column.nulls, selection, count),
      }
    case 'any':
      return { layout: 'any', values: gatherAny(column.values, selection, count), nulls: null }
    default:
      return unreachable(column)
  }
}

/** The event times of selected rows; those that are lost are so in any selection. */
export function gatherTimes(
  times: Float64Array,
  selection: Selection,
  count: number,
): Float64Array {
  if (areLost(times) && count <= times.length) return times
  return gatherF64(times, selection, count)
}

export function gatherF64(values: Float64Array, selection: Selection, count: number): Float64Array {
  const out = new Float64Array(count)
  for (let at = 0; at < count; at++) out[at] = values[selection[at] as number] as number
  return out
}

export function gatherI32(values: Int32Array, selection: Selection, count: number): Int32Array {
  const out = new Int32Array(count)
  for (let at = 0; at < count; at++) out[at] = values[selection[at] as number] as number
  return out
}

export function gatherU32(values: Uint32Array, selection: Selection, count: number): Uint32Array {
  const out = new Uint32Array(count)
  for (let at = 0; at < count; at++) out[at] = values[selection[at] as number] as number
  return out
}

/** Nulls, kinds and booleans. Null in, null out. */
export function gatherBytes(values: Uint8Array, selection: Selection, count: number): Uint8Array
export function gatherBytes(values: Nulls, selection: Selection, count: number): Nulls
export function gatherBytes(values: Nulls, selection: Selection, count: number): Nulls {
  if (values === null) return null
  const out = new Uint8Array(count)
  for (let at = 0; at < count; at++) out[at] = values[selection[at] as number] as number
  return out
}

export function gatherAny(
  values: readonly unknown[],
  selection: Selection,
  count: number,
): unknown[] {
  const out: unknown[] = []
  for (let at = 0; at < count; at++) out.push(values[selection[at] as number])
  return out
}

/** Rows `start` to `end` (exclusive), by reference to the same arrays where the layout allows. */
export function slice(batch: Batch, start: number, end: number): Batch {
  if (start === 0 && end === batch.length) return batch
  return {
    schema: batch.schema,
    length: end - start,
    eventTime: batch.eventTime.subarray(start, end),
    kind: sliceBytes(batch.kind, start, end),
    columns: batch.columns.map((column) => sliceColumn(column, start, end)),
  }
}

function sliceColumn(column: Column, start: number, end: number): Column {
  switch (column.layout) {
    case 'any':
      return { layout: 'any', values: column.values.slice(start, end), nulls: null }
    case 'utf8':
    case 'bytes':
      return {
        layout: column.layout,
        starts: column.starts.subarray(start, end),
        ends: column.ends.subarray(start, end),
        bytes: column.bytes,
        nulls: sliceBytes(column.nulls, start, end),
      }
    case 'dict':
      return {
        layout: 'dict',
        codes: column.codes.subarray(start, end),
        dictionary: column.dictionary,
        nulls: sliceBytes(column.nulls, start, end),
      }
    case 'f64': {
      const nulls = sliceBytes(column.nulls, start, end)
      return { layout: 'f64', values: column.values.subarray(start, end), nulls }
    }
    case 'i32': {
      const nulls = sliceBytes(column.nulls, start, end)
      return { layout: 'i32', values: column.values.subarray(start, end), nulls }
    }
    case 'bool': {
      const nulls = sliceBytes(column.nulls, start, end)
      return { layout: 'bool', values: column.values.subarray(start, end), nulls }
    }
    default:
      return unreachable(column)
  }
}

function sliceBytes(values: Nulls, start: number, end: number): Nulls {
  return values === null ? null : values.subarray(start, end)
}
