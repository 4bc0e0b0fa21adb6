/**
 * Decodes the pages of one leaf (no lists around it) of one row group into a column.
 *
 * Numbers go straight into doubles, texts stay where they are and the column points to them; a text
 * of a dictionary is stored once. Which rows hold what cannot be is answered beside the column.
 */
import type { ColumnMetaData, SchemaElement } from 'hyparquet'
import { parquetHeader } from 'hyparquet/src/column.js'
import { deltaBinaryUnpack, deltaByteArray, deltaLengthByteArray } from 'hyparquet/src/delta.js'
import { byteStreamSplit } from 'hyparquet/src/encoding.js'
import { decompressPage } from './decompress-page.ts'
import { bitWidth, readRuns } from './levels.ts'
import { broken } from './parquet-errors.ts'
import {
  decodedValues,
  pageBytes,
  plainValues,
  type PageBytes,
  type RawValues,
} from './raw-values.ts'
import type { ValueKind } from './value-kind.ts'

export interface LeafPages {
  readonly rowCount: number
  /** Definition level per row; null when no row lacks anything. */
  readonly levels: Uint8Array | null
  readonly maxLevel: number
  /** Values of rows that have one, pages one after the other. */
  readonly parts: readonly LeafPart[]
}

/** Rows of one page: the values, or places in the values of the dictionary. */
export interface LeafPart {
  readonly values: RawValues
  readonly codes: Int32Array | null
  /** Rows of the page, and how many of them have a value. */
  readonly rowCount: number
  readonly valueCount: number
}

export interface LeafPagesOptions {
  readonly bytes: Buffer
  readonly meta: ColumnMetaData
  readonly element: SchemaElement
  readonly kind: ValueKind
  readonly maxLevel: number
  readonly rowCount: number
}

export function readLeafPages(options: LeafPagesOptions): LeafPages {
  const { bytes, meta, maxLevel, rowCount } = options
  const levels = maxLevel > 0 ? new Uint8Array(rowCount) : null
  const parts: LeafPart[] = []
  const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 }
  let dictionary: RawValues | null = null
  let row = 0
  while (row < rowCount) {
    if (reader.offset >= bytes.length) throw broken('a column ends before its last row')
    const header = checkedHeader(reader)
    const raw = bytes.subarray(reader.offset, reader.offset + header.compressed_page_size)
    if (raw.length < header.compressed_page_size) throw broken('a page is cut off')
    reader.offset += header.compressed_page_size
    if (header.type === 'DICTIONARY_PAGE') {
      const page = decompressPage(raw, header.uncompressed_page_size, meta.codec)
      const count = header.dictionary_page_header?.num_values ?? 0
      dictionary = plainValues(pageBytes(page, 0), count, options.element, options.kind)
      continue
    }
    const count =
      header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? -1
    if (count < 0) continue // a page of an index
    if (row + count > rowCount) throw broken('a column has more rows than its group')
    const part = header.data_page_header_v2
      ? pageV2(options, raw, { header, v2: header.data_page_header_v2, levels, row }, dictionary)
      : pageV1(options, raw, { header, levels, row, count }, dictionary)
    parts.push(part)
    row += count
  }
  const lacksNothing = parts.every((part) => part.valueCount === part.rowCount)
  return { rowCount, levels: lacksNothing ? null : levels, maxLevel, parts }
}

type Header = ReturnType<typeof parquetHeader>

/** A page header whose sizes are sizes: a damaged one must not lead backwards. */
function checkedHeader(reader: { view: DataView; offset: number }): Header {
  const header = parquetHeader(reader)
  const counts = [
    header.compressed_page_size,
    header.uncompressed_page_size,
    header.data_page_header?.num_values ?? 0,
    header.dictionary_page_header?.num_values ?? 0,
    header.data_page_header_v2?.num_values ?? 0,
    header.data_page_header_v2?.definition_levels_byte_length ?? 0,
    header.data_page_header_v2?.repetition_levels_byte_length ?? 0,
  ]
  if (counts.every((count) => Number.isInteger(count) && count >= 0)) return header
  throw broken('a page header is damaged')
}

interface PageAt {
  readonly header: Header
  readonly levels: Uint8Array | null
  readonly row: number
}

function pageV1(
  options: LeafPagesOptions,
  raw: Uint8Array,
  at: PageAt & { readonly count: number },
  dictionary: RawValues | null,
): LeafPart {
  const bytes = decompressPage(raw, at.header.uncompressed_page_size, options.meta.codec)
  const page = pageBytes(bytes, 0)
  let place = 0
  let valueCount = at.count
  if (at.levels !== null) {
    const length = page.view.getUint32(0, true)
    const target = at.levels.subarray(at.row, at.row + at.count)
    readRuns(bytes, 4, bitWidth(options.maxLevel), target)
    place = 4 + length
    valueCount = countOf(target, options.maxLevel)
  }
  const encoding = at.header.data_page_header?.encoding ?? 'PLAIN'
  const made = pageValues(options, { ...page, at: place }, { encoding, valueCount }, dictionary)
  return { ...made, rowCount: at.count, valueCount }
}

function pageV2(
  options: LeafPagesOptions,
  raw: Uint8Array,
  at: PageAt & { readonly v2: NonNullable<Header['data_page_header_v2']> },
  dictionary: RawValues | null,
): LeafPart {
  const { v2 } = at
  const count = v2.num_values
  const before = v2.repetition_levels_byte_length
  const levelBytes = before + v2.definition_levels_byte_length
  let valueCount = count - v2.num_nulls
  if (at.levels !== null) {
    const target = at.levels.subarray(at.row, at.row + count)
    readRuns(raw, before, bitWidth(options.maxLevel), target)
    valueCount = countOf(target, options.maxLevel)
  }
  const rest = raw.subarray(levelBytes)
  const size = at.header.uncompressed_page_size - levelBytes
  const bytes = v2.is_compressed === false ? rest : decompressPage(rest, size, options.meta.codec)
  const page = pageBytes(bytes, 0)
  const made = pageValues(options, page, { encoding: v2.encoding, valueCount }, dictionary)
  return { ...made, rowCount: count, valueCount }
}

function countOf(levels: Uint8Array, maxLevel: number): number {
  let count = 0
  for (let row = 0; row < levels.length; row++) if (levels[row] === maxLevel) count++
  return count
}

function pageValues(
  options: LeafPagesOptions,
  page: PageBytes,
  what: { readonly encoding: string; readonly valueCount: number },
  dictionary: RawValues | null,
): { readonly values: RawValues; readonly codes: Int32Array | null } {
  const { encoding, valueCount } = what
  const { element, kind } = options
  if (encoding === 'PLAIN')
    return { values: plainValues(page, valueCount, element, kind), codes: null }
  if (encoding === 'RLE_DICTIONARY' || encoding === 'PLAIN_DICTIONARY') {
    if (dictionary === null) throw broken('a page needs a dictionary that is not there')
    const codes = new Int32Array(valueCount)
    const width = page.bytes[page.at] ?? 0
    if (width > 32) throw broken(`a page has numbers of ${width} bits`)
    if (width > 0) readRuns(page.bytes, page.at + 1, width, codes)
    checkCodes(codes, dictionary)
    return { values: dictionary, codes }
  }
  if (encoding === 'RLE' && kind.kind === 'boolean') {
    const codes = new Int32Array(valueCount)
    // Version 1 and 2 both put the length before the runs of booleans.
    readRuns(page.bytes, page.at + 4, 1, codes)
    return { values: { form: 'numbers', values: Float64Array.from(codes) }, codes: null }
  }
  return {
    values: decodedValues(otherEncoding(page, encoding, element, valueCount), kind),
    codes: null,
  }
}

function checkCodes(codes: Int32Array, dictionary: RawValues): void {
  const size = dictionary.form === 'texts' ? dictionary.starts.length : dictionary.values.length
  let highest = 0
  // As unsigned numbers, so that a negative code is beyond every dictionary.
  for (let index = 0; index < codes.length; index++)
    highest = Math.max(highest, (codes[index] ?? 0) >>> 0)
  if (codes.length > 0 && highest >= size)
    throw broken(`a page names value ${highest} of a dictionary of ${size}`)
}

/** Encodings that are rare in practice: decoded by the library, value by value. */
function otherEncoding(
  page: PageBytes,
  encoding: string,
  element: SchemaElement,
  count: number,
): ArrayLike<unknown> {
  const reader = { view: page.view, offset: page.at }
  if (encoding === 'DELTA_BINARY_PACKED') {
    const values = element.type === 'INT32' ? new Int32Array(count) : new BigInt64Array(count)
    if (count > 0) deltaBinaryUnpack(reader, count, values)
    return values
  }
  const values: Uint8Array[] = Array.from({ length: count })
  if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') deltaLengthByteArray(reader, count, values)
  else if (encoding === 'DELTA_BYTE_ARRAY') deltaByteArray(reader, count, values)
  else if (encoding === 'BYTE_STREAM_SPLIT')
    return byteStreamSplit(reader, count, element.type ?? 'DOUBLE', element.type_length)
  else throw broken(`a page is encoded by ${encoding}, which is not known`)
  return values
}
