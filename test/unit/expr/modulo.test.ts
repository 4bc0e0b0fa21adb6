/** The rest of a division of whole numbers is exact up to the largest. */
import test from 'ava'
import { compileLoop } from '../../../shared/expr/compile/compile-loop.ts'
import { rt } from '../../../shared/expr/runtime.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import { INTEGER_MAX } from '../../../shared/base/limits.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { call, col, listener, lit, overload, spec } from '../compile/typed-trees.ts'

test('modulo of integers: equals that of BigInt, also next to multiples and at the ends', (t) => {
  const random = new SeededRandom(11)
  const whole = (): number => {
    const size = 2 ** (1 + random.below(53))
    const value = Math.min(INTEGER_MAX, Math.floor(random.next() * size))
    return random.below(2) === 0 ? value : -value
  }
  const check = (a: number, b: number): void => {
    if (b === 0 || Math.abs(a) > INTEGER_MAX) return
    const expected = Number(BigInt(a) % BigInt(b))
    const actual = rt.moduloInteger(a, b)
    if (!Object.is(actual, expected)) t.fail(`${a} % ${b} is ${expected}, not ${actual}`)
  }
  for (let round = 0; round < 20_000; round++) {
    const [a, b] = [whole(), whole()]
    check(a, b)
    // Quotients that all but reach a whole number.
    const multiple = b * Math.trunc(a / b)
    for (const near of [multiple - 1, multiple, multiple + 1]) if (b !== 0) check(near, b)
    check(INTEGER_MAX, b)
    check(-INTEGER_MAX, b)
  }
  t.throws(() => rt.moduloInteger(1, 0), { message: /divided by 0/ })
})

test('modulo of integers: generated code for a literal equals that of BigInt', (t) => {
  const random = new SeededRandom(12)
  const input = [spec('n', 'integer')]
  for (const by of [1, 2, 3, 7, 1000, 86_400_000, 2 ** 31 - 1]) {
    const ends = [0, 2 ** 31 - 1, 2 ** 31, INTEGER_MAX - 1, INTEGER_MAX]
    const multiples = Array.from({ length: 200 }, () => {
      const multiple = by * Math.floor((random.next() * INTEGER_MAX) / by)
      return [multiple - 1, multiple, multiple + 1]
    }).flat()
    const values = [...ends, ...multiples].filter((value) => value <= INTEGER_MAX)
    const all = [...values, ...values.map((value) => 0 - value)]
    const builder = new BatchBuilder({ columns: input }, all.length)
    for (const value of all) builder.append([value], 0, 0)
    const output = [{ spec: spec('rest', 'integer'), expr: call('%', col(input[0]!), lit(by)) }]
    const loop = compileLoop({ input, steps: [], output, rejected: [], overload })
    const rests = loop.run(builder.finish(), listener())!.columns[0]!
    for (const [row, value] of all.entries()) {
      const expected = Number(BigInt(value) % BigInt(by))
      if (!Object.is(valueAt(rests, row), expected)) return t.fail(`${value} % ${by}`)
    }
  }
  return t.pass()
})
