/**
 * Places: a path and a span lead to the line and column that an editor shows, never one beside it.
 * Hunted: CRLF, byte order marks, tabs, characters outside of the basic plane, quotes with escapes,
 * block scalars, folded lines, included files. Each case marks what it means by «…» in the text.
 */
import test from 'ava'
import { parseFile, textOf } from '../../../shared/spec/reader/read-file.ts'
import { TreePlaces } from '../../../shared/spec/yaml/tree-places.ts'
import { nodeAt } from '../../../shared/spec/yaml/yaml-tree.ts'

interface Case {
  readonly title: string
  /** With « and » around what is meant. */
  readonly marked: string
  readonly path: (string | number)[]
  /** The part of the value that is meant; null for the whole. */
  readonly part: string | null
}

const CASES: readonly Case[] = [
  { title: 'a plain value', marked: 'a: «x + y»\n', path: ['a'], part: null },
  { title: 'a part of a plain value', marked: 'a: x + «yy» + z\n', path: ['a'], part: 'yy' },
  {
    title: 'a value behind CRLF lines',
    marked: 'b: 1\r\na: x + «yy»\r\n',
    path: ['a'],
    part: 'yy',
  },
  { title: 'a value behind old Mac lines', marked: 'b: 1\ra: x + «yy»\r', path: ['a'], part: 'yy' },
  { title: 'the first line behind a mark', marked: '\uFEFFa: x + «yy»\n', path: ['a'], part: 'yy' },
  { title: 'a value behind a tab', marked: 'a:\t«x»\n', path: ['a'], part: null },
  { title: 'a value with a tab in it', marked: 'a: x\t+ «yy»\n', path: ['a'], part: 'yy' },
  {
    title: 'a value behind wide letters',
    marked: '"日本語": x + «yy»\n',
    path: ['日本語'],
    part: 'yy',
  },
  {
    title: 'a part behind characters of two halves',
    marked: 'a: "😀😀" + «yy»\n'.replace('"😀😀"', '😀😀'),
    path: ['a'],
    part: 'yy',
  },
  { title: 'a double quoted value', marked: 'a: "x == «yy»"\n', path: ['a'], part: 'yy' },
  {
    title: 'a part behind an escaped quote',
    marked: 'a: "s == \\"t\\" && «yy»"\n',
    path: ['a'],
    part: 'yy',
  },
  {
    title: 'a part behind escaped line ends and code points',
    marked: 'a: "x\\n\\u00e4\\x41 «yy»"\n',
    path: ['a'],
    part: 'yy',
  },
  {
    title: 'a part behind an escape of two halves',
    marked: 'a: "\\U0001F600 «yy»"\n',
    path: ['a'],
    part: 'yy',
  },
  { title: 'an escape itself', marked: 'a: "x «\\t» y"\n', path: ['a'], part: '\t' },
  { title: 'a single quoted value', marked: "a: 'it''s «yy»'\n", path: ['a'], part: 'yy' },
  {
    title: 'a double quoted value over lines',
    marked: 'a: "x ==\n   «yy»"\n',
    path: ['a'],
    part: 'yy',
  },
  {
    title: 'a double quoted value with a continued line',
    marked: 'a: "x\\\n   «yy»"\n',
    path: ['a'],
    part: 'yy',
  },
  { title: 'a plain value over lines', marked: 'a: x ==\n   «yy» && z\n', path: ['a'], part: 'yy' },
  {
    title: 'a plain value over CRLF lines',
    marked: 'a: x ==\r\n   «yy» && z\r\n',
    path: ['a'],
    part: 'yy',
  },
  { title: 'a literal block', marked: 'a: |\n  x ==\n  «yy»\n', path: ['a'], part: 'yy' },
  {
    title: 'a literal block with deeper lines',
    marked: 'a: |\n  f(\n      «yy»,\n    z)\n',
    path: ['a'],
    part: 'yy',
  },
  {
    title: 'a literal block behind CRLF',
    marked: 'a: |\r\n  x\r\n  «yy»\r\n',
    path: ['a'],
    part: 'yy',
  },
  { title: 'a stripped literal block', marked: 'a: |-\n    «yy»\nb: 1\n', path: ['a'], part: 'yy' },
  {
    title: 'a literal block with an indentation mark',
    marked: 'a: |2\n    x\n  «yy»\n',
    path: ['a'],
    part: 'yy',
  },
  { title: 'a folded block', marked: 'a: >\n  x ==\n  «yy» &&\n  z\n', path: ['a'], part: 'yy' },
  {
    title: 'a folded block with an empty line',
    marked: 'a: >\n  x\n\n  «yy»\n',
    path: ['a'],
    part: 'yy',
  },
  {
    title: 'a literal block behind a comment',
    marked: 'a: | # why\n  x\n  «yy»\n',
    path: ['a'],
    part: 'yy',
  },
  {
    title: 'a value in braces',
    marked: 'b: { c: 1, a: x + «yy» }\n',
    path: ['b', 'a'],
    part: 'yy',
  },
  { title: 'an item of a list', marked: 'a:\n  - x\n  - «yy»\n', path: ['a', 1], part: null },
  { title: 'an item in brackets', marked: 'a: [x, «yy»]\n', path: ['a', 1], part: null },
  { title: 'a value with an anchor', marked: 'a: &n «yy»\n', path: ['a'], part: null },
  { title: 'a value behind an alias', marked: 'b: &n «yy»\na: *n\n', path: ['a'], part: null },
  { title: 'a number', marked: 'a: «1.50»\n', path: ['a'], part: null },
]

/** Line and column from 1, in characters, and the width of the mark in its line. */
function markOf(marked: string): { text: string; line: number; column: number; width: number } {
  const before = marked.slice(0, marked.indexOf('«')).replace('\uFEFF', '')
  const inside = marked.slice(marked.indexOf('«') + 1, marked.indexOf('»'))
  const lines = before.split(/\r\n|\r|\n/)
  return {
    text: marked.replace('«', '').replace('»', ''),
    line: lines.length,
    column: Array.from(lines.at(-1) ?? '').length + 1,
    width: Array.from(inside.split(/\r|\n/)[0] ?? '').length,
  }
}

for (const one of CASES) {
  test(`places: ${one.title} is found to the column`, (t) => {
    const mark = markOf(one.marked)
    const { text } = textOf('f.yaml', { kind: 'file', bytes: mark.text })
    const { source, root, mistakes } = parseFile('f.yaml', text ?? '')
    t.deepEqual(mistakes, [])
    const places = new TreePlaces(source)
    places.useTree(root)
    const node = nodeAt(root, one.path)
    const value = node?.kind === 'scalar' ? node.text : ''
    const start = one.part === null ? -1 : value.lastIndexOf(one.part)
    if (one.part !== null) t.true(start >= 0, `${JSON.stringify(value)} holds the part`)
    const span = one.part === null ? null : { start, end: start + one.part.length }
    const place = places.locate(one.path, span === null ? {} : { span })
    t.like(place, { file: 'f.yaml', line: mark.line, column: mark.column, width: mark.width })
  })
}

test('places: every character of every value is found where it stands', (t) => {
  const text = [
    'a: x + yy == "z"',
    'b: "q \\" w \\\\ e"',
    "c: 'it''s so'",
    'd: |',
    '  first(',
    '    second)',
    '  third',
    'e: { f: g && h, i: [j, k] }',
  ].join('\n')
  const { source, root } = parseFile('f.yaml', text)
  const places = new TreePlaces(source)
  places.useTree(root)
  const lines = text.split('\n')
  for (const path of [['a'], ['b'], ['c'], ['d'], ['e', 'f'], ['e', 'i', 1]]) {
    const node = nodeAt(root, path)
    const value = node?.kind === 'scalar' ? node.text : ''
    for (let index = 0; index < value.length; index += 1) {
      const char = value.charAt(index)
      if (/\s/.test(char)) continue
      const { line, column } = places.locate(path, { span: { start: index, end: index + 1 } })
      const found = lines[line - 1]?.slice(column - 1) ?? ''
      const isThere = found.startsWith(char) || found.startsWith(`\\${char}`)
      t.true(isThere, `${path.join('.')}[${index}] ${char} is not at ${line}:${column}`)
    }
  }
})

test('places: a key, a missing key and a block of several lines are found at their keys', (t) => {
  const { source, root } = parseFile('f.yaml', 'top:\n  block:\n    a: 1\n')
  const places = new TreePlaces(source)
  places.useTree(root)
  t.like(places.locate(['top', 'block', 'a'], { onKey: true }), { line: 3, column: 5, width: 1 })
  t.like(places.locate(['top', 'block', 'b']), { line: 2, column: 3, width: 5 })
  t.like(places.locate(['top', 'block']), { line: 2, column: 3, width: 5 })
  t.like(places.locate(['nothing']), { line: 1, column: 1 })
})

test('places: a path without a tree is the start of the file', (t) => {
  const { source } = parseFile('f.yaml', 'x')
  t.like(new TreePlaces(source).locate(['a']), { file: 'f.yaml', line: 1, column: 1 })
})
