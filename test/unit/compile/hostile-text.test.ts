/**
 * Hunts: text of an author that becomes code. Names, literals and rules of any characters compile,
 * run right, touch nothing outside, and stand in the code only as comments or not at all.
 */
import test from 'ava'
import { array, assert, constantFrom, oneof, property, string } from 'fast-check'
import { compileLoop } from '../../../shared/expr/compile/compile-loop.ts'
import { rowsToBatch } from '../../../shared/model/batch-rows.ts'
import { RowViews } from '../../../shared/model/rows/row-view.ts'
import { call, col, listener, lit, overload, spec } from './typed-trees.ts'

const NASTY = ["'", '"', '`', '\\', '${', '}', '*/', '//', '\n', '\r', '\u2028', '\u2029', ';', ')', '\0', '<!--', '-->', 'globalThis.pwned=1', '__proto__', 'constructor', 'k0', 'return', '\ud800'] // prettier-ignore
const text = array(oneof(constantFrom(...NASTY), string({ unit: 'binary', maxLength: 3 })), {
  maxLength: 8,
}).map((parts) => parts.join(''))
/** A dot would make a struct of it, and a name is not empty. */
const name = text.map((raw) => `${raw.replaceAll(/[.?]/g, '')}n`)

/** Without comments, generated code holds only names, numbers and punctuation of its own making. */
const OWN = /^[\sA-Za-z0-9_$.,;:?!<>=&|+\-*/%()[\]{}'#]*$/

function utf8(raw: string): string {
  return Buffer.from(raw, 'utf8').toString('hex')
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\/.*$/gm, '')
}

test('code: no text of an author becomes code', (t) => {
  const check = property(name, text, name, text, (field, literal, rule, value) => {
    const column = spec(field, 'string?')
    const other = spec(`${field}2`, 'string', 'dict')
    const input = [column, other]
    const equal = call('==', col(column), lit(literal))
    const joined = call('+', col(column), lit(literal))
    const output = [
      { spec: spec('equal', 'boolean?'), expr: equal },
      { spec: spec('joined', 'string?'), expr: joined },
      { spec: spec('either', 'boolean?'), expr: call('==', col(other), lit(literal)) },
      { spec: other, expr: col(other) },
    ]
    const loop = compileLoop({
      input,
      steps: [{ kind: 'validate', rules: [{ name: rule, predicate: lit(false) }], action: 'warn' }], // prettier-ignore
      output,
      rejected: [],
      overload,
    })
    const batch = rowsToBatch([{ [field]: value, [`${field}2`]: literal }, { [field]: null, [`${field}2`]: value }], input) // prettier-ignore
    const host = listener()
    const left = loop.run(batch, host)
    t.is(left?.length, 2)
    t.deepEqual(host.observed, [`warn ${rule}`, `warn ${rule}`])
    const equals = left?.columns[0]
    if (equals?.layout !== 'bool') return t.fail('equal is a boolean')
    t.is(equals.values[0], utf8(value) === utf8(literal) ? 1 : 0)
    t.is(equals.nulls?.[1], 1)
    t.regex(withoutComments(loop.code), OWN)
    const view = new RowViews(input).open(batch)(0)
    t.is(utf8(String(view[field])), utf8(value))
    t.false('pwned' in globalThis)
  })
  assert(check, { numRuns: 400 })
})
