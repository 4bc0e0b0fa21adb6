/** Matching of expected rows: as many as can fit do, differences are those of the likeliest pairs. */
import test from 'ava'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { DELETE, INSERT, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import type { Field } from '../../../shared/model/data-type.ts'
import { rowsToBatch } from '../../../shared/model/batch-rows.ts'
import { columnsOf } from '../../../shared/model/row-schema.ts'
import type { ExpectedRow } from '../../../scripts/testing/rows/expected-row.ts'
import { isMatch, matchRows, type RowMatch } from '../../../scripts/testing/rows/match-rows.ts'
import { foldRows, SeenRows, type SeenRow } from '../../../scripts/testing/rows/seen-rows.ts'

const fields: readonly Field[] = [
  { name: 'k', type: { kind: 'string' }, nullable: true },
  { name: 'n', type: { kind: 'number' }, nullable: false },
]

type Values = Readonly<Record<string, unknown>>
const expected = (values: Values): ExpectedRow => ({ values, kind: null, at: null, path: [] })
const seen = (k: string | null, n: number, kind = INSERT): SeenRow => ({
  values: { k, n },
  kind,
  eventTime: 0,
})

function match(
  rows: readonly Values[],
  got: readonly SeenRow[],
  options: { isOrdered?: boolean; isContained?: boolean } = {},
): RowMatch {
  const { isOrdered = false, isContained = false } = options
  return matchRows(rows.map(expected), got, { fields, isOrdered, isContained })
}

test('match rows: a row that could take several leaves the only one to who needs it', (t) => {
  const rows = [{ k: 'a' }, { k: 'a', n: 1 }]
  t.true(isMatch(match(rows, [seen('a', 1), seen('a', 2)])))
  t.true(isMatch(match(rows, [seen('a', 2), seen('a', 1)])))
  t.false(isMatch(match(rows, [seen('a', 2), seen('a', 3)])))
})

test('match rows: the pairing is a largest one (against all permutations)', (t) => {
  const random = new SeededRandom(7)
  for (let round = 0; round < 300; round++) {
    const rows = Array.from({ length: 4 }, (): Values => {
      const k = { k: 'ab'[random.below(2)] }
      const n = { n: random.below(3) }
      return [{ ...k, ...n }, k, n, {}][random.below(4)]!
    })
    const got = Array.from({ length: 4 }, () => seen('ab'[random.below(2)]!, random.below(3)))
    const fits = permutations(got).some((order) =>
      rows.every((row, index) =>
        Object.entries(row).every(([name, value]) => order[index]!.values[name] === value),
      ),
    )
    t.is(isMatch(match(rows, got)), fits, `round ${round}`)
  }
})

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length <= 1) return [[...items]]
  return items.flatMap((item, index) =>
    permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]),
  )
}

test('match rows: order, and rows beyond those that are listed', (t) => {
  const got = [seen('a', 1), seen('b', 2), seen('c', 3)]
  t.true(isMatch(match([{ k: 'a' }, { k: 'b' }, { k: 'c' }], got, { isOrdered: true })))
  const moved = match([{ k: 'b' }, { k: 'a' }, { k: 'c' }], got, { isOrdered: true })
  t.deepEqual(
    moved.differing.map((one) => [one.expected.values['k'], one.isMisplaced]),
    [['b', true]],
  )
  t.true(isMatch(match([{ k: 'c' }, { k: 'a' }], got, { isContained: true })))
  t.false(isMatch(match([{ k: 'c' }, { k: 'a' }], got, { isContained: true, isOrdered: true })))
  t.true(isMatch(match([{ k: 'a' }, { k: 'c' }], got, { isContained: true, isOrdered: true })))
})

test('match rows: the rows most alike are shown beside each other, strangers are not', (t) => {
  const found = match(
    [
      { k: 'a', n: 1 },
      { k: 'x', n: 9 },
    ],
    [seen('b', 7), seen('a', 2)],
  )
  t.deepEqual(
    found.differing.map(({ got, cells }) => [got.values['k'], cells.map((cell) => cell.path)]),
    [['a', ['n']]],
  )
  t.deepEqual([found.missing.length, found.surplus.length], [1, 1])
})

test('fold: a row and what takes it back leave nothing, in any order; equal rows count', (t) => {
  const changes = [
    seen('a', 1),
    seen('a', 1),
    seen('a', 1, UPDATE_BEFORE),
    seen('b', 2, DELETE),
    seen('b', 2),
    seen('c', 3, DELETE),
  ]
  const kept = foldRows(changes).map((row) => row.values)
  t.deepEqual(kept, [{ k: 'a', n: 1 }])
  t.deepEqual(
    foldRows(changes.toReversed()).map((row) => row.values),
    kept,
  )
})

const batch = (...list: Values[]) => rowsToBatch(list, columnsOf(fields))

test('seen rows: upserts become full changes, across expectations', (t) => {
  const rows = new SeenRows(['k'])
  rows.addBatch(batch({ k: 'a', n: 1 }, { k: null, n: 1 }, { k: 'a', n: 1 }))
  t.deepEqual(kinds(rows.take()), ['0 a 1', '0 null 1'])
  rows.addBatch(batch({ k: 'a', n: 2, _kind: 'update_after' }, { k: 'z', n: 0, _kind: 'delete' }))
  t.deepEqual(kinds(rows.take()), ['1 a 1', '2 a 2'])
  rows.addBatch(batch({ k: 'a', n: 0, _kind: 'delete' }, { k: 'a', n: 5 }))
  t.deepEqual(kinds(rows.take()), ['3 a 2', '0 a 5'])
})

function kinds(rows: readonly SeenRow[]): string[] {
  return rows.map(({ kind, values }) => `${kind} ${String(values['k'])} ${String(values['n'])}`)
}
