/** The rest of a division of whole numbers is exact up to the largest. */
import test from 'ava'
import { rt } from '../../../shared/expr/runtime.ts'
import { INTEGER_MAX } from '../../../shared/base/limits.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'

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
