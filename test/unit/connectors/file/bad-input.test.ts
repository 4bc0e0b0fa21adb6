/**
 * Bad input of files: each ends in a coded error that names the file, or in a failure of its row
 * with file and line, and the good rows around it are kept.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import test, { type ExecutionContext } from 'ava'
import { fileCode } from '../../../../connectors/file/index.ts'
import { openFileSource } from '../../../../connectors/file/source.ts'
import { openFileSink } from '../../../../connectors/file/sink.ts'
import { StreamError } from '../../../../shared/base/errors.ts'
import { rowsToBatch } from '../../../../shared/model/batch-rows.ts'
import { folder, readAll, rowsOf, sinkContext, sourceContext } from '../connector-contexts.ts'

const SCHEMA = '{ id: integer, name: string?, price: decimal(6,2)?, at: timestamp? }'

async function given(
  t: ExecutionContext,
  name: string,
  content: string | Uint8Array,
  config: Record<string, unknown> = {},
) {
  const baseDirectory = await folder(t)
  await writeFile(join(baseDirectory, name), content)
  return sourceContext({ schema: SCHEMA, config: { path: name, ...config }, baseDirectory })
}

async function read(context: ReturnType<typeof sourceContext>): Promise<unknown[]> {
  return rowsOf(await readAll(await openFileSource(context)))
}

async function coded(t: ExecutionContext, run: () => Promise<unknown>): Promise<StreamError> {
  const error = await t.throwsAsync(run)
  if (!(error instanceof StreamError)) throw error ?? new Error('nothing was thrown')
  t.truthy(error.fix, error.message)
  return error
}

test('bad input: a missing file, a directory and a pattern without files are named', async (t) => {
  const baseDirectory = await folder(t)
  await mkdir(join(baseDirectory, 'folder'))
  const open = (path: string) => () =>
    openFileSource(sourceContext({ schema: SCHEMA, config: { path }, baseDirectory }))
  const missing = await coded(t, open('none.jsonl'))
  t.is(missing.code, 'FILE_NOT_FOUND')
  t.regex(missing.message, /none\.jsonl/)
  const directory = await coded(t, open('folder'))
  t.is(directory.code, 'FILE_IS_DIRECTORY')
  t.regex(directory.fix ?? '', /folder\/\*/)
  t.is((await coded(t, open('*.csv'))).code, 'FILE_NOT_FOUND')
  const context = sourceContext({ schema: SCHEMA, config: { path: 'data.txt' }, baseDirectory })
  await writeFile(join(baseDirectory, 'data.txt'), '{}')
  t.is((await coded(t, () => read(context))).code, 'FILE_FORMAT_UNKNOWN')
})

test('bad input: of a name that stands twice in a record the last value counts, and each must fit', async (t) => {
  const lines = [
    '{"id":1,"name":"a","id":2,"name":"b"}',
    '{"id":3,"name":"a","name":null}',
    '{"id":"x","id":4}',
    '{"id":5,"id":"x"}',
  ]
  const context = await given(t, 'twice.jsonl', lines.join('\n'))
  t.like(await read(context), [
    { id: 2, name: 'b' },
    { id: 3, name: null },
  ])
  t.deepEqual(
    context.failures.map(({ code, position }) => [code, position]),
    [
      ['ROW_FIELD_WRONG', 'twice.jsonl:3'],
      ['ROW_FIELD_WRONG', 'twice.jsonl:4'],
    ],
  )
})

test('bad input: an empty file has no rows, an empty Parquet file is broken', async (t) => {
  t.deepEqual(await read(await given(t, 'a.jsonl', '')), [])
  t.deepEqual(await read(await given(t, 'a.csv', '')), [])
  t.deepEqual(await read(await given(t, 'a.jsonl', '\n\r\n\n')), [])
  const parquet = await given(t, 'a.parquet', '')
  const error = await coded(t, () => read(parquet))
  t.is(error.code, 'PARQUET_BROKEN')
  t.is(error.message, 'a.parquet is no Parquet file or is cut off')
})

test('bad input: byte order mark, CRLF and a last line without an end are no matter', async (t) => {
  const lines = '\ufeff{"id":1,"name":"a"}\r\n\r\n{"id":2,"name":"b"}'
  t.like(await read(await given(t, 'a.jsonl', lines)), [{ id: 1 }, { id: 2, name: 'b' }])
  const csv = '\ufeffid,name,price,at\r\n1,a,,\r\n2,"b\r\nc",1.5,2026-01-01T00:00:00Z'
  t.deepEqual(await read(await given(t, 'a.csv', csv)), [
    { id: 1, name: 'a', price: null, at: null },
    { id: 2, name: 'b\r\nc', price: '1.50', at: '2026-01-01T00:00:00.000Z' },
  ])
})

test('bad input: wrong lines of JSON fail with their place and text, others are read', async (t) => {
  const lines = [
    '{"id":1}',
    '{"id":2',
    'no json',
    '[1]',
    '{"id":3,}',
    '{"id":4} x',
    '{"id":"5"}',
    '{"id":6.5}',
    '{"id":9007199254740993}',
    '{"name":"x"}',
    '{"id":null}',
    '{"id":7,"price":1.234}',
    '{"id":8,"price":12345.67}',
    '{"id":9,"at":"yesterday"}',
    '{"id":10,"name":"\\ud83d\\ude00 \\"q\\" \\u00e9","more":{"a":[1,{"b":null}]}}',
    '{"id":11,"name":"a\u0001b"}',
    '{"id":012}',
    '{"id":12,"at":1700000000000,"price":"1.5"}',
  ]
  const context = await given(t, 'a.jsonl', lines.join('\n'))
  const rows = await read(context)
  t.like(rows, [
    { id: 1 },
    { id: 10, name: '😀 "q" é' },
    { id: 12, at: '2023-11-14T22:13:20.000Z', price: '1.50' },
  ])
  t.is(rows.length, 3)
  t.is(context.failures.length, lines.length - 3)
  const shown = context.failures.map((one) => `${one.position} ${one.code} ${one.message}`)
  t.snapshot(shown)
  for (const failure of context.failures) {
    const line = Number(failure.position.split(':')[1])
    t.is(failure.payload, lines[line - 1] ?? '')
  }
})

test('bad input: a row fails whether its wrong field is read or not', async (t) => {
  const baseDirectory = await folder(t)
  await writeFile(join(baseDirectory, 'a.jsonl'), '{"id":1,"price":"no"}\n{"id":2}\n')
  const context = sourceContext({
    schema: SCHEMA,
    config: { path: 'a.jsonl' },
    baseDirectory,
    columns: ['id'],
  })
  t.deepEqual(await read(context), [{ id: 2 }])
  t.is(context.failures.length, 1)
})

test('bad input: wrong records of CSV fail with their place and text', async (t) => {
  const csv = [
    'id,name,price,at',
    '1,a,1.00,',
    'x,b,,',
    '2,c',
    '3,d,,,more',
    ',e,,',
    '4,"f" g,,',
    '5,"two\nlines",abc,',
    '6,"say ""hi""",2,',
    '7,"never closed,,',
    '8,h,,',
  ].join('\n')
  const context = await given(t, 'a.csv', csv)
  const rows = await read(context)
  t.like(rows, [{ id: 1 }, { id: 6, name: 'say "hi"' }, { id: 8 }])
  t.is(rows.length, 3)
  t.snapshot(context.failures.map((one) => [one.position, one.code, one.message, one.payload]))
})

test('bad input: a CSV header without a column that cannot be null is refused', async (t) => {
  const missing = await coded(t, async () => read(await given(t, 'a.csv', 'name,price\nx,1\n')))
  t.is(missing.code, 'FILE_COLUMN_MISSING')
  t.regex(missing.message, /id/)
  const cut = await coded(t, async () => read(await given(t, 'a.csv', 'id;name\n1;x\n')))
  t.is(cut.fix, 'write `delimiter: ";"`', 'another separator is named')
  const extra = await read(await given(t, 'a.csv', 'other,id\nx,1\n'))
  t.deepEqual(extra, [{ id: 1, name: null, price: null, at: null }])
})

test('bad input: a CSV header with a column that is read twice is refused, with another it is not', async (t) => {
  const twice = await coded(t, async () => read(await given(t, 'a.csv', 'id,name,id\n1,a,2\n')))
  t.is(twice.code, 'FILE_COLUMN_TWICE')
  t.regex(twice.message, /column id more than once/)
  t.is((await read(await given(t, 'a.csv', 'id,x,x\n1,a,b\n'))).length, 1)
})

test('bad input: a binary file as CSV shows no bytes that steer the terminal', async (t) => {
  const bytes = Buffer.from(Uint8Array.from({ length: 3000 }, (_, index) => (index * 7919) % 256))
  const error = await coded(t, async () => read(await given(t, 'a.csv', bytes)))
  t.notRegex(error.message, /\p{Cc}/u)
  t.true(error.message.length < 1200)
})

test('bad input: a binary file fails line by line, with its bytes as payload', async (t) => {
  const bytes = Uint8Array.from({ length: 3000 }, (_, index) => (index * 7919) % 256)
  const context = await given(t, 'a.jsonl', bytes)
  t.deepEqual(await read(context), [])
  t.true(context.failures.length > 5)
  t.true(context.failures.every((one) => one.code === 'ROW_MALFORMED'))
  t.true(context.failures.some((one) => one.payload instanceof Uint8Array))
  const text = await given(
    t,
    'b.jsonl',
    Buffer.from('{"id":1,"name":"\xff\xfe"}\n{"id":2}\n', 'latin1'),
  )
  t.like(await read(text), [{ id: 2 }])
  t.regex(text.failures[0]?.message ?? '', /UTF-8/)
})

test('bad input: a line of 100 MB fails at its place, and the next line is read', async (t) => {
  const long = Buffer.alloc(100 * 1024 * 1024, 120)
  const content = Buffer.concat([
    Buffer.from('{"id":1}\n{"id":2,"name":"'),
    long,
    Buffer.from('"}\n{"id":3}\n'),
  ])
  const context = await given(t, 'a.jsonl', content)
  t.like(await read(context), [{ id: 1 }, { id: 3 }])
  t.deepEqual(
    context.failures.map((one) => [one.code, one.position]),
    [['ROW_TOO_LONG', 'a.jsonl:2']],
  )
  t.true(String(context.failures[0]?.payload).length <= 64 * 1024)
})

test('bad input: compressed files that are cut off, damaged or none are named', async (t) => {
  const lines = Array.from({ length: 5000 }, (_, id) => JSON.stringify({ id })).join('\n')
  const gzip = gzipSync(lines)
  const zstd = zstdCompressSync(lines)
  const damaged = Buffer.from(gzip)
  damaged[Math.floor(damaged.length / 2)]! ^= 0xff
  for (const [name, bytes] of [
    ['cut.jsonl.gz', gzip.subarray(0, -20)],
    ['cut.jsonl.zst', zstd.subarray(0, -20)],
    ['damaged.jsonl.gz', damaged],
    ['none.jsonl.gz', Buffer.from(lines)],
    ['none.jsonl.zst', Buffer.from(lines)],
    ['tail.jsonl.zst', Buffer.concat([zstd, Buffer.from('rubbish')])],
  ] as const) {
    const context = await given(t, name, bytes)
    const error = await coded(t, () => read(context))
    t.is(error.code, 'FILE_COMPRESSION_BROKEN', name)
    t.true(error.message.includes(name))
  }
  const two = await given(
    t,
    'two.jsonl.gz',
    Buffer.concat([gzipSync('{"id":1}\n'), gzipSync('{"id":2}')]),
  )
  t.like(await read(two), [{ id: 1 }, { id: 2 }])
})

test('bad input: a bomb is refused before it fills the disk or the memory', async (t) => {
  const block = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024, 10))
  const context = await given(
    t,
    'bomb.jsonl.zst',
    Buffer.concat(Array.from({ length: 6 }, () => block)),
  )
  t.is((await coded(t, () => read(context))).code, 'FILE_EXPANDS_TOO_FAR')
})

async function parquet(t: ExecutionContext): Promise<{ baseDirectory: string; bytes: Buffer }> {
  const baseDirectory = await folder(t)
  const to = sinkContext({ schema: SCHEMA, config: { path: 'a.parquet' }, baseDirectory })
  const sink = await openFileSink(to)
  const rows = Array.from({ length: 1000 }, (_, id) => ({
    id,
    name: `n${id}`,
    price: null,
    at: null,
  }))
  await sink.write(rowsToBatch(rows, to.columns))
  await sink.finish()
  const { readFile } = await import('node:fs/promises')
  return { baseDirectory, bytes: await readFile(join(baseDirectory, 'a.parquet')) }
}

test('bad input: a Parquet file cut off or damaged anywhere gives a coded error or whole rows', async (t) => {
  const { baseDirectory, bytes } = await parquet(t)
  for (let cut = 0; cut < bytes.length; cut += Math.ceil(bytes.length / 40)) {
    await writeFile(join(baseDirectory, 'cut.parquet'), bytes.subarray(0, cut))
    const context = sourceContext({
      schema: SCHEMA,
      config: { path: 'cut.parquet' },
      baseDirectory,
    })
    const error = await coded(t, () => read(context))
    t.is(error.code, 'PARQUET_BROKEN', `cut at ${cut}`)
    t.true(error.message.startsWith('cut.parquet'), error.message)
  }
  for (let at = 4; at < bytes.length; at += Math.ceil(bytes.length / 60)) {
    const damaged = Buffer.from(bytes)
    damaged[at]! ^= 0x55
    await writeFile(join(baseDirectory, 'bad.parquet'), damaged)
    const context = sourceContext({
      schema: SCHEMA,
      config: { path: 'bad.parquet' },
      baseDirectory,
    })
    try {
      const rows = await read(context)
      t.true(rows.length + context.failures.length <= 1000)
    } catch (error) {
      if (!(error instanceof StreamError)) throw error
      t.regex(error.code, /^(PARQUET|FILE_COLUMN)/)
    }
  }
})

test('bad input: a Parquet file of another schema is refused column by column', async (t) => {
  const { baseDirectory } = await parquet(t)
  const open = (schema: string) => () =>
    read(sourceContext({ schema, config: { path: 'a.parquet' }, baseDirectory }))
  const wrongType = await coded(t, open('{ id: string }'))
  t.is(wrongType.code, 'PARQUET_TYPE_MISMATCH')
  t.regex(wrongType.message, /column id holds INT64/)
  t.regex(wrongType.fix ?? '', /integer/)
  t.is((await coded(t, open('{ id: integer, more: string }'))).code, 'FILE_COLUMN_MISSING')
  t.is((await coded(t, open('{ price: decimal(6,1)? }'))).code, 'PARQUET_TYPE_MISMATCH')
  t.is((await coded(t, open('{ at: number? }'))).code, 'PARQUET_TYPE_MISMATCH')
  t.is((await coded(t, open('{ id: { x: integer } }'))).code, 'FILE_COLUMN_MISSING')
  t.like((await open('{ id: number, more: string?, price: decimal(9,4)? }')())[5], {
    id: 5,
    more: null,
  })
  const nulls = sourceContext({
    schema: '{ price: decimal(6,2) }',
    config: { path: 'a.parquet' },
    baseDirectory,
  })
  t.deepEqual(await read(nulls), [])
  t.is(nulls.failures.length, 1000)
  t.is(nulls.failures[0]?.position, 'a.parquet:1')
})

test('bad input: keys that contradict each other or the format are refused', async (t) => {
  for (const [name, config] of [
    ['a.jsonl', { compression: 'snappy' }],
    ['a.jsonl', { delimiter: ';' }],
    ['a.parquet', { header: true }],
    ['a.jsonl', { order: 'event_time' }],
    ['a.jsonl', { order: 'event_time', follow: true }],
  ] as const) {
    const context = await given(t, name, '{"id":1}', config)
    t.is((await coded(t, () => read(context))).code, 'CONNECTOR_CONFIG_CONFLICT')
  }
})

test('bad input: a table has no route for a broken row: the first one ends the reading', async (t) => {
  const context = await given(t, 'a.csv', 'id,name,price,at\n1,a,,\nx,b,,\n')
  const again = await t.throwsAsync(async () => {
    await fileCode.readTable?.(context)
  })
  t.true(again instanceof StreamError)
  t.regex(again?.message ?? '', /a\.csv:3/)
})
