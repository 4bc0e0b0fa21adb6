/** Functions of the group "math" on columns. Made from shared/expr by `npm run reference`. */
import type { Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/**
 * Quotient of integers without its fraction; of decimals rounded to `scale` digits.
 *
 * In text: `div(7, 2)` is `3`.
 */
export function div<A extends Arg<'integer'>, B extends Arg<'integer'>>(
  a: A,
  b: B,
): Result<'integer', A | B>
export function div<A extends Arg<'bigint'>, B extends Arg<'bigint'>>(
  a: A,
  b: B,
): Result<'bigint', A | B>
export function div<A extends Arg<'decimal'>, B extends Arg<'decimal'>, C extends Arg<'integer'>>(
  a: A,
  b: B,
  scale: C,
): Result<'decimal', A | B | C>
export function div(...args: readonly unknown[]): unknown {
  return callColumn('div', args)
}

/**
 * Rest of a division, never negative for a positive divisor.
 *
 * In text: `mod(-7, 3)` is `2`.
 */
export function mod<A extends Arg<'integer'>, B extends Arg<'integer'>>(
  a: A,
  b: B,
): Result<'integer', A | B>
export function mod<A extends Arg<'number'>, B extends Arg<'number'>>(
  a: A,
  b: B,
): Result<'number', A | B>
export function mod(...args: readonly unknown[]): unknown {
  return callColumn('mod', args)
}

/**
 * `a / b` as a number; null where b is 0.
 *
 * In text: `ratio(1, 4)` is `0.25`.
 */
export function ratio<A extends Arg<'number'>, B extends Arg<'number'>>(
  a: A,
  b: B,
): Result<'number?', A | B>
export function ratio<A extends Arg<'duration'>, B extends Arg<'duration'>>(
  a: A,
  b: B,
): Result<'number?', A | B>
export function ratio<A extends Arg<'decimal'>, B extends Arg<'decimal'>>(
  a: A,
  b: B,
): Result<'number?', A | B>
export function ratio(...args: readonly unknown[]): unknown {
  return callColumn('ratio', args)
}

/**
 * Without its sign.
 *
 * In text: `abs(-3)` is `3`.
 */
export function abs<A extends Arg<'integer'>>(x: A): Result<'integer', A>
export function abs<A extends Arg<'number'>>(x: A): Result<'number', A>
export function abs<A extends Arg<'duration'>>(x: A): Result<'duration', A>
export function abs<A extends Arg<'bigint'>>(x: A): Result<'bigint', A>
export function abs<A extends Arg<'decimal'>>(x: A): Result<'decimal', A>
export function abs(...args: readonly unknown[]): unknown {
  return callColumn('abs', args)
}

/**
 * −1, 0 or 1.
 *
 * In text: `sign(-2.5)` is `-1`.
 */
export function sign<A extends Arg<'number'>>(x: A): Result<'integer', A>
export function sign<A extends Arg<'decimal'>>(x: A): Result<'integer', A>
export function sign(...args: readonly unknown[]): unknown {
  return callColumn('sign', args)
}

/**
 * Square root.
 *
 * In text: `sqrt(9.0)` is `3`.
 */
export function sqrt<A extends Arg<'number'>>(x: A): Result<'number', A>
export function sqrt(...args: readonly unknown[]): unknown {
  return callColumn('sqrt', args)
}

/**
 * e to the power of x.
 *
 * In text: `exp(0.0)` is `1`.
 */
export function exp<A extends Arg<'number'>>(x: A): Result<'number', A>
export function exp(...args: readonly unknown[]): unknown {
  return callColumn('exp', args)
}

/**
 * Natural logarithm.
 *
 * In text: `ln(1.0)` is `0`.
 */
export function ln<A extends Arg<'number'>>(x: A): Result<'number', A>
export function ln(...args: readonly unknown[]): unknown {
  return callColumn('ln', args)
}

/**
 * Logarithm to base 10.
 *
 * In text: `log10(1000.0)` is `3`.
 */
export function log10<A extends Arg<'number'>>(x: A): Result<'number', A>
export function log10(...args: readonly unknown[]): unknown {
  return callColumn('log10', args)
}

/**
 * Logarithm to base 2.
 *
 * In text: `log2(8.0)` is `3`.
 */
export function log2<A extends Arg<'number'>>(x: A): Result<'number', A>
export function log2(...args: readonly unknown[]): unknown {
  return callColumn('log2', args)
}

/**
 * Sine of radians.
 *
 * In text: `sin(0.0)` is `0`.
 */
export function sin<A extends Arg<'number'>>(x: A): Result<'number', A>
export function sin(...args: readonly unknown[]): unknown {
  return callColumn('sin', args)
}

/**
 * Cosine of radians.
 *
 * In text: `cos(0.0)` is `1`.
 */
export function cos<A extends Arg<'number'>>(x: A): Result<'number', A>
export function cos(...args: readonly unknown[]): unknown {
  return callColumn('cos', args)
}

/**
 * Tangent of radians.
 *
 * In text: `tan(0.0)` is `0`.
 */
export function tan<A extends Arg<'number'>>(x: A): Result<'number', A>
export function tan(...args: readonly unknown[]): unknown {
  return callColumn('tan', args)
}

/**
 * Arc sine in radians.
 *
 * In text: `asin(0.0)` is `0`.
 */
export function asin<A extends Arg<'number'>>(x: A): Result<'number', A>
export function asin(...args: readonly unknown[]): unknown {
  return callColumn('asin', args)
}

/**
 * Arc cosine in radians.
 *
 * In text: `acos(1.0)` is `0`.
 */
export function acos<A extends Arg<'number'>>(x: A): Result<'number', A>
export function acos(...args: readonly unknown[]): unknown {
  return callColumn('acos', args)
}

/**
 * Arc tangent in radians.
 *
 * In text: `atan(0.0)` is `0`.
 */
export function atan<A extends Arg<'number'>>(x: A): Result<'number', A>
export function atan(...args: readonly unknown[]): unknown {
  return callColumn('atan', args)
}

/**
 * Degrees in radians.
 *
 * In text: `radians(0.0)` is `0`.
 */
export function radians<A extends Arg<'number'>>(x: A): Result<'number', A>
export function radians(...args: readonly unknown[]): unknown {
  return callColumn('radians', args)
}

/**
 * Radians in degrees.
 *
 * In text: `degrees(0.0)` is `0`.
 */
export function degrees<A extends Arg<'number'>>(x: A): Result<'number', A>
export function degrees(...args: readonly unknown[]): unknown {
  return callColumn('degrees', args)
}

/**
 * Angle of a point in radians.
 *
 * In text: `atan2(0.0, 1.0)` is `0`.
 */
export function atan2<A extends Arg<'number'>, B extends Arg<'number'>>(
  y: A,
  x: B,
): Result<'number', A | B>
export function atan2(...args: readonly unknown[]): unknown {
  return callColumn('atan2', args)
}

/**
 * To the power of y.
 *
 * In text: `pow(2.0, 10.0)` is `1024`.
 */
export function pow<A extends Arg<'number'>, B extends Arg<'number'>>(
  x: A,
  y: B,
): Result<'number', A | B>
export function pow(...args: readonly unknown[]): unknown {
  return callColumn('pow', args)
}

/**
 * The start of the bucket of this width that holds x.
 *
 * In text: `bucket(17, 5)` is `15`.
 */
export function bucket<A extends Arg<'integer'>, B extends Arg<'integer'>>(
  x: A,
  width: B,
): Result<'integer', A | B>
export function bucket<A extends Arg<'number'>, B extends Arg<'number'>>(
  x: A,
  width: B,
): Result<'number', A | B>
export function bucket(...args: readonly unknown[]): unknown {
  return callColumn('bucket', args)
}

/**
 * To the nearest, half away from zero; to `digits` digits.
 *
 * In text: `round(2.5)` is `3`.
 */
export function round<A extends Arg<'integer'>>(x: A): Result<'integer', A>
export function round<A extends Arg<'number'>>(x: A): Result<'number', A>
export function round<A extends Arg<'number'>, B extends Arg<'integer'>>(
  x: A,
  digits: B,
): Result<'number', A | B>
export function round<A extends Arg<'decimal'>, B extends Arg<'integer'> = never>(
  x: A,
  digits?: B,
): Result<'decimal', A | B>
export function round(...args: readonly unknown[]): unknown {
  return callColumn('round', args)
}

/**
 * To the next lower.
 *
 * In text: `floor(-1.5)` is `-2`.
 */
export function floor<A extends Arg<'integer'>>(x: A): Result<'integer', A>
export function floor<A extends Arg<'number'>>(x: A): Result<'number', A>
export function floor<A extends Arg<'number'>, B extends Arg<'integer'>>(
  x: A,
  digits: B,
): Result<'number', A | B>
export function floor<A extends Arg<'decimal'>, B extends Arg<'integer'> = never>(
  x: A,
  digits?: B,
): Result<'decimal', A | B>
export function floor(...args: readonly unknown[]): unknown {
  return callColumn('floor', args)
}

/**
 * To the next higher.
 *
 * In text: `ceil(1.2)` is `2`.
 */
export function ceil<A extends Arg<'integer'>>(x: A): Result<'integer', A>
export function ceil<A extends Arg<'number'>>(x: A): Result<'number', A>
export function ceil<A extends Arg<'number'>, B extends Arg<'integer'>>(
  x: A,
  digits: B,
): Result<'number', A | B>
export function ceil<A extends Arg<'decimal'>, B extends Arg<'integer'> = never>(
  x: A,
  digits?: B,
): Result<'decimal', A | B>
export function ceil(...args: readonly unknown[]): unknown {
  return callColumn('ceil', args)
}

/**
 * Towards zero.
 *
 * In text: `trunc(-1.9)` is `-1`.
 */
export function trunc<A extends Arg<'integer'>>(x: A): Result<'integer', A>
export function trunc<A extends Arg<'number'>>(x: A): Result<'number', A>
export function trunc<A extends Arg<'number'>, B extends Arg<'integer'>>(
  x: A,
  digits: B,
): Result<'number', A | B>
export function trunc<A extends Arg<'decimal'>, B extends Arg<'integer'> = never>(
  x: A,
  digits?: B,
): Result<'decimal', A | B>
export function trunc(...args: readonly unknown[]): unknown {
  return callColumn('trunc', args)
}
