/**
 * Writing files: whole or not at all, under the final name only at the end, whatever fails on the
 * way. A disk that fails at the n-th operation plays every place of failure.
 */
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { openFileSink } from '../../../../connectors/file/sink.ts'
import type { Disk, DiskFile } from '../../../../shared/base/disk.ts'
import { StreamError } from '../../../../shared/base/errors.ts'
import { NodeDisk } from '../../../../shared/base/node-disk.ts'
import { rowsToBatch } from '../../../../shared/model/batch-rows.ts'
import { folder, sinkContext } from '../connector-contexts.ts'

const SCHEMA = '{ id: integer, name: string? }'

/** A disk that is full from its n-th write, sync or rename on; counts them. */
class FullDisk extends NodeDisk implements Disk {
  operations = 0
  readonly #last: number

  constructor(last: number) {
    super()
    this.#last = last
  }

  override async open(path: string, mode: 'read' | 'create' | 'append'): Promise<DiskFile> {
    const file = await super.open(path, mode)
    return {
      read: (target, position) => file.read(target, position),
      write: async (bytes) => {
        this.#count()
        await file.write(bytes)
      },
      sync: async () => {
        this.#count()
        await file.sync()
      },
      close: () => file.close(),
    }
  }

  override async rename(from: string, to: string): Promise<void> {
    this.#count()
    await super.rename(from, to)
  }

  #count(): void {
    if (++this.operations > this.#last) throw new StreamError('DISK_FULL', 'the disk is full')
  }
}

for (const path of ['out.jsonl', 'out.csv.gz', 'out.jsonl.zst', 'out.parquet']) {
  test(`writing: a full disk at any operation leaves nothing of ${path}`, async (t) => {
    for (let last = 0; ; last++) {
      const baseDirectory = await folder(t)
      const disk = new FullDisk(last)
      const context = sinkContext({ schema: SCHEMA, config: { path }, baseDirectory, disk })
      const sink = await openFileSink(context)
      const rows = Array.from({ length: 4000 }, (_, id) => ({
        id,
        name: `name ${id * 7919}`.repeat(20),
      }))
      let isDone = false
      try {
        for (let part = 0; part < 3; part++) await sink.write(rowsToBatch(rows, context.columns))
        await sink.finish()
        isDone = true
      } catch (error) {
        t.is(error instanceof StreamError ? error.code : error, 'DISK_FULL')
        await sink.abort()
      }
      await sink.close()
      t.deepEqual(await readdir(baseDirectory), isDone ? [path] : [])
      if (isDone) break
      t.true(last < 100)
    }
  })
}

test('writing: the file appears at finish, replaces an older one, and an abort keeps the older', async (t) => {
  const baseDirectory = await folder(t)
  await writeFile(join(baseDirectory, 'out.jsonl'), 'older')
  const context = sinkContext({ schema: SCHEMA, config: { path: 'out.jsonl' }, baseDirectory })
  const read = (): Promise<string> => readFile(join(baseDirectory, 'out.jsonl'), 'utf8')
  for (const ends of ['abort', 'finish'] as const) {
    const sink = await openFileSink(context)
    await sink.write(rowsToBatch([{ id: 1, name: null }], context.columns))
    t.is(await read(), 'older')
    await sink[ends]()
    await sink.close()
  }
  t.is(await read(), '{"id":1,"name":null}\n')
  t.deepEqual(await readdir(baseDirectory), ['out.jsonl'])
})

test('writing: a path that ends in a slash gets parts, and folders are made', async (t) => {
  const baseDirectory = await folder(t)
  const config = { path: 'a/b/', format: 'csv', compression: 'gzip' }
  const context = sinkContext({ schema: SCHEMA, config, baseDirectory })
  for (const subtask of [0, 1]) {
    const sink = await openFileSink({ ...context, subtask, subtaskCount: 2 })
    t.deepEqual((await sink.finish()).places, [`a/b/out-0-${subtask}.csv.gz`])
  }
  t.deepEqual(await readdir(join(baseDirectory, 'a/b')), ['out-0-0.csv.gz', 'out-0-1.csv.gz'])
})

test('writing: a directory in the place of the file is refused before anything is written', async (t) => {
  const baseDirectory = await folder(t)
  await mkdir(join(baseDirectory, 'out.jsonl'))
  const context = sinkContext({ schema: SCHEMA, config: { path: 'out.jsonl' }, baseDirectory })
  const error = await t.throwsAsync(openFileSink(context), { instanceOf: StreamError })
  t.is(error.code, 'FILE_IS_DIRECTORY')
})

test('writing: changes say their kind first', async (t) => {
  const baseDirectory = await folder(t)
  const rows = [
    { id: 1, name: 'a', _kind: 'insert' },
    { id: 1, name: 'a', _kind: 'update_before' },
    { id: 1, name: 'b', _kind: 'update_after' },
  ]
  for (const [path, wanted] of [
    ['out.jsonl', '{"_kind":"insert","id":1,"name":"a"}'],
    ['out.csv', '_kind,id,name'],
  ] as const) {
    const options = { schema: SCHEMA, config: { path }, baseDirectory, mode: 'changes' } as const
    const context = sinkContext(options)
    const sink = await openFileSink(context)
    await sink.write(rowsToBatch(rows, context.columns))
    await sink.finish()
    const text = await readFile(join(baseDirectory, path), 'utf8')
    t.is(text.split('\n')[0], wanted)
    t.true(text.includes('update_before'))
  }
})

test('writing: upsert leaves the final rows, sorted by key', async (t) => {
  const baseDirectory = await folder(t)
  const context = sinkContext({
    schema: SCHEMA,
    config: { path: 'out.jsonl' },
    baseDirectory,
    mode: 'upsert',
    key: ['id'],
  })
  const sink = await openFileSink(context)
  const changes = [
    { id: 10, name: 'x', _kind: 'insert' },
    { id: 9, name: 'old', _kind: 'insert' },
    { id: 2, name: 'gone', _kind: 'insert' },
    { id: 9, name: 'old', _kind: 'update_before' },
    { id: 9, name: 'new', _kind: 'update_after' },
    { id: 2, name: 'gone', _kind: 'delete' },
  ]
  for (const change of changes) await sink.write(rowsToBatch([change], context.columns))
  t.is((await sink.finish()).rows, 2)
  const text = await readFile(join(baseDirectory, 'out.jsonl'), 'utf8')
  t.is(text, '{"id":9,"name":"new"}\n{"id":10,"name":"x"}\n')
})

test('writing: decimals keep their digits, quoted when asked', async (t) => {
  const baseDirectory = await folder(t)
  for (const [decimal, wanted] of [
    ['number', '{"a":1.50,"b":123456789012345678.90}\n'],
    ['string', '{"a":"1.50","b":"123456789012345678.90"}\n'],
  ]) {
    const config = { path: 'out.jsonl', decimal }
    const context = sinkContext({
      schema: '{ a: decimal(5,2), b: decimal(20,2) }',
      config,
      baseDirectory,
    })
    const sink = await openFileSink(context)
    await sink.write(rowsToBatch([{ a: '1.5', b: '123456789012345678.9' }], context.columns))
    await sink.finish()
    t.is(await readFile(join(baseDirectory, 'out.jsonl'), 'utf8'), wanted ?? '')
  }
})

test('writing: a device is refused and stays what it is', async (t) => {
  class DeviceDisk extends NodeDisk implements Disk {
    override stat(path: string): ReturnType<Disk['stat']> {
      return Promise.resolve({ path, kind: 'other', bytes: 0, modifiedMs: 0 })
    }
  }
  const baseDirectory = await folder(t)
  const config = { path: 'out.jsonl' }
  const disk = new DeviceDisk()
  const context = sinkContext({ schema: SCHEMA, config, baseDirectory, disk })
  const error = await t.throwsAsync(openFileSink(context), { instanceOf: StreamError })
  t.is(error.code, 'FILE_ACCESS_DENIED')
  t.deepEqual(await readdir(baseDirectory), [])
})
