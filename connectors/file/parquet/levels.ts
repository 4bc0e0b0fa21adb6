/**
 * The hybrid of runs and packed bits in which Parquet writes levels and dictionary numbers, into an
 * array of numbers. Written by hand because half of the time of a read is spent here.
 */
import { broken } from './parquet-errors.ts'

/** Fills `out` with values of `width` bits from `at`; answers the place behind the last run read. */
export function readRuns(
  bytes: Uint8Array,
  at: number,
  width: number,
  out: Int32Array | Uint8Array,
): number {
  const count = out.length
  let place = at
  let done = 0
  const valueBytes = (width + 7) >> 3
  while (done < count) {
    let header = 0
    let shift = 0
    for (;;) {
      const byte = bytes[place++]
      if (byte === undefined || shift > 28) throw broken('a run of levels is cut off')
      header |= (byte & 0x7f) << shift
      if (byte < 0x80) break
      shift += 7
    }
    if ((header & 1) === 1) {
      const values = (header >>> 1) * 8
      const take = Math.min(values, count - done)
      unpack({ bytes, at: place, width }, out, done, take)
      place += (header >>> 1) * width
      done += take
    } else {
      let value = 0
      for (let index = 0; index < valueBytes; index++)
        value |= (bytes[place + index] ?? 0) << (8 * index)
      place += valueBytes
      const end = Math.min(done + (header >>> 1), count)
      if (end === done) throw broken('a run of levels is empty')
      out.fill(value, done, end)
      done = end
    }
  }
  return place
}

interface PackedBits {
  readonly bytes: Uint8Array
  readonly at: number
  readonly width: number
}

function unpack(
  { bytes, at, width }: PackedBits,
  out: Int32Array | Uint8Array,
  from: number,
  count: number,
): void {
  const end = from + count
  if (width === 8) {
    for (let index = from, place = at; index < end; index++) out[index] = bytes[place++] ?? 0
    return
  }
  const mask = width === 32 ? -1 : (1 << width) - 1
  let place = at
  let held = 0
  let bits = 0
  for (let index = from; index < end; index++) {
    if (width > 24) {
      out[index] = wide(bytes, at, width, index - from)
      continue
    }
    while (bits < width) {
      held |= (bytes[place++] ?? 0) << bits
      bits += 8
    }
    out[index] = held & mask
    held >>>= width
    bits -= width
  }
}

/** One value of more than 24 bits: dictionaries of that size are rare. */
function wide(bytes: Uint8Array, at: number, width: number, index: number): number {
  let value = 0
  for (let bit = 0; bit < width; bit++) {
    const place = index * width + bit
    const byte = bytes[at + (place >> 3)] ?? 0
    value |= ((byte >> (place & 7)) & 1) << bit
  }
  return value
}

export function bitWidth(largest: number): number {
  return 32 - Math.clz32(largest)
}
