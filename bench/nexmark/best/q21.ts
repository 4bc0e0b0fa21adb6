/** q21 by hand: what a channel and an address say is worked out once per entry of their dictionaries. */
import { encodedTexts, mixBytes, mixNumber } from '../../measure/checksum.ts'
import { codesOf, type MakeBaseline, numbersOf } from '../baseline/baseline.ts'

const CHANNEL_IDS = new Map([
  ['apple', '0'],
  ['google', '1'],
  ['facebook', '2'],
  ['baidu', '3'],
])
const ENCODER = new TextEncoder()

export const q21: MakeBaseline = (checksum) => {
  const byChannel: (Uint8Array | null)[] = []
  const byUrl: (Uint8Array | null)[] = []
  return {
    inputs: { bid: ['auction', 'bidder', 'price', 'channel', 'url'] },
    onBatch(_entity, batch) {
      const auctions = numbersOf(batch, 0)
      const bidders = numbersOf(batch, 1)
      const prices = numbersOf(batch, 2)
      const channels = codesOf(batch, 3)
      const urls = codesOf(batch, 4)
      extend(byChannel, channels.dictionary.values, (text) => CHANNEL_IDS.get(text.toLowerCase()))
      extend(byUrl, urls.dictionary.values, (text) => /(?:&|^)channel_id=([^&]*)/.exec(text)?.[1])
      const names = encodedTexts(channels.dictionary.values)
      const { length } = batch
      for (let row = 0; row < length; row++) {
        const channel = channels.codes[row] as number
        const id = byChannel[channel] ?? byUrl[urls.codes[row] as number] ?? null
        if (id === null) continue
        const name = names[channel] as Uint8Array
        let hash = mixNumber(0, auctions[row] as number)
        hash = mixNumber(mixNumber(hash, bidders[row] as number), prices[row] as number)
        hash = mixBytes(hash, name, 0, name.length)
        checksum.add(mixBytes(hash, id, 0, id.length), 1)
      }
    },
    onEnd: () => {},
  }
}

/** Entries of the dictionary that are new; null where there is no id. */
function extend(
  known: (Uint8Array | null)[],
  texts: readonly string[],
  idOf: (text: string) => string | undefined,
): void {
  for (let code = known.length; code < texts.length; code++) {
    const id = idOf(texts[code] as string)
    known.push(id === undefined ? null : ENCODER.encode(id))
  }
}
