/** Words of other systems for keys and values, and ours. Used where the nearest spelling says nothing. */

const KEYS: Readonly<Record<string, readonly string[]>> = {
  agg: ['aggregate'],
  aggregations: ['aggregate'],
  alias: ['rename'],
  as: ['rename'],
  bootstrap_servers: ['brokers'],
  calculate: ['set'],
  compute: ['set'],
  condition: ['where', 'on'],
  deduplicate: ['dedupe'],
  delay: ['out_of_orderness'],
  distinct: ['dedupe'],
  enrich: ['lookup'],
  explode: ['unnest'],
  expression: ['where'],
  fields: ['select', 'schema'],
  file: ['path'],
  filename: ['path'],
  filter: ['where'],
  flatten: ['unnest'],
  group_by: ['key_by'],
  host: ['url'],
  idle: ['idle_after'],
  idle_timeout: ['idle_after'],
  input: ['from'],
  inputs: ['from'],
  interval: ['size', 'slide'],
  keys: ['key_by', 'key'],
  kind: ['type', 'connector'],
  lateness: ['allowed_lateness'],
  length: ['size'],
  limit: ['top'],
  map: ['set'],
  max_out_of_orderness: ['out_of_orderness'],
  order_by: ['top', 'by'],
  out_of_order: ['out_of_orderness'],
  partition_by: ['key_by'],
  predicate: ['where'],
  primary_keys: ['primary_key'],
  project: ['select'],
  rank: ['rank_as', 'top'],
  sort_by: ['top', 'by'],
  source: ['from'],
  split: ['unnest'],
  state_ttl: ['ttl'],
  step: ['slide'],
  table_name: ['table'],
  target: ['connector'],
  timeout: ['gap'],
  timestamp: ['event_time'],
  timestamp_field: ['event_time'],
  transform: ['set'],
  type: ['connector'],
  udf: ['process'],
  watermarks: ['watermark'],
  width: ['size'],
  with_columns: ['set'],
}

const VALUES: Readonly<Record<string, readonly string[]>> = {
  collect: ['append'],
  csvs: ['csv'],
  dlq: ['dead_letter'],
  drop: ['skip', 'reject'],
  fixed: ['tumbling'],
  gz: ['gzip'],
  hop: ['sliding'],
  hopping: ['sliding'],
  ignore: ['skip', 'observe'],
  insert: ['append'],
  json: ['jsonl'],
  left_outer: ['left'],
  log: ['warn', 'skip'],
  ndjson: ['jsonl'],
  outer: ['full'],
  over: ['rolling'],
  overwrite: ['replace'],
  processing_time: ['processing'],
  event_time: ['event'],
  retry: ['fail'],
  slide: ['sliding'],
  stop: ['fail'],
  tumble: ['tumbling'],
}

/** Our word for a key or value of another system, if it may stand here. */
export function ourWord(
  kind: 'key' | 'value',
  word: string,
  allowed: readonly string[],
): string | null {
  const known = kind === 'key' ? KEYS : VALUES
  const plain = word.toLowerCase().replaceAll(/[-\s]/g, '_')
  const snake = word.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
  const ours = [plain, snake].flatMap((one) =>
    Object.hasOwn(known, one) ? (known[one] ?? []) : [],
  )
  return ours.find((one) => allowed.includes(one)) ?? null
}

/** Keys that stand inside of another key of a block. */
const INSIDE: Readonly<Record<string, string>> = {
  allowed_lateness: 'window',
  early: 'window',
  emit: 'window',
  gap: 'window',
  idle_after: 'watermark',
  late: 'window',
  max_ahead: 'watermark',
  out_of_orderness: 'watermark',
  rank_as: 'top',
  slide: 'window',
  ties: 'top',
  timezone: 'window',
}

/** The key in which this one belongs, if that may stand here. */
export function homeOf(key: string, allowed: readonly string[]): string | null {
  const home = Object.hasOwn(INSIDE, key) ? INSIDE[key] : undefined
  return home !== undefined && allowed.includes(home) ? home : null
}

/** How a mapping or list is written, by the key it stands at. */
export const EXAMPLES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    aggregate: 'aggregate: { orders: count() }',
    cache: 'cache: { ttl: 10 minutes }',
    checkpoint: 'checkpoint: { interval: 10 seconds }',
    drop: 'drop: [status, note]',
    join: 'join: { payment: { from: payments, on: order_id } }',
    lookup: 'lookup: { country: { from: countries, on: country == country.code } }',
    rename: 'rename: { new: old }',
    rules: 'rules: { positive: total > 0 }',
    select: 'select: [order_id, total]',
    set: 'set: { net: total - discount }',
    steps: 'steps: [ { set: { … } }, { where: … } ]',
    top: 'top: { n: 3, by: total desc }',
    unnest: 'unnest: { item: items }',
    validate: 'validate: { rules: { positive: total > 0 } }',
    watermark: 'watermark: { out_of_orderness: 5 seconds }',
    window: 'window: { type: tumbling, size: 1 hour }',
    with: 'with: { limit: 10 }',
    'a sink': 'name: { from: …, connector: stdout }',
    'a source': 'name: { connector: file, path: …, schema: … }',
    'a table': 'name: { connector: file, path: …, key: …, schema: … }',
    'a parameter': 'name: { type: integer, default: 100 }',
    'a transformation': 'name: { from: …, where: … }',
  }),
)
