/** Environments: they change where data is, never what is computed. */
import test from 'ava'
import { places, readText } from './reading.ts'

const FILE = `pipeline: p
connections:
  db: { url: postgres://dev/x, password: dev }
sources:
  s: { connector: file, path: dev.jsonl, schema: { id: string, at: timestamp }, event_time: at }
tables:
  c: { connector: postgres, connection: db, table: cards, key: id, schema: { id: string } }
transformations:
  t: { from: s, where: id != "x" }
sinks:
  o: { from: t, connector: stdout }
stream_processing: { parallelism: 1 }
environments:
  prod:
    connections:
      db: { url: "\${DB}" }
    sources:
      s: { connector: kafka, brokers: "\${BROKERS}", topic: live, parallelism: "\${LANES:-4}" }
    sinks:
      o: { connector: file, path: out/ }
    transformations:
      t: { parallelism: 8 }
    stream_processing: { parallelism: 2, checkpoint: { interval: 10s } }
`

test('environments: without one the file holds as it is', async (t) => {
  const read = await readText(FILE)
  t.deepEqual(places(read), [])
  t.is(read.spec?.sources['s']?.connector, 'file')
})

test('environments: another connector brings its settings and keeps the stream', async (t) => {
  const { spec } = await readText(FILE, { environment: 'prod' })
  t.like(spec?.sources['s'], { connector: 'kafka', event_time: 'at', parallelism: 4 })
  t.deepEqual(spec?.sources['s']?.config, { brokers: '${BROKERS}', topic: 'live' })
  t.like(spec?.sinks['o'], { from: 't', connector: 'file', config: { path: 'out/' } })
  t.is(spec?.transformations?.['t']?.parallelism, 8)
  t.deepEqual(spec?.stream_processing, { parallelism: 2, checkpoint: { interval: 10_000 } })
})

test('environments: a connection keeps the keys that are not changed', async (t) => {
  const { spec } = await readText(FILE, { environment: 'prod' })
  t.deepEqual(spec?.connections?.['db'], { url: '${DB}', password: 'dev' })
})

test('environments: an unknown one is named with the nearest', async (t) => {
  const read = await readText(FILE, { environment: 'prd' })
  t.deepEqual(places(read), ['ENVIRONMENT_UNKNOWN 13:1'])
  t.regex(read.diagnostics.all[0]?.fix ?? '', /prod/)
})

const REFUSED: Readonly<Record<string, string>> = {
  'transformations: { t: { where: id == "y" } }': 'ENVIRONMENT_REFUSED 15:27',
  'sources: { s: { event_time: other } }': 'ENVIRONMENT_REFUSED 15:19',
  'sinks: { o: { from: s } }': 'ENVIRONMENT_REFUSED 15:17',
  'sinks: { q: { connector: stdout } }': 'ENVIRONMENT_REFUSED 15:12',
  'schemas: { A: { a: string } }': 'ENVIRONMENT_REFUSED 15:3',
  'stream_processing: { engine: x }': 'ENVIRONMENT_REFUSED 15:24',
  'sources: { s: { connector: kafak, topic: x } }': 'CONNECTOR_UNKNOWN 15:30',
  'sources: { s: { connector: kafka, topik: x, brokers: b } }': 'KEY_UNKNOWN 15:37',
  'sources: { s: { parallelism: many } }': 'VALUE_INVALID 15:32',
}

for (const [body, place] of Object.entries(REFUSED)) {
  test(`environments: refused at its place: ${body}`, async (t) => {
    const text = `${FILE.slice(0, FILE.indexOf('environments:'))}environments:\n prod:\n  ${body}\n`
    const read = await readText(text)
    t.true(places(read).includes(place), places(read).join(', '))
  })
}
