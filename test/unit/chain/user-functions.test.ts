/** Hunts: author functions that see values they did not ask for, or end a run by what they throw. */
import test from 'ava'
import { overloadsWith } from '../../../node/operators/chain/user-functions.ts'
import { fn } from '../../../shared/api/function-definition.ts'
import { compileLoop } from '../../../shared/expr/compile/compile-loop.ts'
import { rowsToBatch } from '../../../shared/model/batch-rows.ts'
import { RowViews } from '../../../shared/model/rows/row-view.ts'
import { col, listener, rows, spec } from '../compile/typed-trees.ts'

const name = spec('name', 'string?')
const paid = spec('paid', 'decimal(12,2)')
const at = spec('at', 'timestamp')

test('functions: an overload of the plan is called in a loop; what it throws fails the record', (t) => {
  const definition = fn({
    input: ['string', 'decimal(12,2)'],
    output: 'string',
    run: (text, amount) => {
      if (text === 'bad') throw new Error('no such thing')
      return `${text} ${amount.toString()}`
    },
  })
  const overload = overloadsWith({ 'user:label': { ref: './f.ts#label', definition } })
  const expr = {
    node: 'call',
    overload: 'user:label',
    args: [col(name), col(paid)],
    type: { kind: 'string' },
    nullable: true,
  } as const
  const output = [{ spec: spec('label', 'string?'), expr }]
  const loop = compileLoop({ input: [name, paid], steps: [], output, rejected: [], overload })
  const host = listener()
  const given = [
    { name: 'a', paid: '1.50' },
    { name: null, paid: '2.00' },
    { name: 'bad', paid: '3.00' },
  ]
  const left = loop.run(rowsToBatch(given, [name, paid]), host)
  t.deepEqual(rows(left), [{ label: 'a 1.50' }, { label: null }])
  t.deepEqual(host.failures, [{ row: 2, message: './f.ts#label threw: no such thing' }])
})

test('row views: fields are read from the batch as author values, and cannot be written', (t) => {
  const columns = [
    name,
    paid,
    at,
    spec('m.?', 'boolean'),
    spec('m.day', 'date?'),
    spec('list', 'array<timestamp>'),
  ]
  const batch = rowsToBatch(
    [
      {
        name: 'Zoë',
        paid: '12.30',
        at: '2026-01-02T03:04:05.006Z',
        m: { day: '2026-01-02' },
        list: ['2026-01-01'],
      },
      { name: null, paid: '-0.01', at: 0, m: null, list: [] },
    ],
    columns,
  )
  const view = new RowViews(columns).open(batch)
  const first = view(0) as {
    name: string
    paid: { toNumber(): number }
    at: Date
    m: { day: Date }
    list: Date[]
    toJSON(): unknown
  }
  t.is(first.name, 'Zoë')
  t.is(first.paid.toNumber(), 12.3)
  t.is(first.at.getTime(), Date.UTC(2026, 0, 2, 3, 4, 5, 6))
  t.is(first.m.day.getTime(), Date.UTC(2026, 0, 2))
  t.true(first.list[0] instanceof Date)
  t.throws(() => Object.assign(first, { name: 'x' }), { instanceOf: TypeError })
  const second = view(1)
  t.is(second['name'], null)
  t.is(second['m'], null)
  t.is(
    JSON.stringify(first),
    '{"name":"Zoë","paid":"12.30","at":"2026-01-02T03:04:05.006Z","m":{"day":"2026-01-02T00:00:00.000Z"},"list":["2026-01-01T00:00:00.000Z"]}',
  )
})

test('row views: a field may have any name', (t) => {
  const names = ['constructor', 'toJSON', '__proto__', 'a b', "'; throw 1; '", '#row']
  const columns = names.map((path) => spec(path, 'integer'))
  const batch = rowsToBatch(
    [Object.fromEntries(names.map((path, index) => [path, index]))],
    columns,
  )
  const row = new RowViews(columns).open(batch)(0)
  t.deepEqual(
    names.map((path) => row[path]),
    [0, 1, 2, 3, 4, 5],
  )
})
