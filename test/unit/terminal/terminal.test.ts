/** What people see in a terminal: widths, numbers, and a live region that leaves nothing behind. */
import test from 'ava'
import {
  formatBytes,
  formatElapsed,
  formatEventTime,
  formatShort,
  progressBar,
  sparkline,
} from '../../../scripts/terminal/format.ts'
import { LiveRegion } from '../../../scripts/terminal/live-region.ts'
import { withInWork } from '../../../scripts/embedded/report-counts.ts'
import { runSummary } from '../../../scripts/terminal/run-summary.ts'
import { styleFor } from '../../../scripts/terminal/style.ts'
import { renderTable, widthOf } from '../../../scripts/terminal/table.ts'
import { recordsInWork, type BlockReport, type RunReport } from '../../../shared/api/run-report.ts'

test('table: numbers stand to the right, colours and wide characters count as they show', (t) => {
  const lines = renderTable(
    [{ title: 'route' }, { title: 'n', align: 'right' }],
    [
      ['东京', '5'],
      ['\u001b[31mORD\u001b[39m', '1,234'],
    ],
  )
  t.deepEqual(
    lines.map((line) => widthOf(line)),
    [12, 12, 12],
  )
  t.is(lines[1], '东京       5')
})

test('style: plain text without a terminal and with NO_COLOR', (t) => {
  t.is(styleFor({ isTTY: false }, {}).red('x'), 'x')
  t.is(styleFor({ isTTY: true }, { NO_COLOR: '1' }).red('x'), 'x')
  t.is(styleFor({ isTTY: true }, {}).red('x'), '\u001b[31mx\u001b[39m')
})

test('format: numbers, sizes and times read as people write them', (t) => {
  t.is(formatShort(1_250_000), '1.25 M')
  t.is(formatShort(950), '950')
  t.is(formatBytes(13_493_022), '13.5 MB')
  t.is(formatElapsed(200_000), '3 min 20 s')
  t.is(formatEventTime(Date.UTC(2001, 2, 4, 10)), '2001-03-04 10:00')
  t.is(formatEventTime(-Infinity), '-')
})

test('sparkline: scales from the smallest to the largest value, gaps stay empty', (t) => {
  t.is(sparkline([0, null, 7]), '▁ █')
  t.is(sparkline([5, 5]), '▁▁')
  t.is(progressBar(0.5, 4), '██░░')
})

test('live region: nothing is drawn where there is no terminal', (t) => {
  const written: string[] = []
  const region = new LiveRegion({ write: (text: string) => written.push(text) })
  region.draw(['a'])
  region.clear()
  t.deepEqual(written, [])
})

test('live region: clearing goes back over what was drawn and shows the cursor again', (t) => {
  const written: string[] = []
  const region = new LiveRegion({
    isTTY: true,
    columns: 5,
    write: (text: string) => written.push(text),
  })
  region.draw(['a', 'much too long'])
  region.clear()
  t.true(written[0]?.includes('much…'))
  t.true(written[1]?.startsWith('\u001b[2A'))
  t.true(written[1]?.endsWith('\u001b[?25h'))
})

test('summary: rules that only observe are named with how often they were broken', (t) => {
  const none = { expanded: 0, absorbed: 0, filtered: 0, duplicate: 0, late: 0 }
  const records = { ...none, read: 3, passed: 3, rejected: 0, skipped: 0, deadLettered: 0 }
  const counters = { expiredKeys: 0, droppedTimers: 0, unmatchedRetractions: 0, watermark: null }
  const block: BlockReport = {
    ...counters,
    name: 'checked',
    kind: 'transform',
    records,
    results: null,
    outputs: [],
    brokenRules: { positive: 1200, known: 0 },
  }
  const report = { outcome: 'finished', durationMs: 10, blocks: [block], edges: [], sinks: [] }
  const lines = runSummary(report as unknown as RunReport, styleFor({ isTTY: false }, {}))
  t.true(
    lines.some((line) => line.endsWith('1,200 broke the rule positive')),
    lines.join('\n'),
  )
})

test('summary: of a run that failed it says what was read and had not come through', (t) => {
  const none = { absorbed: 0, filtered: 0, duplicate: 0, late: 0, rejected: 0, skipped: 0 }
  const counters = { expiredKeys: 0, droppedTimers: 0, unmatchedRetractions: 0, watermark: null }
  const block = (name: string, read: number, passed: number, expanded = 0): BlockReport => ({
    ...counters,
    name,
    kind: name === 's' ? 'source' : 'transform',
    records: { ...none, read, passed, expanded, deadLettered: 0 },
    results: null,
    outputs: [],
  })
  // The last one has a core that had not taken 20 of what the steps before it gave.
  const blocks = withInWork([block('s', 500, 500), block('t', 500, 400), block('u', 380, 360, -20)])
  t.deepEqual(
    blocks.map((one) => one.inWork),
    [undefined, 100, 20],
  )
  t.deepEqual(
    blocks.map(({ records, inWork = 0 }) => recordsInWork(records) - inWork),
    [0, 0, 0],
  )
  const edges = [
    { from: 't.main', to: 'u', out: 400, sent: 400, taken: 380 },
    { from: 'u/pre', to: 'u/core', out: 380, sent: 380, taken: 360 },
  ]
  const report = { outcome: 'failed', durationMs: 10, blocks, edges, sinks: [] }
  const lines = runSummary(report as unknown as RunReport, styleFor({ isTTY: false }, {}))
  t.regex(lines[0]!, /read +passed +in work +rows out/)
  t.regex(lines[2]!, /^t +500 +400 +100/)
  t.is(lines.at(-1), '500 records read in 0.0 s; 140 were still on their way when it ended')
})

test('summary: one record is not "1 records"', (t) => {
  const counters = { expiredKeys: 0, droppedTimers: 0, unmatchedRetractions: 0, brokenRules: {} }
  const records = {
    read: 1,
    expanded: 0,
    passed: 0,
    absorbed: 0,
    filtered: 0,
    duplicate: 0,
    late: 0,
  }
  const block = { ...counters, name: 's', kind: 'source', records, outputs: [], inWork: 1 }
  const sinks = [{ block: 'out', rows: 1, bytes: null, places: [] }]
  const report = { outcome: 'failed', durationMs: 10, blocks: [block], edges: [], sinks }
  const lines = runSummary(report as unknown as RunReport, styleFor({ isTTY: false }, {}))
  t.true(lines.includes('failed: only the output of out was made visible'))
  t.is(lines.at(-1), '1 record read in 0.0 s; 1 was still on its way when it ended')
  t.true(lines.includes('out: 1 row'))
})
