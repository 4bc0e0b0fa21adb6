/**
 * The events of one batch before any column is made: their ids, places and draw states. Columns are
 * then made one by one, each in a loop of its own, only those that are asked for.
 *
 * Owns: scratch arrays that are filled anew for every batch.
 */
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import { idState, seedState } from '../seeded-draws.ts'
import { AUCTION, BID, CYCLE, idAt, kindOf, PERSON, type NexmarkRules } from './nexmark-rules.ts'
import type { NexmarkEntity } from './nexmark-fields.ts'

const EVERY_KIND = -1
const KINDS = { person: PERSON, auction: AUCTION, bid: BID, all: EVERY_KIND } as const
/** First place of a kind in a cycle of 50, and the place behind its last. */
const PLACES = { person: [0, 1], auction: [1, 4], bid: [4, 50] } as const

export class EventBlock {
  readonly rules: NexmarkRules
  readonly entity: NexmarkEntity
  readonly isMixed: boolean
  count = 0
  readonly ids = new Float64Array(BATCH_RECORDS_MAX)
  readonly cycles = new Int32Array(BATCH_RECORDS_MAX)
  readonly places = new Uint8Array(BATCH_RECORDS_MAX)
  readonly kinds = new Uint8Array(BATCH_RECORDS_MAX)
  readonly states = new Int32Array(BATCH_RECORDS_MAX)
  readonly #kind: number
  readonly #seed: number

  constructor(entity: NexmarkEntity, rules: NexmarkRules) {
    this.entity = entity
    this.rules = rules
    this.isMixed = entity === 'all'
    this.#kind = KINDS[entity]
    this.#seed = seedState(rules.seed)
  }

  /** Takes events of the entity from number `from` on, below `end`; answers where to go on. */
  fill(from: number, end: number): number {
    const { entity } = this
    if (this.rules.group === 1 && entity !== 'all') return this.#fillInOrder(from, end, entity)
    const { group } = this.rules
    let count = 0
    let number = from
    for (; number < end && count < BATCH_RECORDS_MAX; number++) {
      const id = idAt(number, group)
      const place = id % CYCLE
      const kind = kindOf(place)
      if (this.#kind !== EVERY_KIND && kind !== this.#kind) continue
      this.ids[count] = id
      this.places[count] = place
      this.cycles[count] = (id - place) / CYCLE
      this.kinds[count] = kind
      this.states[count] = idState(id, this.#seed)
      count++
    }
    this.count = count
    return number
  }

  /** In order the numbers of one kind are runs, so others need not be looked at. */
  #fillInOrder(from: number, end: number, entity: 'person' | 'auction' | 'bid'): number {
    const [first, behind] = PLACES[entity]
    const { ids, places, cycles, kinds, states } = this
    const seed = this.#seed
    const kind = this.#kind
    let count = 0
    let place = from % CYCLE
    let cycle = (from - place) / CYCLE
    let id = from
    while (id < end && count < BATCH_RECORDS_MAX) {
      if (place < first) {
        id += first - place
        place = first
        continue
      }
      if (place >= behind) {
        id += CYCLE - place
        place = 0
        cycle++
        continue
      }
      ids[count] = id
      places[count] = place
      cycles[count] = cycle
      kinds[count] = kind
      states[count] = idState(id, seed)
      count++
      id++
      place++
    }
    this.count = count
    return Math.min(id, end)
  }
}
