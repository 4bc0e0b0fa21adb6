/** Types that the compiler did not see: what is written in JavaScript, or behind a cast. */
import test from 'ava'
import { fn, processor, schema } from '../../../index.ts'
import { StreamError } from '../../../shared/base/errors.ts'

const run = (): number => 1

const WRONG: readonly (readonly [string, () => unknown, RegExp])[] = [
  ['a struct as the output of fn', () => fn({ input: [], output: { a: 'integer' } as never, run: run as never }), /\{"a":"integer"\} is no type/],
  ['no output', () => fn({ input: [], run } as never), /missing is no type/],
  ['no list of inputs', () => fn({ input: 'integer' as never, output: 'integer', run }), /`input` is a list of types/],
  ['a number in a schema', () => schema({ id: 5 as never }), /id: 5 is no type/],
  ['a null in an output', () => processor({ input: {}, output: { n: null as never }, onRecord() {} }), /n: null is no type/],
] // prettier-ignore

for (const [title, make, message] of WRONG) {
  test(`types of authors: ${title} is refused with what was given`, (t) => {
    const error = t.throws(make, { instanceOf: StreamError })
    t.is(error?.code, 'SCHEMA_INVALID')
    t.regex(error?.message ?? '', message)
  })
}
