/** Numbers, sizes and times as people read them. */

/** `1,234,567` */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** `1 record`, `2,000 records` */
export function formatNoun(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** Three digits and a unit: `1.25 M`, `830 k`, `12`. */
export function formatShort(value: number): string {
  if (value >= 1e9) return `${(value / 1e9).toPrecision(3)} G`
  if (value >= 1e6) return `${(value / 1e6).toPrecision(3)} M`
  if (value >= 1e4) return `${(value / 1e3).toPrecision(3)} k`
  return formatCount(value)
}

/** `13.5 MB`, powers of 1000. */
export function formatBytes(bytes: number): string {
  if (bytes >= 1e9) return `${(bytes / 1e9).toFixed(1)} GB`
  if (bytes >= 1e6) return `${(bytes / 1e6).toFixed(1)} MB`
  if (bytes >= 1e3) return `${(bytes / 1e3).toFixed(1)} kB`
  return `${bytes} B`
}

/** `0.8 s`, `12 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatElapsed(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** `2001-03-04 10:00` in UTC; `-` before the first one, `end` once all input has ended. */
export function formatEventTime(ms: number): string {
  if (ms === Infinity) return 'end'
  if (!Number.isFinite(ms)) return '-'
  return new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
}

const BARS = '▁▂▃▄▅▆▇█'

/** One character per value, scaled from the smallest to the largest; a space where there is none. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null)
  const low = Math.min(...known)
  const span = Math.max(...known) - low
  return values.map((value) => (value === null ? ' ' : barOf(value - low, span))).join('')
}

function barOf(height: number, span: number): string {
  const step = span === 0 ? 0 : Math.round((height / span) * (BARS.length - 1))
  return BARS[step] ?? ' '
}

/** A bar of `width` cells, `share` of them filled. */
export function progressBar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width)
  return '█'.repeat(filled) + '░'.repeat(width - filled)
}
