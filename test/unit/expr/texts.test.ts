/** Hunts: texts that are cut through a character, an order other than that of UTF-8 bytes, paths. */
import test from 'ava'
import * as fc from 'fast-check'
import { compileJsonPath, jsonGet } from '../../../shared/expr/functions/json-path.ts'
import {
  characterCount,
  characterPosition,
  charactersBetween,
} from '../../../shared/expr/functions/characters.ts'
import { rt } from '../../../shared/expr/runtime.ts'
import { valueOf } from './expr-kit.ts'

/** Around every border of UTF-16 and UTF-8, with pairs of surrogates. */
const character = fc.constantFrom(
  'a',
  'b',
  '\u007f',
  'ß',
  '\u07ff',
  '€',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '😀',
  '\u{10000}',
  '\u{10ffff}',
)
const text = fc.array(character, { maxLength: 8 }).map((all) => all.join(''))
const position = fc.integer({ min: -10, max: 10 })

test('texts: they are ordered as their UTF-8 bytes', (t) => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      const bytes = Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b)))
      t.is(Math.sign(rt.compareStrings(a, b)), bytes)
      t.is(valueOf('url < user', { url: a, user: b }), String(bytes < 0))
    }),
    { numRuns: 3000 },
  )
})

test('texts: characters are counted and cut whole', (t) => {
  fc.assert(
    fc.property(text, position, position, (one, from, count) => {
      const all = Array.from(one)
      const start = from < 0 ? Math.max(0, all.length + from) : from
      t.is(characterCount(one), all.length)
      t.is(charactersBetween(one, from), all.slice(start).join(''))
      const cut = all.slice(start, start + Math.max(0, count)).join('')
      t.is(charactersBetween(one, from, count), cut)
    }),
    { numRuns: 3000 },
  )
  t.is(characterPosition('😀a', 2), 1)
})

test('texts: padding gives exactly the length in characters', (t) => {
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 12 }), text, (one, length, fill) => {
      if (fill === '') return
      for (const fn of ['lpad', 'rpad']) {
        const shown = valueOf(`${fn}(url, ${length}, user)`, { url: one, user: fill })
        t.is(characterCount(JSON.parse(shown) as string), length)
      }
    }),
    { numRuns: 500 },
  )
})

test('texts: what `split_part` gives is what `split` has there', (t) => {
  const part = fc.constantFrom('a', '/', '//', 'b/', '')
  fc.assert(
    fc.property(
      fc.array(part).map((all) => all.join('')),
      fc.constantFrom('/', '//', ''),
      fc.integer({ min: -3, max: 6 }),
      (one, separator, index) => {
        const values = { url: one, user: separator, n: index }
        const all = JSON.parse(valueOf('split(url, user)', values)) as string[]
        t.is(valueOf('split_part(url, user, n)', values), JSON.stringify(all.at(index) ?? null))
      },
    ),
    { numRuns: 1000 },
  )
})

test('texts: results beyond the limit are refused with the length', (t) => {
  for (const call of [
    'repeat("ab", 1000000)',
    'lpad("a", 2000000)',
    'repeat(repeat("a", 1000000), 2)',
  ]) {
    t.throws(() => valueOf(call), { message: /longer than 1048576/ }, call)
  }
})

test('json path: keys and positions lead where they say', (t) => {
  const value = { a: { b: [{ 'odd key': 7 }, null] }, 'x-y': 1 }
  const cases = [
    ['a.b[0]["odd key"]', 7],
    ['$.a.b[0]["odd key"]', 7],
    ['a.b[1].c', null],
    ['a.c', null],
    ['x-y', 1],
    ['a.b[9]', null],
    ['', value],
  ] as const
  for (const [path, found] of cases) t.deepEqual(jsonGet(value, path), found, path)
  for (const path of ['a..b', 'a[', 'a[b]', '[-1]', 'a b'])
    t.is(typeof compileJsonPath(path), 'string')
})
