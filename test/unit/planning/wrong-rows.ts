/** Blocks that ask of rows what these do not have: fields, event time, being final. */
import { behind, block, blocks, HOURLY, TOTALS, type WrongPlan } from './wrong-plan.ts'

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
