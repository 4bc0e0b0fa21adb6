/** Sets of characters (code points) as sorted ranges that do not touch. */
export type CharacterSet = readonly (readonly [number, number])[]

const CHARACTER_MAX = 0x10ffff

export function setOf(ranges: readonly (readonly [number, number])[]): CharacterSet {
  const sorted = ranges.toSorted((one, other) => one[0] - other[0])
  const joined: [number, number][] = []
  for (const [low, high] of sorted) {
    const last = joined.at(-1)
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else joined.push([low, high])
  }
  return joined
}

export function complement(set: CharacterSet): CharacterSet {
  const others: [number, number][] = []
  let next = 0
  for (const [low, high] of set) {
    if (low > next) others.push([next, low - 1])
    next = high + 1
  }
  if (next <= CHARACTER_MAX) others.push([next, CHARACTER_MAX])
  return others
}

export function overlap(one: CharacterSet, other: CharacterSet): boolean {
  return one.some(([low, high]) => other.some((range) => low <= range[1] && range[0] <= high))
}

const SURROGATES = [0xd800, 0xdfff] as const
const PAIRS_FROM = 0x10000
const PAIR = '[\\ud800-\\udbff][\\udc00-\\udfff]'

/**
 * As JavaScript's regular expression of 16-bit units, for texts without lone surrogates: one
 * character of the set. Null for a set with some, but not all, of the characters above U+FFFF.
 */
export function unitsText(set: CharacterSet): string | null {
  const [first] = set
  if (set.length === 1 && first !== undefined && first[0] === first[1]) {
    const text = String.fromCodePoint(first[0])
    return Array.from({ length: text.length }, (_, at) => unitText(text.charCodeAt(at))).join('')
  }
  const above = set.filter(([, high]) => high >= PAIRS_FROM)
  const single = below(set)
  if (above.length === 0) return `[${single}]`
  const [pairs] = above
  const isAll = pairs !== undefined && pairs[0] <= PAIRS_FROM && pairs[1] === CHARACTER_MAX
  if (!isAll) return null
  return single === '' ? PAIR : `(?:[${single}]|${PAIR})`
}

/** Ranges of single units in a class. */
function below(set: CharacterSet): string {
  const inside: (readonly [number, number])[] = []
  for (const [low, high] of set) {
    if (low < SURROGATES[0]) inside.push([low, Math.min(high, SURROGATES[0] - 1)])
    const from = Math.max(low, SURROGATES[1] + 1)
    const to = Math.min(high, PAIRS_FROM - 1)
    if (from <= to) inside.push([from, to])
  }
  return inside
    .map(([low, high]) => (low === high ? unitText(low) : `${unitText(low)}-${unitText(high)}`))
    .join('')
}

function unitText(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
