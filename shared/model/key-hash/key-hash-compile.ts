/**
 * Compiles the key hash for the layouts of a key: one loop per batch, lanes in locals, no
 * allocation per record. Strings of a dictionary are hashed once per dictionary.
 *
 * Only own identifiers and numbers stand in the generated text; nothing a user wrote does.
 */
import { assert } from '../../base/assert.ts'
import { factoryOf } from '../../base/generated-code.ts'
import type { Column } from '../batch.ts'
import type { DataType } from '../data-type.ts'
import { dictionaryImage } from './key-hash-dictionary.ts'
import { hashDecimal, hashTyped } from './key-hash-value.ts'
import {
  FINISH_A,
  FINISH_B,
  hashBytes,
  Lanes,
  NAN_HIGH,
  SEED_A,
  SEED_B,
  SEED_BYTES,
  SEED_TEXT,
  SHIFT_A,
  SHIFT_B,
  STEP_A,
  STEP_B,
  TAG_KEY,
  textHash,
  WORD_FALSE,
  WORD_NULL,
  WORD_TRUE,
} from './key-hash.ts'
import type { ColumnSpec } from '../layout.ts'

/** High halves of −0 and of doubles that are no numbers. */
const MINUS_ZERO_HIGH = 0x80000000 | 0
const EXPONENT = 0x7ff00000

/** `columns` are those of the key, in its order. Fills the lanes for rows 0 to `length`. */
export type KeyHash = ((
  columns: readonly Column[],
  length: number,
  laneA: Int32Array,
  laneB: Int32Array,
) => void) & {
  readonly code: string
  /** Fills the lanes of one row only: for loops that seldom need them. */
  readonly row: (
    columns: readonly Column[],
    i: number,
    laneA: Int32Array,
    laneB: Int32Array,
  ) => void
}

export function compileKeyHash(key: readonly ColumnSpec[]): KeyHash {
  const code = keyHashCode(key)
  const make = factoryOf(['lib'], code)
  const made = make({ ...LIBRARY, types: key.map((column) => column.type) }) as {
    rows: KeyHash
    row: KeyHash['row']
  }
  return Object.assign(made.rows, { code, row: made.row })
}

/** Hashes one key given as columns of one row; for tests and for code that is not hot. */
export function hashOne(hash: KeyHash, columns: readonly Column[], row: number): [number, number] {
  const laneA = new Int32Array(row + 1)
  const laneB = new Int32Array(row + 1)
  hash.row(columns, row, laneA, laneB)
  return [laneA[row] ?? 0, laneB[row] ?? 0]
}

const LIBRARY = {
  dictionaryImage,
  hashBytes,
  textHash,
  // oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
  hashInto(lanes: Lanes, a: number, b: number, value: unknown, type: DataType): void {
    lanes.a = a
    lanes.b = b
    hashTyped(lanes, value, type)
  },
  // oxlint-disable-next-line max-params -- called by generated loops, where an object would cost
  hashDecimalInto(lanes: Lanes, a: number, b: number, value: number, scale: number): void {
    lanes.a = a
    lanes.b = b
    hashDecimal(lanes, value, scale)
  },
  halvesOf(values: Float64Array, length: number): Int32Array {
    return new Int32Array(values.buffer, values.byteOffset, length * 2)
  },
  lanes: new Lanes(),
  float: new Float64Array(1),
}

function keyHashCode(key: readonly ColumnSpec[]): string {
  return [
    `const { dictionaryImage, halvesOf, hashBytes, textHash, hashInto, hashDecimalInto, lanes, float } = lib`,
    `const halves = new Int32Array(float.buffer)`,
    `function rows(columns, length, laneA, laneB) {`,
    ...indented(openColumns(key, false)),
    `  for (let i = 0; i < length; i++) {`,
    ...indented(indented(rowLines(key, false))),
    `  }`,
    `}`,
    `function row(columns, i, laneA, laneB) {`,
    ...indented(openColumns(key, true)),
    ...indented(rowLines(key, true)),
    `}`,
    `return { rows, row }`,
  ].join('\n')
}

/** Hashes row i. Halves of doubles lie in the column, or, for one row alone, in a scratch. */
function rowLines(key: readonly ColumnSpec[], isAlone: boolean): string[] {
  const body = key.flatMap((column, index) => hashColumn(column, index, isAlone))
  const whole = key.length === 1 ? [] : step(String(TAG_KEY + key.length))
  return [
    `let a = ${SEED_A}, b = ${SEED_B}`,
    ...body,
    ...whole,
    `a = Math.imul(a ^ (a >>> 16), ${FINISH_A}); a ^= a >>> 14`,
    `b = Math.imul(b ^ (b >>> 17), ${FINISH_B}); b ^= b >>> 15`,
    `laneA[i] = a`,
    `laneB[i] = b === 0 ? 1 : b`,
  ]
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`)
}

function step(wordA: string, wordB = wordA): string[] {
  return [
    `a = Math.imul(a ^ ${wordA}, ${STEP_A}); a ^= a >>> ${SHIFT_A}`,
    `b = Math.imul(b ^ ${wordB}, ${STEP_B}); b ^= b >>> ${SHIFT_B}`,
  ]
}

function openColumns(key: readonly ColumnSpec[], isAlone: boolean): string[] {
  return key.flatMap((column, index) => openColumn(column, index, isAlone))
}

function openColumn(column: ColumnSpec, index: number, isAlone: boolean): string[] {
  const c = `columns[${index}]`
  const lines = column.layout === 'any' ? [] : [`const nulls${index} = ${c}.nulls`]
  if (column.layout === 'utf8' || column.layout === 'bytes') {
    lines.push(
      `const starts${index} = ${c}.starts, ends${index} = ${c}.ends, bytes${index} = ${c}.bytes`,
      `let start${index} = -1, end${index} = -1, textA${index} = 0, textB${index} = 0`,
    )
  } else if (column.layout === 'dict') {
    lines.push(`const codes${index} = ${c}.codes, image${index} = dictionaryImage(${c}.dictionary)`)
  } else {
    lines.push(`const values${index} = ${c}.values`)
    if (column.layout === 'f64' && !isAlone)
      lines.push(`const halves${index} = halvesOf(values${index}, length)`)
  }
  return lines
}

function hashColumn(column: ColumnSpec, index: number, isAlone: boolean): string[] {
  const present = hashPresent(column, index, isAlone)
  if (column.layout === 'any' || !column.nullable) return present
  return [
    `if (nulls${index} !== null && nulls${index}[i] === 1) {`,
    ...step(String(WORD_NULL)).map((line) => `  ${line}`),
    `} else {`,
    ...present.map((line) => `  ${line}`),
    `}`,
  ]
}

function hashPresent(column: ColumnSpec, index: number, isAlone: boolean): string[] {
  const { type } = column
  switch (column.layout) {
    case 'f64':
    case 'i32':
      if (type.kind === 'decimal') return viaLanes('hashDecimalInto', index, type.scale)
      return column.layout === 'i32' ? hashDays(index) : hashNumber(index, isAlone)
    case 'bool':
      return step(`(values${index}[i] === 0 ? ${WORD_FALSE} : ${WORD_TRUE})`)
    case 'utf8':
    case 'bytes': {
      const seed = column.layout === 'utf8' ? SEED_TEXT : SEED_BYTES
      // Rows in a row often share one text (column-builder.ts): it is hashed once.
      return [
        `if (starts${index}[i] !== start${index} || ends${index}[i] !== end${index}) {`,
        `  start${index} = starts${index}[i]`,
        `  end${index} = ends${index}[i]`,
        `  hashBytes(${seed}, bytes${index}, start${index}, end${index})`,
        `  textA${index} = textHash.a`,
        `  textB${index} = textHash.b`,
        `}`,
        ...step(`textA${index}`, `textB${index}`),
      ]
    }
    case 'dict':
      return step(`image${index}.hashA[codes${index}[i]]`, `image${index}.hashB[codes${index}[i]]`)
    case 'any':
      return viaLanes('hashInto', index, `lib.types[${index}]`)
    default:
      assert(false, `layout of ${column.path} is hashed`)
  }
}

/** Days: through a double, since all numbers hash alike. */
function hashDays(index: number): string[] {
  return [`float[0] = values${index}[i]`, ...step('halves[0]'), ...step('halves[1]')]
}

/** The halves of a double are read from the column itself: a store and a load less. */
function hashNumber(index: number, isAlone: boolean): string[] {
  const read = isAlone
    ? [`float[0] = values${index}[i]`, `let low = halves[0], high = halves[1]`]
    : [`let low = halves${index}[2 * i], high = halves${index}[2 * i + 1]`]
  return [
    `{`, // a key may have several numbers
    ...read,
    `if (low === 0 && high === ${MINUS_ZERO_HIGH}) high = 0`,
    `else if ((high & ${EXPONENT}) === ${EXPONENT} && values${index}[i] !== values${index}[i]) {`,
    `  low = 0`,
    `  high = ${NAN_HIGH}`,
    `}`,
    ...step('low'),
    ...step('high'),
    `}`,
  ]
}

function viaLanes(call: string, index: number, more: string | number): string[] {
  return [`${call}(lanes, a, b, values${index}[i], ${more})`, `a = lanes.a`, `b = lanes.b`]
}
