/** Hunts texts that share a code or have two, over growth, and dictionaries that change once given. */
import test from 'ava'
import { TextCodes } from '../../../node/state/text-codes.ts'
import { viewOf } from '../../../node/state/copy-bytes.ts'
import { DictWriter, TextWriter } from '../../../node/state/column-writer.ts'

test('text codes: each of many texts has one code, by bytes, by string and from elsewhere', (t) => {
  const codes = new TextCodes()
  const other = new TextCodes()
  const texts = Array.from({ length: 5000 }, (_, index) =>
    index % 3 === 0 ? `${index}` : `näme ${'x'.repeat(index % 300)} ${index}`,
  )
  const expected = new Map<string, number>([['', 0]])
  for (const text of [...texts, '', ...texts]) {
    const bytes = Buffer.from(`..${text}`)
    const code = codes.codeOf(viewOf(bytes), 2, bytes.length - 2)
    if (!expected.has(text)) expected.set(text, code)
    t.is(code, expected.get(text)!)
    t.is(codes.codeOfString(text), code)
    t.is(codes.codeFrom(other, other.codeOfString(text)), code)
    t.is(codes.values[code], text)
  }
  t.is(codes.size, expected.size)
})

test('text writers: a batch that was taken stays as it is while the writer goes on', (t) => {
  for (const rows of [2, 8]) {
    const [dict, text] = [new DictWriter(8), new TextWriter('utf8', 8)]
    const bytes = Buffer.from('abcdefgh')
    for (let row = 0; row < rows; row++) {
      dict.put(row, bytes, row, 1)
      text.put(row, bytes, row, 1)
    }
    const [codes, texts] = [dict.take(rows), text.take(rows)]
    dict.put(0, bytes, 7, 1)
    text.put(0, bytes, 7, 1)
    if (codes.layout !== 'dict' || texts.layout !== 'utf8') throw new TypeError('layouts stay')
    const { dictionary } = codes
    t.deepEqual(
      Array.from(codes.codes.subarray(0, rows), (code) => dictionary.values[code]),
      'abcdefgh'.split('').slice(0, rows),
    )
    t.deepEqual(
      Array.from({ length: rows }, (_, row) =>
        Buffer.from(texts.bytes.subarray(texts.starts[row], texts.ends[row])).toString(),
      ),
      'abcdefgh'.split('').slice(0, rows),
    )
  }
})

test('text writer: rows from one place share bytes until the place holds another text', (t) => {
  const writer = new TextWriter('utf8', 8)
  const source = Buffer.from('a text of many bytes, and more')
  for (let row = 0; row < 3; row++) writer.put(row, source, 2, 20)
  source.write('T', 2)
  writer.put(3, source, 2, 20)
  const first = writer.take(4)
  writer.put(0, source, 2, 20)
  const second = writer.take(1)
  if (first.layout !== 'utf8' || second.layout !== 'utf8') throw new TypeError('texts stay texts')
  const textAt = ({ bytes, starts, ends }: typeof first, row: number): string =>
    Buffer.from(bytes.subarray(starts[row], ends[row])).toString()
  const expected = ['text of many bytes, ', 'text of many bytes, ', 'text of many bytes, ']
  t.deepEqual(
    [0, 1, 2, 3].map((row) => textAt(first, row)),
    [...expected, 'Text of many bytes, '],
  )
  t.is(first.bytes.length, 40)
  t.is(textAt(second, 0), 'Text of many bytes, ')
})
