/**
 * Exact sums of whole numbers in two lanes: high × 2^53 + low, with |low| < 2^53 (D2). An
 * accumulator cannot overflow; whether the result can be told is asked when it is told.
 */

const UNIT = 2 ** 53
const LOW_MAX = Number.MAX_SAFE_INTEGER
const UNIT_BIG = BigInt(UNIT)

/** Lines that add the text `x` (a whole number below 2^53) to the lanes. */
export function addExact(low: string, high: string, x: string): string[] {
  return [
    `{`,
    `  const x = ${x}, s = ${low} + x`,
    `  if (s <= ${LOW_MAX} && s >= ${-LOW_MAX}) ${low} = s`,
    // Both have the sign of s: the unit comes off before they are added, so that nothing rounds.
    `  else if (s > 0) { ${low} = (${low} - ${UNIT}) + x; ${high} += 1 }`,
    `  else { ${low} = (${low} + ${UNIT}) + x; ${high} -= 1 }`,
    `}`,
  ]
}

/** The sum as a number; NaN when it is beyond 2^53. */
export function exactNumber(low: number, high: number): number {
  if (high === 0) return low
  const sum = high === 1 && low < 0 ? UNIT + low : high === -1 && low > 0 ? low - UNIT : Number.NaN
  return Math.abs(sum) <= LOW_MAX ? sum : Number.NaN
}

export function exactBigint(low: number, high: number): bigint {
  return BigInt(high) * UNIT_BIG + BigInt(low)
}

/** sum × 10^digits / count, rounded half away from zero; NaN when it is beyond 2^53. */
export function exactAverage(low: number, high: number, count: number, digits: number): number {
  const scale = 10 ** digits
  if (high === 0 && Math.abs(low) <= LOW_MAX / scale) return roundedQuotient(low * scale, count)
  const quotient = roundedBigintQuotient(exactBigint(low, high) * BigInt(scale), BigInt(count))
  const average = Number(quotient)
  return Math.abs(average) <= LOW_MAX ? average : Number.NaN
}

export function bigintAverage(sum: bigint, count: number, digits: number): bigint {
  return roundedBigintQuotient(sum * 10n ** BigInt(digits), BigInt(count))
}

/** Division of doubles rounds, so that the remainder tells whether the quotient was one off. */
function roundedQuotient(dividend: number, divisor: number): number {
  const magnitude = Math.abs(dividend)
  let quotient = Math.floor(magnitude / divisor)
  let rest = magnitude - quotient * divisor
  if (rest < 0) {
    quotient -= 1
    rest += divisor
  }
  const rounded = rest * 2 >= divisor ? quotient + 1 : quotient
  return dividend < 0 ? -rounded : rounded
}

function roundedBigintQuotient(dividend: bigint, divisor: bigint): bigint {
  const magnitude = dividend < 0n ? -dividend : dividend
  const quotient = magnitude / divisor
  const rounded = (magnitude % divisor) * 2n >= divisor ? quotient + 1n : quotient
  return dividend < 0n ? -rounded : rounded
}
