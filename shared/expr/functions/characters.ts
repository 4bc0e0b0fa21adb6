/** Texts by characters (code points), not UTF-16 units: a pair of surrogates is one character. */

const SURROGATE = /[\ud800-\udfff]/

/** Without surrogates, positions in characters and in units are the same. */
export function isSimple(text: string): boolean {
  return !SURROGATE.test(text)
}

export function characterCount(text: string): number {
  if (isSimple(text)) return text.length
  let count = 0
  for (let at = 0; at < text.length; at += unitsAt(text, at)) count += 1
  return count
}

/** `count` characters from position `from`; a negative one counts from the end. */
export function charactersBetween(text: string, from: number, count?: number): string {
  if (isSimple(text)) {
    const start = from < 0 ? Math.max(0, text.length + from) : from
    return count === undefined ? text.slice(start) : text.slice(start, start + Math.max(0, count))
  }
  const all = Array.from(text)
  const start = from < 0 ? Math.max(0, all.length + from) : from
  return all.slice(start, count === undefined ? undefined : start + Math.max(0, count)).join('')
}

/** The position in characters of a position in units. */
export function characterPosition(text: string, unit: number): number {
  return isSimple(text) ? unit : characterCount(text.slice(0, unit))
}

function unitsAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
}
