/** Rows in and out of process functions: every type there and back, and what is refused. */
import test from 'ava'
import { StreamError } from '../../../shared/base/errors.ts'
import type { Field } from '../../../shared/model/data-type.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import { UserRowReader, UserRowWriter } from '../../../node/operators/process/user-rows.ts'

const present = (name: string, type: Field['type'], nullable = false): Field => ({
  name,
  type,
  nullable,
})

const fields: Field[] = [
  present('id', { kind: 'string' }),
  present('price', { kind: 'decimal', precision: 12, scale: 2 }),
  present('wide', { kind: 'decimal', precision: 30, scale: 2 }),
  present('at', { kind: 'timestamp' }),
  present('day', { kind: 'date' }),
  present('tags', { kind: 'array', element: { type: { kind: 'string' }, nullable: false } }),
  present('merchant', { kind: 'struct', fields: [present('mcc', { kind: 'integer' })] }, true),
  present('note', { kind: 'string' }, true),
]
const columns = columnsOf(fields)

const given = {
  id: 'a',
  price: '12.30',
  wide: '1234567890123456789.01',
  at: new Date('2026-11-24T10:00:00.000Z'),
  day: new Date('2026-11-24T00:00:00.000Z'),
  tags: ['x', 'y'],
  merchant: { mcc: 5411 },
}

function throughBatch(row: unknown): Record<string, unknown> {
  const builder = new BatchBuilder({ columns }, 1)
  builder.append(new UserRowWriter(columns, 'a row').write(row), 0)
  return new UserRowReader(columns).read(builder.finish(), 0)
}

test('user rows: what was emitted reads back, every type', (t) => {
  const row = throughBatch(given)
  t.deepEqual(JSON.parse(JSON.stringify(row)), {
    ...given,
    at: '2026-11-24T10:00:00.000Z',
    day: '2026-11-24T00:00:00.000Z',
    note: null,
  })
})

test('user rows: a row that was read can be spread and emitted again', (t) => {
  const row = throughBatch({ ...throughBatch(given), merchant: null, note: 'n' })
  t.is(row['merchant'], null)
  t.is(row['note'], 'n')
  t.is(String(row['price']), '12.30')
})

test('user rows: a missing, wrong or unfit value is refused with field and value', (t) => {
  const writer = new UserRowWriter(columns, 'a row emitted to main')
  const cases: [unknown, RegExp][] = [
    [null, /no object/],
    ['text', /no object/],
    [[given], /no object/],
    [{ ...given, id: undefined }, /id is missing/],
    [{ ...given, id: 5 }, /id is 5, which is no string/],
    [{ ...given, price: '12.345' }, /price/],
    [{ ...given, at: new Date(Number.NaN) }, /at/],
    [{ ...given, merchant: { mcc: 1.5 } }, /merchant\.mcc is 1\.5/],
    [{ ...given, merchant: 7 }, /merchant is 7/],
    [{ ...given, tags: ['x', null] }, /tags\[1\]/],
  ]
  for (const [row, message] of cases) {
    const error = t.throws(() => writer.write(row), { instanceOf: StreamError, message })
    t.truthy(error)
  }
})

test('user rows: a field may be named like an inherited one', (t) => {
  const odd = columnsOf([
    present('constructor', { kind: 'string' }, true),
    present('__proto__', { kind: 'string' }, true),
  ])
  const builder = new BatchBuilder({ columns: odd }, 1)
  builder.append(new UserRowWriter(odd, 'a row').write({}), 0)
  t.deepEqual(Object.keys(new UserRowReader(odd).read(builder.finish(), 0)), [
    'constructor',
    '__proto__',
  ])
})
