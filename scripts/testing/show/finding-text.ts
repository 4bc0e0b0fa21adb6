/** A finding of a test as lines: where it is expected, what came, cell by cell, and the way there. */
import type { RunReport } from '../../../shared/api/run-report.ts'
import type { Place, Places } from '../../../shared/base/diagnostics.ts'
import type { TestBase } from '../../../shared/spec/test-spec.ts'
import type { Style } from '../../terminal/style.ts'
import type { BoundTest } from '../bind-test.ts'
import type { Finding } from '../judge-play.ts'
import type { DifferingCell, ExpectedRow } from '../rows/expected-row.ts'
import type { RowDifference } from '../rows/match-rows.ts'
import { KIND_NAMES } from '../../../shared/model/batch-rows.ts'
import { seenText, timeText, valuesText, valueText } from './row-text.ts'
import { wayLines } from './way-text.ts'

export interface ShownFinding {
  readonly test: BoundTest
  readonly places: Places
  readonly report: RunReport
  readonly style: Style
}

/** Rows of each sort that are shown. */
const SHOWN_MAX = 5

export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}

export function findingLines(finding: Finding, shown: ShownFinding): string[] {
  const { places, style } = shown
  const where = style.cyan(placeText(places.locate(finding.path, { onKey: true })))
  switch (finding.kind) {
    case 'rows':
      return [`${where}  ${summaryOf(finding)}`, ...rowLines(finding, shown)]
    case 'run': {
      const { block, code, message, fix, payload } = finding.failure
      const lines = [`${where}  the run failed in ${block}: ${message} [${code}]`]
      if (payload !== undefined && payload !== null) {
        lines.push(`    record  ${JSON.stringify(payload)}`)
      }
      return fix === null ? lines : [...lines, `    fix     ${fix}`]
    }
    case 'endless':
      return [`${where}  the run did not come to an end after its last input`]
    default:
      return [`${where}  is open: \`millrace test --update\` fills it in`]
  }
}

type RowFinding = Extract<Finding, { kind: 'rows' }>

export function summaryOf({ stream, match, expectedCount, gotCount, isRaw }: RowFinding): string {
  const { differing, missing, surplus } = match
  const moved = differing.filter((one) => one.isMisplaced).length
  const parts = [
    counted(differing.length - moved, 'differs', 'differ'),
    counted(moved, 'out of order', 'out of order'),
    counted(missing.length, 'missing', 'missing'),
    counted(surplus.length, 'too many', 'too many'),
  ].filter((part) => part !== '')
  const what = isRaw ? 'change' : 'row'
  const rows = (count: number): string => `${count} ${what}${count === 1 ? '' : 's'}`
  return `${stream.name}: expected ${rows(expectedCount)}, got ${gotCount}; ${parts.join(', ')}`
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? one : many}`
}

function rowLines(finding: RowFinding, shown: ShownFinding): string[] {
  const { match, stream, isRaw } = finding
  const { test, report, style } = shown
  const { base } = test.spec
  const options = { base, showsKind: isRaw }
  const sayExpected = (row: ExpectedRow): string => expectedText(row, stream.fields, base)
  const lines = [
    ...limited(match.differing, (one) => differenceLines(one, { finding, shown })),
    ...limited(match.missing, (row) => [
      `    ${style.red('missing')}   ${sayExpected(row)}   ${placeText(shown.places.locate(row.path))}`,
    ]),
    ...limited(match.surplus, (row) => [
      `    ${style.red('too many')}  ${seenText(row, stream.fields, options)}`,
    ]),
  ]
  const way = wayLines(test.plan.plan, report, stream.sink ?? stream.name)
  if (way.length > 0) lines.push('    where the rows went')
  return [...lines, ...way.map((line) => `      ${style.dim(line)}`)]
}

function limited<Item>(items: readonly Item[], lines: (item: Item) => string[]): string[] {
  const shown = items.slice(0, SHOWN_MAX).flatMap(lines)
  const rest = items.length - SHOWN_MAX
  return rest > 0 ? [...shown, `    … and ${rest} more`] : shown
}

function differenceLines(
  { expected, got, cells, isMisplaced }: RowDifference,
  { finding, shown }: { readonly finding: RowFinding; readonly shown: ShownFinding },
): string[] {
  const { fields } = finding.stream
  const { base } = shown.test.spec
  const { style, places } = shown
  const at = placeText(places.locate(expected.path))
  const lines = [
    `    expected  ${expectedText(expected, fields, base)}   ${at}`,
    `    got       ${seenText(got, fields, { base, showsKind: finding.isRaw })}`,
  ]
  if (isMisplaced)
    return [...lines, `    ${style.yellow('differs')}   only in its place in the order`]
  const width = Math.max(...cells.map((cell) => cell.path.length))
  return [
    ...lines,
    ...cells.map((cell, index) => {
      const head = index === 0 ? style.yellow('differs') : '       '
      return `    ${head}   ${cell.path.padEnd(width)}  ${cellText(cell, base)}`
    }),
  ]
}

function cellText({ expected, got, type }: DifferingCell, base: TestBase): string {
  return `expected ${valueText(expected, type, base)}, got ${valueText(got, type, base)}`
}

function expectedText(
  { values, kind, at }: ExpectedRow,
  fields: RowFinding['stream']['fields'],
  base: TestBase,
): string {
  const text = valuesText(values, fields, base)
  const first = [
    ...(kind === null ? [] : [`_kind: ${KIND_NAMES[kind]}`]),
    ...(at === null ? [] : [`at: "${timeText(at, base)}"`]),
  ]
  if (first.length === 0) return text
  const rest = text.replace(/^\{\s*|\s*\}$/g, '')
  return `{ ${[...first, ...(rest === '' ? [] : [rest])].join(', ')} }`
}
