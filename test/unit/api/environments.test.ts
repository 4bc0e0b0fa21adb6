/** Hunts environments of a TypeScript pipeline that do not do what those of a file do. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { CommandIo } from '../../../scripts/commands/command.ts'
import { loadPipeline } from '../../../scripts/pipeline/load-pipeline.ts'
import { styleFor } from '../../../scripts/terminal/style.ts'
import { planJsonText } from '../../../shared/planning/plan-json.ts'

const YAML = `pipeline: shops
schemas:
  Hit: { user: string, at: timestamp }
connections:
  bus: { brokers: "localhost:9092", client_id: dev }
sources:
  hits: { connector: kafka, connection: bus, topic: hits, schema: Hit, event_time: at, watermark: { out_of_orderness: 1s } }
transformations:
  some: { from: hits, where: user != "" }
sinks:
  out: { from: some, connector: file, path: out/, format: jsonl }
environments:
  prod:
    connections: { bus: { brokers: "kafka:9092", client_id: prod } }
    sources: { hits: { parallelism: 4 } }
    sinks: { out: { path: /data/out/ } }
`

const PROGRAM = `import { file, kafka, pipeline, schema } from 'millrace'
const Hit = schema({ user: 'string', at: 'timestamp' })
export default pipeline(
  'shops',
  {
    connections: { bus: { brokers: 'localhost:9092', clientId: 'dev' } },
    environments: {
      prod: {
        connections: { bus: { brokers: 'kafka:9092', clientId: 'prod' } },
        sources: { hits: { parallelism: 4 } },
        sinks: { out: { path: '/data/out/' } },
      },
    },
  },
  (p) => {
    p.source(
      'hits',
      kafka({
        connection: 'bus',
        topic: 'hits',
        schema: Hit,
        eventTime: 'at',
        watermark: { outOfOrderness: '1s' },
      }),
    )
      .where((r) => r.user.ne(''))
      .as('some')
      .to('out', file({ path: 'out/', format: 'jsonl' }))
  },
)
`

const folder = mkdtempSync(join(tmpdir(), 'millrace-environments-'))
test.before(() => {
  writeFileSync(join(folder, 'shops.yaml'), YAML)
  writeFileSync(join(folder, 'shops.ts'), PROGRAM)
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
})
test.after.always(() => rmSync(folder, { recursive: true, force: true }))

const stream = { write: () => true }
const style = styleFor({}, {})
const io: CommandIo = {
  stdout: stream,
  stderr: stream,
  env: {},
  workingDirectory: folder,
  style,
  outStyle: style,
  onInterrupt: () => () => {},
}

async function planOf(file: string, env?: string): Promise<string> {
  const { plan, diagnostics } = await loadPipeline(file, env === undefined ? {} : { env }, io)
  return plan === null ? JSON.stringify(diagnostics) : planJsonText(plan)
}

test('environments: --env lays the same over a program as over a file', async (t) => {
  t.is(await planOf('shops.ts'), await planOf('shops.yaml'))
  t.is(await planOf('shops.ts', 'prod'), await planOf('shops.yaml', 'prod'))
  t.regex(await planOf('shops.ts', 'prod'), /kafka:9092/)
})

test('environments: a name that is unknown is a mistake of a program, too', async (t) => {
  t.regex(await planOf('shops.ts', 'production'), /ENVIRONMENT_UNKNOWN/)
})
