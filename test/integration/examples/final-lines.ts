/**
 * What an output says once all its changes are applied, in any order: the sequence of changes and of
 * rows is not part of the contract, the rows are.
 */
const ADDS = new Set(['insert', 'update_after'])

export function finalLines(text: string): string[] {
  const counts = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '') continue
    const { row, by } = changeOf(line)
    counts.set(row, (counts.get(row) ?? 0) + by)
  }
  return [...counts]
    .filter(([, count]) => count !== 0)
    .map(([row, count]) => `${count} × ${row}`)
    .toSorted()
}

/** Rows as they are written: numbers keep their digits. */
function changeOf(line: string): { row: string; by: 1 | -1 } {
  const found = /^\{"_kind":"(\w+)",/.exec(line)
  if (found === null) return { row: line, by: 1 }
  return { row: line.slice(found[0].length), by: ADDS.has(found[1] ?? '') ? 1 : -1 }
}
