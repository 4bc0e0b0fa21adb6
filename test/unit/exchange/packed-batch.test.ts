/**
 * Batches that leave their thread: every layout, nulls, change kinds, lost times, selections and
 * dictionaries that grow, change and come back, are at the other end what they were. Hunted by seeded
 * random batches through one packer and one unpacker, as a channel has them.
 */
import test from 'ava'
import { BatchPacker } from '../../../node/exchange/packed/batch-packer.ts'
import { BatchUnpacker } from '../../../node/exchange/packed/batch-unpacker.ts'
import { DICTIONARY_SLOTS } from '../../../node/exchange/packed/packed-layout.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import type { Batch, Column, Dictionary, Nulls } from '../../../shared/model/batch.ts'
import { gather } from '../../../shared/model/gather.ts'
import type { ColumnSpec, Layout } from '../../../shared/model/layout.ts'

const LAYOUTS: readonly Layout[] = ['f64', 'i32', 'bool', 'utf8', 'dict', 'bytes', 'any', 'dict']
const SPECS: readonly ColumnSpec[] = LAYOUTS.map((layout, index) => ({
  path: `c${index}`,
  type: { kind: 'string' },
  nullable: true,
  layout,
}))
const WORDS = ['', 'a', 'ü', '日本', '😀 and more', 'x'.repeat(300), 'plain text', 'b\nc']
const VALUES = [
  null,
  [1, 'two'],
  new Map([['k', 3n]]),
  { a: { b: [] } },
  12345678901234567890n,
  'text',
  0.5,
]

const encoder = new TextEncoder()

class Maker {
  readonly random: SeededRandom
  readonly dictionaries: { values: string[] }[] = []

  constructor(seed: number) {
    this.random = new SeededRandom(seed)
  }

  batch(length: number): Batch {
    const isTimed = this.random.below(4) > 0
    const columns = LAYOUTS.map((layout) => this.#column(layout, length))
    return {
      schema: { columns: SPECS },
      length,
      eventTime: Float64Array.from({ length }, () =>
        isTimed ? this.random.below(1e9) : Number.NaN,
      ),
      kind:
        this.random.below(2) === 0 ? null : Uint8Array.from({ length }, () => this.random.below(4)),
      columns,
    }
  }

  selection(length: number): Int32Array {
    const count = length === 0 ? 0 : this.random.below(length + 1)
    return Int32Array.from({ length: count }, () => this.random.below(length))
  }

  #column(layout: Layout, length: number): Column {
    const { random } = this
    const nulls: Nulls =
      random.below(2) === 0 ? null : Uint8Array.from({ length }, () => random.below(2))
    switch (layout) {
      case 'f64':
        return {
          layout,
          nulls,
          values: Float64Array.from({ length }, () => random.next() * 1e6 - 5e5),
        }
      case 'i32':
        return {
          layout,
          nulls,
          values: Int32Array.from({ length }, () => random.below(2 ** 31) - 2 ** 30),
        }
      case 'bool':
        return { layout, nulls, values: Uint8Array.from({ length }, () => random.below(2)) }
      case 'any':
        return {
          layout,
          nulls: null,
          values: Array.from({ length }, () => VALUES[random.below(VALUES.length)]),
        }
      case 'dict':
        return this.#dictColumn(length, nulls)
      default:
        return this.#texts(layout, length, nulls)
    }
  }

  /** In order, in reverse, with gaps: texts need not lie one behind the other. */
  #texts(layout: 'utf8' | 'bytes', length: number, nulls: Nulls): Column {
    const { random } = this
    const gap = random.below(3)
    const texts = Array.from({ length }, () => encoder.encode(WORDS[random.below(WORDS.length)]))
    const starts = new Uint32Array(length)
    const ends = new Uint32Array(length)
    const bytes = new Uint8Array(texts.reduce((sum, text) => sum + text.length + gap, 0)).fill(35)
    const order = random.below(2) === 0 ? [...texts.keys()] : [...texts.keys()].toReversed()
    let at = 0
    for (const row of order) {
      const text = texts[row] ?? new Uint8Array(0)
      bytes.set(text, at)
      starts[row] = at
      at += text.length
      ends[row] = at
      at += gap
    }
    return { layout, starts, ends, bytes, nulls }
  }

  #dictColumn(length: number, nulls: Nulls): Column {
    const { random, dictionaries } = this
    if (dictionaries.length === 0 || random.below(4) === 0) dictionaries.push({ values: [] })
    const dictionary = dictionaries[random.below(dictionaries.length)] as { values: string[] }
    for (let more = random.below(4); more >= 0; more--) {
      dictionary.values.push(`${WORDS[random.below(WORDS.length)]}${dictionary.values.length}`)
    }
    const codes = Int32Array.from({ length }, () => random.below(dictionary.values.length))
    return { layout: 'dict', codes, dictionary, nulls }
  }
}

/** What a reader sees, cell by cell. */
function seen({ length, eventTime, kind, columns }: Batch): unknown {
  return {
    times: Array.from(eventTime.subarray(0, length)),
    kinds: kind === null ? null : Array.from(kind.subarray(0, length)),
    columns: columns.map((column) => ({
      layout: column.layout,
      nulls: column.nulls === null ? null : Array.from(column.nulls.subarray(0, length)),
      cells: Array.from({ length }, (_, row) => cellOf(column, row)),
    })),
  }
}

function cellOf(column: Column, row: number): unknown {
  if (column.layout === 'dict') return column.dictionary.values[column.codes[row] as number]
  if (column.layout === 'utf8' || column.layout === 'bytes') {
    return Buffer.from(column.bytes.subarray(column.starts[row], column.ends[row])).toString('hex')
  }
  return column.values[row]
}

function dictionaryOf({ columns: [column] }: Batch): Dictionary | undefined {
  return column?.layout === 'dict' ? column.dictionary : undefined
}

/** As a channel does it: the buffer changes hands. */
const moved = (buffer: ArrayBuffer): ArrayBuffer => structuredClone(buffer, { transfer: [buffer] })

test('packed batch: random batches and selections arrive as they were', (t) => {
  for (let seed = 1; seed <= 30; seed++) {
    const maker = new Maker(seed)
    const packer = new BatchPacker(SPECS.length)
    const unpacker = new BatchUnpacker(SPECS)
    for (let round = 0; round < 8; round++) {
      const batch = maker.batch([0, 1, 7, 100][maker.random.below(4)] ?? 0)
      const selection = maker.selection(batch.length)
      const wanted = gather(batch, selection, selection.length)
      const part = unpacker.unpack(moved(packer.pack(batch, selection, selection.length)))
      t.deepEqual(seen(part), seen(wanted), `seed ${seed}, round ${round}`)
      t.deepEqual(seen(unpacker.unpack(moved(packer.packAll(batch)))), seen(batch), `seed ${seed}`)
    }
  }
})

const DICT_SPECS = SPECS.slice(4, 5)

function batchOf(dictionary: Dictionary, codes: readonly number[]): Batch {
  return {
    schema: { columns: DICT_SPECS },
    length: codes.length,
    eventTime: new Float64Array(codes.length),
    kind: null,
    columns: [{ layout: 'dict', codes: Int32Array.from(codes), dictionary, nulls: null }],
  }
}

test('packed batch: an entry of a dictionary travels once, and the receiver keeps one dictionary', (t) => {
  const dictionary = { values: ['one', 'two'] }
  const packer = new BatchPacker(1)
  const unpacker = new BatchUnpacker(DICT_SPECS)
  const first = packer.packAll(batchOf(dictionary, [0, 1]))
  const second = packer.packAll(batchOf(dictionary, [1, 0]))
  t.true(second.byteLength < first.byteLength)
  dictionary.values.push('three')
  const third = packer.packAll(batchOf(dictionary, [2]))
  const received = [first, second, third].map((buffer) => unpacker.unpack(buffer))
  t.is(new Set(received.map(dictionaryOf)).size, 1)
  t.deepEqual(
    received.map((batch) => cellOf(batch.columns[0] as Column, 0)),
    ['one', 'two', 'three'],
  )
  // More dictionaries than slots: the first has to travel again, and does.
  for (let other = 0; other < DICTIONARY_SLOTS; other++) {
    unpacker.unpack(packer.packAll(batchOf({ values: [`other ${other}`] }, [0])))
  }
  const again = unpacker.unpack(packer.packAll(batchOf(dictionary, [2, 0])))
  t.deepEqual(
    [0, 1].map((row) => cellOf(again.columns[0] as Column, row)),
    ['three', 'one'],
  )
})

test('packed batch: dictionaries that take turns travel once each', (t) => {
  const packer = new BatchPacker(1)
  const dictionaries = Array.from({ length: DICTIONARY_SLOTS }, (_, n) => ({ values: [`d${n}`] }))
  const sizes = (): number[] =>
    dictionaries.map((one) => packer.packAll(batchOf(one, [0])).byteLength)
  const [first, second] = [sizes(), sizes()]
  t.true(Math.max(...second) < Math.min(...first))
})

test('packed batch: what is no packed batch is refused', (t) => {
  t.throws(() => new BatchUnpacker(SPECS).unpack(new ArrayBuffer(1024)), { message: /mark/ })
})
