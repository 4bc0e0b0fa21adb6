/** Standard input and output over streams: partial lines, slow writers and readers, a closed end. */
import { PassThrough, Writable } from 'node:stream'
import test from 'ava'
import { StdinSource } from '../../../connectors/stdin/source.ts'
import { StdoutSink } from '../../../connectors/stdout/sink.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import { rowsToBatch } from '../../../shared/model/batch-rows.ts'
import { readAll, rowsOf, sinkContext, sourceContext } from './connector-contexts.ts'

const SCHEMA = '{ id: integer, name: string? }'
const signal = new AbortController().signal

test('stdin: rows that are there are given while the writer waits, then the rest', async (t) => {
  const pipe = new PassThrough()
  const context = sourceContext({ schema: SCHEMA, config: {}, baseDirectory: '/' })
  const source = new StdinSource(context, pipe)
  t.is((await source.read()).kind, 'idle')
  pipe.write('{"id":1}\n{"id":2')
  const step = await source.read()
  t.deepEqual(step.kind === 'batch' ? rowsOf([step.batch]) : null, [{ id: 1, name: null }])
  pipe.end(',"name":"x"}\nbad\n{"id":3}')
  t.deepEqual(
    rowsOf(await readAll(source)).map((row) => row['id']),
    [2, 3],
  )
  t.deepEqual(
    context.failures.map((one) => one.position),
    ['stdin:3'],
  )
})

test('stdin: CSV has a header, and who does not own the split gets nothing', async (t) => {
  const config = { format: 'csv', delimiter: ';' }
  const pipe = new PassThrough()
  pipe.end('name;id\n"a;b";1\n')
  const context = sourceContext({ schema: SCHEMA, config, baseDirectory: '/' })
  t.deepEqual(rowsOf(await readAll(new StdinSource(context, pipe))), [{ id: 1, name: 'a;b' }])
  const other = new StdinSource({ ...context, owns: () => false }, new PassThrough())
  t.deepEqual(await readAll(other), [])
})

test('stdin: a great input is read whole, in order', async (t) => {
  const pipe = new PassThrough()
  const context = sourceContext({ schema: SCHEMA, config: {}, baseDirectory: '/' })
  const reading = readAll(new StdinSource(context, pipe))
  for (let id = 0; id < 50_000; id++) {
    if (!pipe.write(`${JSON.stringify({ id, name: 'x'.repeat(50) })}\n`))
      await new Promise((resolve) => pipe.once('drain', resolve))
  }
  pipe.end()
  const ids = rowsOf(await reading).map((row) => row['id'])
  t.is(ids.length, 50_000)
  t.true(ids.every((id, index) => id === index))
})

test('stdout: each batch is written at once, and a slow reader is waited for', async (t) => {
  const written: string[] = []
  let release: (() => void) | null = null
  const slow = new Writable({
    write: (bytes: Buffer, _encoding, done) => {
      written.push(bytes.toString())
      release = done
    },
  })
  const context = sinkContext({ schema: SCHEMA, config: { format: 'csv' }, baseDirectory: '/' })
  const sink = new StdoutSink(context, slow)
  let isDone = false
  const first = sink.write(rowsToBatch([{ id: 1 }], context.columns)).then(() => (isDone = true))
  await new Promise((resolve) => setImmediate(resolve))
  t.false(isDone)
  const waiting: (() => void) | null = release
  if (waiting !== null) (waiting as () => void)()
  await first
  t.deepEqual(written, ['id,name\n1,\n'])
  t.is((await sink.finish()).rows, 1)
})

test('stdout: a reader that is gone is a coded error', async (t) => {
  const gone = new Writable({
    write: (_bytes, _encoding, done) =>
      done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
  })
  const context = sinkContext({ schema: SCHEMA, config: {}, baseDirectory: '/' })
  const sink = new StdoutSink(context, gone)
  const batch = rowsToBatch([{ id: 1 }], context.columns)
  const error = await t.throwsAsync(sink.write(batch), { instanceOf: StreamError })
  t.is(error.code, 'SINK_CLOSED')
  await t.throwsAsync(sink.write(batch), { instanceOf: StreamError })
  await sink.close()
  t.false(signal.aborted)
})
