/**
 * Rows of a test from a file beside it. CSV and JSON have the same words as rows in the test (`at`,
 * `_kind`, short times); in CSV an empty cell is null. Parquet has typed columns of its own.
 */
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { gunzipSync, zstdDecompressSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import type { Diagnostics } from '../../../shared/base/diagnostics.ts'
import { NodeDisk } from '../../../shared/base/node-disk.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { SystemClock } from '../../../shared/base/system-clock.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { DataType, Field } from '../../../shared/model/data-type.ts'
import { slice } from '../../../shared/model/gather.ts'
import {
  testTime,
  type GivenRows,
  type TestBase,
  type TestRow,
} from '../../../shared/spec/test-spec.ts'
import { connectorRegistry } from '../../pipeline/connector-registry.ts'
import { isObject } from './bind-value.ts'
import type { GivenStream } from './given-row.ts'

export interface FileRows {
  readonly rows: readonly TestRow[]
  /** Before messages: which line of the file each row is. */
  readonly wheres: readonly string[] | null
  /** Rows that are batches already (Parquet), one each. */
  readonly batches: readonly Batch[]
}

export interface FileParts {
  readonly directory: string
  readonly base: TestBase
  readonly stream: GivenStream
  readonly diagnostics: Diagnostics
}

/** Null when the file cannot be used, which is then reported. */
export async function readRowsFile(group: GivenRows, parts: FileParts): Promise<FileRows | null> {
  const name = group.file ?? ''
  const path = resolve(parts.directory, name)
  try {
    if (name.endsWith('.parquet')) {
      return { rows: [], wheres: null, batches: await readParquet(path, parts) }
    }
    const text = unpacked(await readFile(path), name)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
    const found = /\.csv/.test(name) ? csvRows(text, parts.stream) : jsonRows(text, name)
    return {
      rows: found.map(({ values }) => testRow(values, group, parts.base)),
      wheres: found.map(({ line }) => `${name}:${line}: `),
      batches: [],
    }
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'is not there' : `cannot be read: ${message}`
    parts.diagnostics.error('TEST_FILE_UNREADABLE', group.path, `the file ${name} ${reason}`, {
      fix: 'paths start at the file of the test',
    })
    return null
  }
}

interface FoundRow {
  readonly values: Readonly<Record<string, unknown>>
  readonly line: number
}

function unpacked(bytes: Buffer, name: string): Buffer {
  if (name.endsWith('.gz')) return gunzipSync(bytes)
  return name.endsWith('.zst') ? zstdDecompressSync(bytes) : bytes
}

function csvRows(text: string, stream: GivenStream): FoundRow[] {
  const records = parse(text, {
    columns: true,
    info: true,
    skip_empty_lines: true,
  }) as unknown as { record: Record<string, string>; info: { lines: number } }[]
  return records.map(({ record, info }) => ({
    line: info.lines,
    values: Object.fromEntries(
      Object.entries(record).map(([name, cell]) => [name, cellValue(name, cell, stream.fields)]),
    ),
  }))
}

function cellValue(name: string, cell: string, fields: readonly Field[]): unknown {
  const type = fields.find((field) => field.name === name)?.type
  if (cell === '') return null
  return type === undefined ? cell : ofText(cell, type)
}

/** Texts of a cell as the value that stands in a test; what does not fit is refused later. */
function ofText(cell: string, type: DataType): unknown {
  switch (type.kind) {
    case 'integer':
    case 'number':
      return cell.trim() === '' || Number.isNaN(Number(cell)) ? cell : Number(cell)
    case 'boolean':
      return cell === 'true' ? true : cell === 'false' ? false : cell
    case 'json':
    case 'array':
    case 'map':
    case 'struct':
      return parsed(cell)
    default:
      return cell
  }
}

function parsed(cell: string): unknown {
  try {
    return JSON.parse(cell) as unknown
  } catch {
    return cell
  }
}

function jsonRows(text: string, name: string): FoundRow[] {
  if (/\.json(\.|$)/.test(name) && text.trimStart().startsWith('[')) {
    const all = JSON.parse(text, exactNumber as never) as unknown
    const list = Array.isArray(all) ? all : []
    return list.map((values, index) => ({ values: rowOf(values), line: index + 1 }))
  }
  return text.split(/\r?\n/).flatMap((line, index) => {
    if (line.trim() === '') return []
    return [{ values: rowOf(JSON.parse(line, exactNumber as never)), line: index + 1 }]
  })
}

function rowOf(value: unknown): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value
  throw new SyntaxError('a row is an object')
}

/** A number that a double cannot hold stays its digits. */
function exactNumber(_key: string, value: unknown, context: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || context.source === undefined) return value
  const digits = context.source.replaceAll(/[^0-9]/g, '').replace(/^0+/, '')
  return digits.length <= 15 || /[eE]/.test(context.source) ? value : context.source
}

function testRow(
  values: Readonly<Record<string, unknown>>,
  { path }: GivenRows,
  base: TestBase,
): TestRow {
  const { at, ...rest } = values
  const time = typeof at === 'string' ? testTime(at, base) : null
  return time === null ? { values, at: null, path } : { values: rest, at: time, path }
}

/** Each row as a batch of its own. */
async function readParquet(path: string, { stream }: FileParts): Promise<Batch[]> {
  const code = await connectorRegistry.code('file')
  const disk = new NodeDisk()
  const source = await code?.openSource?.({
    block: stream.name,
    config: { path, format: 'parquet' },
    baseDirectory: '/',
    clock: new SystemClock(),
    random: new SeededRandom(0),
    disk,
    note: () => {},
    columns: stream.columns,
    fields: stream.fields,
    eventTime: stream.timePath,
    changes: 'append',
    subtask: 0,
    subtaskCount: 1,
    owns: () => true,
    fail: ({ message }) => {
      throw new Error(message)
    },
  })
  const batches: Batch[] = []
  const { signal } = new AbortController()
  for (;;) {
    const read = await source?.read(signal)
    if (read === undefined || read.kind === 'end') break
    if (read.kind !== 'batch') continue
    for (let row = 0; row < read.batch.length; row++) {
      batches.push(slice(read.batch, row, row + 1))
    }
  }
  await source?.close()
  return batches
}
