/**
 * The texts of the auction benchmark: names, channels and their addresses by number, and two long
 * random texts of which descriptions and padding are slices. All of it follows from the seed.
 */
import type { Dictionary } from '../../../shared/model/batch.ts'
import { below, drawBits, idState, seedState } from '../seeded-draws.ts'
import { DRAW } from './nexmark-rules.ts'

export const TEXT_BYTES = 1024 * 1024
const LOWER_A = 97
const LETTERS = 26
const SPACE = 32
const NAMED_CHANNELS = ['Google', 'Facebook', 'Baidu', 'Apple']
const CHANNELS = 10_000
/** Of ten addresses one does not name its channel. */
const UNNAMED_SHARE = 10
const FIRST_NAMES = 'Ada Bela Chen Dora Emil Farah Goran Hana Ivo Jana Kofi'.split(' ')
const LAST_NAMES = 'Adler Boateng Costa Dietz Endo Fischer Gupta Haas Ito'.split(' ')
const CITIES = 'Tucson,Fresno,Oakland,Boise,Salem,Eugene,Spokane,Tacoma,Olympia,Cheyenne'.split(',')
const STATES = ['AZ', 'CA', 'ID', 'OR', 'WA', 'WY']
/** Ids of draws that belong to no event: far above all events. */
const TEXT_ID = 2 ** 48

/** Each text is made when it is first asked for: who reads only numbers waits for none. */
export class NexmarkTexts {
  readonly cities: Dictionary = { values: CITIES }
  readonly states: Dictionary = { values: STATES }
  readonly kinds: Dictionary = { values: ['person', 'auction', 'bid'] }
  readonly #seed: number
  #channels: Dictionary | null = null
  #urls: Dictionary | null = null
  #names: Dictionary | null = null
  #letters: Buffer | null = null
  #words: Buffer | null = null

  constructor(seed: number) {
    this.#seed = seedState(seed)
  }

  get channels(): Dictionary {
    this.#channels ??= {
      values: [...NAMED_CHANNELS, ...channelNumbers().map((one) => `channel-${one}`)],
    }
    return this.#channels
  }

  get urls(): Dictionary {
    this.#urls ??= {
      values: [
        ...NAMED_CHANNELS.map((_, index) => this.#url(CHANNELS + index)),
        ...channelNumbers().map((one) => this.#url(one) + this.#channelId(one)),
      ],
    }
    return this.#urls
  }

  get names(): Dictionary {
    this.#names ??= {
      values: FIRST_NAMES.flatMap((first) => LAST_NAMES.map((last) => `${first} ${last}`)),
    }
    return this.#names
  }

  /** Lower-case letters. */
  get letters(): Buffer {
    this.#letters ??= this.#randomText(0, () => false)
    return this.#letters
  }

  /** Lower-case letters and, one in thirteen, spaces. */
  get words(): Buffer {
    this.#words ??= this.#randomText(1, (bits) => (bits >>> 8) % 13 === 0)
    return this.#words
  }

  #randomText(which: number, isSpace: (bits: number) => boolean): Buffer {
    const text = Buffer.allocUnsafe(TEXT_BYTES)
    const state = idState(TEXT_ID + which, this.#seed)
    for (let at = 0; at < TEXT_BYTES; at++) {
      const bits = drawBits(state, at)
      text[at] = isSpace(bits) ? SPACE : LOWER_A + below(bits, LETTERS)
    }
    return text
  }

  #url(number: number): string {
    const state = idState(TEXT_ID + 16 + number, this.#seed)
    const parts = [0, 1, 2].map((part) => this.#urlPart(state, part * 8))
    return `https://www.nexmark.com/${parts.join('/')}/item.htm?query=1`
  }

  /** Three or four characters, one in thirteen an underscore. */
  #urlPart(state: number, draw: number): string {
    const length = 3 + below(drawBits(state, draw), 2)
    let text = ''
    for (let index = 1; index <= length; index++) {
      const bits = drawBits(state, draw + index)
      const isSpecial = (bits >>> 8) % 13 === 0
      text += isSpecial ? '_' : String.fromCharCode(LOWER_A + below(bits, LETTERS))
    }
    return text
  }

  #channelId(number: number): string {
    const state = idState(TEXT_ID + 16 + number, this.#seed)
    if (below(drawBits(state, 24), UNNAMED_SHARE) === 0) return ''
    return `&channel_id=${Math.abs(reversedBits(number))}`
  }
}

function channelNumbers(): number[] {
  return Array.from({ length: CHANNELS }, (_, index) => index)
}

/** The place of a channel and its address in their dictionaries. */
export function channelCode(state: number): number {
  const bits = drawBits(state, DRAW.channel)
  if ((bits & 1) === 0) return below(bits, NAMED_CHANNELS.length)
  return NAMED_CHANNELS.length + below(bits, CHANNELS)
}

export function nameCode(state: number): number {
  return below(drawBits(state, DRAW.name), FIRST_NAMES.length * LAST_NAMES.length)
}

export function cityCode(state: number): number {
  return below(drawBits(state, DRAW.city), CITIES.length)
}

export function stateCode(state: number): number {
  return below(drawBits(state, DRAW.state), STATES.length)
}

/** Bytes of padding that bring a row of `current` bytes to about `wanted`; none when it is longer. */
export function paddingLength(state: number, current: number, wanted: number): number {
  if (current > wanted) return 0
  const missing = wanted - current
  const spread = Math.round(0.2 * missing)
  return missing - spread + below(drawBits(state, DRAW.extraLength), 2 * spread)
}

/** Where a slice of this length begins in a long text. */
export function slicePlace(state: number, draw: number, length: number): number {
  return below(drawBits(state, draw), TEXT_BYTES - length)
}

/** Bits of a 32-bit number in reverse, as a signed number. */
function reversedBits(number: number): number {
  let reversed = 0
  for (let bit = 0; bit < 32; bit++) reversed |= ((number >>> bit) & 1) << (31 - bit)
  return reversed
}

/** A random text of the language: its slice of the words, without spaces around it. */
export interface TextSlice {
  start: number
  end: number
}

/** Length 3 to `max` − 1 before spaces around it are cut off. */
export function wordSlice(
  words: Uint8Array,
  state: number,
  max: number,
  draws: { readonly length: number; readonly place: number },
): TextSlice {
  const length = 3 + below(drawBits(state, draws.length), max - 3)
  let start = slicePlace(state, draws.place, length)
  let end = start + length
  while (start < end && words[start] === SPACE) start++
  while (end > start && words[end - 1] === SPACE) end--
  return { start, end }
}

/** Four groups of four digits. */
export function cardText(state: number): string {
  const first = drawBits(state, DRAW.card)
  const second = drawBits(state, DRAW.cardMore)
  return [first & 0xffff, first >>> 16, second & 0xffff, second >>> 16]
    .map((bits) => `${Math.floor((bits * 10_000) / 65_536)}`.padStart(4, '0'))
    .join(' ')
}

export function emailText(words: Buffer, state: number): string {
  const name = wordSlice(words, state, 7, { length: DRAW.email, place: DRAW.emailPlace })
  const host = wordSlice(words, state, 5, { length: DRAW.emailHost, place: DRAW.emailHostPlace })
  const nameText = words.toString('latin1', name.start, name.end)
  return `${nameText}@${words.toString('latin1', host.start, host.end)}.com`
}
