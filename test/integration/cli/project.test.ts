/** From `init` to a run: what a newcomer types, and what `docs` and `explain` answer. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { cli, ORDERS, projectOf, SHARES } from './cli-fixture.ts'

for (const [template, ending] of [
  ['flights', 'yaml'],
  ['typescript', 'ts'],
] as const) {
  test(`init --template ${template}: the project checks, passes its tests and runs`, async (t) => {
    const folder = projectOf(t, {})
    const made = await cli(folder, ['init', 'My Shop', '--template', template])
    t.is(made.exit, 0, made.stderr)
    t.regex(made.stdout, new RegExp(`my-shop\\.${ending}`))
    t.regex(made.stderr, new RegExp(`npx millrace dev my-shop\\.${ending}`))
    const project = join(folder, 'My Shop')
    const tested = await cli(project, ['test'])
    t.regex(tested.stdout + tested.stderr, /2 passed, 0 failed/)
    const run = await cli(project, ['run', `my-shop.${ending}`])
    t.is(run.exit, 0, run.stderr)
    t.regex(run.stderr, /hourly .* [1-9]\d* updated/, 'late aircraft correct hours')
    const again = await cli(folder, ['init', 'My Shop', '--template', template])
    t.is(again.exit, 2)
    t.regex(again.stderr, /FOLDER_NOT_EMPTY/)
  })
}

test('init: the schema that completion goes by stands beside the file that names it', async (t) => {
  const folder = projectOf(t, {})
  await cli(folder, ['init', 'shop', '--quiet'])
  const [first = ''] = readFileSync(join(folder, 'shop/shop.yaml'), 'utf8').split('\n')
  const path = /^# yaml-language-server: \$schema=(.*)$/.exec(first)?.[1] ?? ''
  t.is(JSON.parse(readFileSync(join(folder, 'shop', path), 'utf8')).title, 'Millrace pipeline')
})

test('docs: finds keys, functions, errors, connectors and commands, and proposes the nearest', async (t) => {
  const folder = projectOf(t, {})
  const topics: [string, RegExp][] = [
    ['window', /type: session[^]*gap/],
    ['date_trunc', /date_trunc\("hour"/],
    ['KEY_ORDER', /order in which it runs/],
    ['file', /As a sink/],
    ['run', /millrace run <file>/],
  ]
  const answers = await Promise.all(topics.map(([topic]) => cli(folder, ['docs', topic])))
  for (const [index, [topic, text]] of topics.entries()) {
    t.is(answers[index]?.exit, 0, topic)
    t.regex(answers[index]?.stdout ?? '', text)
  }
  const unknown = await cli(folder, ['docs', 'date_trunk'])
  t.is(unknown.exit, 2)
  t.regex(unknown.stderr, /did you mean date_trunc\?/)
})

test('explain --code: shows a readable loop per block, and only the block that is named', async (t) => {
  const folder = projectOf(t, { 'shares.yaml': SHARES, 'orders.jsonl': ORDERS })
  const { exit, stdout } = await cli(folder, ['explain', 'shares.yaml', 'shares', '--code'])
  t.is(exit, 0)
  t.regex(stdout, /^\/\/ == shares: steps\n\/\/ columns: 0 /)
  t.regex(stdout, /for \(; i < length; i\+\+\) \{\n +if \(!\(c2\[i\] < 100\)\) continue/)
  t.false(stdout.includes('// == orders'))
})
