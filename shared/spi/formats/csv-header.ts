/** The header of a CSV text: which field each column is, and what is wrong with it. */
import { StreamError } from '../../base/errors.ts'
import { harmlessText } from '../../base/harmless-text.ts'
import type { CsvRowReader } from './csv-row-reader.ts'

/** Of a long header the rest is left out. */
const SHOWN_NAMES = 20
const SHOWN_LENGTH = 40

/** Gives the reader its columns. `where` names the text, such as its file. */
export function setHeader(reader: CsvRowReader, header: readonly string[], where: string): void {
  const names = header.map((name) => name.trim())
  const absent = reader.setColumns(names)
  const needed = absent.find((slot) => !slot.spec.nullable)
  if (needed !== undefined) {
    throw new StreamError(
      'FILE_COLUMN_MISSING',
      `${where} has no column ${needed.path}; its header says ${shown(names)}`,
      { fix: fixFor(names) },
    )
  }
  const twice = reader.repeated(names)
  if (twice === null) return
  throw new StreamError(
    'FILE_COLUMN_TWICE',
    `the header of ${where} has the column ${twice} more than once: which one is meant cannot be told`,
    { fix: 'give each column a name of its own' },
  )
}

/** A header of one name with a separator in it was cut at another one. */
function fixFor(names: readonly string[]): string {
  const [only = ''] = names
  const separator = names.length > 1 ? undefined : /[,;|\t]/.exec(only)?.[0]
  if (separator !== undefined) return `write \`delimiter: ${JSON.stringify(separator)}\``
  return 'correct the schema, make the field nullable, or write `header: false`'
}

/** Names as a terminal may show them: no bytes that would steer it, and not all of a binary file. */
function shown(names: readonly string[]): string {
  const some = names.slice(0, SHOWN_NAMES).map((name) => {
    const plain = harmlessText(name)
    return plain.length > SHOWN_LENGTH ? `${plain.slice(0, SHOWN_LENGTH)}…` : plain
  })
  const more = names.length - some.length
  return more > 0 ? `${some.join(', ')} and ${more} more` : some.join(', ')
}
