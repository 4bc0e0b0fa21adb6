/** Blocks that do not fit together: inputs that are not there, circles, joins and sinks. */
import { behind, block, blocks, HOURLY, TOTALS, type WrongPlan } from './wrong-plan.ts'

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
