/**
 * The decision log of one job: a sequence of objects `decisions/<number>` in the checkpoint store,
 * each created only if absent. What stands in it has happened; what does not has not.
 *
 * The log is the chain that leads back from its newest entry: an entry whose nonce its successor does
 * not name was created by somebody who slept while retention deleted the true one; it is no part of
 * the log, and its creator finds an entry above it and stops.
 *
 * Owns nothing: every call reads the store anew.
 */
import { StreamError } from '../base/errors.ts'
import type { Random } from '../base/random.ts'
import type { CheckpointStore } from './checkpoint-store.ts'
import { type DecisionEntry, decodeDecision, encodeDecision } from './decision.ts'
import { isNewest, judge, type Proposal } from './decision-policy.ts'
import { newNonce } from './nonce.ts'

const FOLDER = 'decisions'
const DIGITS = 16
const NAME = new RegExp(`^${FOLDER}/(\\d{${DIGITS}})$`)

export class DecisionLog {
  readonly #store: CheckpointStore
  readonly #random: Random

  constructor(store: CheckpointStore, random: Random) {
    this.#store = store
    this.#random = random
  }

  /** The newest entry, or null where nothing was ever decided. */
  async newest(): Promise<DecisionEntry | null> {
    for (;;) {
      const number = (await this.#numbers()).at(-1)
      if (number === undefined) return null
      const entry = await this.#read(number)
      // Removed between the two: then a newer one is there.
      if (entry !== null) return entry
    }
  }

  /** The entries that are kept, newest first, as far back as the chain holds. */
  async *backwards(): AsyncGenerator<DecisionEntry> {
    let entry = await this.newest()
    while (entry !== null) {
      yield entry
      const { number, previous } = entry
      if (previous === null) return
      const before: DecisionEntry | null = await this.#read(number - 1)
      entry = before?.nonce === previous ? before : null
    }
  }

  /**
   * Adds an entry, or stops with `DECISION_STALE` where the log has gone on without its author, whose
   * word no longer counts then. Once it returns, the decision stands, also if this process dies on the
   * next line; where it fails otherwise, it may stand.
   */
  async decide(proposal: Proposal): Promise<DecisionEntry> {
    const nonce = newNonce(this.#random)
    for (;;) {
      const newest = await this.newest()
      const verdict = judge(newest, proposal)
      if (verdict.kind === 'stale') throw stale(verdict.why)
      const number = (newest?.number ?? 0) + 1
      const previous = newest?.nonce ?? null
      const { decision } = proposal
      const entry: DecisionEntry = { ...verdict.state, number, previous, nonce, decision }
      const bytes = encodeDecision(entry)
      // DECISION: before this call returns nothing is decided. After it, everybody may act on it.
      const existing = await this.#store.createIfAbsent(pathOf(number), bytes)
      const isMine = existing === null || Buffer.compare(existing, bytes) === 0
      if (!isMine) continue
      if (!isNewest(number, await this.#numbers())) throw stale('newer decisions were made')
      return entry
    }
  }

  /** Deletes the entries below `number`, oldest first; the newest always stays. */
  async forgetBelow(number: number): Promise<void> {
    const numbers = await this.#numbers()
    for (const one of numbers.slice(0, -1)) if (one < number) await this.#store.remove(pathOf(one))
  }

  async #numbers(): Promise<number[]> {
    const objects = await this.#store.list(FOLDER)
    return objects.flatMap(({ path }) => {
      const digits = NAME.exec(path)?.[1]
      return digits === undefined ? [] : [Number(digits)]
    })
  }

  async #read(number: number): Promise<DecisionEntry | null> {
    const path = pathOf(number)
    const bytes = await this.#store.read(path)
    if (bytes === null) return null
    const entry = decodeDecision(path, bytes)
    if (entry.number === number) return entry
    throw new StreamError('CHECKPOINT_DAMAGED', `${path} holds decision ${entry.number}`, {
      fix: 'restore the file from a copy of the store',
    })
  }
}

function pathOf(number: number): string {
  return `${FOLDER}/${String(number).padStart(DIGITS, '0')}`
}

function stale(why: string): StreamError {
  return new StreamError('DECISION_STALE', `this run decides nothing more: ${why}`, {
    fix: 'another process has taken the job over; look at that one',
  })
}
