/** Hunts broken lists and lost rows: random operations against a map of arrays. */
import test from 'ava'
import { assertRows } from '../../../node/state/assert-pages.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import { batchOf, column, lanesOf, SeededRandom, valueOf } from './state-model.ts'

interface ModelRow {
  value: string
  time: number
  word: number
}

for (const [pool, seed] of [
  [3, 1],
  [200, 2],
  [5000, 3],
] as const) {
  test(`keyed rows: random operations agree with lists in a map: pool ${pool}`, (t) => {
    const keySpec = [column('k', 'utf8')]
    const valueSpec = [column('v', 'utf8', true), column('w', 'f64')]
    const store = new StateStore(new CountingMemory())
    const rows = store.rows('test', { key: keySpec, value: valueSpec, words: 1, expires: true })
    const model = new Map<string, ModelRow[]>()
    const random = new SeededRandom(seed)
    let watermark = 0

    for (let round = 0; round < 25; round++) {
      const input = Array.from({ length: 200 }, () => [
        valueOf(random, 'utf8', pool),
        random.below(5) === 0 ? null : valueOf(random, 'utf8', 6),
        random.below(2),
      ])
      const batch = batchOf([...keySpec, ...valueSpec], input)
      const [a, b] = lanesOf(keySpec, batch)
      const keys = batch.columns.slice(0, 1)
      const values = batch.columns.slice(1)
      for (const [i, [key, ...rest]] of input.entries()) {
        const text = String(key)
        const list = model.get(text) ?? []
        const value = JSON.stringify(rest)
        t.is(rows.count(a[i]!, b[i]!, keys, i), list.length)
        const equal = rows.findEqual(a[i]!, b[i]!, keys, i, values, i)
        const modelIndex = list.findIndex((row) => row.value === value)
        t.is(equal !== 0, modelIndex >= 0)
        if (equal !== 0 && random.below(2) === 0) {
          t.is(rows.word(equal, 0), list[modelIndex]!.word)
          rows.remove(equal)
          list.splice(modelIndex, 1)
        } else {
          const time = watermark + random.below(1000)
          const row = rows.append(a[i]!, b[i]!, keys, i, values, i, time)
          rows.setWord(row, 0, i)
          list.push({ value, time, word: i })
        }
        if (list.length === 0) model.delete(text)
        else model.set(text, list)
        let row = rows.first(a[i]!, b[i]!, keys, i)
        for (const one of list) {
          t.is(rows.time(row), one.time)
          row = rows.next(row)
        }
        t.is(row, 0)
      }
      assertRows(rows)
      watermark += 300
      let last = 0
      const expected = [...model.values()].flat().filter((row) => row.time < watermark).length
      const removed = rows.expireBefore(watermark, (row) => {
        t.true(rows.time(row) >= last && rows.time(row) < watermark)
        last = rows.time(row)
      })
      t.is(removed, expected)
      for (const [key, list] of model) {
        const left = list.filter((row) => row.time >= watermark)
        if (left.length === 0) model.delete(key)
        else model.set(key, left)
      }
      assertRows(rows)
    }
    rows.clear()
    assertRows(rows)
    t.is(store.figures()[0]?.usedBytes, 0)
  })
}

test('timers: come out once each in order of time, a deleted one never', (t) => {
  const spec = [column('k', 'f64')]
  const timers = new StateStore(new CountingMemory()).timers('timers', spec)
  const random = new SeededRandom(7)
  const batch = batchOf(
    spec,
    Array.from({ length: 50 }, (_, index) => [index]),
  )
  const [a, b] = lanesOf(spec, batch)
  const model = new Set<string>()
  let fired = 0
  for (let round = 0; round < 300; round++) {
    const i = random.below(50)
    const time = fired + 1 + random.below(40)
    const payload = random.below(2)
    const id = `${i} ${time} ${payload}`
    if (random.below(4) === 0) {
      t.is(timers.delete(a[i]!, b[i]!, batch.columns, i, time, payload), model.delete(id))
    } else {
      t.is(timers.set(a[i]!, b[i]!, batch.columns, i, time, payload), !model.has(id))
      model.add(id)
    }
    if (round % 10 !== 0) continue
    fired += 5
    let last = 0
    for (let timer = timers.popDue(fired); timer !== 0; timer = timers.popDue(fired)) {
      t.true(timers.time(timer) >= last)
      last = timers.time(timer)
      timers.remove(timer)
    }
    for (const one of model) if (Number(one.split(' ')[1]) <= fired) model.delete(one)
    t.is(timers.size, model.size)
  }
})

test('keyed rows: one key of 40,000 rows keeps its ring whole while rows go and others take their place', (t) => {
  const key = [column('k', 'f64')]
  const value = [column('v', 'f64')]
  const rows = new StateStore(new CountingMemory()).rows('test', {
    key,
    value,
    words: 0,
    expires: false,
  })
  const batch = batchOf(
    [...key, ...value],
    Array.from({ length: 400 }, (_, index) => [7, index]),
  )
  const [a, b] = lanesOf(key, batch)
  const [keys, values] = [batch.columns.slice(0, 1), batch.columns.slice(1)]
  const append = () => {
    for (let i = 0; i < batch.length; i++) rows.append(a[i]!, b[i]!, keys, i, values, i, 0)
  }
  for (let round = 0; round < 100; round++) append()
  t.is(rows.count(a[0]!, b[0]!, keys, 0), 40_000)
  const pages = [...rows.rows.pages()].length
  assertRows(rows)
  for (const step of [3, 2]) {
    const all = Array.from(rows.all())
    all.filter((_, index) => index % step === 0).forEach((row) => rows.remove(row))
    assertRows(rows)
  }
  while (rows.size < 30_000) append()
  assertRows(rows)
  t.true([...rows.rows.pages()].length <= pages)
  Array.from(rows.all()).forEach((row) => rows.remove(row))
  assertRows(rows)
  t.is(rows.size, 0)
})
