/** The naive model of every join: two nested loops over the rows that are left at the end. */
import type { ExpectedRow } from '../../conformance/kit/conformance.ts'
import type { ScriptRow } from '../../conformance/kit/script.ts'
import type { JoinCore } from '../../../shared/planning/plan.ts'

export interface NaiveJoin {
  readonly type: JoinCore['type']
  readonly left: readonly ScriptRow[]
  readonly right: readonly ScriptRow[]
  /** Columns of each side. */
  readonly widths: readonly [number, number]
  matches(left: ScriptRow, right: ScriptRow): boolean
  /** Of a pair, or of one side that found nothing. */
  timeOf(left: ScriptRow | null, right: ScriptRow | null): number
}

export function naiveJoin(join: NaiveJoin): ExpectedRow[] {
  const { type, left, right } = join
  const out: ExpectedRow[] = []
  const found = new Set<ScriptRow>()
  for (const one of left) {
    const partners = right.filter((other) => join.matches(one, other))
    for (const other of partners) found.add(other)
    if (type === 'semi' || type === 'anti') {
      if (partners.length > 0 === (type === 'semi')) out.push(rowOf(join, one, null, true))
      continue
    }
    for (const other of partners) out.push(rowOf(join, one, other, false))
    if (partners.length === 0 && (type === 'left' || type === 'full'))
      out.push(rowOf(join, one, null, false))
  }
  if (type === 'right' || type === 'full') {
    for (const other of right) if (!found.has(other)) out.push(rowOf(join, null, other, false))
  }
  return out
}

function rowOf(
  join: NaiveJoin,
  left: ScriptRow | null,
  right: ScriptRow | null,
  leftOnly: boolean,
): ExpectedRow {
  const [leftWidth, rightWidth] = join.widths
  const leftValues = left?.values ?? nulls(leftWidth)
  const eventTime = join.timeOf(left, right)
  if (leftOnly) return { values: leftValues, eventTime }
  // The presence of the right row stands between both sides where it may be missing.
  const presence = join.type === 'left' || join.type === 'full' ? [right !== null] : []
  const values = [...leftValues, ...presence, ...(right?.values ?? nulls(rightWidth))]
  return { values, eventTime }
}

function nulls(width: number): null[] {
  return Array.from({ length: width }, () => null)
}
