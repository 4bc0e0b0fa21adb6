/** Following files: growth, unfinished lines, rotation by rename and by truncation, new files. */
import { appendFile, rename, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { openFileSource } from '../../../../connectors/file/source.ts'
import type { Source } from '../../../../shared/spi/connector.ts'
import { folder, rowsOf, sourceContext } from '../connector-contexts.ts'

async function follow(t: ExecutionContext, path: string) {
  const baseDirectory = await folder(t)
  const schema = '{ id: integer }'
  const context = sourceContext({ schema, config: { path, follow: true }, baseDirectory })
  const source = await openFileSource(context)
  t.teardown(() => source.close())
  return { source, context, at: (name: string) => join(baseDirectory, name) }
}

/** Ids until the source has nothing for now. */
async function idsOf(source: Source): Promise<unknown[]> {
  const ids: unknown[] = []
  for (;;) {
    const step = await source.read(new AbortController().signal)
    if (step.kind !== 'batch') return ids
    ids.push(...rowsOf([step.batch]).map((row) => row['id']))
  }
}

test('following: a file may come later and grow, and a line waits for its end', async (t) => {
  const { source, context, at } = await follow(t, 'a.jsonl')
  t.deepEqual(await idsOf(source), [])
  await writeFile(at('a.jsonl'), '{"id":1}\n{"id":')
  t.deepEqual(await idsOf(source), [1])
  await appendFile(at('a.jsonl'), '2}')
  t.deepEqual(await idsOf(source), [])
  await appendFile(at('a.jsonl'), '\nbad\n{"id":3}\n')
  t.deepEqual(await idsOf(source), [2, 3])
  t.deepEqual(
    context.failures.map((one) => one.position),
    ['a.jsonl:3'],
  )
})

test('following: a renamed file is read to its end before the one that took its name', async (t) => {
  const { source, at } = await follow(t, 'a.jsonl*')
  await writeFile(at('a.jsonl'), '{"id":1}\n')
  t.deepEqual(await idsOf(source), [1])
  await appendFile(at('a.jsonl'), '{"id":2}\n{"id":3}')
  await rename(at('a.jsonl'), at('a.jsonl.1'))
  await writeFile(at('a.jsonl'), '{"id":4}\n')
  t.deepEqual(await idsOf(source), [2, 3, 4])
  await appendFile(at('a.jsonl'), '{"id":5}\n')
  t.deepEqual(await idsOf(source), [5])
})

test('following: a truncated file is read from its start', async (t) => {
  const { source, at } = await follow(t, 'a.jsonl')
  await writeFile(at('a.jsonl'), '{"id":1}\n{"id":2}\n')
  t.deepEqual(await idsOf(source), [1, 2])
  await truncate(at('a.jsonl'), 0)
  await appendFile(at('a.jsonl'), '{"id":3}\n')
  t.deepEqual(await idsOf(source), [3])
})

test('following: new files of a pattern are found', async (t) => {
  const { source, at } = await follow(t, '*.jsonl')
  await writeFile(at('a.jsonl'), '{"id":1}\n')
  t.deepEqual(await idsOf(source), [1])
  await writeFile(at('b.jsonl'), '{"id":2}\n')
  await appendFile(at('a.jsonl'), '{"id":3}\n')
  const ids = await idsOf(source)
  t.deepEqual(
    ids.map(Number).toSorted((left, right) => left - right),
    [2, 3],
  )
})
