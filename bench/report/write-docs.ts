/** Puts the table of a suite into the page of benchmarks, between its marks, and draws the chart. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Suite } from '../cases.ts'
import type { CaseResult } from '../measure/case-result.ts'
import { ratioChart } from './chart.ts'
import { machineLine, markdownTable } from './text-report.ts'

export interface Written {
  readonly suite: Suite
  readonly results: readonly CaseResult[]
  /** As a person types it. */
  readonly command: string
}

export function writeDocs(docs: string, written: Written): void {
  const path = join(docs, 'benchmarks.md')
  writeFileSync(path, withTable(readFileSync(path, 'utf8'), written))
  if (written.suite === 'nexmark') {
    writeFileSync(join(docs, 'benchmarks.svg'), ratioChart(written.results))
  }
}

export function withTable(page: string, { suite, results, command }: Written): string {
  const open = `<!-- ${suite}: written by the benchmark -->\n`
  const close = `<!-- ${suite}: end -->\n`
  const start = page.indexOf(open)
  const end = page.indexOf(close)
  if (start < 0 || end < start) throw new RangeError(`the page has marks of ${suite}`)
  const [first] = results
  const made = [
    `\n    ${command}\n\n`,
    `${machineLine()}; ${first?.events ?? 0} events, ${first?.rounds ?? 0} rounds.\n\n`,
    `${markdownTable(results)}\n`,
  ].join('')
  return page.slice(0, start + open.length) + made + page.slice(end)
}
