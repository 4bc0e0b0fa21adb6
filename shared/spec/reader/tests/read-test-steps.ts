/** What a test gives and expects: rows, watermarks, moved clocks, expectations in between. */
import type { SpecPath } from '../../../base/diagnostics.ts'
import { parseDuration } from '../../../model/duration-text.ts'
import { show } from '../../form/value-forms.ts'
import { testTime } from '../../test-spec.ts'
import type {
  Expectation,
  ExpectedStream,
  GivenRows,
  TestBase,
  TestRow,
  TestStep,
} from '../../test-spec.ts'
import { entriesOf } from '../../yaml/yaml-tree.ts'
import type { MapEntry, ScalarNode, YamlNode } from '../../yaml/yaml-tree.ts'
import type { TestReading } from './test-reading.ts'

export interface AboutTest {
  readonly base: TestBase
  readonly reading: TestReading
}

const ROWS_FIX = 'write a row `{ field: value }`, a list of rows, or `{ file: rows.csv }`'

/** A list is in order; a mapping is the short form, where order does not matter. */
export function readGiven(node: YamlNode, path: SpecPath, about: AboutTest): TestStep[] {
  if (node.kind === 'map') {
    return readGroups(node, path, about).map((group) => ({ kind: 'rows', ...group }))
  }
  if (node.kind !== 'list') {
    const fix = 'write a list of steps, or `given: { source: [ rows ] }`'
    about.reading.error(path, '`given` is a list of steps', { fix })
    return []
  }
  return node.items.flatMap((item, index) => readStep(item, [...path, index], about))
}

function readStep(node: YamlNode, path: SpecPath, about: AboutTest): TestStep[] {
  const [entry, ...more] = entriesOf(node)
  if (entry === undefined || more.length > 0) {
    const fix = 'begin each step with its own `- `: `- clicks: { … }`, `- watermark: "10:05"`'
    about.reading.error(path, 'a step is one key', { fix })
    if (entry === undefined) return []
  }
  const at = [...path, entry.key]
  if (entry.key === 'watermark') return readWatermark(entry.node, at, about)
  if (entry.key === 'advance') return readAdvance(entry.node, at, about)
  if (entry.key === 'expect') {
    const expect = readExpectation(entry.node, at, about)
    return expect === null ? [] : [{ kind: 'expect', expect }]
  }
  const group = readRows(entry, at, about)
  return group === null ? [] : [{ kind: 'rows', ...group }]
}

function readWatermark(node: YamlNode, path: SpecPath, about: AboutTest): TestStep[] {
  if (node.kind === 'scalar') {
    const ms = timeOf(node, path, about)
    return ms === null ? [] : [{ kind: 'watermark', source: null, ms, path }]
  }
  return entriesOf(node).flatMap((entry): TestStep[] => {
    const at = [...path, entry.key]
    const ms = entry.node.kind === 'scalar' ? timeOf(entry.node, at, about) : null
    return ms === null ? [] : [{ kind: 'watermark', source: entry.key, ms, path: at }]
  })
}

function readAdvance(node: YamlNode, path: SpecPath, about: AboutTest): TestStep[] {
  const text = node.kind === 'scalar' ? node.text : ''
  const { duration, problem } = parseDuration(text)
  if (duration !== null && duration.ms >= 0) return [{ kind: 'advance', ms: duration.ms, path }]
  const message = duration === null ? problem : 'the clock does not go back'
  about.reading.error(path, message, { fix: 'write for instance `advance: 5m`' })
  return []
}

function timeOf(node: ScalarNode, path: SpecPath, about: AboutTest): number | null {
  const ms = node.value === null ? null : testTime(node.text, about.base)
  if (ms !== null) return ms
  const isShort = /^\d{1,2}:\d\d|^[+-]/.test(node.text)
  const needsDay = isShort && about.base.day === null
  about.reading.error(path, `${show(node.text)} is no time`, {
    ...(needsDay ? { cause: 'the test has no `day`, so a time of day has no date' } : {}),
    fix: needsDay
      ? 'add `day: 2026-01-31` to the test'
      : 'write "10:05", "+3d", "+3d 10:05" or an ISO time',
  })
  return null
}

/** `{ name: rows, … }` */
export function readGroups(node: YamlNode, path: SpecPath, about: AboutTest): GivenRows[] {
  if (node.kind !== 'map') {
    const fix = 'write `{ name: [ rows ] }`'
    about.reading.error(path, 'rows are given by name', { onKey: true, fix })
    return []
  }
  return entriesOf(node).flatMap((entry) => readRows(entry, [...path, entry.key], about) ?? [])
}

function readRows(entry: MapEntry, path: SpecPath, about: AboutTest): GivenRows | null {
  const { node, key: name } = entry
  const file = fileOf(node)
  if (file !== null) return { name, rows: [], file, path }
  if (node.kind === 'map') {
    return { name, rows: [readRow(node, path, about)], file: null, path }
  }
  if (node.kind === 'list') return { name, rows: rowsOf(node, path, about), file: null, path }
  about.reading.error(path, `\`${name}\` gives no rows`, { onKey: true, fix: ROWS_FIX })
  return null
}

function rowsOf(node: YamlNode & { kind: 'list' }, path: SpecPath, about: AboutTest): TestRow[] {
  return node.items.flatMap((item, index) => {
    if (item.kind === 'map') return [readRow(item, [...path, index], about)]
    const message = item.kind === 'scalar' ? `${show(item.text)} is no row` : 'this is no row'
    about.reading.error([...path, index], message, { fix: 'write `{ field: value }`' })
    return []
  })
}

/** `{ file: x.csv }`; a row with a field of that name has others too, or another value. */
function fileOf(node: YamlNode): string | null {
  const [entry, ...more] = entriesOf(node)
  if (entry?.key !== 'file' || more.length > 0 || entry.node.kind !== 'scalar') return null
  return /\.(csv|jsonl|ndjson|json|parquet)(\.gz|\.zst)?$/.test(entry.node.text)
    ? entry.node.text
    : null
}

function readRow(node: YamlNode, path: SpecPath, about: AboutTest): TestRow {
  const values: Record<string, unknown> = {}
  let at: number | null = null
  for (const entry of entriesOf(node)) {
    const isAt = entry.key === 'at' && entry.node.kind === 'scalar'
    if (isAt) at = timeOf(entry.node, [...path, 'at'], about)
    else values[entry.key] = valueOf(entry.node)
  }
  return { values, at, path }
}

/** A number that a double cannot hold stays its digits. */
function valueOf(node: YamlNode): unknown {
  if (node.kind === 'list') return node.items.map(valueOf)
  if (node.kind === 'map') {
    return Object.fromEntries(entriesOf(node).map((entry) => [entry.key, valueOf(entry.node)]))
  }
  if (node.kind === 'masked') return null
  return typeof node.value === 'number' && !isExact(node.text) ? node.text : node.value
}

/** Fifteen digits are always kept. */
function isExact(text: string): boolean {
  const digits = text.replaceAll(/[^0-9]/g, '').replace(/^0+/, '')
  return digits.length <= 15 || /[a-zA-Z]/.test(text)
}

export function readExpectation(
  node: YamlNode,
  path: SpecPath,
  about: AboutTest,
): Expectation | null {
  if (isOpen(node)) return { streams: [], isOpen: true, path }
  if (node.kind !== 'map') {
    const fix = 'write `expect: { stream: [ rows ] }`, or "?" for `--update`'
    about.reading.error(path, '`expect` names streams', { onKey: true, fix })
    return null
  }
  const streams = entriesOf(node).flatMap((entry) => {
    const stream = readExpected(entry, [...path, entry.key], about)
    return stream === null ? [] : [stream]
  })
  return { streams, isOpen: false, path }
}

function readExpected(entry: MapEntry, path: SpecPath, about: AboutTest): ExpectedStream | null {
  const { node, key: stream } = entry
  if (isOpen(node)) return { stream, rows: null, path }
  if (node.kind === 'list') return { stream, rows: rowsOf(node, path, about), path }
  const fix = node.kind === 'map' ? 'write `[ { … } ]`, also for one row' : 'write `[]` for no rows'
  about.reading.error(path, `\`${stream}\` takes a list of rows`, { onKey: true, fix })
  return null
}

function isOpen(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === '?'
}
