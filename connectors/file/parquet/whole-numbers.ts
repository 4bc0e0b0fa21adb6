/**
 * 32- and 64-bit whole numbers from bytes as doubles, without a BigInt per value. NaN marks a value
 * that a double cannot hold exactly, or that is beyond the limit of its type.
 */
import type { ValueKind } from './value-kind.ts'

type WholeKind = Extract<ValueKind, { kind: 'whole' }>

const UINT = 2 ** 32

export function readWhole32(
  view: DataView,
  at: number,
  count: number,
  how: WholeKind & { readonly isSigned: boolean },
): Float64Array {
  const out = new Float64Array(count)
  for (let index = 0; index < count; index++) {
    const place = at + index * 4
    const value = how.isSigned ? view.getInt32(place, true) : view.getUint32(place, true)
    out[index] = scaled(value, how)
  }
  return out
}

export function readWhole64(
  view: DataView,
  at: number,
  count: number,
  how: WholeKind & { readonly isSigned: boolean },
): Float64Array {
  const out = new Float64Array(count)
  for (let index = 0; index < count; index++) {
    const place = at + index * 8
    const low = view.getUint32(place, true)
    const high = how.isSigned ? view.getInt32(place + 4, true) : view.getUint32(place + 4, true)
    out[index] =
      how.divisor === 1 ? scaled(high * UINT + low, how) : divided(high, low, how.divisor)
  }
  return out
}

/** Of a value that came as a number or bigint (delta encodings). */
export function wholeOf(value: number | bigint, how: WholeKind): number {
  if (typeof value === 'number')
    return how.divisor === 1 ? scaled(value, how) : Math.floor(value / how.divisor)
  if (how.divisor > 1) {
    const divisor = BigInt(how.divisor)
    const cut = value / divisor
    return Number(value < 0n && cut * divisor !== value ? cut - 1n : cut)
  }
  return scaled(Number(value), how)
}

function scaled(value: number, how: WholeKind): number {
  const made = value * how.factor
  return made <= how.limit && made >= -how.limit ? made : Number.NaN
}

/** high × 2^32 + low divided and rounded down, exactly: the rest of `high` stays below 2^53. */
function divided(high: number, low: number, divisor: number): number {
  const quotient = Math.floor(high / divisor)
  const rest = high - quotient * divisor
  return quotient * UINT + Math.floor((rest * UINT + low) / divisor)
}
