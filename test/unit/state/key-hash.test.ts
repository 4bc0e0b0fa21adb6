/**
 * The key hash outlives processes: vectors that must never change, equal keys in different layouts,
 * and enough disorder that key groups and pages fill evenly.
 */
import { readFileSync } from 'node:fs'
import test from 'ava'
import { KEY_GROUPS } from '../../../shared/base/limits.ts'
import type { DataType } from '../../../shared/model/data-type.ts'
import { compileKeyHash, hashOne } from '../../../shared/model/key-hash/key-hash-compile.ts'
import { keyGroupOf } from '../../../shared/model/key-hash/key-hash.ts'
import type { ColumnSpec, Layout } from '../../../shared/model/layout.ts'
import { batchOf } from './state-model.ts'

interface Vector {
  readonly types: readonly string[]
  readonly key: readonly unknown[]
  readonly a: number
  readonly b: number
  readonly group: number
}

const VECTORS = JSON.parse(
  readFileSync(new URL('../../golden/key-hash.json', import.meta.url), 'utf8'),
) as readonly Vector[]

function specOf(text: string): ColumnSpec {
  const [kind, scale, precision] = text.split(' ') as [DataType['kind'], string?, string?]
  const type = { kind, scale: Number(scale ?? 0), precision: Number(precision ?? 15) } as DataType
  const isWide = kind === 'decimal' && Number(precision) > 15
  const layouts: Partial<Record<string, Layout>> = {
    string: 'utf8',
    boolean: 'bool',
    date: 'i32',
    bytes: 'bytes',
    bigint: 'any',
    json: 'any',
  }
  return { path: 'k', type, nullable: true, layout: isWide ? 'any' : (layouts[kind] ?? 'f64') }
}

/** JSON has no bigint, bytes, −0 and NaN: `big:1`, `hex:00ff`, `zero:-`, `nan`. */
function valueOf(value: unknown): unknown {
  if (typeof value !== 'string') return value
  if (value.startsWith('big:')) return BigInt(value.slice(4))
  if (value.startsWith('hex:')) return Uint8Array.from(Buffer.from(value.slice(4), 'hex'))
  if (value === 'zero:-') return -0
  return value === 'nan' ? Number.NaN : value
}

function lanesOf(types: readonly string[], key: readonly unknown[]): [number, number] {
  const columns = types.map(specOf)
  const hash = compileKeyHash(columns)
  const batch = batchOf(columns, [key.map(valueOf)])
  const [laneA, laneB] = [new Int32Array(1), new Int32Array(1)]
  hash(batch.columns, 1, laneA, laneB)
  const alone = hashOne(hash, batch.columns, 0)
  if (alone[0] !== laneA[0] || alone[1] !== laneB[0]) throw new Error('a row hashes alike alone')
  return alone
}

test('key hash: the vectors of test/golden/key-hash.json have not changed', (t) => {
  t.true(VECTORS.length >= 40)
  for (const { types, key, a, b, group } of VECTORS) {
    const lanes = lanesOf(types, key)
    t.deepEqual([...lanes, keyGroupOf(lanes[0])], [a, b, group], JSON.stringify([types, key]))
  }
})

test('key hash: a value hashes alike in every layout and type that can hold it', (t) => {
  const utf8 = specOf('string')
  const dict: ColumnSpec = { ...utf8, layout: 'dict' }
  for (const text of ['', 'a', 'abcd', 'abcde', 'Grüße', '\u{1f600}', '\ud800', 'x'.repeat(99)]) {
    const one = hashOne(compileKeyHash([utf8]), batchOf([utf8], [[text]]).columns, 0)
    const other = hashOne(compileKeyHash([dict]), batchOf([dict], [['-'], [text]]).columns, 1)
    t.deepEqual(one, other, text)
  }
  t.deepEqual(lanesOf(['string'], ['\ud800']), lanesOf(['string'], ['\ufffd']))
  for (const number of [0, 1, -7, 19_000]) {
    const expected = lanesOf(['number'], [number])
    for (const type of ['integer', 'timestamp', 'duration', 'date']) {
      t.deepEqual(lanesOf([type], [number]), expected, type)
    }
  }
  t.deepEqual(lanesOf(['number'], ['zero:-']), lanesOf(['number'], [0]))
  t.deepEqual(lanesOf(['decimal 2'], [150]), lanesOf(['decimal 1'], [15]))
  t.deepEqual(lanesOf(['decimal 2'], [150]), lanesOf(['decimal 2 38'], ['big:150']))
  t.deepEqual(
    lanesOf(['json'], [{ a: 1, b: [2, null] }]),
    lanesOf(['json'], [{ b: [2, null], a: 1 }]),
  )
})

test('key hash: keys that differ only in kind or in where one column ends differ', (t) => {
  const keys: [string[], unknown[]][] = [
    [['string'], ['']],
    [['string'], [null]],
    [['bytes'], ['hex:']],
    [['number'], [0]],
    [['boolean'], [false]],
    [
      ['string', 'string'],
      ['a', 'bc'],
    ],
    [
      ['string', 'string'],
      ['ab', 'c'],
    ],
    [
      ['string', 'string'],
      ['abc', ''],
    ],
    [
      ['string', 'string'],
      ['abc', null],
    ],
    [['string'], ['abc']],
    [['json'], [['a']]],
    [['json'], [{ a: null }]],
    [['bigint'], ['big:0']],
    [['bigint'], ['big:-1']],
    [['bigint'], ['big:4294967296']],
    [[], []],
  ]
  const seen = new Set(keys.map(([types, key]) => lanesOf(types, key).join(' ')))
  t.is(seen.size, keys.length)
})

const SETS: readonly (readonly [name: string, value: (index: number) => unknown, type: string])[] =
  [
    ['consecutive integers', (index) => 1000 + index, 'integer'],
    ['multiples of 720', (index) => index * 720, 'integer'],
    ['multiples of 2^20', (index) => index * 2 ** 20, 'number'],
    ['fractions', (index) => index / 1024, 'number'],
    ['timestamps by the hour', (index) => 1.4e12 + index * 3_600_000, 'timestamp'],
    ['short texts', (index) => `user-${index}`, 'string'],
  ]

for (const [name, value, type] of SETS) {
  test(`key hash: ${name} fill key groups, pages and pairs of lanes evenly`, (t) => {
    const column = specOf(type)
    const count = 72_000
    const batch = batchOf(
      [column],
      Array.from({ length: count }, (_, index) => [value(index)]),
    )
    const a = new Int32Array(count)
    const b = new Int32Array(count)
    compileKeyHash([column])(batch.columns, count, a, b)
    const groups = new Float64Array(KEY_GROUPS)
    const low = new Float64Array(1024)
    const high = new Float64Array(1024)
    const pairs = new Float64Array(1024)
    const bins = [groups, low, high, pairs]
    for (let index = 0; index < count; index++) {
      const [laneA, laneB] = [a[index]!, b[index]!]
      const places = [
        keyGroupOf(laneA),
        laneB & 1023,
        laneB >>> 22,
        (laneA >>> 27) * 32 + (laneB & 31),
      ]
      for (const [at, place] of places.entries()) bins[at]![place]!++
    }
    for (const bin of bins) {
      const expected = count / bin.length
      const chi = bin.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0)
      const freedom = bin.length - 1
      t.true(chi < freedom + 6 * Math.sqrt(2 * freedom), `${bin.length} bins: ${chi}`)
    }
    t.true(new Set(b).size > count - 20, 'lane B tells keys apart')
  })
}

test('key hash: a key group is floor(A × 720 / 2^32), at every border', (t) => {
  for (let group = 0; group <= KEY_GROUPS; group++) {
    const border = Math.ceil((group * 2 ** 32) / KEY_GROUPS)
    for (const a of [border - 1, border, border + 1]) {
      if (a < 0 || a >= 2 ** 32) continue
      t.is(keyGroupOf(a | 0), Math.floor((a * KEY_GROUPS) / 2 ** 32))
    }
  }
})

test('key hash: a key of several numbers that cannot be null compiles', (t) => {
  const number = { type: { kind: 'number' }, nullable: false, layout: 'f64' } as const
  const hash = compileKeyHash([
    { ...number, path: 'a' },
    { ...number, path: 'b' },
  ])
  const [one, two] = [numberColumn(1), numberColumn(2)]
  t.notDeepEqual(hashOne(hash, [one, two], 0), hashOne(hash, [two, one], 0))
})

function numberColumn(value: number) {
  return { layout: 'f64', values: Float64Array.of(value), nulls: null } as const
}
