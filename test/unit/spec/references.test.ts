/** `${…}`: where it is put in, which type it takes, what is missing; secrets are never shown. */
import test from 'ava'
import { z } from 'zod'
import { splitReferences } from '../../../shared/spec/reference-text.ts'
import { resolveConfig } from '../../../shared/spec/resolve-references.ts'
import { codes, places, readText } from './reading.ts'

const VALUES = {
  env: { HOST: 'db', PORT: '5432', EMPTY: '', TLS: 'true' },
  params: { day: '2026-01-01', limit: 7 },
  secrets: (name: string) => (name === 'PW' ? 'p$w{d' : undefined),
}

test('references: a text is split into its parts, with offsets', (t) => {
  t.deepEqual(splitReferences('a${B}c${D:-e f}${param:g}${secret:h.i}'), [
    { text: 'a', start: 0, end: 1 },
    { reference: { kind: 'env', name: 'B', fallback: null }, start: 1, end: 5 },
    { text: 'c', start: 5, end: 6 },
    { reference: { kind: 'env', name: 'D', fallback: 'e f' }, start: 6, end: 15 },
    { reference: { kind: 'param', name: 'g' }, start: 15, end: 25 },
    { reference: { kind: 'secret', name: 'h.i' }, start: 25, end: 38 },
  ])
})

test('references: what is no reference is a problem, never a text', (t) => {
  for (const text of ['${', '${}', '${a b}', '${file:x}', '${param:}', '${1}', 'x${a.b}']) {
    const problem = splitReferences(text).find((part) => 'problem' in part)
    t.truthy(problem, text)
  }
})

test('references: settings are resolved in depth, once', (t) => {
  const config = {
    url: 'postgres://${HOST}:${PORT}/x?pw=${secret:PW}',
    list: [{ day: '${param:day}' }],
    fallback: '${NONE:-${HOST}',
    empty: '${EMPTY:-instead}',
  }
  t.deepEqual(resolveConfig(config, VALUES).config, {
    url: 'postgres://db:5432/x?pw=p$w{d',
    list: [{ day: '2026-01-01' }],
    fallback: '${HOST',
    empty: 'instead',
  })
})

test('references: a whole value takes the type of its key', (t) => {
  const schema = z.strictObject({ port: z.int(), name: z.string(), tls: z.boolean(), n: z.int() })
  const config = { port: '${PORT}', name: '${PORT}', tls: '${TLS}', n: '${param:limit}' }
  const { config: resolved } = resolveConfig(config, VALUES, schema)
  t.deepEqual(resolved, { port: 5432, name: '5432', tls: true, n: 7 })
})

test('references: all that is missing is said at once, by name and place', (t) => {
  const config = { a: '${NOPE}', b: ['${secret:GONE}'], c: '${param:what} ${}' }
  const { config: resolved, problems } = resolveConfig(config, VALUES)
  t.is(resolved, null)
  t.deepEqual(
    problems?.map((one) => [one.code, ...one.path]),
    [
      ['REFERENCE_MISSING', 'a'],
      ['REFERENCE_MISSING', 'b', 0],
      ['REFERENCE_MISSING', 'c'],
      ['REFERENCE_INVALID', 'c'],
    ],
  )
  t.false(JSON.stringify(problems).includes('p$w'))
})

const FILE = `pipeline: p
params: { hours: { type: integer, default: 2 }, day: { type: date, default: "2026-01-01" } }
sources:
  s: { connector: file, path: "\${DIR}/x.jsonl", parallelism: "\${LANES:-2}", schema: { id: string, at: timestamp } }
transformations:
  t:
    from: s
    where: id != "\${NAME}"
    window: { type: tumbling, size: "\${param:hours} hours" }
    aggregate: { n: count() }
sinks:
  o: { from: t, connector: stdout }
`

test('references: in the language they are put in when read, in settings they stay', async (t) => {
  const read = await readText(FILE, { env: { NAME: 'x"y' } })
  t.deepEqual(codes(read), [])
  t.is(read.spec?.sources['s']?.parallelism, 2)
  t.is(read.spec?.sources['s']?.config['path'], '${DIR}/x.jsonl')
  t.like(read.spec?.transformations?.['t'], { window: { size: { ms: 7_200_000 } } })
  t.like(read.spec?.transformations?.['t']?.steps[0], { expr: 'id != "x"y"' })
})

test('references: what --set gives stands over defaults and is checked by type', async (t) => {
  const env = { NAME: 'x' }
  const good = await readText(FILE, { env, set: { hours: '5', day: '2026-06-01' } })
  t.deepEqual(codes(good), [])
  t.deepEqual(good.params, { hours: 5, day: '2026-06-01' })
  t.is(good.spec?.params?.['hours']?.default, 5)
  const bad = await readText(FILE, { env, set: { hours: '5.5', day: 'yesterday', dya: 'x' } })
  t.deepEqual(codes(bad), ['PARAM_INVALID', 'PARAM_INVALID', 'PARAM_UNKNOWN'])
})

test('references: a missing variable of the language stands where it is used', async (t) => {
  const read = await readText(FILE)
  t.deepEqual(places(read), ['REFERENCE_MISSING 8:12'])
})

test('references: a secret outside of settings is refused', async (t) => {
  const read = await readText(FILE.replace('${NAME}', '${secret:PW}'))
  t.deepEqual(places(read), ['REFERENCE_INVALID 8:12'])
})
