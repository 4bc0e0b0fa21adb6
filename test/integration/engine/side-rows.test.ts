/**
 * Rows beside the main output, from file to sink: a rejected row whose values throw, late rows of
 * `dedupe within`, and versions of an `as_of` join whose source other blocks read as changes.
 */
import test from 'ava'
import { planText } from '../../unit/planning/plan-text.ts'
import type { Given } from './random/pipeline-text.ts'
import { runRandom, type Observed } from './random/run-given.ts'

const HEAD = `pipeline: sides
schemas:
  Row: { id: integer, n: integer, city: string, ts: timestamp }
sources:
  s: { connector: file, path: s.jsonl, format: jsonl, schema: Row, event_time: ts, watermark: { out_of_orderness: 0s } }
  keyed: { connector: file, path: k.jsonl, format: jsonl, schema: Row, event_time: ts, watermark: { out_of_orderness: 0s }, primary_key: id }
`
const DAY = Date.UTC(2024, 0, 1)

function row(id: number, second: number, n = 0): Given {
  const ts = new Date(DAY + second * 1000).toISOString()
  return { kind: 'row', row: { id, n, city: `c${second}`, ts } }
}

async function run(blocks: string, given: Record<string, Given[]>): Promise<Observed> {
  const { plan, diagnostics } = await planText(HEAD + blocks)
  if (plan === null) throw new Error(diagnostics.map((one) => one.message).join('; '))
  return runRandom(plan, { given, cut: 1, cutSeed: 1, parallelism: 1 })
}

test('rejected: a field that only rejected rows show and that throws follows on_error', async (t) => {
  const blocks = `transformations:
  v: { from: s, set: { part: "div(100, n)" }, validate: { rules: { big: id > 1 } }, key_by: city, aggregate: { k: count() }, on_error: skip }
sinks:
  out: { from: v, connector: stdout, mode: changes }
  refused: { from: v.rejected, connector: stdout }
`
  const { report, problems, folded } = await run(blocks, { s: [row(1, 1, 0), row(1, 2, 5)] })
  t.deepEqual(problems, [])
  const counts = report.blocks.find((one) => one.name === 'v')?.records
  t.is(counts?.skipped, 1)
  t.is(counts?.rejected, 1)
  t.is(folded['refused']?.length, 1)
})

test('dedupe within: late rows can be read, with the bounds in which they would have counted', async (t) => {
  const blocks = `transformations:
  d: { from: s, key_by: id, dedupe: { within: 5s }, select: [id] }
sinks:
  out: { from: d, connector: stdout }
  tardy: { from: d.late, connector: stdout }
`
  const watermark: Given = { kind: 'watermark', time: DAY + 20_000 }
  const { report, problems, emitted } = await run(blocks, {
    s: [row(1, 1), row(1, 3), row(1, 20), watermark, row(1, 2), row(2, 16)],
  })
  t.deepEqual(problems, [])
  const counts = report.blocks.find((one) => one.name === 'd')?.records
  t.deepEqual([counts?.passed, counts?.duplicate, counts?.late], [3, 1, 1])
  const [late] = (emitted['tardy'] ?? []).map((text) => JSON.parse(text) as Record<string, unknown>)
  t.is(late?.['city'], 'c2', 'the whole row, though only its id is read of the others')
  t.like(late?.['_late'], { window_start: '2023-12-31T23:59:57.000Z' })
})

test('as_of: versions stay when another block reads the same source as full changes', async (t) => {
  const blocks = `transformations:
  j: { from: s, join: { k: { from: keyed, on: id, as_of: ts, type: left } } }
  sums: { from: keyed, key_by: city, aggregate: { k: count() } }
sinks:
  out: { from: j, connector: stdout, mode: changes }
  counts: { from: sums, connector: stdout, mode: changes }
`
  const { problems, folded } = await run(blocks, {
    keyed: [row(1, 1), row(1, 10)],
    s: [row(1, 5), row(1, 12)],
  })
  t.deepEqual(problems, [])
  const versions = folded['out']?.map((text) => /k\.city="(\w+)"/.exec(text)?.[1])
  t.deepEqual(versions, ['c10', 'c1'].toReversed())
})

test('validate: rules that only observe are counted, each by its name', async (t) => {
  const blocks = `transformations:
  v: { from: s, validate: { rules: { big: id > 1, odd: n == 1 }, action: observe } }
sinks:
  out: { from: v, connector: stdout }
`
  const { report, problems } = await run(blocks, { s: [row(1, 1), row(2, 2), row(3, 3, 1)] })
  t.deepEqual(problems, [])
  const block = report.blocks.find((one) => one.name === 'v')
  t.deepEqual(block?.brokenRules, { big: 1, odd: 2 })
  t.is(block?.records.passed, 3)
})
