/**
 * Reads one Parquet file, row group after row group, only the columns that are asked for. A row
 * group is decoded as whole columns; batches are views of them.
 *
 * Owns: the file and the row group being given out. Holds one row group of the asked columns.
 */
import { parquetMetadataAsync, parquetReadObjects, type FileMetaData } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'
import { BATCH_RECORDS_MAX, PARQUET_GROUP_ROWS_MAX } from '../../../shared/base/limits.ts'
import type { Batch, Column } from '../../../shared/model/batch.ts'
import { rowAt } from '../../../shared/model/batch-rows.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { gather, slice } from '../../../shared/model/gather.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { eventTimes, kindByName } from '../../../shared/spi/formats/row-columns.ts'
import { nullRefused, RowProblem, wrong } from '../../../shared/spi/formats/row-problem.ts'
import type { ListedFile } from '../file-list.ts'
import type { ReadContext } from '../read-context.ts'
import type { SplitReader } from '../split-reader.ts'
import { emptyColumn } from './empty-column.ts'
import { FileLayout, type ColumnPlan, type Leaf } from './file-layout.ts'
import { leafColumn, presenceColumn } from './leaf-column.ts'
import { readLeafPages, type LeafPages } from './leaf-pages.ts'
import { nestedValue } from './nested-values.ts'
import { broken, inFile } from './parquet-errors.ts'
import { ParquetBytes } from './parquet-file.ts'
import type { ValueKind } from './value-kind.ts'

const TEXT: ValueKind = { kind: 'text' }

export async function openParquetSplit(
  context: ReadContext,
  listed: ListedFile,
): Promise<SplitReader> {
  const file = await context.disk.open(listed.entry.path, 'read')
  const bytes = new ParquetBytes(file, listed.entry.bytes)
  try {
    const metadata = await parquetMetadataAsync(bytes)
    const layout = new FileLayout(metadata)
    layout.check(context.fields)
    return new ParquetSplit(context, { name: listed.name, bytes, metadata, layout })
  } catch (cause) {
    await bytes.close()
    throw inFile(listed.name, cause)
  }
}

interface OpenFile {
  readonly name: string
  readonly bytes: ParquetBytes
  readonly metadata: FileMetaData
  readonly layout: FileLayout
}

class ParquetSplit implements SplitReader {
  readonly #context: ReadContext
  readonly #file: OpenFile
  readonly #plans: readonly ColumnPlan[]
  readonly #kind: Leaf | null
  #groupIndex = 0
  /** Rows of the file before the row group being given out. */
  #rowsBefore = 0
  #group: Batch | null = null
  #problems = new Map<number, RowProblem>()
  #next = 0
  /** Rows given since the last full batch. */
  #sinceCut = 0

  constructor(context: ReadContext, file: OpenFile) {
    this.#context = context
    this.#file = file
    this.#plans = context.columns.map((spec) => file.layout.plan(spec))
    this.#kind = context.kinds ? file.layout.leafOf('_kind') : null
    if (context.kinds && this.#kind === null && file.metadata.row_groups.length > 0)
      throw broken('there is no column _kind, which `changes: kinds` needs')
  }

  get position(): number {
    const groups = this.#file.metadata.row_groups.length
    return groups === 0 ? 0 : (this.#file.bytes.byteLength * this.#groupIndex) / groups
  }

  async read(): Promise<Batch | null> {
    for (;;) {
      if (this.#group === null && !(await this.#readGroup())) return null
      const group = this.#group
      if (group === null) continue
      const end = Math.min(this.#next + BATCH_RECORDS_MAX - this.#sinceCut, group.length)
      const batch = this.#withoutProblems(group, this.#next, end)
      this.#next = end
      if (end === group.length) this.#endGroup()
      if (batch.length === 0) continue
      this.#sinceCut = (this.#sinceCut + batch.length) % BATCH_RECORDS_MAX
      return batch
    }
  }

  close(): Promise<void> {
    return this.#file.bytes.close()
  }

  #endGroup(): void {
    this.#rowsBefore += this.#group?.length ?? 0
    this.#group = null
    this.#next = 0
    this.#problems.clear()
  }

  /** False when there is no row group left. */
  async #readGroup(): Promise<boolean> {
    const { metadata, name } = this.#file
    const group = metadata.row_groups[this.#groupIndex]
    if (group === undefined) return false
    try {
      const rowCount = Number(group.num_rows)
      if (!(rowCount >= 0 && rowCount <= PARQUET_GROUP_ROWS_MAX))
        throw broken(`row group ${this.#groupIndex} says that it has ${rowCount} rows`)
      this.#group = await this.#decodeGroup(this.#groupIndex, rowCount)
    } catch (cause) {
      throw inFile(name, cause)
    }
    this.#groupIndex++
    return true
  }

  async #decodeGroup(index: number, rowCount: number): Promise<Batch> {
    const chunks = new Map<number, LeafPages>()
    const columns: Column[] = []
    for (const [at, spec] of this.#context.columns.entries()) {
      const plan = this.#plans[at]
      if (plan !== undefined)
        columns.push(await this.#column(plan, spec, { index, rowCount, chunks }))
    }
    this.#context.columns.forEach((spec, at) => this.#checkNulls(spec, columns[at], rowCount))
    const kind = this.#kind === null ? null : await this.#kinds(this.#kind, index, rowCount)
    const timeIndex = this.#context.columns.findIndex(
      (spec) => spec.path === this.#context.eventTime,
    )
    const time = columns[timeIndex]
    return {
      schema: { columns: this.#context.columns },
      length: rowCount,
      eventTime: eventTimes(time ?? null, time, rowCount),
      kind,
      columns,
    }
  }

  async #column(plan: ColumnPlan, spec: ColumnSpec, of: GroupPart): Promise<Column> {
    if (plan.kind === 'absent') return emptyColumn(spec, of.rowCount)
    if (plan.kind === 'nested') return this.#nested(plan, spec, of)
    const isText = plan.kind === 'presence'
    const value = isText ? null : plan.value
    const chunk = await this.#chunk(plan.leaf, value, of)
    if (plan.kind === 'presence') return presenceColumn(chunk, plan.level)
    return leafColumn(chunk, spec, plan.value, (row) => {
      this.#problems.set(row, wrong(spec.path, 'beyond its type', 'value that fits'))
    })
  }

  async #chunk(leaf: Leaf, value: ValueKind | null, of: GroupPart): Promise<LeafPages> {
    const known = of.chunks.get(leaf.index)
    if (known !== undefined) return known
    const meta = this.#file.metadata.row_groups[of.index]?.columns[leaf.index]?.meta_data
    if (meta === undefined) throw broken('a column chunk is in another file')
    const start = Number(meta.dictionary_page_offset ?? meta.data_page_offset)
    const first = Math.min(start, Number(meta.data_page_offset))
    const bytes = await this.#file.bytes.bytes(first, first + Number(meta.total_compressed_size))
    const chunk = readLeafPages({
      bytes,
      meta,
      element: leaf.element,
      kind: value ?? physicalKind(leaf),
      maxLevel: leaf.maxLevel,
      rowCount: of.rowCount,
    })
    // Only what a column was decoded as may be shared; presence needs no more than levels.
    if (value !== null) of.chunks.set(leaf.index, chunk)
    return chunk
  }

  async #nested(
    plan: Extract<ColumnPlan, { kind: 'nested' }>,
    spec: ColumnSpec,
    of: GroupPart,
  ): Promise<Column> {
    const rows = await parquetReadObjects({
      file: this.#file.bytes,
      metadata: this.#file.metadata,
      columns: [plan.top],
      rowStart: this.#rowsBefore,
      rowEnd: this.#rowsBefore + of.rowCount,
      compressors,
    })
    const values = rows.map((row, index) => {
      let value: unknown = row
      for (const name of plan.path)
        value = (value as Readonly<Record<string, unknown>> | null | undefined)?.[name]
      const made = nestedValue(value, { type: spec.type, nullable: true }, spec.path)
      if (made !== undefined) return made
      this.#problems.set(index, wrong(spec.path, 'something else', 'value of its type'))
      return null
    })
    return { layout: 'any', values, nulls: null }
  }

  async #kinds(leaf: Leaf, index: number, rowCount: number): Promise<Uint8Array> {
    const chunk = await this.#chunk(leaf, TEXT, { index, rowCount, chunks: new Map() })
    const type = { kind: 'string' } as const
    const spec: ColumnSpec = { path: '_kind', type, nullable: true, layout: 'utf8' }
    const column = leafColumn(chunk, spec, TEXT, () => {})
    const kinds = new Uint8Array(rowCount)
    for (let row = 0; row < rowCount; row++) {
      const kindName = String(valueAt(column, row))
      const kind = kindByName(kindName)
      if (kind < 0) this.#problems.set(row, wrong('_kind', kindName, 'kind of change'))
      else kinds[row] = kind
    }
    return kinds
  }

  #checkNulls(spec: ColumnSpec, column: Column | undefined, rowCount: number): void {
    if (spec.nullable || column === undefined) return
    if (column.layout === 'any') {
      column.values.forEach((value, row) => {
        if (value === null && !this.#problems.has(row))
          this.#problems.set(row, nullRefused(spec.path))
      })
      return
    }
    if (column.nulls === null) return
    for (let row = 0; row < rowCount; row++)
      if (column.nulls[row] === 1) this.#problems.set(row, nullRefused(spec.path))
  }

  #withoutProblems(group: Batch, start: number, end: number): Batch {
    const part = slice(group, start, end)
    if (this.#problems.size === 0) return part
    const kept = new Int32Array(end - start)
    let count = 0
    for (let row = start; row < end; row++) {
      const problem = this.#problems.get(row)
      if (problem === undefined) {
        kept[count++] = row - start
        continue
      }
      this.#context.fail({
        code: problem.code,
        message: problem.message,
        position: `${this.#file.name}:${this.#rowsBefore + row + 1}`,
        payload: JSON.stringify(rowAt(part, row - start)),
      })
    }
    return count === part.length ? part : gather(part, kept, count)
  }
}

interface GroupPart {
  readonly index: number
  readonly rowCount: number
  readonly chunks: Map<number, LeafPages>
}

/** Any way to decode a leaf of which only the levels matter. */
function physicalKind(leaf: Leaf): ValueKind {
  switch (leaf.element.type) {
    case 'BOOLEAN':
      return { kind: 'boolean' }
    case 'FLOAT':
    case 'DOUBLE':
      return { kind: 'float' }
    case 'INT96':
      return { kind: 'int96' }
    case 'INT32':
    case 'INT64':
      return { kind: 'bigint', factor: 1n, limit: null }
    default:
      return TEXT
  }
}
