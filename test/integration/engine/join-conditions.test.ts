/**
 * Conditions of joins beyond their keys, from file to sink: pairs for which one throws, and rows that
 * come out without a partner.
 */
import test from 'ava'
import { planText } from '../../unit/planning/plan-text.ts'
import type { Given } from './random/pipeline-text.ts'
import { runRandom, type Observed } from './random/run-given.ts'

const HEAD = `pipeline: pairs
schemas:
  Row: { id: integer, user: "string?", place: { city: string }, n: integer, ts: timestamp }
sources:
  lefts: { connector: file, path: l.jsonl, format: jsonl, schema: Row, event_time: ts, watermark: { out_of_orderness: 0s } }
  rights: { connector: file, path: r.jsonl, format: jsonl, schema: Row, event_time: ts, watermark: { out_of_orderness: 0s } }
`

function row(id: number, n: number, second: number): Given {
  const ts = new Date(Date.UTC(2024, 0, 1, 0, 0, second)).toISOString()
  return { kind: 'row', row: { id, user: 'u', place: { city: 'Ulm' }, n, ts } }
}

async function run(blocks: string, given: Record<string, Given[]>, cut: number): Promise<Observed> {
  const { plan, diagnostics } = await planText(HEAD + blocks)
  if (plan === null) throw new Error(diagnostics.map((one) => one.message).join('; '))
  return runRandom(plan, { given, cut, cutSeed: 1, parallelism: 1 })
}

const GIVEN = {
  lefts: [row(1, 0, 1), row(2, 2, 2), row(3, 5, 3)],
  rights: [row(7, 4, 1), row(8, 10, 2)],
}

function joinBlock(join: string, onError: string): string {
  return `transformations:
  j: { from: lefts, join: { r: { from: rights, ${join} } }, on_error: ${onError} }
sinks:
  out: { from: j, connector: stdout, mode: changes }
${onError === 'dead_letter' ? '  letters: { from: j.dead_letter, connector: stdout }\n' : ''}`
}

const CONDITION = "on: 'user == r.user && div(r.n, n) == 2'"
const JOINS = {
  'an updating join': CONDITION,
  'an interval join': `${CONDITION}, within: [-10s, 10s]`,
  'a left join': `${CONDITION}, type: left`,
}

for (const [name, join] of Object.entries(JOINS)) {
  for (const cut of [1, 100]) {
    test(`pairs: one whose condition throws is skipped and counted, ${name}, batches up to ${cut}`, async (t) => {
      const { report, problems, folded } = await run(joinBlock(join, 'skip'), GIVEN, cut)
      t.deepEqual(problems, [])
      const block = report.blocks.find((one) => one.name === 'j')
      t.is(block?.results?.skipped, 2, 'the left row with n = 0 meets both right rows')
      t.is(block?.records.skipped, 0)
      t.is(block?.records.absorbed, 5)
      const pairs = folded['out']?.filter((text) => !text.includes('r.id=null'))
      t.is(pairs?.length, 2, 'div(4, 2) and div(10, 5) are 2')
    })
  }
}

test('pairs: the dead letter of one that throws holds both rows', async (t) => {
  const { problems, emitted } = await run(joinBlock(CONDITION, 'dead_letter'), GIVEN, 1)
  t.deepEqual(problems, [])
  const letters = (emitted['letters'] ?? []).map(
    (text) => JSON.parse(text) as Record<string, string>,
  )
  t.deepEqual(
    letters.map((letter) => letter['_code']),
    ['EXPR_DIVISION_BY_ZERO', 'EXPR_DIVISION_BY_ZERO'],
  )
  const payload = JSON.parse(letters[0]?.['payload'] ?? '') as Record<string, unknown>
  t.is(payload['id'], 1)
  t.is((payload['r'] as Record<string, unknown>)['id'], 7)
})

test('pairs: one that throws ends the run where the block says fail', async (t) => {
  const { report } = await run(joinBlock(CONDITION, 'fail'), GIVEN, 1)
  t.is(report.outcome, 'failed')
  t.is(report.failure?.code, 'EXPR_DIVISION_BY_ZERO')
  t.is(report.failure?.block, 'j')
})

test('pairs: a structure of a side that is not there is null after one that is', async (t) => {
  const blocks = joinBlock("on: 'user == r.user && r.n > 100', type: full", 'fail')
  const given = { lefts: GIVEN.lefts, rights: [...GIVEN.rights, row(9, 200, 3)] }
  const one = await run(blocks, given, 1)
  const long = await run(blocks, given, 100)
  t.deepEqual(one.problems, [])
  t.deepEqual(one.folded, long.folded)
  const alone = one.folded['out']?.filter((text) => text.includes(' id=null'))
  t.is(alone?.length, 2)
  for (const text of alone ?? []) t.false(text.includes('place.?=true'), text)
})
