/** How a pipeline that is well formed and wrong is written down, with the code of what is wrong. */

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

export const block = (title: string, code: string, text: string): WrongPlan => ({
  title,
  code,
  body: `transformations:\n  t: ${text}\nsinks:\n  out: { from: t, connector: stdout }\n`,
})

export const blocks = (title: string, code: string, text: string): WrongPlan => ({
  title,
  code,
  body: text,
})

/** A block `t` behind blocks of its own. */
export const behind = (
  title: string,
  code: string,
  parts: readonly [string, string],
): WrongPlan => ({
  title,
  code,
  body: `transformations:\n${parts[0]}\n  t: ${parts[1]}\nsinks:\n  out: { from: t, connector: stdout }\n`,
})

export const HOURLY =
  '  hourly: { from: orders, key_by: user, window: { type: tumbling, size: 1 hour, allowed_lateness: 10 minutes }, aggregate: { n: count() } }'
export const TOTALS =
  '  totals: { from: orders, key_by: user, aggregate: { n: count() }, ttl: 1 day }'
