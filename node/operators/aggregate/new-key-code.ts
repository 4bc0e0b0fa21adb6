/** The lines by which the loop of an aggregate makes the entry of a new key itself. */
import { canInsert, insertText, OPEN_INSERT } from '../../state/insert-code.ts'
import { type AggregateShape, callCodeOf } from './aggregate-shape.ts'
import { indent } from './calls/call-code.ts'
import { nullText } from './key-code.ts'

/** Whether an index finds entries that are not hashed, and their keys have no objects. */
export function makesEntries({ layout, options, ...shape }: AggregateShape): boolean {
  const isPlaced = shape.isIndexed || shape.isLaneIndexed || shape.isFlat
  return isPlaced && options.gapMs === undefined && canInsert(layout)
}

/** In front of the loop, where `makesEntries`. */
export function openNewKeys(shape: AggregateShape): string[] {
  return makesEntries(shape) ? [OPEN_INSERT] : []
}

/**
 * Makes the entry `e` of row i as it is before its first row; stops where there is no room, or the row
 * takes back what is not there.
 */
export function newKeyLines(shape: AggregateShape, stop: readonly string[]): string[] {
  if (!makesEntries(shape)) return [...stop]
  const { layout, core, options } = shape
  const column = (index: number): number => core.key[index] ?? 0
  const isBack = `kinds !== null && (kinds[i] & 1) === 1`
  return [
    ...(options.retracts ? [`if (${isBack}) {`, ...indent(stop), `}`] : []),
    ...insertText({
      layout,
      lanes: [
        ...(shape.isLaneless ? [`h.hashRow(ks, i, laneA, laneB)`] : []),
        `const a = laneA[i], b = laneB[i]`,
      ],
      hasLanes: shape.isLaneIndexed,
      value: (_, index) => `v${column(index)}[i]`,
      isNull: (_, index) => nullText(column(index)),
      otherwise: stop,
    }),
    ...initLines(shape),
  ]
}

/** Of a zeroed entry `e`. */
export function initLines(shape: AggregateShape): string[] {
  return [
    ...(shape.idAt < 0 ? [] : [`f64[e + ${shape.idAt}] = T.nextId++`]),
    ...shape.calls.flatMap(({ site, chosen }) => callCodeOf(chosen)?.init(site) ?? []),
  ]
}
