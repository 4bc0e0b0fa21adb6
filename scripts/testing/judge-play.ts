/** Holds what came out of a play against what the test expects of it. */
import type { ReportedFailure } from '../../shared/api/run-report.ts'
import type { SpecPath } from '../../shared/base/diagnostics.ts'
import type { BoundStream, BoundTest } from './bind-test.ts'
import type { Play } from './play/play-test.ts'
import { isMatch, matchRows, type RowMatch } from './rows/match-rows.ts'
import { foldRows, type SeenRow } from './rows/seen-rows.ts'
import type { ExpectedStream } from './test-plan.ts'

export type Finding =
  /** Other rows than expected. */
  | {
      readonly kind: 'rows'
      readonly stream: ExpectedStream
      readonly path: SpecPath
      readonly match: RowMatch
      readonly expectedCount: number
      readonly gotCount: number
      /** Changes were compared, not the rows that are left of them. */
      readonly isRaw: boolean
    }
  /** The run failed before its end. */
  | { readonly kind: 'run'; readonly failure: ReportedFailure; readonly path: SpecPath }
  /** The run rested for ever. */
  | { readonly kind: 'endless'; readonly path: SpecPath }
  /** `"?"`, and nobody asked to fill it in. */
  | { readonly kind: 'open'; readonly path: SpecPath }

/** What belongs in the place of a `"?"`. */
export interface OpenRows {
  readonly path: SpecPath
  readonly streams: readonly FilledStream[]
  /** The whole expectation is open, not one stream of it. */
  readonly isWhole: boolean
}

export interface FilledStream {
  readonly stream: ExpectedStream
  readonly rows: readonly SeenRow[]
}

export interface Verdict {
  readonly findings: readonly Finding[]
  readonly open: readonly OpenRows[]
}

export function judgePlay(test: BoundTest, { report, observed }: Play): Verdict {
  const findings: Finding[] = []
  const open: OpenRows[] = []
  const { path } = test.spec
  if (report.failure !== null) findings.push({ kind: 'run', failure: report.failure, path })
  else if (report.outcome === 'cancelled') findings.push({ kind: 'endless', path })
  for (const { expectation, changes } of observed) {
    const of = (stream: ExpectedStream): readonly SeenRow[] => changes.get(stream.name) ?? []
    if (expectation.isOpen) {
      const streams = openStreams(test).map((stream) => ({ stream, rows: foldRows(of(stream)) }))
      open.push({ path: expectation.path, streams, isWhole: true })
    }
    for (const expected of expectation.streams) {
      const { stream } = expected
      if (expected.rows === null) {
        const rows = foldRows(of(stream))
        open.push({ path: expected.path, streams: [{ stream, rows }], isWhole: false })
      } else findings.push(...judgeStream(test, expected, of(stream)))
    }
  }
  return { findings, open }
}

function openStreams(test: BoundTest): ExpectedStream[] {
  return test.plan.openNames.flatMap((name) => test.plan.streams.get(name) ?? [])
}

function judgeStream(
  test: BoundTest,
  { stream, rows, path }: BoundStream,
  changes: readonly SeenRow[],
): Finding[] {
  if (rows === null) return []
  const isRaw = rows.some((row) => row.kind !== null)
  const got = isRaw ? changes : foldRows(changes)
  const { isOrdered, isContained } = test.spec
  const match = matchRows(rows, got, { fields: stream.fields, isOrdered, isContained })
  if (isMatch(match)) return []
  const counts = { expectedCount: rows.length, gotCount: got.length }
  return [{ kind: 'rows', stream, path, match, ...counts, isRaw }]
}
