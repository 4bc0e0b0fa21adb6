/** Reading well-formed files: what the specification holds, key by key, and what is not lost. */
import { readFile } from 'node:fs/promises'
import test from 'ava'
import { readPipeline } from '../../../shared/spec/read-pipeline.ts'
import { codes, loadModule, places, readDisk, readText, REGISTRY } from './reading.ts'

const FOLDER = 'test/fixtures/pipelines'

function wrap(block: string): string {
  const body = block
    .trim()
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')
  return `pipeline: p
sources:
  s: { connector: stdin, schema: { id: string, at: timestamp, n: integer }, event_time: at }
transformations:
  t:
    from: s
${body}
sinks:
  o: { from: t, connector: stdout }
`
}

async function specOf(block: string) {
  const read = await readText(wrap(block))
  return { spec: read.spec?.transformations?.['t'], said: codes(read) }
}

test('reading: sessions, orders by CDC and a dashboard have no mistakes', async (t) => {
  const read = await readPipeline({
    path: `${FOLDER}/storefront.yaml`,
    env: { REDIS_URL: 'redis://localhost' },
    registry: REGISTRY,
    readFile: readDisk,
  })
  t.deepEqual(places(read), [])
  t.deepEqual(Object.keys(read.spec?.sources ?? {}), ['clicks', 'orders', 'payments'])
  t.is(read.spec?.transformations?.['credited']?.ttl, 30 * 86_400_000)
  t.is(read.spec?.sinks['dashboard']?.config['key'], 'revenue:{hour}:{landing}')
  t.is(read.spec?.sinks['dashboard']?.config['url'], '${REDIS_URL}')
})

test('reading: velocity per card with enrichment has no mistakes but functions to load', async (t) => {
  const read = await readPipeline({
    path: `${FOLDER}/fraud.yaml`,
    env: {},
    registry: REGISTRY,
    readFile: readDisk,
  })
  t.deepEqual(places(read), [])
  const flagged = read.spec?.transformations?.['flagged']
  t.deepEqual(
    flagged?.steps.map((step) => step.kind),
    ['lookup', 'where', 'set'],
  )
  t.deepEqual(
    flagged?.post.map((step) => [step.kind, ...step.key]),
    [
      ['where', 'having'],
      ['select', 'select'],
    ],
  )
  t.deepEqual(read.spec?.transformations?.['scored']?.core, {
    kind: 'process',
    fn: { ref: './score.ts#score' },
  })
})

test('reading: what comes later is named, and nothing else is said', async (t) => {
  const text = await readFile(`${FOLDER}/sales.yaml`, 'utf8')
  const read = await readText(text)
  const later = read.diagnostics.all.filter((one) => one.code === 'NOT_YET')
  t.deepEqual(
    later.map((one) => one.path.at(-1)),
    ['schema', 'history', 'mode'],
  )
  t.deepEqual(new Set(codes(read)).size, 4) // and CONNECTION, SCHEMA, `read: new_files`
})

test('reading: byte order mark, CRLF and comments change nothing', async (t) => {
  const text = wrap('where: n > 1')
  const plain = await readText(text)
  const other = await readText(`\uFEFF# why\r\n${text.replaceAll('\n', '\r\n')}`)
  t.deepEqual(codes(other), [])
  t.deepEqual(other.spec, plain.spec)
  const bytes = await readText(new TextEncoder().encode(`\uFEFF${text}`))
  t.deepEqual(bytes.spec, plain.spec)
})

test('reading: numbers and truth values in expressions stay as they were written', async (t) => {
  const { spec, said } = await specOf('set: { a: 1.50, b: true, c: null, d: 007, e: "\'x\'" }')
  t.deepEqual(said, [])
  t.deepEqual(spec?.steps, [
    {
      key: ['set'],
      kind: 'set',
      fields: [
        { name: 'a', expr: '1.50' },
        { name: 'b', expr: 'true' },
        { name: 'c', expr: 'null' },
        { name: 'd', expr: '007' },
        { name: 'e', expr: "'x'" },
      ],
    },
  ])
})

test('reading: a day is a calendar day in a window, 24 hours are a length', async (t) => {
  const sizes = { '1 day': { calendar: 'day', count: 1 }, '24 hours': { ms: 86_400_000 } } as const
  const more = { '2 weeks': { calendar: 'week', count: 2 }, '1_minute': { ms: 60_000 } } as const
  const rest = { '1 month': { calendar: 'month', count: 1 }, PT5M: { ms: 300_000 } } as const
  for (const [text, size] of Object.entries({ ...sizes, ...more, ...rest })) {
    const block = `window: { type: tumbling, size: ${text} }\naggregate: { n: count() }`
    const { spec, said } = await specOf(block)
    t.deepEqual(said, [], text)
    t.deepEqual(spec?.window, { type: 'tumbling', size })
  }
})

test('reading: every window type with what it needs', async (t) => {
  const windows: Readonly<Record<string, object>> = {
    '{ type: sliding, size: 1 hour, slide: 5 minutes }': { slide: { ms: 300_000 } },
    '{ type: cumulate, size: 1 day, step: 1 hour, timezone: Europe/Berlin }': {
      step: { ms: 3_600_000 },
      timezone: 'Europe/Berlin',
    },
    '{ type: session, gap: 30 minutes, late: behind }': { gap: 1_800_000 },
    '{ type: count, size: 100 }': { size: 100 },
    '{ type: global, time: processing }': { time: 'processing' },
    '{ type: rolling, size: 24 hours, emit: arrival }': { size: 86_400_000, emit: 'arrival' },
    '{ type: same, emit: final }': { emit: 'final' },
    '{ type: tumbling, size: 10s, offset: -1 s, early: every 2 s }': { early: 2000, offset: -1000 },
  }
  for (const [text, part] of Object.entries(windows)) {
    const { spec, said } = await specOf(`window: ${text}\naggregate: { n: count() }`)
    t.deepEqual(said, [], text)
    t.like(spec?.window, part)
    t.false(Object.hasOwn(spec?.window ?? {}, 'late'))
    t.is(spec?.late, text.includes('late:') ? 'behind' : undefined)
  }
})

test('reading: keys of a block are a path, a list or a mapping', async (t) => {
  const core = '\naggregate: { n: count() }'
  t.deepEqual((await specOf(`key_by: id${core}`)).spec?.key_by, [{ path: 'id' }])
  t.deepEqual((await specOf(`key_by: [id, a.b]${core}`)).spec?.key_by, [
    { path: 'id' },
    { path: 'a.b' },
  ])
  t.deepEqual((await specOf(`key_by: { h: hour(at) }${core}`)).spec?.key_by, [
    { name: 'h', expr: 'hour(at)' },
  ])
})

test('reading: steps before a join read its left side, steps after it see both', async (t) => {
  const { spec, said } = await specOf(`
unnest: { item: "[1]", index: i, keep_empty: true }
lookup: { c: { from: cards, on: id == c.id, type: inner, timeout: 200ms, on_error: skip } }
join: { r: { from: s, on: [id, n], within: [-1 hour, 4 hours], type: left } }
where: r.n > 1
set: { m: n }
having: m > 2
drop: [m]
rename: { k: id }
`)
  t.deepEqual(said, [])
  t.deepEqual(
    spec?.steps.map((step) => step.kind),
    ['unnest', 'lookup'],
  )
  t.deepEqual(
    spec?.post.map((step) => step.kind),
    ['where', 'set', 'where', 'drop', 'rename'],
  )
  t.deepEqual(spec?.core, {
    kind: 'join',
    join: {
      alias: 'r',
      from: 's',
      on: 'id == r.id && n == r.n',
      type: 'left',
      within: [-3_600_000, 14_400_000],
    },
  })
})

test('reading: top, dedupe and process in each of their forms', async (t) => {
  const cores: Readonly<Record<string, object>> = {
    'top: { n: 3, by: "n desc, id", ties: true, rank_as: r }': {
      kind: 'top',
      n: 3,
      by: 'n desc, id',
      ties: true,
      rank_as: 'r',
    },
    'dedupe: { within: 1 hour }': { kind: 'dedupe', within: 3_600_000 },
    'dedupe: { keep: last, by: n }': { kind: 'dedupe', keep: 'last', by: 'n' },
    'dedupe: { keep: last }': { kind: 'dedupe', keep: 'last' },
    'process: ./f.ts#score': { kind: 'process', fn: { ref: './f.ts#score' } },
    'process: { fn: ../f.ts#score, with: { limit: 3 } }': {
      kind: 'process',
      fn: { ref: '../f.ts#score' },
      with: { limit: 3 },
    },
  }
  for (const [text, core] of Object.entries(cores)) {
    const { spec, said } = await specOf(`key_by: id\n${text}`)
    t.deepEqual(said, [], text)
    t.deepEqual(spec?.core, core as never)
  }
})

test('reading: union is another word for a list of inputs', async (t) => {
  const read = await readText(wrap('where: n > 1').replace('from: s\n', 'union: [s, s]\n'))
  t.deepEqual(codes(read), [])
  t.deepEqual(read.spec?.transformations?.['t']?.from, ['s', 's'])
})

test('reading: a block with a mistake is named as broken, the others are there', async (t) => {
  const text = wrap('wher: n > 1').replace('sinks:', '  u: { from: s, where: n > 2 }\nsinks:')
  const read = await readText(text)
  t.deepEqual(places(read), ['KEY_UNKNOWN 7:5'])
  t.deepEqual(read.spec?.broken, ['t'])
  t.deepEqual(read.spec?.transformations?.['u']?.steps.length, 1)
})

test('reading: included files bring their entries, whose mistakes stand in their file', async (t) => {
  const files = {
    'parts/schemas.yaml': 'include: ../more.yaml\nschemas:\n  A: { a: strin }\n',
    'more.yaml':
      'params: { day: { type: date, default: "2026-01-01" } }\ndefaults: { on_error: skip }\n',
  }
  const head = 'include: [./parts/schemas.yaml, ./more.yaml]\n'
  const read = await readText(head + wrap('where: n > 1'), { files })
  const [one] = read.diagnostics.all
  t.like(read.places.locate(one?.path ?? [], { span: one?.span ?? { start: 0, end: 1 } }), {
    file: 'parts/schemas.yaml',
    line: 3,
    column: 11,
    width: 5,
  })
  t.is(read.spec?.defaults?.on_error, 'skip')
  t.is(read.params['day'], '2026-01-01')
})

test('reading: functions and schemas of modules are loaded, from the folder of their file', async (t) => {
  const text = wrap('where: n > 1')
    .replace('{ id: string, at: timestamp, n: integer }', './modules/schemas.ts#Order')
    .replace('sinks:', 'functions: { risk: ./modules/functions.ts#risk }\nsinks:')
  const read = await readPipeline({
    path: 'test/fixtures/wrong/p.yaml',
    text,
    env: {},
    registry: REGISTRY,
    readFile: readDisk,
    loadModule,
  })
  t.deepEqual(codes(read), [])
  t.like(read.spec?.functions?.['risk'], { definition: { kind: 'fn' } })
  t.like(read.spec?.sources['s']?.schema, { fields: [{ name: 'order_id' }] })
})

test('reading: a module that throws is a mistake at its place', async (t) => {
  const text = wrap('flat_map: ./f.ts#f')
  const read = await readText(text, {
    files: { 'f.ts': '' },
    loadModule: () => Promise.reject(new Error('boom')),
  })
  t.deepEqual(places(read), ['FUNCTION_NOT_FOUND 7:15'])
  t.is(read.diagnostics.all[0]?.cause, 'boom')
})

async function codesOf(bytes: Uint8Array | string): Promise<string[]> {
  return codes(await readText(bytes))
}

test('reading: files that are no text say so', async (t) => {
  t.deepEqual(await codesOf(''), ['FILE_EMPTY'])
  t.deepEqual(await codesOf('\uFEFF\r\n'), ['FILE_EMPTY'])
  t.deepEqual(await codesOf(new Uint8Array([0x50, 0x41, 0x52, 0x31, 0, 1, 2])), ['FILE_BINARY'])
  t.deepEqual(await codesOf(new Uint8Array([0x61, 0xe4, 0x62])), ['FILE_NOT_UTF8'])
  t.deepEqual(await codesOf(new Uint8Array([0xff, 0xfe, 0x61, 0])), ['FILE_NOT_UTF8'])
  t.deepEqual(await codesOf('x'.repeat(1024 * 1024 + 1)), ['FILE_TOO_LARGE'])
  const none = { path: 'p.yaml', env: {}, registry: REGISTRY }
  const missing = await readPipeline({ ...none, readFile: async () => ({ kind: 'missing' }) })
  t.deepEqual(places(missing), ['FILE_MISSING 1:1'])
  const folder = await readPipeline({ ...none, readFile: async () => ({ kind: 'directory' }) })
  t.deepEqual(codes(folder), ['FILE_IS_DIRECTORY'])
})
