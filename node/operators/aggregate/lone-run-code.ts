/**
 * The text of the loop that adds the rows of a batch where they all have one entry, since there is no
 * key: the words of the entry stand in variables meanwhile, which the compiler keeps in registers.
 *
 * Of rows that only come, and calls that live in words of the entry (nothing of it is a text or an
 * object): whatever their lines say of `f64[e + 3]` they say of the variable `w3`.
 */
import type { AggregateShape } from './aggregate-shape.ts'
import { indent } from './calls/call-code.ts'
import { addLines, openColumns, timeLines } from './row-code.ts'

const WORD = /f64\[e \+ (\d+)\]/g

/** As runLines in run-code.ts: stops at a row whose entry is missing. */
export function loneRunLines(shape: AggregateShape): string[] {
  const { isBounded } = shape.options
  const lines = [...timeLines(shape), ...addLines(shape, false)]
  const words = [...new Set(lines.flatMap((line) => [...line.matchAll(WORD)].map(([, at]) => at)))]
  return [
    `if (T.size === 0) return from`,
    `const times = batch.times, columns = batch.columns, ks = batch.keyColumns`,
    ...openColumns(shape),
    ...(isBounded === true ? [`const lo = batch.paneStart, hi = batch.paneEnd`] : []),
    ...(shape.isLaneless ? [`h.hashRow(ks, from, batch.laneA, batch.laneB)`] : []),
    `const e = T.locate(batch.laneA[from], batch.laneB[from], ks, from)`,
    `const f64 = T.arena.f64`,
    ...words.map((at) => `let w${at} = f64[e + ${at}]`),
    `let i = from`,
    `for (; i < to; i++) {`,
    ...indent([
      ...(isBounded === true ? [`if (!(times[i] >= lo && times[i] < hi)) break`] : []),
      ...lines.map((line) => line.replaceAll(WORD, 'w$1')),
    ]),
    `}`,
    ...words.map((at) => `f64[e + ${at}] = w${at}`),
    `T.markDirty(e)`,
    `return i`,
  ]
}
