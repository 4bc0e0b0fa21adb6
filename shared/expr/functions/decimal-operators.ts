/** `+ - * %` of decimals: which scales go in and come out, in doubles and in BigInt. */
import type { DataType } from '../../model/data-type.ts'
import { isNarrowDecimal, resultDecimal, type DecimalType } from '../decimal.ts'
import type { ArgumentType, Overload, OverloadMatch } from '../overload.ts'
import { asDecimal } from '../unify.ts'
import { free } from './define.ts'

/** `a op b` of two decimals, or one and what counts as one. */
function decimals(
  args: readonly ArgumentType[],
  make: (a: DecimalType, b: DecimalType) => OverloadMatch | null,
): OverloadMatch | null {
  const [left, right] = args
  if (left === undefined || right === undefined || args.length !== 2) return null
  if (left.type.kind !== 'decimal' && right.type.kind !== 'decimal') return null
  if (left.type.kind === 'null' || right.type.kind === 'null') {
    const type = left.type.kind === 'decimal' ? left.type : right.type
    return type.kind === 'decimal' ? make(type, type) : null
  }
  const a = asDecimal(left)
  const b = asDecimal(right)
  return a === null || b === null ? null : make(a, b)
}

function decimalMatch(result: DecimalType, a: DataType, b: DataType): OverloadMatch {
  return { params: [a, b], result: { type: result, nullable: false } }
}

/** Both at the larger scale; the result too. */
function sameScale(a: DecimalType, b: DecimalType): OverloadMatch {
  const type = resultDecimal(Math.max(a.scale, b.scale), a, b)
  return decimalMatch(type, type, type)
}

/** In doubles the precision of an operand does not matter; beside a BigInt it is one. */
export function asWideAs(result: DecimalType, operand: DecimalType): DecimalType {
  return isNarrowDecimal(result) ? operand : { ...operand, precision: result.precision }
}

function product(a: DecimalType, b: DecimalType): OverloadMatch | null {
  const scale = a.scale + b.scale
  if (scale > 38) return null
  const type = resultDecimal(scale, a, b)
  return decimalMatch(type, asWideAs(type, a), asWideAs(type, b))
}

interface DecimalOperator {
  readonly symbol: '+' | '-' | '*' | '%'
  readonly name: string
  readonly narrow: (a: number, b: number) => number
  readonly wide: (a: bigint, b: bigint) => bigint
}

function isNarrowResult(match: OverloadMatch | null): boolean {
  return match?.result.type.kind === 'decimal' && isNarrowDecimal(match.result.type)
}

/** `add.decimal` in doubles and `add.decimal_wide` in BigInt. */
export function decimalOverloads({ symbol, name, narrow, wide }: DecimalOperator): Overload[] {
  const make = symbol === '*' ? product : sameScale
  const shared = { signature: `decimal ${symbol} decimal -> decimal`, throws: true }
  const helper = symbol === '%' ? 'moduloInteger' : null
  return [
    free({
      id: `${name}.decimal`,
      ...shared,
      resolve(args) {
        const match = decimals(args, make)
        return isNarrowResult(match) ? match : null
      },
      inline: ([a, b]) =>
        helper === null ? `rt.narrow(${a} ${symbol} ${b})` : `rt.${helper}(${a}, ${b})`,
      run: narrow,
    }),
    free({
      id: `${name}.decimal_wide`,
      ...shared,
      resolve(args) {
        const match = decimals(args, make)
        return isNarrowResult(match) ? null : match
      },
      run: wide,
    }),
  ]
}
