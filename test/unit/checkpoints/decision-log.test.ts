/**
 * The decision log: what may be added to it, that a damaged entry is never taken for another, and that
 * no order of steps of two deciders and a retention lets a checkpoint of a former generation count
 * after a new one has started. Hunted by running every order of their store operations.
 */
import test, { type ExecutionContext } from 'ava'
import { attempt, checkpointId, generation, term } from '../../../shared/base/ids.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import {
  type DecisionEntry,
  decodeDecision,
  encodeDecision,
} from '../../../shared/checkpoints/decision.ts'
import { DecisionLog } from '../../../shared/checkpoints/decision-log.ts'
import {
  type Authority,
  judge,
  type Proposal,
} from '../../../shared/checkpoints/decision-policy.ts'
import { everyOrder, type Program } from './interleavings.ts'
import { StoredInMemory } from './stored-in-memory.ts'

const MANIFEST = 'ab'.repeat(32)

const by = (t: number, g: number, a = 1): Authority => ({
  term: term(t),
  generation: generation(g),
  attempt: attempt(a),
})
const lead = (t: number): Proposal => ({ by: by(t, 0, 0), decision: { kind: 'lead' } })
const start = (t: number, g: number, from: number | null = null, a = 1): Proposal => ({
  by: by(t, g, a),
  decision: { kind: 'start', from: from === null ? null : checkpointId(from) },
})
const checkpoint = (t: number, g: number, number: number, a = 1): Proposal => ({
  by: by(t, g, a),
  decision: { kind: 'checkpoint', manifest: MANIFEST },
  checkpoint: checkpointId(number),
})

interface Stored {
  readonly objects: Map<string, Uint8Array>
  readonly log: DecisionLog
}

function newLog(seed = 1, objects = new Map<string, Uint8Array>()): Stored {
  return { objects, log: new DecisionLog(new StoredInMemory(objects), new SeededRandom(seed)) }
}

async function entriesOf(log: DecisionLog): Promise<DecisionEntry[]> {
  const entries: DecisionEntry[] = []
  for await (const entry of log.backwards()) entries.push(entry)
  return entries.toReversed()
}

const wordOf = ({
  term: t,
  generation: g,
  attempt: a,
  checkpoint: c,
  decision,
}: DecisionEntry): string => `${decision.kind} ${t}/${g}/${a} ${c}`

test('decision log: entries stand in the order in which they were decided, with the counters', async (t) => {
  const { log, objects } = newLog()
  t.is(await log.newest(), null)
  const steps = [lead(1), start(1, 1), checkpoint(1, 1, 1), checkpoint(1, 1, 3), start(1, 1, 3, 2)]
  for (const step of [...steps, lead(2), checkpoint(2, 1, 4, 2), start(2, 2, 4)])
    await log.decide(step)
  t.deepEqual((await entriesOf(log)).map(wordOf), [
    'lead 1/0/0 0',
    'start 1/1/1 0',
    'checkpoint 1/1/1 1',
    'checkpoint 1/1/1 3',
    'start 1/1/2 3',
    'lead 2/1/2 3',
    'checkpoint 2/1/2 4',
    'start 2/2/1 4',
  ])
  t.is([...objects.keys()][0], 'decisions/0000000000000001')
})

test('decision log: what an older term, generation, attempt or number proposes is stale', async (t) => {
  const { log } = newLog()
  for (const step of [lead(2), start(2, 3, null, 2), checkpoint(2, 3, 5, 2)]) await log.decide(step)
  const stale: Record<string, Proposal> = {
    'the term that leads': lead(2),
    'an older term': lead(1),
    'a start of an older term': start(1, 4),
    'a start of a term that does not lead yet': start(3, 4),
    'the same start': start(2, 3, null, 2),
    'an older attempt': start(2, 3, null, 1),
    'an older generation': start(2, 2, null, 9),
    'a checkpoint of an older generation': checkpoint(2, 2, 6, 2),
    'a checkpoint of a generation that has not started': checkpoint(2, 4, 6, 2),
    'a checkpoint of an older attempt': checkpoint(2, 3, 6, 1),
    'a checkpoint of an older term': checkpoint(1, 3, 6, 2),
    'a number that was used': checkpoint(2, 3, 5, 2),
  }
  for (const [what, proposal] of Object.entries(stale)) {
    await t.throwsAsync(log.decide(proposal), { code: 'DECISION_STALE' }, what)
  }
  t.is((await entriesOf(log)).length, 3)
})

test('decision log: forgetting leaves the newest, and what is left is the log', async (t) => {
  const { log, objects } = newLog()
  for (const step of [lead(1), start(1, 1), checkpoint(1, 1, 1), checkpoint(1, 1, 2)]) {
    await log.decide(step)
  }
  await log.forgetBelow(3)
  t.deepEqual((await entriesOf(log)).map(wordOf), ['checkpoint 1/1/1 1', 'checkpoint 1/1/1 2'])
  await log.forgetBelow(99)
  t.is(objects.size, 1)
  t.is(wordOf(await log.decide(checkpoint(1, 1, 3))), 'checkpoint 1/1/1 3')
})

test('decision log: an entry under the name of another is found', async (t) => {
  const { log, objects } = newLog()
  for (const step of [lead(1), start(1, 1)]) await log.decide(step)
  const [first = '', second = ''] = [...objects.keys()]
  objects.set(second, objects.get(first) ?? new Uint8Array(0))
  await t.throwsAsync(log.newest(), { code: 'CHECKPOINT_DAMAGED' })
})

test('decision log: an entry whose answer was lost is found to be its own', async (t) => {
  class LosingStore extends StoredInMemory {
    override async createIfAbsent(path: string, bytes: Uint8Array): Promise<Uint8Array | null> {
      await super.createIfAbsent(path, bytes)
      return super.createIfAbsent(path, bytes)
    }
  }
  const log = new DecisionLog(new LosingStore(new Map()), new SeededRandom(1))
  await log.decide(lead(1))
  await log.decide(start(1, 1))
  t.deepEqual((await entriesOf(log)).map(wordOf), ['lead 1/0/0 0', 'start 1/1/1 0'])
})

test('decision log: any flipped, missing or added byte of an entry is found', (t) => {
  const verdict = judge(null, lead(7))
  if (verdict.kind !== 'add') return t.fail(verdict.why)
  const entry: DecisionEntry = {
    ...verdict.state,
    number: 1,
    previous: null,
    nonce: '0123456789abcdef',
    decision: { kind: 'lead' },
  }
  const bytes = encodeDecision(entry)
  t.deepEqual(decodeDecision('decisions/1', bytes), entry)
  const isRefused = (damaged: Uint8Array, what: string): void => {
    t.throws(() => decodeDecision('decisions/1', damaged), { code: 'CHECKPOINT_DAMAGED' }, what)
  }
  for (let at = 0; at < bytes.length; at++) {
    for (const bit of [1, 2, 4, 8, 16, 32, 64, 128]) {
      const flipped = bytes.slice()
      flipped[at] = (flipped[at] as number) ^ bit
      isRefused(flipped, `byte ${at}, bit ${bit}`)
    }
    isRefused(bytes.slice(0, at), `cut at ${at}`)
  }
  isRefused(Buffer.concat([bytes, bytes]), 'twice')
  isRefused(Buffer.concat([bytes, new Uint8Array(1)]), 'a byte too many')
})

/** Two deciders who have seen the same log, and a retention that may delete all but the newest. */
interface Race {
  readonly former: Program
  readonly next: Program
  readonly retention: Program
  readonly outcome: { former: DecisionEntry | null; next: DecisionEntry | null }
  readonly log: DecisionLog
  /** Nonces of the entries that were first at their place. */
  readonly true: () => Set<string>
}

async function race(proposals: {
  readonly former: Proposal
  readonly next: readonly Proposal[]
}): Promise<() => Race> {
  const { log, objects: before } = newLog()
  for (const step of [lead(1), start(1, 1), checkpoint(1, 1, 7)]) await log.decide(step)
  return () => {
    const objects = new Map(before)
    const created = new Map(before)
    const outcome: Race['outcome'] = { former: null, next: null }
    const decider =
      (who: 'former' | 'next', seed: number, wanted: readonly Proposal[]): Program =>
      async (step) => {
        const own = new DecisionLog(
          new StoredInMemory(objects, step, created),
          new SeededRandom(seed),
        )
        try {
          for (const proposal of wanted) outcome[who] = await own.decide(proposal)
        } catch (cause) {
          if (!(cause instanceof Error && 'code' in cause && cause.code === 'DECISION_STALE'))
            throw cause
          outcome[who] = null
        }
      }
    const retention: Program = async (step) => {
      const own = new DecisionLog(new StoredInMemory(objects, step), new SeededRandom(9))
      await own.forgetBelow(5)
    }
    return {
      former: decider('former', 2, [proposals.former]),
      next: decider('next', 3, proposals.next),
      retention,
      outcome,
      log: new DecisionLog(new StoredInMemory(objects), new SeededRandom(4)),
      true: () => new Set([...created].map(([path, bytes]) => decodeDecision(path, bytes).nonce)),
    }
  }
}

/** A log in which nothing falls, and that holds what its deciders were told. */
async function assertSound(t: ExecutionContext, one: Race, order: string): Promise<void> {
  const entries = await entriesOf(one.log)
  const isTrue = one.true()
  let before: DecisionEntry | null = null
  for (const entry of entries) {
    t.true(isTrue.has(entry.nonce), `${order}: ${wordOf(entry)} was the first at its place`)
    for (const counter of ['term', 'generation', 'checkpoint'] as const) {
      t.true(entry[counter] >= (before?.[counter] ?? 0), `${order}: a ${counter} fell`)
    }
    before = entry
  }
  for (const told of [one.outcome.former, one.outcome.next]) {
    if (told === null) continue
    t.true(isTrue.has(told.nonce), `${order}: ${wordOf(told)} was told to be decided and was not`)
    t.true((before?.number ?? 0) >= told.number, order)
  }
}

test('decision log: in no order does a former generation decide after the next has started', async (t) => {
  const make = await race({ former: checkpoint(1, 1, 8), next: [lead(2), start(2, 2, 7)] })
  let [won, lost] = [0, 0]
  const { orders } = await everyOrder(() => {
    const one = make()
    const check = async (order: string): Promise<void> => {
      await assertSound(t, one, order)
      const { former, next } = one.outcome
      t.not(next, null, `${order}: the next leader always comes through`)
      if (former === null) lost += 1
      else {
        won += 1
        t.true(former.number < (next?.number ?? 0), `${order}: before the start, or not at all`)
      }
    }
    return { programs: [one.former, one.next], check }
  })
  t.true(orders > 100 && won > 0 && lost > 0, `${orders} orders, ${won} won, ${lost} lost`)
})

test('decision log: in no order does retention let a sleeper decide', async (t) => {
  const make = await race({
    former: checkpoint(1, 1, 8),
    next: [checkpoint(1, 1, 9), checkpoint(1, 1, 10)],
  })
  let stale = 0
  const { orders } = await everyOrder(() => {
    const one = make()
    const check = async (order: string): Promise<void> => {
      await assertSound(t, one, order)
      if (one.outcome.former === null) stale += 1
    }
    // Retention follows its decider, as it does in a run.
    const next: Program = async (step) => {
      await one.next(step)
      await one.retention(step)
    }
    return { programs: [one.former, next], check }
  })
  t.true(orders > 100 && stale > 0, `${orders} orders, ${stale} stale`)
})
