/** Pipelines that are well formed and wrong, with the code of what is wrong; by area. */

export interface WrongPlan {
  readonly title: string
  readonly code: string
  /** `transformations:` and `sinks:`; a body of one block `t` gets a sink. */
  readonly body: string
}

export const PRELUDE = `pipeline: wrong
schemas:
  Order: { order_id: string, user: string, country: "string?", amount: "decimal(12,2)", quantity: integer, tags: "array<string>", place: { lat: number, lon: number }, extra: json, ts: timestamp }
sources:
  orders: { connector: kafka, brokers: "localhost:9092", topic: orders, schema: Order, event_time: ts, watermark: { out_of_orderness: 5 seconds } }
  clicks: { connector: kafka, brokers: "localhost:9092", topic: clicks, schema: { user: string, url: string } }
  accounts: { connector: file, path: accounts.jsonl, format: jsonl, schema: { id: integer, owner: string, at: timestamp }, event_time: at, primary_key: id }
  stock: { connector: kafka, brokers: "localhost:9092", topic: stock, schema: { sku: string, left: integer, at: timestamp }, event_time: at, primary_key: sku, watermark: { out_of_orderness: 5 seconds } }
tables:
  countries: { connector: file, path: countries.csv, format: csv, key: code, schema: { code: string, name: string } }
functions: { risk: ./functions.ts#risk }
`

const block = (title: string, code: string, text: string): WrongPlan => ({
  title,
  code,
  body: `transformations:\n  t: ${text}\nsinks:\n  out: { from: t, connector: stdout }\n`,
})

const blocks = (title: string, code: string, text: string): WrongPlan => ({
  title,
  code,
  body: text,
})

/** A block `t` behind blocks of its own. */
const behind = (title: string, code: string, parts: readonly [string, string]): WrongPlan => ({
  title,
  code,
  body: `transformations:\n${parts[0]}\n  t: ${parts[1]}\nsinks:\n  out: { from: t, connector: stdout }\n`,
})

const HOURLY =
  '  hourly: { from: orders, key_by: user, window: { type: tumbling, size: 1 hour, allowed_lateness: 10 minutes }, aggregate: { n: count() } }'
const TOTALS = '  totals: { from: orders, key_by: user, aggregate: { n: count() }, ttl: 1 day }'

export const GRAPH: readonly WrongPlan[] = [
  block('an unknown block', 'BLOCK_UNKNOWN', '{ from: order }'),
  block('a block from nowhere near', 'BLOCK_UNKNOWN', '{ from: xyz }'),
  block('a table as a stream', 'TABLE_MISUSED', '{ from: countries }'),
  block('an unknown side output', 'SIDE_OUTPUT_UNKNOWN', '{ from: orders.late }'),
  behind('late rows of a join', 'SIDE_OUTPUT_UNKNOWN', [
    '  j: { from: orders, join: { c: { from: orders, on: user, within: [0s, 1 hour] } } }',
    '{ from: j.late }',
  ]),
  blocks(
    'two sinks that write one file',
    'SINK_PLACE_TAKEN',
    'sinks:\n  a: { from: orders, connector: file, path: x/../out.jsonl }\n  b: { from: clicks, connector: file, path: ./out.jsonl }\n',
  ),
  blocks(
    'a sink that writes what a source reads',
    'SINK_PLACE_TAKEN',
    'sinks:\n  a: { from: accounts, connector: file, path: accounts.jsonl, mode: upsert }\n',
  ),
  blocks(
    'a sink that writes what a table reads',
    'SINK_PLACE_TAKEN',
    'sinks:\n  a: { from: clicks, connector: file, path: countries.csv }\n',
  ),
  block('dead letters of a block that fails', 'DEAD_LETTER_OFF', '{ from: orders.dead_letter }'),
  blocks(
    'a sink as input',
    'BLOCK_UNKNOWN',
    'transformations:\n  t: { from: out }\nsinks:\n  out: { from: orders, connector: stdout }\n',
  ),
  blocks(
    'a circle',
    'BLOCK_CYCLE',
    'transformations:\n  a: { from: b }\n  b: { from: a }\nsinks:\n  out: { from: b, connector: stdout }\n',
  ),
  block('a block that reads itself', 'BLOCK_CYCLE', '{ from: t }'),
  block('a union of other fields', 'UNION_MISMATCH', '{ from: [orders, clicks] }'),
  behind('a union of other types', 'UNION_MISMATCH', [
    '  a: { from: orders, select: [{ x: amount }] }\n  b: { from: orders, select: [{ x: user }] }',
    '{ from: [a, b] }',
  ]),
]

export const FIELDS: readonly WrongPlan[] = [
  block('a field that does not exist', 'EXPR_FIELD_UNKNOWN', '{ from: orders, where: amout > 1 }'),
  block(
    'a sibling of one set',
    'EXPR_FIELD_UNKNOWN',
    '{ from: orders, set: { net: amount * 0.81, tax: amount - net } }',
  ),
  block('a select of nothing', 'FIELD_UNKNOWN', '{ from: orders, select: [order_id, usr] }'),
  block(
    'a select of two with one name',
    'FIELD_TAKEN',
    '{ from: orders, select: [place.lat, { lat: amount }] }',
  ),
  block('a drop of nothing', 'FIELD_UNKNOWN', '{ from: orders, drop: [taags] }'),
  block(
    'a rename to a name that is taken',
    'FIELD_TAKEN',
    '{ from: orders, rename: { user: order_id } }',
  ),
  block('a set inside of a text', 'TYPE_MISMATCH', '{ from: orders, set: { user.name: amount } }'),
  block(
    'a condition that is no condition',
    'EXPR_NOT_BOOLEAN',
    '{ from: orders, where: quantity }',
  ),
  block('an unnest of a text', 'TYPE_MISMATCH', '{ from: orders, unnest: { one: user } }'),
  block('an unnest of json', 'TYPE_MISMATCH', '{ from: orders, unnest: { one: extra } }'),
  block('an unnest under a taken name', 'FIELD_TAKEN', '{ from: orders, unnest: { user: tags } }'),
  block(
    'a key that does not exist',
    'FIELD_UNKNOWN',
    '{ from: orders, key_by: usr, aggregate: { n: count() }, ttl: 1 day }',
  ),
  block(
    'a key of json',
    'TYPE_MISMATCH',
    '{ from: orders, key_by: extra, aggregate: { n: count() }, ttl: 1 day }',
  ),
  block(
    'a key of a group of fields',
    'TYPE_MISMATCH',
    '{ from: orders, key_by: place, aggregate: { n: count() }, ttl: 1 day }',
  ),
  block('a key alone', 'OPTION_REFUSED', '{ from: orders, key_by: user }'),
  block(
    'a lookup in a stream',
    'TABLE_MISUSED',
    '{ from: orders, lookup: { c: { from: clicks, on: user } } }',
  ),
  block(
    'a lookup in an unknown table',
    'BLOCK_UNKNOWN',
    '{ from: orders, lookup: { c: { from: country, on: country == c.code } } }',
  ),
  block(
    'a lookup without the key',
    'JOIN_CONDITION_WRONG',
    '{ from: orders, lookup: { c: { from: countries, on: country == c.name } } }',
  ),
  block(
    'a lookup under a taken name',
    'FIELD_TAKEN',
    '{ from: orders, lookup: { user: { from: countries, on: country == user.code } } }',
  ),
  block(
    'a function of another kind',
    'FUNCTION_NOT_LOADED',
    '{ from: orders, flat_map: ./functions.ts#risk }',
  ),
  block(
    'a function for other rows',
    'FUNCTION_MISMATCH',
    '{ from: clicks, key_by: user, process: ./functions.ts#score, ttl: 1 day }',
  ),
  block('change() behind set', 'CHANGES_REFUSED', '{ from: accounts, set: { kind: change() } }'),
]

export const TIME: readonly WrongPlan[] = [
  block(
    'a window without event time',
    'EVENT_TIME_MISSING',
    '{ from: clicks, key_by: user, window: { type: tumbling, size: 1 hour }, aggregate: { n: count() } }',
  ),
  behind('a window behind an aggregate', 'EVENT_TIME_LOST', [
    TOTALS,
    '{ from: totals, window: { type: tumbling, size: 1 hour }, aggregate: { n: count() } }',
  ]),
  behind('within behind a join without bound', 'EVENT_TIME_LOST', [
    '  j: { from: orders, join: { c: { from: clicks, on: user } }, ttl: 1 day }',
    '{ from: j, join: { s: { from: stock, on: user == s.sku, within: [0s, 1 hour] } } }',
  ]),
  block(
    'as_of without event time',
    'EVENT_TIME_MISSING',
    '{ from: orders, join: { c: { from: clicks, on: user, as_of: ts } } }',
  ),
  block(
    'as_of of a number',
    'TYPE_MISMATCH',
    '{ from: orders, join: { s: { from: stock, on: user == s.sku, as_of: quantity } } }',
  ),
  block(
    'as_of by another key',
    'JOIN_CONDITION_WRONG',
    '{ from: orders, join: { s: { from: stock, on: quantity == s.left, as_of: ts } } }',
  ),
  block(
    'within the wrong way round',
    'DURATION_WRONG',
    '{ from: orders, join: { s: { from: stock, on: user == s.sku, within: [1 hour, 0s] } } }',
  ),
  behind('too little lateness', 'LATENESS_TOO_SMALL', [
    HOURLY,
    '{ from: hourly, window: { type: tumbling, size: 1 day }, aggregate: { n: sum(n) } }',
  ]),
  block(
    'same without a window',
    'WINDOW_MISSING',
    '{ from: orders, key_by: user, window: { type: same }, aggregate: { n: count() } }',
  ),
  behind('a window join of one window', 'WINDOW_MISSING', [
    HOURLY,
    '{ from: hourly, join: { o: { from: orders, on: user, window: true } } }',
  ]),
  behind('a window join of two windows', 'JOIN_TYPE_REFUSED', [
    `${HOURLY}\n  daily: { from: orders, key_by: user, window: { type: tumbling, size: 1 day }, aggregate: { n: count() } }`,
    '{ from: hourly, join: { d: { from: daily, on: user, window: true } } }',
  ]),
  block(
    'a slide over size',
    'DURATION_WRONG',
    '{ from: orders, window: { type: sliding, size: 1 minute, slide: 5 minutes }, aggregate: { n: count() } }',
  ),
  block(
    'a step that does not divide',
    'DURATION_WRONG',
    '{ from: orders, window: { type: cumulate, size: 1 hour, step: 7 minutes }, aggregate: { n: count() } }',
  ),
  block(
    'lateness of a count window',
    'OPTION_REFUSED',
    '{ from: orders, key_by: user, window: { type: count, size: 10, allowed_lateness: 1 minute }, aggregate: { n: count() }, ttl: 1 day }',
  ),
  block(
    'early rows of a count window',
    'OPTION_REFUSED',
    '{ from: orders, key_by: user, window: { type: count, size: 10, early: every 10s }, aggregate: { n: count() }, ttl: 1 day }',
  ),
  block(
    'early and final',
    'OPTION_REFUSED',
    '{ from: orders, window: { type: tumbling, size: 1 hour, early: every 10s, emit: final }, aggregate: { n: count() } }',
  ),
  block(
    'dedupe within without event time',
    'EVENT_TIME_MISSING',
    '{ from: clicks, key_by: user, dedupe: { within: 1 hour } }',
  ),
  blocks(
    'event time without a watermark',
    'WATERMARK_MISSING',
    'transformations:\n  t: { from: more }\nsinks:\n  out: { from: t, connector: stdout }\n#more: { connector: kafka, brokers: "localhost:9092", topic: more, schema: Order, event_time: ts }',
  ),
  blocks(
    'event time of another type',
    'EVENT_TIME_WRONG',
    'sinks:\n  out: { from: more, connector: stdout }\n#more: { connector: kafka, brokers: "localhost:9092", topic: more, schema: Order, event_time: user }',
  ),
  blocks(
    'a primary key that does not exist',
    'FIELD_UNKNOWN',
    'sinks:\n  out: { from: more, connector: stdout }\n#more: { connector: kafka, brokers: "localhost:9092", topic: more, schema: Order, primary_key: id }',
  ),
  blocks(
    'an upsert without a key',
    'CHANGES_REFUSED',
    'sinks:\n  out: { from: more, connector: stdout }\n#more: { connector: kafka, brokers: "localhost:9092", topic: more, schema: Order, changes: upsert }',
  ),
]

export const CHANGES: readonly WrongPlan[] = [
  block(
    'dedupe of changes',
    'CHANGES_REFUSED',
    '{ from: accounts, key_by: owner, dedupe: {}, ttl: 1 day }',
  ),
  block(
    'a session of changes',
    'CHANGES_REFUSED',
    '{ from: accounts, key_by: owner, window: { type: session, gap: 1 hour }, aggregate: { n: count() } }',
  ),
  block(
    'a count window of changes',
    'CHANGES_REFUSED',
    '{ from: accounts, key_by: owner, window: { type: count, size: 5 }, aggregate: { n: count() } }',
  ),
  block(
    'a rolling window of changes',
    'CHANGES_REFUSED',
    '{ from: accounts, key_by: owner, window: { type: rolling, size: 1 hour }, aggregate: { n: count() } }',
  ),
  behind('process of an updating aggregate', 'CHANGES_REFUSED', [
    TOTALS,
    '{ from: totals, key_by: user, process: ./functions.ts#seen }',
  ]),
  block(
    'HyperLogLog of changes',
    'AGGREGATE_REFUSED',
    '{ from: accounts, key_by: owner, aggregate: { n: approx_count_distinct(id) } }',
  ),
  behind('now() on changes', 'NOT_DETERMINISTIC', [
    TOTALS,
    '{ from: totals, where: n > 1, set: { seen: now() } }',
  ]),
  behind('a lookup on changes', 'NOT_DETERMINISTIC', [
    TOTALS,
    '{ from: totals, lookup: { c: { from: countries, on: user == c.code } }, where: n > 1 }',
  ]),
  block(
    'parallelism without a key',
    'PARALLELISM_REFUSED',
    '{ from: orders, window: { type: tumbling, size: 1 hour }, aggregate: { n: count() }, parallelism: 4 }',
  ),
  block('dedupe without a key', 'OPTION_REFUSED', '{ from: orders, dedupe: { within: 1 hour } }'),
  block(
    'a figure named as its key',
    'FIELD_TAKEN',
    '{ from: orders, key_by: user, aggregate: { user: count() }, ttl: 1 day }',
  ),
  block(
    'a field beside aggregates',
    'EXPR_FIELD_UNKNOWN',
    '{ from: orders, key_by: user, aggregate: { c: country }, ttl: 1 day }',
  ),
]

export const JOINS: readonly WrongPlan[] = [
  block(
    'no equality',
    'JOIN_CONDITION_WRONG',
    '{ from: orders, join: { c: { from: clicks, on: user > c.user } }, ttl: 1 day }',
  ),
  block(
    'a name on one side',
    'FIELD_UNKNOWN',
    '{ from: orders, join: { c: { from: clicks, on: order_id } }, ttl: 1 day }',
  ),
  block(
    'types that never agree',
    'EXPR_TYPE_MISMATCH',
    '{ from: orders, join: { c: { from: clicks, on: quantity == c.user } }, ttl: 1 day }',
  ),
  block(
    'an alias that is taken',
    'FIELD_TAKEN',
    '{ from: orders, join: { user: { from: clicks, on: user } }, ttl: 1 day }',
  ),
  block(
    'a full join within',
    'JOIN_TYPE_REFUSED',
    '{ from: orders, join: { s: { from: stock, type: full, on: user == s.sku, within: [0s, 1h] } } }',
  ),
  block(
    'two bounds',
    'OPTION_REFUSED',
    '{ from: orders, join: { s: { from: stock, on: user == s.sku, within: [0s, 1h], as_of: ts } } }',
  ),
  block(
    'an unknown right side',
    'BLOCK_UNKNOWN',
    '{ from: orders, join: { c: { from: click, on: user } }, ttl: 1 day }',
  ),
]

const sink = (title: string, code: string, text: string): WrongPlan => ({
  title,
  code,
  body: `transformations:\n${TOTALS}\n${HOURLY}\nsinks:\n  out: ${text}\n  a: { from: totals, connector: stdout }\n  b: { from: hourly, connector: stdout }\n`,
})

export const SINKS: readonly WrongPlan[] = [
  sink(
    'append of updates',
    'SINK_MODE_REFUSED',
    '{ from: totals, connector: file, path: out.jsonl, format: jsonl, mode: append }',
  ),
  sink(
    'upsert of what never ends into a file',
    'SINK_MODE_REFUSED',
    '{ from: totals, connector: file, path: out/, format: jsonl, mode: upsert }',
  ),
  sink(
    'a key that does not cover',
    'SINK_KEY_WRONG',
    '{ from: hourly, connector: postgres, url: "${DB}", table: t, key: [user] }',
  ),
  sink(
    'a key that does not exist',
    'FIELD_UNKNOWN',
    '{ from: totals, connector: postgres, url: "${DB}", table: t, key: [usr] }',
  ),
  sink(
    'latest_by of nothing',
    'FIELD_UNKNOWN',
    '{ from: hourly, connector: postgres, url: "${DB}", table: t, key: [user], latest_by: window_stop }',
  ),
  sink(
    'latest_by without a key',
    'SINK_KEY_WRONG',
    '{ from: hourly, connector: postgres, url: "${DB}", table: t, latest_by: window_end }',
  ),
  sink(
    'upsert without any key',
    'SINK_KEY_WRONG',
    '{ from: orders, connector: postgres, url: "${DB}", table: t, mode: upsert }',
  ),
  sink(
    'a template with an unknown field',
    'FIELD_UNKNOWN',
    '{ from: totals, connector: redis, url: "${R}", type: hash, key: "t:{usr}" }',
  ),
  sink(
    'upsert where there is none',
    'SINK_MODE_REFUSED',
    '{ from: totals, connector: stdout, mode: upsert }',
  ),
]
