/**
 * Random small pipelines as YAML, with random rows for their sources: what random-pipelines.test.ts
 * runs. Many of the files are refused by the planner; the others use most kinds of blocks.
 */
import type { SeededRandom } from '../../../../shared/base/seeded-random.ts'
import type { JsonRow } from '../../../../shared/model/batch-rows.ts'

export type Pick = <T>(from: readonly T[]) => T

export function picker(random: SeededRandom): Pick {
  return (from) => from[random.below(from.length)]!
}

const HEAD = `pipeline: random
schemas:
  Order: { id: integer, user: "string?", place: { city: string, lat: "integer?" }, tags: "array<string>", amount: "decimal(12,2)", n: "integer?", ts: timestamp }
sources:
  orders: { connector: file, path: o.jsonl, format: jsonl, schema: Order, event_time: ts, watermark: { out_of_orderness: 5 seconds } }
  others: { connector: file, path: p.jsonl, format: jsonl, schema: Order, event_time: ts, watermark: { out_of_orderness: 5 seconds } }
  accounts: { connector: file, path: a.jsonl, format: jsonl, schema: Order, event_time: ts, watermark: { out_of_orderness: 5 seconds }, primary_key: id }
  changed: { connector: file, path: k.jsonl, format: jsonl, schema: Order, event_time: ts, watermark: { out_of_orderness: 5 seconds }, primary_key: id, changes: kinds }
tables:
  cities: { connector: file, path: c.jsonl, format: jsonl, key: city, schema: { city: string, country: "string?" } }
`

export const SOURCES = ['orders', 'others', 'accounts', 'changed'] as const

/** Keys of a block in their order, each with some texts; the empty one leaves it out. */
const BEFORE: readonly (readonly string[])[] = [
  ['', '', '', '', 'unnest: { tag: tags, index: at }', 'unnest: { tag: tags, keep_empty: true }'],
  [
    '',
    '',
    'lookup: { c: { from: cities, on: place.city == c.city } }',
    'lookup: { c: { from: cities, on: place.city == c.city, type: inner } }',
  ],
  ['', '', 'where: amount > 1', 'where: n > 2 || user == "u1"', 'where: \'change() == "insert"\''],
  [
    '',
    '',
    'set: { twice: amount * 2, place.lat: 7 }',
    'set: { part: "div(100, n)" }',
    'set: { user: upper(user) }',
  ],
  [
    '',
    '',
    'validate: { rules: { some: amount > 3.00, known: user != null } }',
    'validate: { rules: { some: n > 1 }, action: observe }',
  ],
]
const WINDOWS = [
  'type: tumbling, size: 10 seconds',
  'type: tumbling, size: 10 seconds, allowed_lateness: 15 seconds',
  'type: tumbling, size: 10 seconds, allowed_lateness: 15 seconds, emit: final',
  'type: tumbling, size: 1 day, timezone: Europe/Berlin, allowed_lateness: 10 seconds',
  'type: sliding, size: 20 seconds, slide: 5 seconds',
  'type: sliding, size: 20 seconds, slide: 5 seconds, emit: final, allowed_lateness: 5 seconds',
  'type: cumulate, size: 20 seconds, step: 5 seconds, allowed_lateness: 5 seconds',
  'type: session, gap: 5 seconds',
  'type: session, gap: 5 seconds, allowed_lateness: 10 seconds',
  'type: count, size: 3',
  'type: global',
  'type: rolling, size: 10 seconds',
  'type: same',
]
const CALLS = [
  'k: count()',
  'few: count().where(amount > 2)',
  'total: sum(amount)',
  'nn: sum(n)',
  'hi: max(amount)',
  'lo: min(user)',
  'mean: avg(amount)',
  'firsts: first(place.city)',
  'lasts: last(n)',
  'all: collect(n)',
  'names: "string_agg(user, \\", \\")"',
  'kinds: count_distinct(user)',
  'who: "max_by(id, amount)"',
  'any_big: any(amount > 5)',
]

function calls(pick: Pick): string {
  const some = new Set([pick(CALLS), pick(CALLS), pick(CALLS)])
  return `aggregate: { ${[...some].join(', ')} }`
}

const KEYS = [
  'key_by: user',
  'key_by: [user, place.city]',
  'key_by: place.city',
  'key_by: user, parallelism: 2',
]
const CORES: readonly ((pick: Pick) => string)[] = [
  () => '',
  (pick) => `${pick(KEYS)}, ${calls(pick)}`,
  (pick) => `${pick(KEYS)}, window: { ${pick(WINDOWS)} }, ${calls(pick)}`,
  (pick) => `${pick(KEYS)}, window: { ${pick(WINDOWS)} }, ${calls(pick)}`,
  (pick) =>
    `${pick(KEYS)}, window: { ${pick(WINDOWS)} }, top: { n: 2, by: amount desc, rank_as: rank }`,
  (pick) =>
    `${pick(KEYS)}, top: { n: ${pick(['1', '3'])}, by: "${pick(['amount desc, id', 'n', 'ts desc'])}"${pick(['', ', rank_as: rank', ', ties: true'])} }`,
  (pick) =>
    `key_by: ${pick(['id', 'user'])}, dedupe: { ${pick(['within: 5 seconds', 'keep: last, by: ts', 'keep: last, by: amount', ''])} }`,
]
const JOINS: readonly ((pick: Pick, inputs: readonly string[]) => string)[] = [
  (pick, inputs) =>
    `{ from: ${pick(inputs)}, type: ${pick(['inner', 'left', 'right', 'full', 'semi', 'anti'])}, on: ${pick(['id', 'user', "'user == o.user && amount > o.amount'", "'user == o.user && div(10, n) > o.id'"])} }`,
  (pick, inputs) =>
    `{ from: ${pick(inputs)}, type: ${pick(['inner', 'left'])}, on: ${pick(["'user == o.user && o.amount > amount'", 'user', "'user == o.user && div(10, n) > o.id'"])}, within: [-3s, 4s] }`,
  (pick, inputs) =>
    `{ from: ${pick(inputs)}, type: ${pick(['inner', 'left'])}, on: ${pick(['id', 'id', 'user'])}, as_of: ts }`,
  (pick, inputs) =>
    `{ from: ${pick(inputs)}, type: ${pick(['inner', 'left', 'right', 'full', 'semi', 'anti'])}, on: user, window: true }`,
]

const isChanging = (from: string): boolean => from === 'accounts' || from === 'changed'

function beforeText(pick: Pick, isAppend: boolean): string[] {
  return BEFORE.map((one) => {
    const text = pick(one)
    if (text.startsWith('lookup') && !isAppend) return ''
    return text.includes('change()') && isAppend ? '' : text
  })
}

function blockText(pick: Pick, inputs: readonly string[], rights: readonly string[]): string {
  const from = pick(inputs)
  const isAppend = !isChanging(from)
  const keys = [`from: ${from}`]
  const isJoin = pick([true, false, false])
  const before = beforeText(pick, isAppend)
  if (isJoin) {
    const join = `join: { o: ${pick(JOINS)(pick, rights)} }`
    keys.push(
      ...before.slice(0, 2),
      join,
      ...before.slice(2).filter((one) => !/change|n >|known/.test(one)),
    )
  } else keys.push(...before, pick(CORES)(pick))
  if (keys.at(-1)?.includes('k: count()') === true) keys.push(pick(['', 'having: k > 1']))
  const errors = pick(['on_error: skip', 'on_error: dead_letter', 'on_error: dead_letter'])
  return `{ ${[...keys, errors].filter((one) => one !== '').join(', ')} }`.replaceAll(', ,', ',')
}

/** Two windowed streams and their join, so that such joins are not too rare. */
function windowJoinBlocks(pick: Pick): string[] {
  const window = pick(WINDOWS.slice(0, 7))
  const key = 'key_by: user'
  return [
    `a: { from: ${pick(FIRST)}, ${key}, window: { ${window} }, ${calls(pick)}, on_error: skip }`,
    `w: { from: ${pick(FIRST)}, ${key}, window: { ${window} }, ${calls(pick)}, on_error: skip }`,
    `b: { from: a, join: { o: ${JOINS[3]!(pick, ['w'])} }, on_error: skip }`,
  ]
}

const FIRST = [...SOURCES, 'orders', 'orders', 'changed', '[orders, others]']

export function pipelineText(pick: Pick): string {
  const blocks = pick([true, false, false, false, false])
    ? windowJoinBlocks(pick)
    : [
        `a: ${blockText(pick, FIRST, SOURCES)}`,
        `b: ${blockText(pick, [...FIRST, 'a', 'a', 'a', 'a', 'a', 'a'], [...SOURCES, 'a'])}`,
      ]
  const sinks = [
    'out_a: { from: a, connector: stdout, mode: changes }',
    'out_b: { from: b, connector: stdout }',
  ]
  for (const block of blocks) {
    const name = block.slice(0, 1)
    if (/action|some:/.test(block) && !block.includes('observe'))
      sinks.push(`${name}_rejected: { from: ${name}.rejected, connector: stdout }`)
    if (/type: (tumbling|sliding|cumulate|session|rolling)/.test(block) && pick([true, false]))
      sinks.push(`${name}_late: { from: ${name}.late, connector: stdout }`)
  }
  return `${HEAD}transformations:\n${lines(blocks)}sinks:\n${lines(sinks)}`
}

function lines(texts: readonly string[]): string {
  return texts.map((one) => `  ${one}\n`).join('')
}

/** What a source gives, in order. */
export type Given =
  | { readonly kind: 'row'; readonly row: JsonRow }
  | { readonly kind: 'watermark'; readonly time: number }

const START = Date.parse('2024-01-01T00:00:00Z')

/**
 * Rows of one source. Watermarks stand at fixed places. `lateShare`: of the rows that then come
 * behind the watermark; with none the watermarks are true.
 */
export function givenRows(
  random: SeededRandom,
  { source, count, lateShare }: { source: string; count: number; lateShare: number },
): Given[] {
  const pick = picker(random)
  const rows: { row: JsonRow; at: number }[] = []
  const live = new Map<number, JsonRow>()
  for (let index = 0; index < count; index++) {
    const at = START + index * 1000 - random.below(5) * 1000
    const id = source === 'accounts' || source === 'changed' ? random.below(12) : random.below(30)
    const row = oneRow(pick, { id, at })
    if (source !== 'changed') {
      rows.push({ row, at })
      continue
    }
    const before = live.get(id)
    if (before === undefined) rows.push({ row: { ...row, _kind: 'insert' }, at })
    else if (random.next() < 0.3) {
      rows.push({ row: { ...before, _kind: 'delete' }, at })
      live.delete(id)
      continue
    } else {
      rows.push({ row: { ...before, _kind: 'update_before' }, at })
      rows.push({ row: { ...row, _kind: 'update_after' }, at })
    }
    live.set(id, row)
  }
  return withWatermarks(random, rows, lateShare)
}

function withWatermarks(
  random: SeededRandom,
  rows: readonly { row: JsonRow; at: number }[],
  lateShare: number,
): Given[] {
  const given: Given[] = []
  rows.forEach(({ row }, index) => {
    given.push({ kind: 'row', row })
    if (random.next() >= 0.2) return
    const rest = rows.slice(index + 1).map((one) => Date.parse(String(one.row['ts'])))
    const least = rest.length === 0 ? START : Math.min(...rest)
    const ahead = random.next() < lateShare ? random.below(12_000) : 0
    given.push({ kind: 'watermark', time: least - 1 + ahead })
  })
  return given
}

function oneRow(pick: Pick, { id, at }: { id: number; at: number }): JsonRow {
  return {
    id,
    user: pick(['u1', 'u2', 'u3', 'ü', '', null]),
    place: { city: pick(['Bonn', 'Kiel', 'Ulm']), lat: pick([null, 1, 2]) },
    tags: pick([[], ['x'], ['x', 'y'], ['y', 'y', 'z']]),
    amount: pick(['0.00', '1.50', '2.25', '9.99', '3.00', '-4.10']),
    n: pick([null, 0, 1, 2, 3, 4, -1]),
    ts: new Date(at).toISOString(),
  }
}

export const CITIES: readonly JsonRow[] = [
  { city: 'Bonn', country: 'DE' },
  { city: 'Kiel', country: null },
]
