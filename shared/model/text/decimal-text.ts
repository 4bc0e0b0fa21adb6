/** Decimals as text: unscaled whole numbers to exact digits and back, never through a float. */

/** `formatDecimal(1230, 2)` is `12.30`. */
export function formatDecimal(unscaled: number | bigint, scale: number): string {
  const digits = unscaled.toString()
  if (scale === 0) return digits === '-0' ? '0' : digits
  const negative = digits.startsWith('-')
  const padded = (negative ? digits.slice(1) : digits).padStart(scale + 1, '0')
  const point = padded.length - scale
  return `${negative ? '-' : ''}${padded.slice(0, point)}.${padded.slice(point)}`
}

const DECIMAL = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/

/**
 * The unscaled value of a decimal of this scale, or null when the text is no number or has digits
 * other than 0 that the scale cannot keep.
 */
export function parseDecimal(text: string, scale: number): bigint | null {
  const match = DECIMAL.exec(text)
  if (match === null) return null
  const whole = match[2] ?? ''
  const fraction = match[3] ?? ''
  if (whole === '' && fraction === '') return null
  const shift = scale - fraction.length + Number(match[4] ?? 0)
  let digits = whole + fraction
  if (shift >= 0) {
    digits += '0'.repeat(shift)
  } else {
    const kept = Math.max(digits.length + shift, 0)
    if (/[1-9]/.test(digits.slice(kept))) return null
    digits = digits.slice(0, kept)
  }
  const unscaled = BigInt(digits === '' ? '0' : digits)
  return match[1] === '-' ? -unscaled : unscaled
}

/** Whether an unscaled value has at most `precision` digits. */
export function fitsPrecision(unscaled: bigint, precision: number): boolean {
  const limit = 10n ** BigInt(precision)
  return unscaled < limit && unscaled > -limit
}
