/**
 * Event times that are computed from a row: what throws and what is null keeps its number among
 * the records of its split, and nothing of the engine's own is shown with it.
 */
import test from 'ava'
import { DEAD_LETTER_COLUMNS } from '../../../node/task/dead-letters.ts'
import type { SourceBlock } from '../../../shared/planning/plan.ts'
import { planText } from '../../unit/planning/plan-text.ts'
import {
  output,
  PassOperator,
  planOf,
  runTest,
  sink,
  source,
  splitOf,
  steps,
  TestSink,
  TestSource,
  type TestRow,
} from './engine-fixture.ts'

const EXPRESSION = 'date_add(at, div(60, n), "minute")'

/** A source whose event time divides by `n`. */
async function timedSource(more: Partial<SourceBlock>): Promise<SourceBlock> {
  const { plan } = await planText(`pipeline: timed
schemas:
  Row: { user: "string?", n: integer, at: "timestamp?" }
sources:
  s: { connector: file, path: in.jsonl, schema: Row, event_time: '${EXPRESSION}' }
sinks:
  out: { from: s, connector: stdout }
`)
  const planned = plan?.blocks.find((block) => block.name === 's') as SourceBlock
  const { eventTime, eventTimeExpr } = planned
  return source('s', { eventTime, ...(eventTimeExpr ? { eventTimeExpr } : {}), ...more })
}

const row = (n: number, at: number | null): TestRow => ({ user: `u${n}`, n, at })
const ROWS = [row(1, 0), row(0, 1000), row(60, 2000), row(1, null), row(0, 3000), row(30, 4000)]

for (const batchRows of [1, 4, 6]) {
  test(`computed event time: refused records keep their number, batches of ${batchRows}`, async (t) => {
    const dead = new TestSink()
    const seen = new PassOperator()
    const outputs = [output('main'), output('dead_letter', DEAD_LETTER_COLUMNS)]
    const report = await runTest(
      planOf(
        await timedSource({ onError: 'dead_letter', outputs }),
        steps('p', ['s']),
        sink('out', 'p'),
        sink('dead', 's.dead_letter', { columns: DEAD_LETTER_COLUMNS }),
      ),
      {
        sources: { s: new TestSource(splitOf(ROWS, batchRows)) },
        sinks: { out: new TestSink(), dead },
        operators: { p: () => seen },
      },
    )
    t.is(report.failure, null)
    t.like(report.blocks[0]?.records, { read: 6, passed: 3, deadLettered: 3 })
    t.deepEqual(
      dead.rows.map((letter) => [letter['_code'], letter['_position']]),
      [
        ['EXPR_DIVISION_BY_ZERO', 's, record 2'],
        ['EVENT_TIME_NULL', 's, record 4'],
        ['EXPR_DIVISION_BY_ZERO', 's, record 5'],
      ],
    )
    t.is(dead.rows[1]?.['_message'], `the event time \`${EXPRESSION}\` of the record is null`)
    t.deepEqual(JSON.parse(String(dead.rows[1]?.['payload'])), { user: 'u1', n: 1, at: null })
  })
}

test('computed event time: rows that stay have their own, whatever was refused between them', async (t) => {
  const out = new TestSink()
  const report = await runTest(planOf(await timedSource({ onError: 'skip' }), sink('out', 's')), {
    sources: { s: new TestSource(splitOf(ROWS, 6)) },
    sinks: { out },
  })
  t.is(report.failure, null)
  t.deepEqual(
    out.batches.flatMap((batch) => [...batch.eventTime.subarray(0, batch.length)]),
    [3_600_000, 62_000, 124_000],
  )
})
