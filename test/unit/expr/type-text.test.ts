/** Hunts: types that print to a text of another type, and structs that flatten wrongly. */
import test from 'ava'
import * as fc from 'fast-check'
import { editDistance, nearestName } from '../../../shared/base/nearest-name.ts'
import type { DataType, FieldType } from '../../../shared/model/data-type.ts'
import { columnsOf, fieldAt } from '../../../shared/model/row-schema.ts'
import { commonType, sameFieldType, widens } from '../../../shared/model/type-relations.ts'
import { parseTypeText, printFieldType } from '../../../shared/model/type-text.ts'
import { fieldsOf } from './expr-kit.ts'

const scalar = fc.constantFrom<DataType>(
  { kind: 'string' },
  { kind: 'integer' },
  { kind: 'bigint' },
  { kind: 'number' },
  { kind: 'boolean' },
  { kind: 'timestamp' },
  { kind: 'date' },
  { kind: 'duration' },
  { kind: 'bytes' },
  { kind: 'json' },
  { kind: 'decimal', precision: 12, scale: 2 },
  { kind: 'decimal', precision: 38, scale: 0 },
)

const { field } = fc.letrec<{ type: DataType; field: FieldType }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    scalar,
    tie('field').map((element): DataType => ({ kind: 'array', element })),
    tie('field').map((value): DataType => ({ kind: 'map', value })),
    fc.array(tie('field'), { minLength: 1, maxLength: 3 }).map((all): DataType => ({
      kind: 'struct',
      fields: all.map((one, index) => ({ name: `f${index}`, ...one })),
    })),
  ),
  field: fc.record({ type: tie('type'), nullable: fc.boolean() }),
}))

test('type text: printing and parsing are inverse', (t) => {
  fc.assert(
    fc.property(field, (one) => {
      const text = printFieldType(one)
      const { type, problem } = parseTypeText(text)
      t.is(problem, null, text)
      t.true(type !== null && sameFieldType(type, one), text)
    }),
    { numRuns: 1000 },
  )
})

test('type text: no text makes it throw', (t) => {
  const part = fc.constantFrom(
    'string',
    'decimal',
    '(',
    '12',
    ',',
    '2',
    ')',
    '?',
    'array',
    '<',
    '>',
    'map',
    '{',
    '}',
    'a',
    ':',
    ' ',
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
      const { type, problem } = parseTypeText(parts.join(''))
      t.is(type === null, problem !== null)
    }),
    { numRuns: 3000 },
  )
  t.is(parseTypeText('array<'.repeat(10_000)).problem?.message, 'a type nests deeper than 16')
})

test('type text: what other systems call a type is answered with ours', (t) => {
  const cases = [
    ['int', 'integer'],
    ['varchar', 'string'],
    ['double', 'number'],
    ['datetime', 'timestamp'],
    ['strng', 'string'],
    ['decimal', 'decimal(12,2)'],
    ['array', 'array<string>'],
    ['map<string,integer>', 'map<number>'],
  ] as const
  for (const [text, fix] of cases) {
    t.true(parseTypeText(text).problem?.fix?.includes(fix) ?? false, text)
  }
})

test('row schema: structs are leaves, and what may be absent has a presence column first', (t) => {
  const fields = fieldsOf('{ id: string, m: { a: date, b: { c: string }? }?, w: decimal(20,2) }')
  t.deepEqual(
    columnsOf(fields, 'alias').map(({ path, layout, nullable }) => [path, layout, nullable]),
    [
      ['alias.id', 'utf8', false],
      ['alias.m.?', 'bool', false],
      ['alias.m.a', 'i32', true],
      ['alias.m.b.?', 'bool', false],
      ['alias.m.b.c', 'utf8', true],
      ['alias.w', 'any', false],
    ],
  )
  t.deepEqual(fieldAt(fields, 'm.b.c'), { type: { kind: 'string' }, nullable: true })
  t.is(fieldAt(fields, 'm.x'), null)
})

test('type relations: what widens is common, and nothing loses digits', (t) => {
  const narrow: DataType = { kind: 'decimal', precision: 12, scale: 2 }
  const wide: DataType = { kind: 'decimal', precision: 20, scale: 4 }
  t.true(widens({ kind: 'integer' }, { kind: 'number' }))
  t.false(widens({ kind: 'number' }, { kind: 'integer' }))
  t.true(widens(narrow, wide))
  t.false(widens(wide, narrow))
  t.false(widens(narrow, { kind: 'number' }))
  t.is(commonType(narrow, { kind: 'number' }), null)
  t.deepEqual(
    commonType(
      { kind: 'decimal', precision: 12, scale: 2 },
      { kind: 'decimal', precision: 10, scale: 4 },
    ),
    { kind: 'decimal', precision: 14, scale: 4 },
  )
})

test('nearest name: slips of the finger are found, other names are not', (t) => {
  t.is(nearestName('usr', ['url', 'user']), 'user')
  t.is(nearestName('amuont', ['amount', 'count']), 'amount')
  t.is(nearestName('startsWith', ['starts_with']), 'starts_with')
  t.is(nearestName('completely', ['user', 'url']), null)
  t.is(editDistance('kitten', 'sitting'), 3)
})
