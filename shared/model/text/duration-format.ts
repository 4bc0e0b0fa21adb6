/** Durations as canonical text, in the largest units that say them exactly: `1h 30m`, `-500ms`. */

const UNITS: readonly (readonly [ms: number, text: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
]

/** `0s` for 0. A day is 24 hours: calendar units are the windows' business. */
export function formatDuration(ms: number): string {
  if (ms === 0) return '0s'
  const parts: string[] = []
  let rest = Math.abs(ms)
  for (const [unit, text] of UNITS) {
    const count = Math.floor(rest / unit)
    if (count > 0) parts.push(`${count}${text}`)
    rest -= count * unit
  }
  if (rest > 0) parts.push(`${rest}ms`)
  return `${ms < 0 ? '-' : ''}${parts.join(' ')}`
}
