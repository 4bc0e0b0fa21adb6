/**
 * Hunts for plans that break their own laws (plan-laws.ts): random blocks over random inputs, most
 * of them refused, none of them with an exception. A failure shows the seed and the file.
 */
import test from 'ava'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { brokenLaws } from './plan-laws.ts'
import { planText } from './plan-text.ts'

const HEAD = `pipeline: random
schemas:
  Order: { id: integer, user: string, place: { city: string, lat: "number?" }, tags: "array<string>", amount: "decimal(12,2)", ts: timestamp }
sources:
  orders: { connector: kafka, brokers: "localhost:9092", topic: o, schema: Order, event_time: ts, watermark: { out_of_orderness: 5 seconds } }
  accounts: { connector: file, path: a.jsonl, format: jsonl, schema: Order, event_time: ts, primary_key: id }
  plain: { connector: file, path: p.jsonl, format: jsonl, schema: Order }
tables:
  cities: { connector: file, path: c.csv, format: csv, key: city, schema: { city: string, country: "string?" } }
`

/** Keys of a block in their order, each with some texts; the empty one leaves it out. */
const BEFORE: readonly (readonly string[])[] = [
  ['', '', '', 'unnest: { tag: tags, index: at }'],
  ['', '', 'lookup: { c: { from: cities, on: place.city == c.city } }'],
  ['', 'where: amount > 1', 'where: \'change() == "insert" && user != ""\''],
  ['', 'set: { twice: amount * 2, place.lat: 1.5 }', 'set: { p: place }'],
  ['', '', 'validate: { rules: { some: amount > 0 } }'],
]
const WINDOWS = [
  'type: tumbling, size: 1 hour',
  'type: tumbling, size: 1 day, timezone: Europe/Berlin, allowed_lateness: 1 hour',
  'type: sliding, size: 10 minutes, slide: 1 minute, emit: final, allowed_lateness: 1 minute',
  'type: session, gap: 5 minutes',
  'type: count, size: 3',
  'type: rolling, size: 1 hour',
  'type: same',
]
const CORES: readonly ((pick: Pick) => string)[] = [
  () => '',
  () => 'key_by: user, aggregate: { n: count(), most: max(amount), first_city: first(place.city) }',
  (pick) =>
    `key_by: [user, place.city], window: { ${pick(WINDOWS)} }, aggregate: { n: count().where(amount > 2), total: sum(amount) }`,
  (pick) =>
    `key_by: user, window: { ${pick(WINDOWS)} }, top: { n: 2, by: amount desc, rank_as: rank }`,
  (pick) => `key_by: user, top: { n: ${pick(['1', '3'])}, by: "amount desc, id" }`,
  (pick) => `key_by: id, dedupe: { ${pick(['within: 1 hour', 'keep: last, by: ts', ''])} }`,
]
const JOINS: readonly ((pick: Pick) => string)[] = [
  (pick) =>
    `{ from: ${pick(INPUTS)}, type: ${pick(['inner', 'left', 'right', 'full', 'semi', 'anti'])}, on: user }`,
  (pick) =>
    `{ from: ${pick(INPUTS)}, type: ${pick(['inner', 'left'])}, on: 'id == o.id && o.amount > amount && o.user != "x"', within: [-1m, 1h] }`,
  (pick) => `{ from: ${pick(INPUTS)}, type: left, on: id, as_of: ts }`,
]
const INPUTS = ['orders', 'accounts', 'plain', 'a', 'a.rejected', 'a.late']
const AFTER: readonly (readonly string[])[] = [
  [
    '',
    '',
    'select: [user]',
    'select: [user, { what: amount }]',
    'drop: [amount]',
    'rename: { who: user }',
  ],
]

type Pick = <T>(from: readonly T[]) => T

function blockText(pick: Pick, inputs: readonly string[]): string {
  const keys = [`from: ${pick(inputs)}`]
  const isJoin = pick([true, false, false, false])
  const before = BEFORE.map((one) => pick(one))
  if (isJoin) {
    keys.push(...before.slice(0, 2), `join: { o: ${pick(JOINS)(pick)} }`, ...before.slice(2))
  } else keys.push(...before, pick(CORES)(pick))
  keys.push(...AFTER.map((one) => pick(one)))
  const errors = pick(['', '', 'on_error: dead_letter'])
  return `{ ${[...keys, errors].filter((one) => one !== '').join(', ')} }`
}

function fileText(pick: Pick): string {
  const a = blockText(pick, ['orders', 'accounts', 'plain'])
  const b = blockText(pick, ['a', 'a', 'a', 'orders', 'accounts'])
  return `${HEAD}transformations:\n  a: ${a}\n  b: ${b}\nsinks:\n  out: { from: b, connector: stdout }\n  other: { from: a, connector: postgres, url: "\${DB}", table: t }\n`
}

const PLANS = 400

test('random plans: no pipeline breaks the planner, and plans keep their laws', async (t) => {
  let planned = 0
  for (let seed = 1; seed <= PLANS; seed++) {
    const random = new SeededRandom(seed)
    const pick: Pick = (from) => {
      const one = from[random.below(from.length)]
      if (one === undefined) throw new Error('nothing to pick from')
      return one
    }
    const text = fileText(pick)
    const { plan } = await planText(text)
    if (plan === null) continue
    planned += 1
    t.deepEqual(brokenLaws(plan), [], `seed ${seed}\n${text}`)
  }
  t.true(planned > PLANS / 20, `${planned} of ${PLANS} have a plan`)
  t.log(`${planned} of ${PLANS} have a plan`)
})
