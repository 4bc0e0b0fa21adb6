/** q8 by hand: per window of 10 s the persons that came, and the sellers; both sets in typed tables. */
import { type Checksum, encodedTexts, mixBytes, mixNumber } from '../../measure/checksum.ts'
import { codesOf, type MakeBaseline, numbersOf, WATERMARK_DELAY_MS } from '../baseline/baseline.ts'
import { NumberIndex } from '../../measure/number-index.ts'
import { PairIndex } from '../baseline/pair-index.ts'

const SIZE_MS = 10_000

class Window {
  /** Of id and name. */
  readonly persons = new PairIndex()
  readonly sellers = new NumberIndex()
}

export const q8: MakeBaseline = (checksum) => {
  const windows = new Map<number, Window>()
  const windowAt = (start: number): Window => {
    const window = windows.get(start) ?? new Window()
    windows.set(start, window)
    return window
  }
  let names: readonly string[] = []
  const largest = { bid: Infinity, auction: -Infinity, person: -Infinity }
  const fireUntil = (watermark: number): void => {
    for (const [start, window] of windows) {
      if (start + SIZE_MS - 1 > watermark) continue
      fire(start, window, { names, checksum })
      windows.delete(start)
    }
  }
  return {
    inputs: { person: ['id', 'name', 'dateTime'], auction: ['seller', 'dateTime'] },
    onBatch(entity, batch) {
      const isPerson = entity === 'person'
      const ids = numbersOf(batch, 0)
      const times = numbersOf(batch, isPerson ? 2 : 1)
      const codes = isPerson ? codesOf(batch, 1) : null
      if (codes !== null) names = codes.dictionary.values
      let last = largest[entity]
      let start = NaN
      let window = new Window()
      for (let row = 0; row < batch.length; row++) {
        const time = times[row] as number
        const offset = time - start
        if (!(offset >= 0 && offset < SIZE_MS)) {
          start = Math.floor(time / SIZE_MS) * SIZE_MS
          window = windowAt(start)
        }
        if (time > last) last = time
        if (codes === null) window.sellers.add(ids[row] as number)
        else window.persons.add(ids[row] as number, codes.codes[row] as number)
      }
      largest[entity] = last
      fireUntil(Math.min(largest.auction, largest.person) - WATERMARK_DELAY_MS - 1)
    },
    onEnd: () => fireUntil(Infinity),
  }
}

function fire(
  start: number,
  { persons, sellers }: Window,
  { names, checksum }: { names: readonly string[]; checksum: Checksum },
): void {
  const texts = encodedTexts(names)
  const { keys, size } = persons
  for (let number = 0; number < size; number++) {
    const id = keys[number * 2] as number
    if (sellers.find(id) < 0) continue
    const name = texts[keys[number * 2 + 1] as number] as Uint8Array
    checksum.add(mixNumber(mixBytes(mixNumber(0, id), name, 0, name.length), start), 1)
  }
}
