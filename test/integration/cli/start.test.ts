/**
 * What a run of a YAML file loads: a start is mostly imports, so what is not needed must not be
 * there. Modules are listed by Node's own module hooks.
 */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { ROOT } from '../../tidy/source-files.ts'
import { cli, ORDERS, projectOf, SHARES } from './cli-fixture.ts'

const LISTING = `
import { registerHooks } from 'node:module'
import { appendFileSync } from 'node:fs'
registerHooks({
  load(url, context, next) {
    appendFileSync(process.env.LISTED, url + '\\n')
    return next(url, context)
  },
})
`

test('start: run loads the connectors it uses and nothing of tests, pictures or telemetry', async (t) => {
  const folder = projectOf(t, {
    'shares.yaml': SHARES.replace('on_error: fail', 'on_error: skip'),
    'orders.jsonl': ORDERS,
    'list.mjs': LISTING,
  })
  const { exit, stderr } = await cli(folder, ['run', 'shares.yaml'], {
    env: { LISTED: join(folder, 'listed') },
    nodeFlags: ['--import', join(folder, 'list.mjs')],
  })
  t.is(exit, 0, stderr)
  const loaded = readFileSync(join(folder, 'listed'), 'utf8')
    .split('\n')
    .filter((url) => url.startsWith('file:'))
    .map((url) => relative(ROOT, fileURLToPath(url)))
  // The code of a connector is behind its index; configs and what they describe are always there.
  const connectors = loaded.flatMap(
    (path) => /^connectors\/([^/]+)\/index\.ts$/.exec(path)?.[1] ?? [],
  )
  t.deepEqual(connectors, ['file'])
  const packages = new Set(
    loaded.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
  )
  const unwanted = ['@opentelemetry', '@dagrejs', 'typescript', 'oxfmt', 'fast-check', 'pino']
  const unneeded = ['hyparquet', 'hyparquet-writer', 'csv-parse', 'udsv', 'msgpackr']
  for (const name of [...unwanted, ...unneeded]) {
    t.deepEqual(
      [...packages].filter((one) => one === name || one.startsWith(`${name}/`)),
      [],
      name,
    )
  }
  const ours = [
    'scripts/testing/',
    'scripts/dev/',
    'scripts/docs/',
    'scripts/telemetry/run',
    'shared/planning/explain/',
    'index.ts',
    'shared/spec/json-schema.ts',
    // Operators of kinds that the pipeline does not have.
    'node/operators/create-operator.ts',
    'node/operators/changes/',
    'node/operators/dedupe/',
    'node/operators/join/join-operator.ts',
    'node/operators/process/',
    'node/operators/top/',
  ]
  for (const part of ours)
    t.deepEqual(
      loaded.filter((path) => path.startsWith(part)),
      [],
      part,
    )
})
