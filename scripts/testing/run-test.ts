/** One test at all its degrees of parallelism, and what is said of it. */
import type { Places } from '../../shared/base/diagnostics.ts'
import type { RunReport } from '../../shared/api/run-report.ts'
import type { Style } from '../terminal/style.ts'
import type { BoundTest } from './bind-test.ts'
import { judgePlay, type Finding, type OpenRows } from './judge-play.ts'
import { playTest } from './play/play-test.ts'
import { findingLines } from './show/finding-text.ts'

export interface DegreeResult {
  readonly parallelism: number
  readonly findings: readonly Finding[]
  readonly report: RunReport
}

export interface TestResult {
  readonly test: BoundTest
  readonly degrees: readonly DegreeResult[]
  /** What is open, as the first degree has it. */
  readonly open: readonly OpenRows[]
  readonly isPassed: boolean
}

export async function runTest(
  test: BoundTest,
  options: { readonly isUpdate: boolean },
): Promise<TestResult> {
  const degrees: DegreeResult[] = []
  let open: readonly OpenRows[] | null = null
  for (const parallelism of test.spec.parallelism) {
    const play = await playTest(test, parallelism)
    const verdict = judgePlay(test, play)
    open ??= verdict.open
    const unfilled = options.isUpdate
      ? []
      : verdict.open.map(({ path }): Finding => ({ kind: 'open', path }))
    const findings = [...verdict.findings, ...unfilled]
    degrees.push({ parallelism, findings, report: play.report })
  }
  const isPassed = degrees.every((one) => one.findings.length === 0)
  return { test, degrees, open: open ?? [], isPassed }
}

/** What failed, told once where all degrees say the same. */
export function failureLines(
  { test, degrees }: TestResult,
  { places, style }: { readonly places: Places; readonly style: Style },
): string[] {
  const said = new Map<string, { lines: string[]; degrees: number[] }>()
  for (const { findings, report, parallelism } of degrees) {
    const lines = findings.flatMap((finding) =>
      findingLines(finding, { test, places, report, style }),
    )
    const key = lines.join('\n')
    const known = said.get(key) ?? { lines, degrees: [] }
    known.degrees.push(parallelism)
    said.set(key, known)
  }
  const isSplit = said.size > 1
  return [...said.values()].flatMap(({ lines, degrees: at }) => {
    if (!isSplit) return lines
    const head = `at parallelism ${at.join(', ')}`
    return lines.length === 0
      ? [`${head} it passes`]
      : [`${head}:`, ...lines.map((line) => `  ${line}`)]
  })
}
