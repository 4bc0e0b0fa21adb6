/** The sketches: how far off they may be, merged, and taken back. */
import test from 'ava'
import {
  addHash,
  distinctCount,
  distinctSketch,
  mergeSketch,
} from '../../../node/operators/aggregate/objects/distinct-sketch.ts'
import { topValues } from '../../../node/operators/aggregate/objects/object-top-values.ts'
import {
  countSketch,
  countValue,
  quantileOf,
  quantileSketch,
} from '../../../node/operators/aggregate/objects/quantile-sketch.ts'
import { compileKeyHash } from '../../../shared/model/key-hash/key-hash-compile.ts'
import { SeededRandom } from '../state/state-model.ts'
import { call, spec } from '../window/window-model.ts'

test('quantile sketch: every quantile is within 1 % of the value at its rank', (t) => {
  const random = new SeededRandom(7)
  const shapes: ((u: number) => number)[] = [
    (u) => u * 1000,
    (u) => Math.floor(u * 200) - 100,
    (u) => Math.exp(u * 80 - 40),
    (u) => -Math.exp(u * 80 - 40),
    (u) => (u < 0.3 ? 0 : u < 0.6 ? Number.MAX_VALUE : -Number.MIN_VALUE),
  ]
  for (const shape of shapes) {
    const sketch = quantileSketch()
    const values = Array.from({ length: 3000 }, () => shape(random.below(1_000_000) / 1_000_000))
    for (const value of values) countValue(sketch, value, 1)
    values.sort((a, b) => a - b)
    for (const q of [0, 0.01, 0.25, 0.5, 0.75, 0.95, 0.999, 1]) {
      const exact = values[Math.floor(q * (values.length - 1))] as number
      const told = quantileOf(sketch, q) as number
      t.true(Math.abs(told - exact) <= Math.abs(exact) * 0.01001, `q ${q}: ${told}, not ${exact}`)
    }
  }
})

test('quantile sketch: merging and taking back leave what is left, exactly', (t) => {
  const random = new SeededRandom(8)
  const [whole, part, rest] = [quantileSketch(), quantileSketch(), quantileSketch()]
  for (let n = 0; n < 2000; n++) {
    const value = random.below(100_000) / 7 - 5000
    countValue(n % 3 === 0 ? part : rest, value, 1)
  }
  countSketch(whole, part, 1)
  countSketch(whole, rest, 1)
  countSketch(whole, part, -1)
  t.is(whole.count, rest.count)
  for (const q of [0, 0.1, 0.5, 0.9, 1]) t.is(quantileOf(whole, q), quantileOf(rest, q))
  countSketch(whole, rest, -1)
  t.is(quantileOf(whole, 0.5), null)
})

function hashesOf(from: number, count: number): [Int32Array, Int32Array] {
  const values = Float64Array.from({ length: count }, (_, n) => from + n)
  const lanes: [Int32Array, Int32Array] = [new Int32Array(count), new Int32Array(count)]
  compileKeyHash([spec('x', 'number')])([{ layout: 'f64', values, nulls: null }], count, ...lanes)
  return lanes
}

test('distinct sketch: exact up to 384 values, then within 5 % (three standard errors)', (t) => {
  for (const count of [0, 1, 17, 384, 385, 1000, 5000, 20_000, 200_000]) {
    const [a, b] = hashesOf(count * 7, count)
    const sketch = distinctSketch()
    for (let twice = 0; twice < 2; twice++)
      for (let n = 0; n < count; n++) addHash(sketch, a[n] as number, b[n] as number)
    const told = distinctCount(sketch)
    t.true(Math.abs(told - count) <= (count <= 384 ? 0 : count * 0.05), `${told} of ${count}`)
  }
})

test('distinct sketch: merged in any order it is the sketch of all', (t) => {
  for (const [first, second] of [
    [10, 20],
    [300, 300],
    [50, 5000],
    [5000, 50],
    [4000, 9000],
  ] as const) {
    const [whole, left, right] = [distinctSketch(), distinctSketch(), distinctSketch()]
    const put = (into: typeof whole, from: number, count: number) => {
      const [a, b] = hashesOf(from, count)
      for (let n = 0; n < count; n++) addHash(into, a[n] as number, b[n] as number)
    }
    put(left, 0, first)
    put(right, first / 2, second)
    put(whole, 0, first)
    put(whole, first / 2, second)
    mergeSketch(left, right)
    t.is(distinctCount(left), distinctCount(whole), `${first} and ${second}`)
  }
})

test('top_k: what is in often enough is told, however many rare values pass by', (t) => {
  const of = { ...call('top_k', [0], spec('r', 'json')), options: { n: 3 } }
  const counting = topValues({ call: of, args: [], retracts: false, merges: true })
  const [left, right] = [counting.create(), counting.create()]
  for (let n = 0; n < 20_000; n++) {
    const into = n % 2 === 0 ? left : right
    counting.add(into, [`rare ${n}`], n)
    if (n % 10 === 0) counting.add(into, ['often'], n)
    if (n % 20 < 3) counting.add(into, ['oftener'], n)
  }
  counting.merge(left, right)
  t.deepEqual((counting.result(left) as string[]).slice(0, 2), ['oftener', 'often'])
})
