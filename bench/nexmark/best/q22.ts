/** q22 by hand: addresses are split once per entry of their dictionary. */
import { encodedTexts, mixBytes, mixNumber, mixNull } from '../../measure/checksum.ts'
import { codesOf, type MakeBaseline, numbersOf } from '../baseline/baseline.ts'

const ENCODER = new TextEncoder()
const FIRST_PART = 3
const PARTS = 3

export const q22: MakeBaseline = (checksum) => {
  /** Three per address. */
  const parts: (Uint8Array | null)[] = []
  return {
    inputs: { bid: ['auction', 'bidder', 'price', 'channel', 'url'] },
    onBatch(_entity, batch) {
      const auctions = numbersOf(batch, 0)
      const bidders = numbersOf(batch, 1)
      const prices = numbersOf(batch, 2)
      const channels = codesOf(batch, 3)
      const urls = codesOf(batch, 4)
      extend(parts, urls.dictionary.values)
      const names = encodedTexts(channels.dictionary.values)
      const { length } = batch
      for (let row = 0; row < length; row++) {
        const name = names[channels.codes[row] as number] as Uint8Array
        const first = (urls.codes[row] as number) * PARTS
        let hash = mixNumber(0, auctions[row] as number)
        hash = mixNumber(mixNumber(hash, bidders[row] as number), prices[row] as number)
        hash = mixBytes(hash, name, 0, name.length)
        hash = mixPart(hash, parts[first] ?? null)
        hash = mixPart(hash, parts[first + 1] ?? null)
        checksum.add(mixPart(hash, parts[first + 2] ?? null), 1)
      }
    },
    onEnd: () => {},
  }
}

function mixPart(hash: number, part: Uint8Array | null): number {
  return part === null ? mixNull(hash) : mixBytes(hash, part, 0, part.length)
}

function extend(parts: (Uint8Array | null)[], urls: readonly string[]): void {
  for (let code = parts.length / PARTS; code < urls.length; code++) {
    const own = (urls[code] as string).split('/')
    for (let part = FIRST_PART; part < FIRST_PART + PARTS; part++) {
      const text = own[part]
      parts.push(text === undefined ? null : ENCODER.encode(text))
    }
  }
}
