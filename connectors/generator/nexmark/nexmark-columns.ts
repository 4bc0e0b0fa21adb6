/**
 * Columns of a block of events. Each field is a loop over the block; in mixed blocks a field is null
 * for events of other kinds. Texts are numbers of a dictionary or slices of a shared text, so that
 * no text is made per event but card numbers and addresses of the few persons.
 */
import { assert } from '../../../shared/base/assert.ts'
import type { Column, Dictionary } from '../../../shared/model/batch.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { drawBits } from '../seeded-draws.ts'
import type { EventBlock } from './event-block.ts'
import {
  AUCTION,
  auctionCategory,
  auctionExpires,
  auctionId,
  auctionSeller,
  BID,
  bidAuction,
  bidBidder,
  bidderOffset,
  DRAW,
  PERSON,
  personId,
  Prices,
  timeOf,
} from './nexmark-rules.ts'
import {
  cardText,
  channelCode,
  cityCode,
  emailText,
  nameCode,
  NexmarkTexts,
  paddingLength,
  slicePlace,
  stateCode,
  wordSlice,
  type TextSlice,
} from './nexmark-texts.ts'

const ITEM_NAME = { length: DRAW.itemName, place: DRAW.itemNamePlace }
const DESCRIPTION = { length: DRAW.description, place: DRAW.descriptionPlace }
const ITEM_NAME_MAX = 20
const DESCRIPTION_MAX = 100
const CARD_BYTES = 19
const BID_BYTES = { own: 32, wanted: 100 }
const AUCTION_BYTES = { own: 48, wanted: 500 }
const PERSON_BYTES = { own: 8, wanted: 200 }

type Maker = (block: EventBlock) => Column

export class NexmarkColumns {
  readonly texts: NexmarkTexts
  readonly prices = new Prices()
  readonly #makers: Readonly<Record<string, Maker>>

  constructor(seed: number) {
    this.texts = new NexmarkTexts(seed)
    this.#makers = this.#makersOf(this.texts)
  }

  column(spec: ColumnSpec, block: EventBlock): Column {
    const make = this.#makers[spec.path]
    assert(make !== undefined, `the generator knows the field ${spec.path}`)
    return make(block)
  }

  #makersOf(texts: NexmarkTexts): Record<string, Maker> {
    return {
      event: (block) => codes(block, null, texts.kinds, (row) => block.kinds[row] ?? 0),
      auction: bidAuctions,
      bidder: bidBidders,
      price: (block) => this.#prices(block, BID, DRAW.price),
      channel: (block) => stateCodes(block, BID, texts.channels, channelCode),
      url: (block) => stateCodes(block, BID, texts.urls, channelCode),
      dateTime: times,
      extra: (block) => slices(block, null, texts.letters, (row) => this.#padding(block, row)),
      id: ids,
      itemName: (block) => this.#words(block, ITEM_NAME_MAX, ITEM_NAME),
      description: (block) => this.#words(block, DESCRIPTION_MAX, DESCRIPTION),
      initialBid: (block) => this.#prices(block, AUCTION, DRAW.price),
      reserve: (block) =>
        numbers(block, AUCTION, (row) => {
          const state = block.states[row] ?? 0
          return this.#price(state, DRAW.price) + this.#price(state, DRAW.reserve)
        }),
      expires: (block) =>
        numbers(block, AUCTION, (row) =>
          auctionExpires(block.states[row] ?? 0, block.ids[row] ?? 0, block.rules.rate),
        ),
      seller: (block) =>
        numbers(block, AUCTION, (row) =>
          auctionSeller(block.states[row] ?? 0, block.cycles[row] ?? 0),
        ),
      category: (block) =>
        numbers(block, AUCTION, (row) => auctionCategory(block.states[row] ?? 0)),
      name: (block) => stateCodes(block, PERSON, texts.names, nameCode),
      city: (block) => stateCodes(block, PERSON, texts.cities, cityCode),
      state: (block) => stateCodes(block, PERSON, texts.states, stateCode),
      emailAddress: (block) => madeTexts(block, (state) => emailText(texts.words, state)),
      creditCard: (block) => madeTexts(block, cardText),
    }
  }

  #price(state: number, draw: number): number {
    return this.prices.price(drawBits(state, draw))
  }

  #prices(block: EventBlock, kind: number, draw: number): Column {
    const { prices } = this
    const values = new Float64Array(block.count)
    const nulls = nullsOf(block, kind)
    for (let row = 0; row < block.count; row++) {
      if (nulls !== null && nulls[row] === 1) continue
      values[row] = prices.price(drawBits(block.states[row] ?? 0, draw))
    }
    return { layout: 'f64', values, nulls }
  }

  #words(
    block: EventBlock,
    max: number,
    draws: { readonly length: number; readonly place: number },
  ): Column {
    const { words } = this.texts
    return slices(block, AUCTION, words, (row) =>
      wordSlice(words, block.states[row] ?? 0, max, draws),
    )
  }

  #padding(block: EventBlock, row: number): TextSlice {
    const state = block.states[row] ?? 0
    const length = paddingOf(this.texts, state, block.kinds[row] ?? 0)
    const start = slicePlace(state, DRAW.extraPlace, length)
    return { start, end: start + length }
  }
}

/** Length of the padding of an event, from the length of its other texts. */
export function paddingOf(texts: NexmarkTexts, state: number, kind: number): number {
  if (kind === BID) return paddingLength(state, BID_BYTES.own, BID_BYTES.wanted)
  if (kind === AUCTION) {
    const name = wordSlice(texts.words, state, ITEM_NAME_MAX, ITEM_NAME)
    const text = wordSlice(texts.words, state, DESCRIPTION_MAX, DESCRIPTION)
    const length = name.end - name.start + (text.end - text.start)
    return paddingLength(state, AUCTION_BYTES.own + length, AUCTION_BYTES.wanted)
  }
  const length =
    (texts.names.values[nameCode(state)]?.length ?? 0) +
    emailText(texts.words, state).length +
    CARD_BYTES +
    (texts.cities.values[cityCode(state)]?.length ?? 0) +
    2
  return paddingLength(state, PERSON_BYTES.own + length, PERSON_BYTES.wanted)
}

export function itemNameSlice(words: Buffer, state: number): TextSlice {
  return wordSlice(words, state, ITEM_NAME_MAX, ITEM_NAME)
}

export function descriptionSlice(words: Buffer, state: number): TextSlice {
  return wordSlice(words, state, DESCRIPTION_MAX, DESCRIPTION)
}

/** Null where an event of a mixed block is of another kind; null `kind`: every event has it. */
function nullsOf(block: EventBlock, kind: number | null): Uint8Array | null {
  if (!block.isMixed || kind === null) return null
  const nulls = new Uint8Array(block.count)
  for (let row = 0; row < block.count; row++) nulls[row] = block.kinds[row] === kind ? 0 : 1
  return nulls
}

function bidAuctions(block: EventBlock): Column {
  const values = new Float64Array(block.count)
  const nulls = nullsOf(block, BID)
  const { states, cycles } = block
  for (let row = 0; row < block.count; row++) {
    if (nulls !== null && nulls[row] === 1) continue
    values[row] = bidAuction(states[row] ?? 0, (cycles[row] ?? 0) * 3 + 2)
  }
  return { layout: 'f64', values, nulls }
}

function bidBidders(block: EventBlock): Column {
  const values = new Float64Array(block.count)
  const nulls = nullsOf(block, BID)
  const { states, cycles } = block
  const offset = bidderOffset(block.rules)
  for (let row = 0; row < block.count; row++) {
    if (nulls !== null && nulls[row] === 1) continue
    values[row] = bidBidder(states[row] ?? 0, cycles[row] ?? 0, offset)
  }
  return { layout: 'f64', values, nulls }
}

function times(block: EventBlock): Column {
  const values = new Float64Array(block.count)
  const { ids, rules } = block
  for (let row = 0; row < block.count; row++) values[row] = timeOf(ids[row] ?? 0, rules.rate)
  return { layout: 'f64', values, nulls: null }
}

/** Of persons and auctions; bids have none. */
function ids(block: EventBlock): Column {
  const values = new Float64Array(block.count)
  const nulls = block.isMixed ? new Uint8Array(block.count) : null
  for (let row = 0; row < block.count; row++) {
    const kind = block.kinds[row]
    const cycle = block.cycles[row] ?? 0
    if (kind === PERSON) values[row] = personId(cycle)
    else if (kind === AUCTION) values[row] = auctionId(cycle, block.places[row] ?? 0)
    else if (nulls !== null) nulls[row] = 1
  }
  return { layout: 'f64', values, nulls }
}

function numbers(block: EventBlock, kind: number, value: (row: number) => number): Column {
  const values = new Float64Array(block.count)
  const nulls = nullsOf(block, kind)
  for (let row = 0; row < block.count; row++)
    if (nulls === null || nulls[row] === 0) values[row] = value(row)
  return { layout: 'f64', values, nulls }
}

function codes(
  block: EventBlock,
  kind: number | null,
  dictionary: Dictionary,
  code: (row: number) => number,
): Column {
  const made = new Int32Array(block.count)
  const nulls = nullsOf(block, kind)
  for (let row = 0; row < block.count; row++)
    if (nulls === null || nulls[row] === 0) made[row] = code(row)
  return { layout: 'dict', codes: made, dictionary, nulls }
}

function stateCodes(
  block: EventBlock,
  kind: number,
  dictionary: Dictionary,
  code: (state: number) => number,
): Column {
  return codes(block, kind, dictionary, (row) => code(block.states[row] ?? 0))
}

function slices(
  block: EventBlock,
  kind: number | null,
  bytes: Buffer,
  slice: (row: number) => TextSlice,
): Column {
  const starts = new Uint32Array(block.count)
  const ends = new Uint32Array(block.count)
  const nulls = nullsOf(block, kind)
  for (let row = 0; row < block.count; row++) {
    if (nulls !== null && nulls[row] === 1) continue
    const { start, end } = slice(row)
    starts[row] = start
    ends[row] = end
  }
  return { layout: 'utf8', starts, ends, bytes, nulls }
}

/** Texts of persons that are made one by one; all are ASCII. */
function madeTexts(block: EventBlock, text: (state: number) => string): Column {
  const starts = new Uint32Array(block.count)
  const ends = new Uint32Array(block.count)
  const nulls = nullsOf(block, PERSON)
  const parts: string[] = []
  let at = 0
  for (let row = 0; row < block.count; row++) {
    if (nulls !== null && nulls[row] === 1) continue
    const made = text(block.states[row] ?? 0)
    parts.push(made)
    starts[row] = at
    at += made.length
    ends[row] = at
  }
  return { layout: 'utf8', starts, ends, bytes: Buffer.from(parts.join(''), 'latin1'), nulls }
}
