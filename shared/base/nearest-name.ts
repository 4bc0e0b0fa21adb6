/** "Did you mean": the nearest of the names that exist to one that does not. */

const LENGTH_MAX = 64

/** The nearest name, or null when none is near enough to be meant. Ties go to the first. */
export function nearestName(wrong: string, names: Iterable<string>): string | null {
  if (wrong.length > LENGTH_MAX) return null
  const lower = wrong.toLowerCase()
  const allowed = Math.max(1, Math.floor(wrong.length / 3))
  let best: string | null = null
  let bestDistance = allowed + 1
  for (const name of names) {
    if (name.length > LENGTH_MAX || Math.abs(name.length - wrong.length) > allowed) continue
    const other = name.toLowerCase()
    const distance = plain(other) === plain(lower) ? 0 : editDistance(lower, other)
    if (distance < bestDistance) {
      best = name
      bestDistance = distance
    }
  }
  return best
}

function plain(name: string): string {
  return name.replaceAll('_', '')
}

/** Insertions, deletions, replacements and swaps of neighbours, one each. */
export function editDistance(a: string, b: string): number {
  let before: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let least = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        least = Math.min(least, (before[j - 2] ?? 0) + 1)
      }
      row.push(least)
    }
    before = last
    last = row
  }
  return last[b.length] ?? 0
}
