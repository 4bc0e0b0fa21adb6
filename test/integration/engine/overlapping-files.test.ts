/** Files that are read one after the other and whose times overlap: nothing of the second is late. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { cli, projectOf } from '../cli/cli-fixture.ts'

const SECONDS = 12_000

function clicks(user: string): string {
  const start = Date.UTC(2026, 0, 1)
  const line = (second: number): string =>
    JSON.stringify({ user, at: new Date(start + second * 1000).toISOString() })
  return `${Array.from({ length: SECONDS }, (_, second) => line(second)).join('\n')}\n`
}

test('overlapping files: windows wait for the file that was not opened yet, and none is late', async (t) => {
  t.timeout(30_000)
  const folder = projectOf(t, {
    'in/a.jsonl': clicks('a'),
    'in/b.jsonl': clicks('b'),
    'p.yaml': `pipeline: overlapping
sources:
  s: { connector: file, path: "in/*.jsonl", schema: { user: string, at: timestamp }, event_time: at, watermark: { out_of_orderness: 0s } }
transformations:
  w: { from: s, window: { type: tumbling, size: 1 minute, late: too_late }, aggregate: { n: count() } }
sinks:
  out: { from: w, connector: file, path: out.jsonl }
  tardy: { from: too_late, connector: file, path: late.jsonl }
`,
  })
  const ended = await cli(folder, ['run', 'p.yaml'])
  t.is(ended.exit, 0, ended.stdout + ended.stderr)
  t.is(readFileSync(join(folder, 'late.jsonl'), 'utf8'), '')
  const rows = readFileSync(join(folder, 'out.jsonl'), 'utf8').trim().split('\n')
  t.is(rows.length, SECONDS / 60)
  t.true(rows.every((row) => (JSON.parse(row) as { n: number }).n === 120))
})
