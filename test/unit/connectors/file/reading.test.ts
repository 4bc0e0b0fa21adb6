/**
 * Reading files: the same rows however the disk cuts its answers, patterns in a fixed order, merging
 * by event time, tables, kinds of change, against an independent CSV parser.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import test from 'ava'
import { parse } from 'csv-parse/sync'
import * as fc from 'fast-check'
import { fileCode } from '../../../../connectors/file/index.ts'
import { openFileSource } from '../../../../connectors/file/source.ts'
import { segmentExpression } from '../../../../connectors/file/file-list.ts'
import type { Disk, DiskFile } from '../../../../shared/base/disk.ts'
import { NodeDisk } from '../../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../../shared/base/seeded-random.ts'
import { batchToRows } from '../../../../shared/model/batch-rows.ts'
import { folder, readAll, rowsOf, sourceContext } from '../connector-contexts.ts'

/** A disk that answers a random part of what was asked for. */
function cuttingDisk(seed: number): Disk {
  const random = new SeededRandom(seed)
  const disk = new NodeDisk()
  return {
    open: async (path, mode) => {
      const file = await disk.open(path, mode)
      const cut: DiskFile = {
        read: (target, position) =>
          file.read(target.subarray(0, 1 + random.below(Math.min(target.length, 40))), position),
        write: (bytes) => file.write(bytes),
        sync: () => file.sync(),
        close: () => file.close(),
      }
      return cut
    },
    stat: (path) => disk.stat(path),
    list: (path) => disk.list(path),
    makeDirectory: (path) => disk.makeDirectory(path),
    rename: (from, to) => disk.rename(from, to),
    link: (from, to) => disk.link(from, to),
    remove: (path) => disk.remove(path),
    syncDirectory: (path) => disk.syncDirectory(path),
  }
}

test('reading: rows and failures are the same wherever the disk cuts its answers', async (t) => {
  const baseDirectory = await folder(t)
  const schema = '{ id: integer, name: string? }'
  const jsonl = ['{"id":1,"name":"é\\u0041😀"}', 'bad', '', '{"id":2}', '{"id":3,"name":"x"}'].join(
    '\r\n',
  )
  const csv = 'id,name\n1,"a ""quoted""\nname"\nx,bad\n\n2,\n3,"é😀"'
  await writeFile(join(baseDirectory, 'a.jsonl'), `\ufeff${jsonl}`)
  await writeFile(join(baseDirectory, 'a.csv'), csv)
  for (const path of ['a.jsonl', 'a.csv']) {
    const whole = sourceContext({ schema, config: { path }, baseDirectory })
    const rows = rowsOf(await readAll(await openFileSource(whole)))
    t.is(rows.length, 3)
    for (let seed = 1; seed <= 30; seed++) {
      const disk = cuttingDisk(seed)
      const cut = sourceContext({ schema, config: { path }, baseDirectory, disk })
      t.deepEqual(rowsOf(await readAll(await openFileSource(cut))), rows, `${path}, seed ${seed}`)
      t.deepEqual(cut.failures, whole.failures, `${path}, seed ${seed}`)
    }
  }
})

/** A cell as CSV. */
function quote(text: string): string {
  return /[",\r\n]/.test(text) || text === '' ? `"${text.replaceAll('"', '""')}"` : text
}

test('reading: CSV gives the cells that an independent parser gives', async (t) => {
  const baseDirectory = await folder(t)
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r\n', ' ', 'é', '1') })
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 20 }),
      async (cells) => {
        const text = cells.map((row) => row.map(quote).join(',')).join('\r\n')
        await writeFile(join(baseDirectory, 'a.csv'), text)
        const schema = '{ a: string, b: string, c: string }'
        const config = { path: 'a.csv', header: false }
        const context = sourceContext({ schema, config, baseDirectory })
        const rows = rowsOf(await readAll(await openFileSource(context)))
        const wanted: unknown = parse(text, { record_delimiter: ['\n', '\r\n'] })
        t.deepEqual(context.failures, [])
        t.deepEqual(
          rows.map((row) => [row['a'], row['b'], row['c']]),
          wanted,
        )
      },
    ),
    { numRuns: 60, seed: 5 },
  )
})

test('reading: a pattern goes through folders in the order of names and leaves hidden files', async (t) => {
  const baseDirectory = await folder(t)
  const names = [
    'd/day=2/b.jsonl',
    'd/day=1/z.jsonl',
    'd/day=1/a.jsonl',
    'd/day=1/.a.jsonl.part',
    'd/x.jsonl',
    'd/day=3/deep/c.jsonl',
  ]
  for (const [id, name] of names.entries()) {
    await mkdir(dirname(join(baseDirectory, name)), { recursive: true })
    await writeFile(join(baseDirectory, name), JSON.stringify({ id }))
  }
  const read = async (path: string): Promise<unknown[]> => {
    const context = sourceContext({
      schema: '{ id: integer }',
      config: { path, format: 'jsonl' },
      baseDirectory,
    })
    return rowsOf(await readAll(await openFileSource(context))).map(
      (row) => names[Number(row['id'])],
    )
  }
  t.deepEqual(await read('d/day=*/*.jsonl'), [
    'd/day=1/a.jsonl',
    'd/day=1/z.jsonl',
    'd/day=2/b.jsonl',
  ])
  t.deepEqual(await read('d/**/*.jsonl'), [
    'd/day=1/a.jsonl',
    'd/day=1/z.jsonl',
    'd/day=2/b.jsonl',
    'd/day=3/deep/c.jsonl',
    'd/x.jsonl',
  ])
  t.deepEqual(await read('./d/day={1,3}/[!a]*.jsonl'), ['d/day=1/z.jsonl'])
  t.deepEqual(await read(join(baseDirectory, 'd/day=2/*')), ['d/day=2/b.jsonl'])
  t.true(segmentExpression('a.b?').test('a.bc'))
  t.false(segmentExpression('a.b?').test('axbc'))
})

test('reading: a subtask opens only the files it owns, and tells what is not opened', async (t) => {
  const baseDirectory = await folder(t)
  for (const name of ['a', 'b', 'c'])
    await writeFile(join(baseDirectory, `${name}.jsonl`), `{"id":"${name}"}`)
  const context = sourceContext({
    schema: '{ id: string }',
    config: { path: '*.jsonl' },
    baseDirectory,
    owns: (split) => split !== 'b.jsonl',
  })
  const source = await openFileSource(context)
  t.true(source.hasUnopenedSplits?.())
  t.like(await source.read(new AbortController().signal), { kind: 'batch', split: 'a.jsonl' })
  t.deepEqual(source.progress(), { done: 10, total: 20, unit: 'bytes' })
  t.deepEqual(rowsOf(await readAll(source)), [{ id: 'c' }])
  t.false(source.hasUnopenedSplits?.())
})

test('reading: files are merged by event time, equal times by name', async (t) => {
  const baseDirectory = await folder(t)
  const random = new SeededRandom(3)
  const all: { t: number; n: string }[] = []
  for (const name of ['a', 'b', 'c', 'd']) {
    let time = name === 'd' ? 500_000 : 0
    const rows = Array.from({ length: name === 'c' ? 9000 : 3000 }, (_, index) => {
      time += random.below(3)
      return { t: time, n: `${name}${index}` }
    })
    all.push(...rows)
    await writeFile(
      join(baseDirectory, `${name}.jsonl`),
      rows.map((row) => JSON.stringify(row)).join('\n'),
    )
  }
  await writeFile(join(baseDirectory, 'empty.jsonl'), '')
  const context = sourceContext({
    schema: '{ t: timestamp, n: string }',
    config: { path: '*.jsonl', order: 'event_time' },
    baseDirectory,
    eventTime: 't',
  })
  const batches = await readAll(await openFileSource(context))
  const wanted = all.toSorted(
    (x, y) =>
      x.t - y.t ||
      (x.n[0]! < y.n[0]!
        ? -1
        : x.n[0] === y.n[0]
          ? Number(x.n.slice(1)) - Number(y.n.slice(1))
          : 1),
  )
  t.deepEqual(
    rowsOf(batches).map((row) => row['n']),
    wanted.map((row) => row.n),
  )
  t.true(batches.slice(0, -1).every((batch) => batch.length === 4096))
})

test('reading: kinds of change come from _kind', async (t) => {
  const baseDirectory = await folder(t)
  await writeFile(
    join(baseDirectory, 'a.jsonl'),
    '{"id":1,"_kind":"insert"}\n{"_kind":"delete","id":1}\n{"id":2}\n{"id":3,"_kind":"gone"}\n',
  )
  await writeFile(join(baseDirectory, 'a.csv'), '_kind,id\ninsert,1\ndelete,1\n,2\ngone,3\n')
  for (const path of ['a.jsonl', 'a.csv']) {
    const context = sourceContext({
      schema: '{ id: integer }',
      config: { path },
      baseDirectory,
      changes: 'kinds',
    })
    const batches = await readAll(await openFileSource(context))
    t.deepEqual(
      batches.flatMap((batch) => batchToRows(batch, { kinds: true })),
      [
        { id: 1, _kind: 'insert' },
        { id: 1, _kind: 'delete' },
      ],
    )
    t.is(context.failures.length, 2, path)
  }
})

test('reading: event times are those of the column, NaN where it is null', async (t) => {
  const baseDirectory = await folder(t)
  await writeFile(
    join(baseDirectory, 'a.jsonl'),
    '{"at":5}\n{"at":null}\n{"at":"1970-01-01T00:00:01Z"}\n',
  )
  const context = sourceContext({
    schema: '{ at: timestamp? }',
    config: { path: 'a.jsonl' },
    baseDirectory,
    eventTime: 'at',
  })
  const [batch] = await readAll(await openFileSource(context))
  t.deepEqual([...(batch?.eventTime.subarray(0, 3) ?? [])], [5, Number.NaN, 1000])
})

test('reading: a table is the rows of all files', async (t) => {
  const baseDirectory = await folder(t)
  await writeFile(join(baseDirectory, 'a.csv'), 'code,city\nLAX,Los Angeles\nJFK,New York\n')
  const context = sourceContext({
    schema: '{ code: string, city: string? }',
    config: { path: '*.csv' },
    baseDirectory,
    columns: ['city'],
  })
  const batches = (await fileCode.readTable?.(context)) ?? []
  t.deepEqual(rowsOf(batches), [{ city: 'Los Angeles' }, { city: 'New York' }])
})

test('reading: three million flights are read from Parquet, and the airports from CSV', async (t) => {
  const baseDirectory = join(import.meta.dirname, '../../../../node_modules/vega-datasets/data')
  const context = sourceContext({
    schema:
      '{ date: timestamp?, delay: integer?, distance: integer?, origin: string?, destination: string? }',
    config: { path: 'flights-3m.parquet' },
    baseDirectory,
    columns: ['date', 'origin', 'delay'],
    eventTime: 'date',
  })
  const batches = await readAll(await openFileSource(context))
  t.is(
    batches.reduce((sum, batch) => sum + batch.length, 0),
    3_000_000,
  )
  t.deepEqual(rowsOf(batches.slice(0, 1))[0], {
    date: '2001-01-01T00:01:00.000Z',
    delay: 33,
    origin: 'LAS',
  })
  t.true(
    batches.every((batch) => batch.columns[0]?.layout === 'f64' && batch.columns[0].nulls === null),
  )
  const airports = sourceContext({
    schema:
      '{ iata: string, name: string, city: string?, state: string?, country: string, latitude: number, longitude: number }',
    config: { path: 'airports.csv' },
    baseDirectory,
  })
  const rows = rowsOf(await readAll(await openFileSource(airports)))
  t.deepEqual(airports.failures, [])
  t.is(rows.length, 3376)
})
