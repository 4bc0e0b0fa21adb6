/**
 * `ttl` (D5) of every operator whose state nothing else bounds: counted from a key's last write, by
 * the watermark or, where no source has event time, by the clock; reads do not prolong; expiry
 * emits nothing and is counted; `explain` prints the bound. Each case follows one key through its
 * life; values are whatever says that the key starts anew.
 */
import test, { type ExecutionContext } from 'ava'
import { playTtl, type Given, type TtlPlay } from './ttl-play.ts'

const TTL = 100

interface Case {
  readonly block: string
  readonly bound: string
  /** Writes of a key, at 1; and what comes out. */
  readonly write: readonly Given[]
  /** Something of the same key at 60 that only reads. */
  readonly read?: Given
  /** A row that comes when the key is forgotten, and what comes out then. */
  readonly after: Given
  readonly fresh: readonly string[]
  /** The same row while the key is known. */
  readonly known: readonly string[]
  /** Needs event time. */
  readonly isTimed?: boolean
}

const a = (n: number, input = 0): Given => ({ user: 'a', n, input })

const CASES: Readonly<Record<string, Case>> = {
  aggregate: {
    block: 'key_by: user, aggregate: { c: count() }',
    bound: 'one row per key (user)',
    write: [a(1), a(1)],
    after: a(1),
    fresh: ['insert "a",1'],
    known: ['update_before "a",2', 'update_after "a",3'],
  },
  'aggregate that counts distinct values': {
    block: 'key_by: user, aggregate: { c: count_distinct(n) }',
    bound: 'one row per key (user)',
    write: [a(1), a(2)],
    after: a(1),
    fresh: ['insert "a",1'],
    known: [],
  },
  'count window': {
    block: 'key_by: user, window: { type: count, size: 3 }, aggregate: { c: count() }',
    bound: 'one unfinished window per key',
    write: [a(1), a(1)],
    after: a(1),
    fresh: [],
    known: ['insert "a",1,3'],
  },
  'top of several': {
    block: 'key_by: user, top: { n: 2, by: n desc }, select: [user, n]',
    bound: 'the rows of a key',
    write: [a(5), a(4)],
    after: a(3),
    fresh: ['insert "a",3'],
    known: [],
  },
  'top of one': {
    block: 'key_by: user, top: { n: 1, by: n desc }, select: [user, n]',
    bound: 'the rows of a key',
    write: [a(5)],
    after: a(3),
    fresh: ['insert "a",3'],
    known: [],
  },
  'dedupe of the first': {
    block: 'key_by: user, dedupe: {}, select: [user, n]',
    bound: 'one entry per key',
    write: [a(5)],
    read: a(4),
    after: a(3),
    fresh: ['insert "a",3'],
    known: [],
  },
  'dedupe of the last': {
    block: 'key_by: user, dedupe: { keep: last, by: n }, select: [user, n]',
    bound: 'one row per key',
    write: [a(5)],
    after: a(3),
    fresh: ['insert "a",3'],
    known: [],
  },
  'inner join': {
    block: 'join: { o: { from: others, on: user } }, select: [n, { m: o.n }]',
    bound: 'both inputs',
    write: [a(5, 1)],
    after: a(3),
    fresh: [],
    known: ['insert 3,5'],
  },
  'full join': {
    block: 'join: { o: { from: others, on: user, type: full } }, select: [n, { m: o.n }]',
    bound: 'both inputs',
    write: [a(5, 1)],
    after: a(3),
    fresh: ['insert 3,null'],
    known: ['delete null,5', 'insert 3,5'],
  },
  'anti join': {
    block: 'join: { o: { from: others, on: user, type: anti } }, select: [n]',
    bound: 'both inputs',
    write: [a(5, 1)],
    after: a(3),
    fresh: ['insert 3'],
    known: [],
  },
  'as_of join': {
    block:
      'join: { o: { from: others, on: user, type: left, as_of: ts } }, select: [n, { m: o.n }]',
    bound: 'left rows until the right watermark passes them; per key the versions still needed',
    write: [a(5, 1)],
    read: a(4),
    after: a(3),
    fresh: ['insert 3,null'],
    known: ['insert 3,5'],
    isTimed: true,
  },
}

async function open(t: ExecutionContext, of: Case, hasEventTime: boolean): Promise<TtlPlay> {
  const block = `{ from: orders, ${of.block}, ttl: ${TTL}ms }`
  const play = await playTtl(t, block, hasEventTime)
  play.time(1)
  for (const row of of.write) play.row(row)
  play.taken()
  return play
}

for (const [name, of] of Object.entries(CASES)) {
  for (const hasEventTime of of.isTimed === true ? [true] : [true, false]) {
    const clock = hasEventTime ? 'the watermark' : 'the clock'

    test(`ttl: ${name} forgets a key so long after its last write, by ${clock}`, async (t) => {
      const play = await open(t, of, hasEventTime)
      const words = hasEventTime ? '' : ' by processing time'
      t.is(play.block.stateBound, `${of.bound}, until 100ms after its last write${words}`)
      for (let time = 2; time < 60; time++) play.time(time)
      if (of.read !== undefined) {
        play.row(of.read)
        play.taken()
      }
      play.time(100)
      t.is(play.expiredKeys, 0)
      // What is touched is judged exactly; others are found within a round of sweeping.
      for (let time = 101; time < 220; time++) play.time(time)
      t.deepEqual(play.taken(), [], 'expiry emits nothing')
      t.is(play.expiredKeys, 1)
      play.row(of.after)
      t.deepEqual(play.taken(), of.fresh, 'the key starts anew')
      play.end()
    })

    test(`ttl: ${name} keeps a key that is written again, by ${clock}`, async (t) => {
      const play = await open(t, of, hasEventTime)
      play.time(100)
      play.row(of.after)
      t.deepEqual(play.taken(), of.known, 'the key is known')
      t.is(play.expiredKeys, 0)
      play.end()
    })

    test(`ttl: ${name} judges a key in time that nobody swept, by ${clock}`, async (t) => {
      const play = await open(t, of, hasEventTime)
      play.time(101)
      play.row(of.after)
      t.deepEqual(play.taken(), of.fresh, 'the key starts anew')
      t.is(play.expiredKeys, 1)
      play.end()
      t.is(play.expiredKeys, 1, 'nothing is forgotten at the end')
    })
  }
}
