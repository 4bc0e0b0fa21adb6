/** Texts. Positions and lengths count characters (code points), from 0. */
import { StreamError } from '../../base/errors.ts'
import { EXPRESSION_TEXT_MAX } from '../../base/limits.ts'
import type { DataType } from '../../model/data-type.ts'
import type { FunctionDef } from '../overload.ts'
import { characterCount, characterPosition, charactersBetween } from './characters.ts'
import { BOOLEAN, BYTES, define, defineFixed, fixed, free, INTEGER, STRING } from './define.ts'

const STRINGS: DataType = { kind: 'array', element: { type: STRING, nullable: false } }

type Examples = readonly (readonly [string, string])[]

/** A text of a text. */
function textOfText(
  name: string,
  summary: string,
  examples: Examples,
  run: (text: string) => string,
): FunctionDef {
  return defineFixed({ name, group: 'strings', summary }, examples, {
    id: name,
    params: { text: STRING },
    result: STRING,
    run,
  })
}

/** Whether a text holds another in some way. */
function test(
  name: string,
  summary: string,
  examples: Examples,
  method: 'includes' | 'startsWith' | 'endsWith',
): FunctionDef {
  return defineFixed({ name, group: 'strings', summary }, examples, {
    id: `${name}.string`,
    params: { text: STRING, part: STRING },
    result: BOOLEAN,
    inline: ([a, b]) => `${a}.${method}(${b})`,
    run: (text: string, part: string) => text[method](part),
  })
}

function limited(text: string, length: number): string {
  if (length <= EXPRESSION_TEXT_MAX) return text
  throw new StreamError(
    'EXPR_VALUE_TOO_LARGE',
    `a text of ${length} characters is longer than ${EXPRESSION_TEXT_MAX}`,
  )
}

function repeat(text: string, count: number): string {
  if (count <= 0) return ''
  limited('', text.length * count)
  return text.repeat(count)
}

/** Filled with `fill` to `length` characters; a longer text is cut to it. */
function pad(text: string, length: number, fill: string): { cut: string; filler: string } {
  const wanted = Math.max(0, length)
  limited('', wanted)
  const cut = charactersBetween(text, 0, wanted)
  const missing = wanted - characterCount(cut)
  const unit = characterCount(fill)
  if (missing === 0 || unit === 0) return { cut, filler: '' }
  return { cut, filler: charactersBetween(fill.repeat(Math.ceil(missing / unit)), 0, missing) }
}

function split(text: string, separator: string): string[] {
  return separator === '' ? Array.from(text) : text.split(separator)
}

function splitPart(text: string, separator: string, index: number): string | null {
  if (separator === '' || index < 0) return split(text, separator).at(index) ?? null
  let start = 0
  for (let part = 0; part < index; part++) {
    const at = text.indexOf(separator, start)
    if (at < 0) return null
    start = at + separator.length
  }
  const end = text.indexOf(separator, start)
  return end < 0 ? text.slice(start) : text.slice(start, end)
}

function indexOf(text: string, part: string): number | null {
  const at = text.indexOf(part)
  return at < 0 ? null : characterPosition(text, at)
}

function countOf(text: string, part: string): number {
  if (part === '') return 0
  let count = 0
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) count += 1
  return count
}

function replace(text: string, from: string, to: string): string {
  if (from === '') return text
  const result = text.split(from).join(to)
  return limited(result, result.length)
}

/** Words start with a capital, the rest is lower case. */
function title(text: string): string {
  return text.toLowerCase().replaceAll(/\p{L}[\p{L}\p{M}\p{N}'’]*/gu, (word) => {
    const [first = ''] = Array.from(word)
    return first.toUpperCase() + word.slice(first.length)
  })
}

/** `{0}` and `{1}` of a template are the further arguments. */
function format(template: string, ...values: readonly string[]): string {
  return template.replaceAll(/\{(\d+)\}/g, (whole, index: string) => values[Number(index)] ?? whole)
}

const CONCAT = define(
  { name: 'concat', group: 'strings', summary: 'Joins texts; null if one is null.' },
  [['concat("a", "b", "c")', '"abc"']],
  [
    free({
      id: 'concat',
      signature: 'concat(text: string, more: string, …) -> string',
      resolve: (args) => {
        const isText = args.every((arg) => arg.type.kind === 'string' || arg.type.kind === 'null')
        if (args.length === 0 || !isText) return null
        return { params: args.map(() => STRING), result: { type: STRING, nullable: false } }
      },
      run: (...texts: readonly string[]) => texts.join(''),
    }),
  ],
)

const FORMAT = define(
  {
    name: 'format',
    group: 'strings',
    summary: 'A template with `{0}`, `{1}` … replaced by texts.',
  },
  [['format("{0} of {1}", to_string(3), "x")', '"3 of x"']],
  [
    free({
      id: 'format',
      signature: 'format(template: string, value: string, …) -> string',
      resolve: (args) => {
        const isText = args.every((arg) => arg.type.kind === 'string' || arg.type.kind === 'null')
        if (args.length === 0 || !isText) return null
        return { params: args.map(() => STRING), result: { type: STRING, nullable: false } }
      },
      run: format,
    }),
  ],
)

const NAMED = { group: 'strings' } as const

export const STRING_FUNCTIONS: readonly FunctionDef[] = [
  textOfText('lower', 'In lower case.', [['lower("ÄBC")', '"äbc"']], (text) => text.toLowerCase()),
  textOfText('upper', 'In upper case.', [['upper("abc")', '"ABC"']], (text) => text.toUpperCase()),
  textOfText('title', 'Words with capitals.', [['title("new YORK")', '"New York"']], title),
  textOfText('trim', 'Without blanks at both ends.', [['trim("  a ")', '"a"']], (text) =>
    text.trim(),
  ),
  textOfText('ltrim', 'Without blanks in front.', [['ltrim("  a")', '"a"']], (text) =>
    text.trimStart(),
  ),
  textOfText('rtrim', 'Without blanks at the end.', [['rtrim("a  ")', '"a"']], (text) =>
    text.trimEnd(),
  ),
  textOfText('reverse', 'Characters in reverse.', [['reverse("abc")', '"cba"']], (text) =>
    Array.from(text).toReversed().join(''),
  ),
  defineFixed(
    { ...NAMED, name: 'length', summary: 'How many characters.' },
    [['length("größe")', '5']],
    { id: 'length', params: { text: STRING }, result: INTEGER, run: characterCount },
  ),
  define(
    { ...NAMED, name: 'byte_length', summary: 'How many bytes, of a text in UTF-8.' },
    [['byte_length("größe")', '7']],
    [
      fixed('byte_length', {
        id: 'byte_length.string',
        params: { text: STRING },
        result: INTEGER,
        run: (text: string) => Buffer.byteLength(text),
      }),
      fixed('byte_length', {
        id: 'byte_length.bytes',
        params: { bytes: BYTES },
        result: INTEGER,
        run: (bytes: Uint8Array) => bytes.length,
      }),
    ],
  ),
  defineFixed(
    {
      ...NAMED,
      name: 'substring',
      summary: '`count` characters from a position; a negative one counts from the end.',
    },
    [
      ['substring("abcdef", 2)', '"cdef"'],
      ['substring("abcdef", 0, 2)', '"ab"'],
      ['substring("abcdef", -2)', '"ef"'],
    ],
    {
      id: 'substring',
      params: { text: STRING, from: INTEGER, 'count?': INTEGER },
      result: STRING,
      run: charactersBetween,
    },
  ),
  defineFixed(
    { ...NAMED, name: 'left', summary: 'The first characters.' },
    [['left("abc", 2)', '"ab"']],
    {
      id: 'left',
      params: { text: STRING, count: INTEGER },
      result: STRING,
      run: (text: string, count: number) => charactersBetween(text, 0, count),
    },
  ),
  defineFixed(
    { ...NAMED, name: 'right', summary: 'The last characters.' },
    [['right("abc", 2)', '"bc"']],
    {
      id: 'right',
      params: { text: STRING, count: INTEGER },
      result: STRING,
      run: (text: string, count: number) => (count <= 0 ? '' : charactersBetween(text, -count)),
    },
  ),
  defineFixed(
    { ...NAMED, name: 'lpad', summary: 'Filled in front to a length; cut if longer.' },
    [['lpad("7", 3, "0")', '"007"']],
    {
      id: 'lpad',
      params: { text: STRING, length: INTEGER, 'fill?': STRING },
      result: STRING,
      throws: true,
      run: (text: string, length: number, fill = ' ') => {
        const { cut, filler } = pad(text, length, fill)
        return filler + cut
      },
    },
  ),
  defineFixed(
    { ...NAMED, name: 'rpad', summary: 'Filled at the end to a length; cut if longer.' },
    [['rpad("ab", 4, ".")', '"ab.."']],
    {
      id: 'rpad',
      params: { text: STRING, length: INTEGER, 'fill?': STRING },
      result: STRING,
      throws: true,
      run: (text: string, length: number, fill = ' ') => {
        const { cut, filler } = pad(text, length, fill)
        return cut + filler
      },
    },
  ),
  defineFixed(
    { ...NAMED, name: 'replace', summary: 'Every occurrence replaced, literally.' },
    [['replace("a.b.c", ".", "-")', '"a-b-c"']],
    {
      id: 'replace',
      params: { text: STRING, from: STRING, to: STRING },
      result: STRING,
      throws: true,
      run: replace,
    },
  ),
  defineFixed(
    {
      ...NAMED,
      name: 'split',
      summary: 'The parts between separators; by an empty one the characters.',
    },
    [['split("a,b", ",")', '["a", "b"]']],
    { id: 'split', params: { text: STRING, separator: STRING }, result: STRINGS, run: split },
  ),
  defineFixed(
    {
      ...NAMED,
      name: 'split_part',
      summary: 'One part between separators, from 0; null where there is none.',
    },
    [
      ['split_part("a/b/c", "/", 1)', '"b"'],
      ['split_part("a/b", "/", 5)', 'null'],
      ['split_part("a/b", "/", -1)', '"b"'],
    ],
    {
      id: 'split_part',
      params: { text: STRING, separator: STRING, index: INTEGER },
      result: STRING,
      nullable: true,
      run: splitPart,
    },
  ),
  defineFixed(
    {
      ...NAMED,
      name: 'index_of',
      summary: 'Where a part starts first, from 0; null where it is not.',
    },
    [
      ['index_of("abc", "c")', '2'],
      ['index_of("abc", "x")', 'null'],
    ],
    {
      id: 'index_of',
      params: { text: STRING, part: STRING },
      result: INTEGER,
      nullable: true,
      run: indexOf,
    },
  ),
  defineFixed(
    { ...NAMED, name: 'count_of', summary: 'How often a part occurs, without overlaps.' },
    [['count_of("banana", "a")', '3']],
    { id: 'count_of', params: { text: STRING, part: STRING }, result: INTEGER, run: countOf },
  ),
  test(
    'starts_with',
    'Whether a text starts with another.',
    [['starts_with("abc", "ab")', 'true']],
    'startsWith',
  ),
  test(
    'ends_with',
    'Whether a text ends with another.',
    [['ends_with("abc", "bc")', 'true']],
    'endsWith',
  ),
  defineFixed(
    { ...NAMED, name: 'repeat', summary: 'The text several times.' },
    [['repeat("ab", 3)', '"ababab"']],
    {
      id: 'repeat',
      params: { text: STRING, count: INTEGER },
      result: STRING,
      throws: true,
      run: repeat,
    },
  ),
  CONCAT,
  FORMAT,
]
