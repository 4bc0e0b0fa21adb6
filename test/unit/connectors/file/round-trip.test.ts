/**
 * Everything that is written is read back: random rows of every type, with nulls, in every format
 * and compression. Hunted: values that a format bends (digits, empty texts, quotes, absent structs).
 */
import test from 'ava'
import * as fc from 'fast-check'
import { openFileSink } from '../../../../connectors/file/sink.ts'
import { openFileSource } from '../../../../connectors/file/source.ts'
import { rowsToBatch } from '../../../../shared/model/batch-rows.ts'
import { folder, readAll, rowsOf, sinkContext, sourceContext } from '../connector-contexts.ts'

const SCHEMA = `{
  integer: integer, text: string, textN: string?, number: number?, flag: boolean?, at: timestamp?,
  day: date?, small: decimal(12,2)?, large: decimal(30,4)?, huge: bigint?, wait: duration?,
  raw: bytes?, doc: json?, list: array<integer?>?, prices: array<decimal(9,3)>?, tags: map<string?>?,
  inner: { x: string, y: integer? }?, always: { z: number, deep: { w: boolean? }? }
}`

const day = fc
  .integer({ min: -200_000, max: 200_000 })
  .map((days) => new Date(days * 86_400_000).toISOString().slice(0, 10))
  .filter((text) => text.length === 10)
const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', ' ', '"', '""', 'a,b', 'a\nb', '\r\n', '\\', '\u0000', 'null', "'", '😀'),
)
const digits = (whole: number, scale: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.bigInt({
        min: -(10n ** BigInt(whole + scale)) + 1n,
        max: 10n ** BigInt(whole + scale) - 1n,
      }),
    )
    .map(([unscaled]) => {
      const negative = unscaled < 0n
      const all = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
      return `${negative ? '-' : ''}${all.slice(0, -scale)}.${all.slice(-scale)}`
    })
const orNull = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { freq: 4 })
const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)

const row = fc.record({
  integer: fc.maxSafeInteger().map((value) => value + 0),
  text,
  textN: orNull(text),
  number: orNull(number),
  flag: orNull(fc.boolean()),
  at: orNull(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(9e12) })).map(
    (value) => value?.toISOString() ?? null,
  ),
  day: orNull(day),
  small: orNull(digits(10, 2)),
  large: orNull(digits(26, 4)),
  huge: orNull(fc.bigInt({ min: -(10n ** 37n), max: 10n ** 37n }).map(String)),
  wait: orNull(fc.nat()),
  raw: orNull(
    fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes).toString('base64')),
  ),
  doc: orNull(fc.constantFrom<unknown>({ a: [1, 'x', null] }, [], 'text', 4, true)),
  list: orNull(fc.array(orNull(fc.integer()), { maxLength: 3 })),
  prices: orNull(fc.array(digits(5, 3), { maxLength: 3 })),
  tags: orNull(
    fc
      .dictionary(fc.constantFrom('a', 'b', 'k "q"'), orNull(fc.string()), {
        noNullPrototype: true,
      })
      .filter((value) => Object.keys(value).length < 3),
  ),
  inner: orNull(fc.record({ x: fc.string({ minLength: 1 }), y: orNull(fc.integer()) })),
  always: fc.record({ z: number, deep: orNull(fc.record({ w: fc.boolean() })) }),
})

for (const name of [
  'out.jsonl',
  'out.jsonl.gz',
  'out.jsonl.zst',
  'out.csv',
  'out.csv.gz',
  'out.tsv',
  'out.parquet',
]) {
  test(`file: rows written to ${name} are read back the same`, async (t) => {
    const baseDirectory = await folder(t)
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 30 }), async (rows) => {
        const to = sinkContext({ schema: SCHEMA, config: { path: name }, baseDirectory })
        const sink = await openFileSink(to)
        const half = Math.floor(rows.length / 2)
        await sink.write(rowsToBatch(rows.slice(0, half), to.columns))
        await sink.write(rowsToBatch(rows.slice(half), to.columns))
        const report = await sink.finish()
        await sink.close()
        const from = sourceContext({ schema: SCHEMA, config: { path: name }, baseDirectory })
        const read = rowsOf(await readAll(await openFileSource(from)))
        if (report.rows !== rows.length || from.failures.length > 0)
          throw new Error(`${report.rows} rows, ${JSON.stringify(from.failures)}`)
        const wanted = rowsOf([rowsToBatch(rows, to.columns)])
        const wrong = read.findIndex(
          (one, index) => JSON.stringify(one) !== JSON.stringify(wanted[index]),
        )
        if (wrong >= 0) t.deepEqual(read[wrong], wanted[wrong])
        if (read.length !== wanted.length) t.is(read.length, wanted.length)
      }),
      { numRuns: 15, seed: 11 },
    )
    t.pass()
  })
}

for (const [compression, name] of [
  ['none', 'plain.parquet'],
  ['gzip', 'gzip.parquet'],
  ['zstd', 'zstd.parquet'],
  ['snappy', 'snappy.parquet'],
] as const) {
  test(`file: Parquet compressed by ${compression} keeps many row groups and projections`, async (t) => {
    const baseDirectory = await folder(t)
    const schema = '{ n: integer, word: string?, price: decimal(9,2), s: { a: integer? }? }'
    const to = sinkContext({ schema, config: { path: name, compression }, baseDirectory })
    const sink = await openFileSink(to)
    const rows = Array.from({ length: 70_000 }, (_, n) => ({
      n,
      word: n % 5 === 0 ? null : `word-${n % 1000}`,
      price: `${n}.${`${n % 100}`.padStart(2, '0')}`,
      s: n % 3 === 0 ? null : { a: n % 3 === 1 ? null : n },
    }))
    for (let at = 0; at < rows.length; at += 4096)
      await sink.write(rowsToBatch(rows.slice(at, at + 4096), to.columns))
    await sink.finish()
    const whole = sourceContext({ schema, config: { path: name }, baseDirectory })
    const batches = await readAll(await openFileSource(whole))
    t.is(JSON.stringify(rowsOf(batches)), JSON.stringify(rows))
    t.true(batches.slice(0, -1).every((batch) => batch.length === 4096))
    const narrow = sourceContext({
      schema,
      config: { path: name },
      baseDirectory,
      columns: ['price', 'word'],
    })
    const words = rowsOf(await readAll(await openFileSource(narrow)))
    t.is(JSON.stringify(words), JSON.stringify(rows.map(({ word, price }) => ({ word, price }))))
  })
}
