/** The one object that `--json` prints: indented, and with the values JSON has no form for. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, plain, 2)
}

/** A bigint as its digits; times beyond all time as words, since JSON would make them null. */
function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value === Infinity) return 'Infinity'
  return value === -Infinity ? '-Infinity' : value
}
