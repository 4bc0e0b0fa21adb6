/** Results of a benchmark as a table for a terminal and for a page of documentation. */
import { cpus } from 'node:os'
import type { CaseResult, SideResult } from '../measure/case-result.ts'
import type { Spread } from '../measure/rounds.ts'

const HEAD = ['case', 'class', 'engine ns', 'loop ns', 'ratio', 'range', 'goal', 'result'] as const

export function machineLine(): string {
  const [first] = cpus()
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`
}

export function textTable(results: readonly CaseResult[]): string {
  const rows = [[...HEAD], ...results.map(cells)]
  const widths = HEAD.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)))
  return rows
    .map((row) => row.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('')
}

export function markdownTable(results: readonly CaseResult[]): string {
  const rule = HEAD.map((_, index) => (index < 2 || index === 7 ? '---' : '---:'))
  const lines = [[...HEAD], rule, ...results.map(cells)]
  return lines.map((row) => `| ${row.join(' | ')} |\n`).join('')
}

function cells(result: CaseResult): string[] {
  const { case: one, engine, loop, ratio, verdict } = result
  return [
    one.name,
    one.class,
    ns(engine),
    ns(loop),
    ratio.median.toFixed(2),
    rangeText(ratio),
    one.nsMax === null ? String(one.goal) : `${one.nsMax} ns`,
    verdict,
  ]
}

const ns = (side: SideResult): string => side.ns.median.toFixed(1)
const rangeText = ({ low, high }: Spread): string => `${low.toFixed(2)}–${high.toFixed(2)}`

/** Events per CPU-second, start-up and the figures with the generator inside: lines of their own. */
export function sideLines(results: readonly CaseResult[]): string {
  return results
    .map((result) => {
      const { engine, loop, withGenerator } = result
      const inside =
        withGenerator === null ? '' : `, with the generator inside ${rate(withGenerator)}`
      return `${result.case.name}: engine ${rate(engine)}, loop ${rate(loop)}${inside}; start ${start(engine)}\n`
    })
    .join('')
}

const rate = ({ eventsPerCpuSecond }: SideResult): string =>
  `${(eventsPerCpuSecond.median / 1e6).toFixed(2)} M events per CPU-second`

const start = ({ startMs }: SideResult): string => `${startMs.median.toFixed(0)} ms`
