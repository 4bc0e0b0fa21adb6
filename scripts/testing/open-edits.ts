/** What `--update` writes in the place of `expect: "?"`. */
import type { ExpectationEdit } from '../../shared/spec/update-expectations.ts'
import { writtenRow } from './show/row-text.ts'
import type { FilledStream } from './judge-play.ts'
import type { TestResult } from './run-test.ts'

/** None for a run that failed: its rows are not what the test would expect. */
export function editsOf({ test, open, degrees }: TestResult): ExpectationEdit[] {
  if (degrees[0]?.report.failure !== null) return []
  const { base } = test.spec
  const rowsOf = ({ stream, rows }: FilledStream) =>
    rows.map((row) => writtenRow(row.values, stream.fields, base))
  return open.flatMap(({ path, streams, isWhole }): ExpectationEdit[] => {
    if (isWhole) {
      const all = streams.map((one) => [one.stream.name, rowsOf(one)] as const)
      return [{ path, rows: Object.fromEntries(all) }]
    }
    return streams.map((one) => ({ path, rows: rowsOf(one) }))
  })
}
