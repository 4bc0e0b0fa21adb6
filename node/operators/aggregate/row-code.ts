/** The lines of an aggregate's loops that read row i and add it to entry `e`, or take it back. */
import { isText } from '../../state/entry-layout.ts'
import { type AggregateShape, hashedColumns, inputSpec, refusingSites } from './aggregate-shape.ts'
import { indent } from './calls/call-code.ts'
import { distinctLines } from './calls/distinct-code.ts'
import { tryLines } from './calls/object-calls.ts'

export const VIEWS = `let f64 = T.arena.f64, i32 = T.arena.i32`

/** First of all the calls that may refuse the row: then nothing of it is added. */
export function refusalLines(shape: AggregateShape, otherwise: string): string[] {
  const sites = refusingSites(shape)
  if (sites.length === 0) return []
  return [
    ...tryLines(sites),
    `if (failure !== null) {`,
    `  batch.refuse(i, failure)`,
    `  ${otherwise}`,
    `}`,
  ]
}

/** Whether a call keeps texts, so that the arena may grow in the loop. */
export function storesText(shape: AggregateShape): boolean {
  return shape.layout.value.some((slot) => isText(slot.spec))
}

/** Names of the input columns that the loop reads. */
export function openColumns(shape: AggregateShape): string[] {
  const { core, distinct } = shape
  const read = new Set<number>()
  for (const call of core.calls) {
    for (const arg of call.args) read.add(arg)
    if (call.where !== null) read.add(call.where)
  }
  for (const index of core.key) read.add(index)
  const lines = [...read]
    .toSorted((left, right) => left - right)
    .flatMap((index) => {
      const { layout } = inputSpec(core, index)
      const hasValues = layout === 'f64' || layout === 'i32' || layout === 'bool'
      return [
        `const c${index} = columns[${index}], n${index} = c${index}.nulls`,
        ...(hasValues ? [`const v${index} = c${index}.values`] : []),
      ]
    })
  const lanes = distinct.map(
    (group, d) => `const laneD${d} = batch.distinctLanes[${d}], distinct${d} = [c${group.column}]`,
  )
  const hashes = hashedColumns(shape).map(
    (column, k) =>
      `const hashA${column} = batch.hashLanes[${k}].a, hashB${column} = batch.hashLanes[${k}].b`,
  )
  const stamps = stampedColumns(shape).map(
    (column) => `const s${column} = h.stamps.of(c${column}.dictionary)`,
  )
  return [...lines, ...lanes, ...hashes, ...stamps]
}

/** Columns whose texts an entry keeps with their stamps: see `textExtreme`. */
function stampedColumns({ calls }: AggregateShape): number[] {
  const columns = calls.flatMap(({ site, chosen }) => {
    const [arg] = site.args
    return chosen.kind === 'code' && chosen.code.isStamped === true && arg !== undefined
      ? [arg.column]
      : []
  })
  return [...new Set(columns)]
}

export function timeLines(shape: AggregateShape): string[] {
  const ordered = shape.calls.some(
    ({ chosen }) => chosen.kind === 'object' || (chosen.kind === 'code' && chosen.valueSlot),
  )
  if (!ordered) return []
  return [
    `const eventTime = times[i], time = eventTime === eventTime ? eventTime : batch.before + i`,
  ]
}

/** `countsDistinct`: a loop of its own may do that. */
export function addLines(shape: AggregateShape, back: boolean, countsDistinct = true): string[] {
  const rows = shape.countsRows ? [`f64[e + ${shape.rowsAt}] ${back ? '-=' : '+='} 1`] : []
  const filters = new Map<number | null, string[]>()
  for (const { site, chosen } of shape.calls) {
    if (chosen.kind === 'distinct') continue
    if (chosen.kind === 'object' && chosen.accumulator.tryAdd !== undefined) continue
    const lines = back ? (chosen.code.subtract?.(site) ?? []) : chosen.code.add(site)
    const { where } = site.call
    filters.set(where, [...(filters.get(where) ?? []), ...lines])
  }
  const calls = [...filters].flatMap(([where, lines]) => filteredLines(where, lines))
  if (!countsDistinct) return [...rows, ...calls]
  const distinct = shape.distinct.flatMap((group, d) =>
    distinctLines(group, d, { back, idWord: shape.idAt }),
  )
  return [...rows, ...calls, ...distinct]
}

/** Lines of all calls with one filter: it is asked once, and a lone count adds it, without a branch. */
function filteredLines(where: number | null, lines: readonly string[]): string[] {
  if (where === null || lines.length === 0) return [...lines]
  const [first = ''] = lines
  if (lines.length === 1 && /^f64\[e \+ \d+\] [+-]= 1$/.test(first)) {
    return [`${first.slice(0, -1)}v${where}[i]`]
  }
  return [`if (v${where}[i] === 1) {`, ...indent(lines), `}`]
}
