/** The ratios as a bar chart in SVG: one bar per case, a mark at its goal. */
import type { CaseResult } from '../measure/case-result.ts'

const WIDTH = 720
const LEFT = 100
const BAR_HEIGHT = 18
const STEP = 26
const TOP = 30
const SCALE_MAX = 1.2

export function ratioChart(results: readonly CaseResult[]): string {
  const height = TOP + results.length * STEP + 10
  const scale = (WIDTH - LEFT - 60) / SCALE_MAX
  const bars = results.map((result, index) => bar(result, TOP + index * STEP, scale))
  const one = LEFT + scale
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${height}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="18">engine ÷ hand-written loop, events per CPU-second (mark: goal)</text>`,
    ...bars,
    `<line x1="${one}" x2="${one}" y1="${TOP - 4}" y2="${height - 8}" stroke="#333333" stroke-dasharray="3 3"/>`,
    '</svg>\n',
  ].join('\n')
}

function bar({ case: one, ratio, verdict }: CaseResult, top: number, scale: number): string {
  const width = Math.max(1, Math.min(ratio.median, SCALE_MAX) * scale)
  const color = verdict === 'reached' ? '#2b7a4b' : '#b5651d'
  const middle = top + BAR_HEIGHT - 5
  const goal = one.goal === null ? '' : goalMark(LEFT + one.goal * scale, top)
  return [
    `<text x="${LEFT - 8}" y="${middle}" text-anchor="end">${one.name}</text>`,
    `<rect x="${LEFT}" y="${top}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" fill="${color}"/>`,
    `<text x="${(LEFT + width + 6).toFixed(1)}" y="${middle}">${ratio.median.toFixed(2)}</text>`,
    goal,
  ].join('')
}

function goalMark(x: number, top: number): string {
  return `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top - 2}" y2="${top + BAR_HEIGHT + 2}" stroke="#111111" stroke-width="2"/>`
}
