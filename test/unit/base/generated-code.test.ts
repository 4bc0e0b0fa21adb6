/** The memory of generated code: what is shared between two uses of a text, and what is not. */
import test from 'ava'
import { factoryOf, functionOf } from '../../../shared/base/generated-code.ts'
import { GENERATED_TEXTS_MAX } from '../../../shared/base/limits.ts'

test('generated code: the same text is compiled once', (t) => {
  t.is(functionOf(['a'], 'return a + 1'), functionOf(['a'], 'return a + 1'))
})

test('generated code: the same body under other parameters is other code', (t) => {
  t.is(functionOf(['a', 'b'], 'return a - b')(3, 1), 2)
  t.is(functionOf(['b', 'a'], 'return a - b')(3, 1), -2)
  t.is(functionOf(['a'], 'b\nreturn a').length, 1)
})

test('generated code: two uses of a text share no state', (t) => {
  const body = 'let count = start\nreturn () => ++count'
  const first = factoryOf(['start'], body)(0) as () => number
  const second = factoryOf(['start'], body)(10) as () => number
  t.deepEqual([first(), first(), second(), first()], [1, 2, 11, 3])
})

test('generated code: a text that was forgotten is compiled again', (t) => {
  const made = functionOf([], 'return "kept"')
  const busy = functionOf([], 'return "busy"')
  for (let index = 0; index < GENERATED_TEXTS_MAX; index++) {
    functionOf([], `return ${index}`)
    t.is(functionOf([], 'return "busy"'), busy)
  }
  t.not(functionOf([], 'return "kept"'), made)
  t.is(functionOf([], 'return "kept"')(), 'kept')
})

test('generated code: it is strict', (t) => {
  t.is(functionOf([], 'return this')(), undefined)
})

test('generated code: a factory that needs its parameters works like any other', (t) => {
  const body =
    'const first = list[0].value\nconst halves = new Int32Array(list[0].buffer)\nconst [one] = list\nreturn () => first'
  for (const value of [1, 2]) {
    const read = factoryOf(['list'], body)([{ value, buffer: new ArrayBuffer(8) }]) as () => number
    t.is(read(), value)
  }
})
