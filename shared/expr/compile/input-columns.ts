/**
 * How generated code reads the columns of a batch: the declarations in front of the loop, made only
 * for what is read, and the texts for row `i`.
 *
 * Column 3 is `c3` (its values), `c3n` (nulls, zeros where the batch has none), `c3s c3e c3b` (utf8
 * starts, ends, bytes, and `c3w` bytes as words), `c3t` (its strings), `c3c c3d` (codes and strings
 * of a dictionary), `c3x` (the column itself).
 */
import { assert, unreachable } from '../../base/assert.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import { atom, type Block, type Value } from './code-block.ts'
import { commentText, type Constants } from './constants.ts'
import { TextPool } from './texts/text-pool.ts'

/** How generated code reaches the pool of its loop. */
export interface PoolCode {
  readonly name: string
  readonly text: string
  literal(text: string): number
}

export class InputColumns {
  readonly #columns: readonly ColumnSpec[]
  readonly #declared = new Map<string, string>()
  readonly #pool = new TextPool()
  /** Dictionaries whose entries the pool is asked for, by column. */
  readonly #pooled = new Set<number>()
  #poolName: string | null = null
  #memoCount = 0

  constructor(columns: readonly ColumnSpec[]) {
    this.#columns = columns
  }

  /** For the top of the batch function; `columns` and `length` are in scope there. */
  declarations(): string[] {
    const declared = [...this.#declared.values()]
    if (this.#poolName === null) return declared
    const dictionaries = [...this.#pooled].map((index) => `columns[${index}].dictionary`)
    return [
      `${this.#poolName}.open([${dictionaries.join(', ')}])`,
      `const pt = ${this.#poolName}.strings`,
      ...declared,
    ]
  }

  /** The texts of the loop by number: `pt` are its strings. */
  pool(constants: Constants): PoolCode {
    this.#poolName ??= constants.name(this.#pool, 'texts by number')
    return { name: this.#poolName, text: 'pt', literal: (text) => this.#pool.literal(text) }
  }

  /** Numbers of texts that one expression gave for entries of the column's dictionary. */
  poolMemo(index: number, name: string): string {
    assert(this.#poolName !== null, 'a memo of numbers belongs to a pool')
    this.#pooled.add(index)
    const text = `${this.#poolName}.memo(${this.#memoCount++}, columns[${index}].dictionary)`
    return this.#declare(`c${index}${name}`, text, index)
  }

  spec(index: number): ColumnSpec {
    const spec = this.#columns[index]
    assert(spec !== undefined, `column ${index} exists`)
    return spec
  }

  /** The value at row `i`. */
  read(index: number, block: Block): Value {
    const spec = this.spec(index)
    const isNull = spec.nullable ? this.nullText(index, block) : null
    switch (spec.layout) {
      case 'f64':
      case 'i32':
        return { text: `${this.values(index)}[i]`, isNull, atomic: true }
      case 'bool':
        return { text: `(${this.values(index)}[i] === 1)`, isNull, atomic: true }
      case 'utf8':
        return { text: `${this.text(index)}.at(i)`, isNull, atomic: false }
      case 'bytes':
        return { text: this.#bytesText(index), isNull, atomic: false }
      case 'dict':
        return {
          text: `${this.dictionary(index)}[${this.codes(index)}[i]]`,
          isNull,
          atomic: false,
        }
      case 'any': {
        if (!spec.nullable) return { text: `${this.values(index)}[i]`, isNull, atomic: false }
        const name = block.bind(`${this.values(index)}[i]`)
        return atom(name, `${name} === null`)
      }
      default:
        return unreachable(spec.layout)
    }
  }

  /** True at row `i` where the column is null; one variable per row. */
  nullText(index: number, block: Block): string {
    this.#declare(`c${index}n`, `columns[${index}].nulls ?? lib.zeros(length)`, index)
    const known = block.find(nullKey(index))
    if (known !== undefined) return known.text
    const name = block.bind(`c${index}n[i] === 1`, 'n')
    block.keep(nullKey(index), atom(name))
    return name
  }

  column(index: number): string {
    return this.#declare(`c${index}x`, `columns[${index}]`, index)
  }

  values(index: number): string {
    return this.#declare(`c${index}`, `columns[${index}].values`, index)
  }

  starts(index: number): string {
    return this.#declare(`c${index}s`, `columns[${index}].starts`, index)
  }

  ends(index: number): string {
    return this.#declare(`c${index}e`, `columns[${index}].ends`, index)
  }

  bytes(index: number): string {
    return this.#declare(`c${index}b`, `columns[${index}].bytes`, index)
  }

  words(index: number): string {
    return this.#declare(`c${index}w`, `lib.wordsOf(columns[${index}].bytes)`, index)
  }

  text(index: number): string {
    return this.#declare(`c${index}t`, `new lib.ColumnText(columns[${index}], length)`, index)
  }

  codes(index: number): string {
    return this.#declare(`c${index}c`, `columns[${index}].codes`, index)
  }

  dictionary(index: number): string {
    return this.#declare(`c${index}d`, `columns[${index}].dictionary.values`, index)
  }

  /** Results of one expression per entry of the column's dictionary, kept between batches. */
  memo(index: number, table: string): string {
    const text = `lib.memoOf(${table}, columns[${index}].dictionary)`
    return this.#declare(`c${index}${table}`, text, index)
  }

  #bytesText(index: number): string {
    return `${this.bytes(index)}.subarray(${this.starts(index)}[i], ${this.ends(index)}[i])`
  }

  #declare(name: string, text: string, index: number): string {
    if (!this.#declared.has(name)) {
      const note = commentText(this.spec(index).path)
      this.#declared.set(name, `const ${name} = ${text} // ${note}`)
    }
    return name
  }
}

/** Nulls are kept in blocks beside expressions, whose keys are not negative. */
function nullKey(index: number): number {
  return -1 - 2 * index
}
