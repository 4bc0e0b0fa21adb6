/** Hunts: values that change on their way into columns and back, and rows that a selection mixes up. */
import test from 'ava'
import { DELETE, UPDATE_AFTER } from '../../../shared/model/batch.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { batchToRows, rowAt, rowsToBatch } from '../../../shared/model/batch-rows.ts'
import { concat } from '../../../shared/model/concat-batches.ts'
import { gather, slice } from '../../../shared/model/gather.ts'
import type { Field } from '../../../shared/model/data-type.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'

const FIELDS: readonly Field[] = [
  { name: 'user', type: { kind: 'string' }, nullable: true },
  { name: 'count', type: { kind: 'integer' }, nullable: false },
  { name: 'big', type: { kind: 'bigint' }, nullable: true },
  { name: 'price', type: { kind: 'decimal', precision: 12, scale: 2 }, nullable: true },
  { name: 'wide', type: { kind: 'decimal', precision: 30, scale: 4 }, nullable: true },
  { name: 'on', type: { kind: 'boolean' }, nullable: true },
  { name: 'ts', type: { kind: 'timestamp' }, nullable: false },
  { name: 'day', type: { kind: 'date' }, nullable: true },
  { name: 'raw', type: { kind: 'bytes' }, nullable: true },
  {
    name: 'tags',
    type: { kind: 'array', element: { type: { kind: 'string' }, nullable: true } },
    nullable: true,
  },
  {
    name: 'marks',
    type: { kind: 'map', value: { type: { kind: 'timestamp' }, nullable: false } },
    nullable: true,
  },
  {
    name: 'merchant',
    nullable: true,
    type: {
      kind: 'struct',
      fields: [
        { name: 'id', type: { kind: 'string' }, nullable: false },
        { name: 'mcc', type: { kind: 'string' }, nullable: true },
      ],
    },
  },
]
const COLUMNS: readonly ColumnSpec[] = columnsOf(FIELDS)

const FULL = {
  user: 'Zoë \u{1F600}',
  count: 3,
  big: '123456789012345678901234567890',
  price: '-0.05',
  wide: '12345678901234567890.1234',
  on: false,
  ts: '2026-11-24T10:05:00.123Z',
  day: '1969-12-31',
  raw: 'AP8=',
  tags: ['a', null],
  marks: { first: '2026-01-01T00:00:00.000Z' },
  merchant: { id: 'm1', mcc: null },
}
const EMPTY = {
  user: null,
  count: 0,
  big: null,
  price: null,
  wide: null,
  on: null,
  ts: '1970-01-01T00:00:00.000Z',
  day: null,
  raw: null,
  tags: null,
  marks: null,
  merchant: null,
}

test('rows: a row of every type comes back from a batch as it went in', (t) => {
  t.deepEqual(batchToRows(rowsToBatch([FULL, EMPTY, FULL], COLUMNS)), [FULL, EMPTY, FULL])
})

test('rows: a string column may be a dictionary', (t) => {
  const columns = COLUMNS.map((spec) =>
    spec.type.kind === 'string' ? { ...spec, layout: 'dict' as const } : spec,
  )
  t.deepEqual(batchToRows(rowsToBatch([FULL, EMPTY], columns)), [FULL, EMPTY])
})

test('rows: kinds and event times travel with their rows', (t) => {
  const rows = [
    { ...FULL, _kind: 'insert', _time: '2026-11-24T10:05:00.123Z' },
    { ...EMPTY, _kind: 'delete', _time: null },
  ]
  const batch = rowsToBatch(rows, COLUMNS)
  t.is(batch.kind?.[1], DELETE)
  t.deepEqual(batchToRows(batch, { kinds: true, eventTime: true }), rows)
  t.is(
    rowsToBatch([FULL], COLUMNS, { eventTime: 'ts' }).eventTime[0],
    Date.UTC(2026, 10, 24, 10, 5, 0, 123),
  )
})

test('rows: as JSON text a row keeps the exact digits of decimals and bigints', (t) => {
  const text = JSON.stringify(rowAt(rowsToBatch([FULL], COLUMNS), 0))
  t.true(text.includes('"big":123456789012345678901234567890,"price":-0.05,'))
})

test('rows: a value that does not fit names row, field and value', (t) => {
  const error = t.throws(() => rowsToBatch([{ ...FULL, price: '1.005' }], COLUMNS))
  t.is(error?.message, 'row 0: price is "1.005", which is no decimal(12,2)')
  const missing = t.throws(() => rowsToBatch([{ ...FULL, ts: undefined }], COLUMNS))
  t.is(missing?.message, 'row 0: ts is missing, which is no timestamp')
})

test('gather: rows come in the order of the selection, text by reference', (t) => {
  const batch = rowsToBatch([FULL, EMPTY, { ...FULL, count: 9 }], COLUMNS)
  const picked = gather(batch, Int32Array.of(2, 1, 2, 0), 3)
  t.deepEqual(batchToRows(picked), [{ ...FULL, count: 9 }, EMPTY, { ...FULL, count: 9 }])
  const [before] = batch.columns
  const [after] = picked.columns
  t.true(before?.layout === 'utf8' && after?.layout === 'utf8' && before.bytes === after.bytes)
})

test('slice and concat: the parts of a batch are the batch again', (t) => {
  const rows = [FULL, EMPTY, { ...FULL, count: 9, _kind: 'update_after' }, EMPTY]
  const batch = rowsToBatch(rows, COLUMNS)
  for (let cut = 0; cut <= 4; cut++) {
    const whole = concat(batch.schema, [slice(batch, 0, cut), slice(batch, cut, 4)])
    t.deepEqual(batchToRows(whole, { kinds: true }), batchToRows(batch, { kinds: true }))
  }
  t.is(batch.kind?.[2], UPDATE_AFTER)
})

test('batch builder: grows past its first room and is empty after finish', (t) => {
  const builder = new BatchBuilder({ columns: COLUMNS.slice(0, 2) }, 1)
  for (let row = 0; row < 100; row++) {
    builder.append([row % 3 === 0 ? null : `user number ${row}`, row], row, row % 4)
  }
  const batch = builder.finish()
  t.is(builder.length, 0)
  t.is(batch.length, 100)
  const rows = batchToRows(batch, { kinds: true })
  t.deepEqual(rows[99], { user: null, count: 99, _kind: 'delete' })
  t.deepEqual(rows[98], { user: 'user number 98', count: 98, _kind: 'update_after' })
  builder.append(['later', 1], 0)
  t.deepEqual(batchToRows(builder.finish()), [{ user: 'later', count: 1 }])
  t.deepEqual(batchToRows(batch, { kinds: true }), rows)
})

test('batch builder: texts keep their own ends, also where halves of a character meet', (t) => {
  const columns = COLUMNS.slice(0, 1)
  const builder = new BatchBuilder({ columns }, 2)
  const texts = ['a\ud83d', '\ude00b', '', null, 'Zoë', 'plain', '\u{1F600}']
  for (const text of texts) builder.append([text], 0)
  const shown = batchToRows(builder.finish()).map((row) => row['user'])
  t.deepEqual(shown, ['a\ufffd', '\ufffdb', '', null, 'Zoë', 'plain', '\u{1F600}'])
})
