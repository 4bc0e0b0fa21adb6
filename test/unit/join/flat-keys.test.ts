/**
 * Hunts pairs that flat keys lose, double or take from another key: random rows of both sides against
 * lists in a map, with keys of one and of several columns, of every layout that they may have, and
 * with homes that meet; and places that are in use too long.
 */
import test, { type ExecutionContext } from 'ava'
import type { AppendRows } from '../../../node/operators/join/append/append-code.ts'
import { FlatKeys } from '../../../node/operators/join/append/flat-keys.ts'
import { LEFT, RIGHT, type Side } from '../../../node/operators/join/pair-writer.ts'
import type { KeptBatches } from '../../../node/state/kept/kept-batches.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { batchOf, SeededRandom } from '../state/state-model.ts'

const ID: ColumnSpec = { path: 'id', type: { kind: 'integer' }, nullable: false, layout: 'f64' }
const INTEGER: ColumnSpec = { ...ID, path: 'k' }
const DATE: ColumnSpec = { ...ID, path: 'd', type: { kind: 'date' }, layout: 'i32' }
const FLAG: ColumnSpec = { ...ID, path: 'f', type: { kind: 'boolean' }, layout: 'bool' }
const LOW_MS = -20
const HIGH_MS = 50
const KEEP_MS = 50

interface Row {
  readonly id: number
  readonly time: number
}

class Subject {
  readonly memory = new CountingMemory()
  readonly kept: readonly [KeptBatches, KeptBatches]
  readonly keys: FlatKeys
  readonly #key: readonly ColumnSpec[]
  readonly #lists = [new Map<string, Row[]>(), new Map<string, Row[]>()] as const
  #next = 0

  constructor(key: readonly ColumnSpec[]) {
    this.#key = key
    const store = new StateStore(this.memory)
    const keptOf = (name: string): KeptBatches =>
      store.kept(name, [ID], { order: 'timed', links: true, times: true })
    this.kept = [keptOf('left'), keptOf('right')]
    const bounds = { lowMs: LOW_MS, highMs: HIGH_MS }
    this.keys = new FlatKeys({
      key,
      store,
      kept: this.kept,
      shapes: [
        { side: LEFT, bounds, condition: null },
        { side: RIGHT, bounds, condition: null },
      ],
    })
  }

  /** Rows of one side come; the ids of the pairs that were found, and of those that there are. */
  give(side: Side, rows: readonly unknown[][], times: readonly number[]) {
    const ids = rows.map((_, row) => this.#next + row)
    this.#next += rows.length
    const wanted = rows.flatMap((key, row) => {
      const one = { id: ids[row]!, time: times[row]! }
      const text = JSON.stringify(key)
      const partners = this.#lists[1 - side]!.get(text) ?? []
      const own = this.#lists[side].get(text) ?? []
      this.#lists[side].set(text, [...own, one])
      return partners.filter((other) => isPair(side, one, other)).map(({ id }) => [one.id, id])
    })
    return { found: this.#found(side, rows, { ids, times }), wanted }
  }

  /** Rows before this time go, from the model too. */
  advance(watermark: number): void {
    for (const lists of this.#lists) {
      for (const [key, list] of lists) {
        const left = list.filter(({ time }) => time >= watermark - KEEP_MS)
        if (left.length === 0) lists.delete(key)
        else lists.set(key, left)
      }
    }
    for (const kept of this.kept) kept.dropBefore(watermark - KEEP_MS)
  }

  #found(side: Side, rows: readonly unknown[][], of: { ids: number[]; times: readonly number[] }) {
    const own = this.kept[side]
    const other = this.kept[1 - side]!
    const times = Float64Array.from(of.times)
    const idColumn = batchOf(
      [ID],
      of.ids.map((id) => [id]),
    ).columns
    const first = own.keep(idColumn, rows.length, times)
    const work: AppendRows = {
      keys: batchOf(this.#key, rows).columns,
      length: rows.length,
      laneA: new Int32Array(0),
      laneB: new Int32Array(0),
      times,
      first,
      own,
      other,
      values: [],
      rows: new Int32Array(8),
      refs: new Int32Array(8),
      count: 0,
      capacity: 16,
      isStopped: false,
      grow: () => {
        for (const name of ['rows', 'refs'] as const) {
          const larger = new Int32Array(work[name].length * 2)
          larger.set(work[name])
          work[name] = larger
        }
      },
    }
    const found: number[][] = []
    for (let row = 0; row < rows.length;) {
      work.count = 0
      row = this.keys.run(side, work, row)
      const partners = other.gather(work.refs.slice(0, work.count), work.count, 0)
      if (partners.layout !== 'f64') throw new TypeError('ids are doubles')
      for (let at = 0; at < work.count; at++) {
        found.push([of.ids[work.rows[at]!]!, partners.values[at]!])
      }
    }
    return found
  }
}

function isPair(side: Side, own: Row, other: Row): boolean {
  const ahead = side === LEFT ? other.time - own.time : own.time - other.time
  return ahead >= LOW_MS && ahead <= HIGH_MS
}

/** L2, and that no more is in use than was asked for. */
function assertRoom(t: ExecutionContext, { keys }: Subject): void {
  t.true(keys.used <= keys.limit && keys.limit * 2 === keys.mask + 1)
  t.true(keys.usedBytes <= keys.bytes / 2)
}

const KEYS: Record<string, readonly ColumnSpec[]> = {
  'a whole number': [INTEGER],
  'a date': [DATE],
  'a date and a number': [DATE, INTEGER],
  'two numbers and a truth value': [INTEGER, FLAG, { ...INTEGER, path: 'l' }],
}
/** Numbers that follow each other, that differ in high bits only, and the ends of what there is. */
const NUMBERS = [
  (n: number) => n - 50,
  (n: number) => (n % 64) * 2 ** 32,
  (n: number) => (n % 64) * 2 ** 20,
  (n: number) => (n % 2 === 0 ? 1 : -1) * (Number.MAX_SAFE_INTEGER - (n % 8)),
]

function keyOf(random: SeededRandom, key: readonly ColumnSpec[], pool: number): unknown[] {
  return key.map(({ layout }) => {
    const n = random.below(pool)
    if (layout === 'bool') return n % 2 === 0
    if (layout === 'i32') return (n % 97) * (n % 3 === 0 ? 1 : 2 ** 12) - 40
    return NUMBERS[random.below(NUMBERS.length)]!(n)
  })
}

for (const [name, key] of Object.entries(KEYS)) {
  for (const pool of [12, 6000]) {
    test(`flat keys: pairs by ${name} are those of lists in a map, pool ${pool}`, (t) => {
      const random = new SeededRandom(pool)
      const subject = new Subject(key)
      let pairs = 0
      for (let watermark = 0; watermark < 400; watermark += random.below(20)) {
        const length = 1 + random.below(pool === 12 ? 60 : 900)
        const rows = Array.from({ length }, () => keyOf(random, key, pool))
        const times = rows.map(() => watermark + random.below(40))
        const side = random.below(2) as Side
        const { found, wanted } = subject.give(side, rows, times)
        t.is(found.join(' '), wanted.join(' '), `at ${watermark}`)
        pairs += wanted.length
        assertRoom(t, subject)
        subject.advance(watermark)
        if (random.below(5) === 0) subject.keys.compact(side, watermark - KEEP_MS)
        if (random.below(5) === 0) subject.keys.forget(1)
      }
      t.true(pairs > 0)
    })
  }
}

test('flat keys: a table that many keys have left is given back', (t) => {
  const subject = new Subject([INTEGER])
  const empty = subject.keys.bytes
  const rows = Array.from({ length: 20_000 }, (_, n) => [n])
  const times = rows.map(() => 0)
  for (let at = 0; at < rows.length; at += 1000) {
    subject.give(LEFT, rows.slice(at, at + 1000), times.slice(at, at + 1000))
  }
  t.true(subject.keys.bytes >= empty * 16)
  subject.advance(1000)
  subject.keys.forget(1)
  t.is(subject.keys.bytes, empty)
  t.is(subject.keys.used, 0)
  const held = subject.memory.usedBytes
  subject.keys.close()
  t.is(subject.memory.usedBytes, held - empty)
})
