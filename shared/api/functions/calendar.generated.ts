/** Functions of the group "calendar" on columns. Made from shared/expr by `npm run reference`. */
import type { Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/**
 * The year.
 *
 * In text: `year(timestamp("2026-01-31T23:30:00Z"))` is `2026`.
 */
export function year<A extends Arg<'timestamp'>, B extends Arg<'string'> = never>(
  ts: A,
  zone?: B,
): Result<'integer', A | B>
export function year<A extends Arg<'date'>>(day: A): Result<'integer', A>
export function year(...args: readonly unknown[]): unknown {
  return callColumn('year', args)
}

/**
 * The quarter, from 1.
 *
 * In text: `quarter(date("2026-05-01"))` is `2`.
 */
export function quarter<A extends Arg<'timestamp'>, B extends Arg<'string'> = never>(
  ts: A,
  zone?: B,
): Result<'integer', A | B>
export function quarter<A extends Arg<'date'>>(day: A): Result<'integer', A>
export function quarter(...args: readonly unknown[]): unknown {
  return callColumn('quarter', args)
}

/**
 * The month, from 1.
 *
 * In text: `month(timestamp("2026-01-31T23:30:00Z"), "Europe/Berlin")` is `2`.
 */
export function month<A extends Arg<'timestamp'>, B extends Arg<'string'> = never>(
  ts: A,
  zone?: B,
): Result<'integer', A | B>
export function month<A extends Arg<'date'>>(day: A): Result<'integer', A>
export function month(...args: readonly unknown[]): unknown {
  return callColumn('month', args)
}

/**
 * The ISO week, from 1.
 *
 * In text: `week(date("2027-01-01"))` is `53`.
 */
export function week<A extends Arg<'timestamp'>, B extends Arg<'string'> = never>(
  ts: A,
  zone?: B,
): Result<'integer', A | B>
export function week<A extends Arg<'date'>>(day: A): Result<'integer', A>
export function week(...args: readonly unknown[]): unknown {
  return callColumn('week', args)
}

/**
 * The year an ISO week belongs to.
 *
 * In text: `week_year(date("2027-01-01"))` is `2026`.
 */
export function weekYear<A extends Arg<'timestamp'>, B extends Arg<'string'> = never>(
  ts: A,
  zone?: B,
): Result<'integer', A | B>
export function weekYear<A extends Arg<'date'>>(day: A): Result<'integer', A>
export function weekYear(...args: readonly unknown[]): unknown {
  return callColumn('week_year', args)
}

/**
 * The day of the month, from 1.
 *
 * In text: `day(date("2026-05-17"))` is `17`.
 */
export function day<A extends Arg<'timestamp'>, B extends Arg<'string'> = never>(
  ts: A,
  zone?: B,
): Result<'integer', A | B>
export function day<A extends Arg<'date'>>(day: A): Result<'integer', A>
export function day(...args: readonly unknown[]): unknown {
  return callColumn('day', args)
}

/**
 * Monday is 1, Sunday 7.
 *
 * In text: `day_of_week(date("2026-11-22"))` is `7`.
 */
export function dayOfWeek<A extends Arg<'timestamp'>, B extends Arg<'string'> = never>(
  ts: A,
  zone?: B,
): Result<'integer', A | B>
export function dayOfWeek<A extends Arg<'date'>>(day: A): Result<'integer', A>
export function dayOfWeek(...args: readonly unknown[]): unknown {
  return callColumn('day_of_week', args)
}

/**
 * The day of the year, from 1.
 *
 * In text: `day_of_year(date("2026-02-01"))` is `32`.
 */
export function dayOfYear<A extends Arg<'timestamp'>, B extends Arg<'string'> = never>(
  ts: A,
  zone?: B,
): Result<'integer', A | B>
export function dayOfYear<A extends Arg<'date'>>(day: A): Result<'integer', A>
export function dayOfYear(...args: readonly unknown[]): unknown {
  return callColumn('day_of_year', args)
}

/**
 * The hour, 0 to 23.
 *
 * In text: `hour(timestamp("2026-07-01T22:15:00Z"), "Europe/Berlin")` is `0`.
 */
export function hour<A extends Arg<'timestamp'>>(ts: A): Result<'integer', A>
export function hour<A extends Arg<'timestamp'>, B extends Arg<'string'>>(
  ts: A,
  zone: B,
): Result<'integer', A | B>
export function hour(...args: readonly unknown[]): unknown {
  return callColumn('hour', args)
}

/**
 * The minute, 0 to 59.
 *
 * In text: `minute(timestamp("2026-07-01T22:15:00Z"))` is `15`.
 */
export function minute<A extends Arg<'timestamp'>>(ts: A): Result<'integer', A>
export function minute<A extends Arg<'timestamp'>, B extends Arg<'string'>>(
  ts: A,
  zone: B,
): Result<'integer', A | B>
export function minute(...args: readonly unknown[]): unknown {
  return callColumn('minute', args)
}

/**
 * The second, 0 to 59.
 *
 * In text: `second(timestamp("2026-07-01T22:15:09Z"))` is `9`.
 */
export function second<A extends Arg<'timestamp'>>(ts: A): Result<'integer', A>
export function second<A extends Arg<'timestamp'>, B extends Arg<'string'>>(
  ts: A,
  zone: B,
): Result<'integer', A | B>
export function second(...args: readonly unknown[]): unknown {
  return callColumn('second', args)
}

/**
 * The millisecond, 0 to 999.
 *
 * In text: `millisecond(timestamp("2026-07-01T22:15:09.250Z"))` is `250`.
 */
export function millisecond<A extends Arg<'timestamp'>>(ts: A): Result<'integer', A>
export function millisecond<A extends Arg<'timestamp'>, B extends Arg<'string'>>(
  ts: A,
  zone: B,
): Result<'integer', A | B>
export function millisecond(...args: readonly unknown[]): unknown {
  return callColumn('millisecond', args)
}

/**
 * The last day of the month.
 *
 * In text: `last_day(date("2028-02-03"))` is `2028-02-29`.
 */
export function lastDay<A extends Arg<'date'>>(day: A): Result<'date', A>
export function lastDay(...args: readonly unknown[]): unknown {
  return callColumn('last_day', args)
}

/**
 * The start of the year, quarter, month, week (Monday), day, hour, minute or second.
 *
 * In text: `date_trunc("hour", timestamp("2026-11-22T10:45:00Z"))` is `2026-11-22T10:00:00.000Z`.
 */
export function dateTrunc<
  A extends Arg<'string'>,
  B extends Arg<'timestamp'>,
  C extends Arg<'string'> = never,
>(unit: A, ts: B, zone?: C): Result<'timestamp', A | B | C>
export function dateTrunc<A extends Arg<'string'>, B extends Arg<'date'>>(
  unit: A,
  day: B,
): Result<'date', A | B>
export function dateTrunc(...args: readonly unknown[]): unknown {
  return callColumn('date_trunc', args)
}

/**
 * Moved by calendar units in a zone; the time of day stays.
 *
 * In text: `date_add(date("2026-01-31"), 1, "month")` is `2026-02-28`.
 */
export function dateAdd<
  A extends Arg<'timestamp'>,
  B extends Arg<'integer'>,
  C extends Arg<'string'>,
  D extends Arg<'string'> = never,
>(ts: A, count: B, unit: C, zone?: D): Result<'timestamp', A | B | C | D>
export function dateAdd<A extends Arg<'date'>, B extends Arg<'integer'>, C extends Arg<'string'>>(
  day: A,
  count: B,
  unit: C,
): Result<'date', A | B | C>
export function dateAdd(...args: readonly unknown[]): unknown {
  return callColumn('date_add', args)
}

/**
 * Whole units from `from` to `to`, towards zero.
 *
 * In text: `date_diff("day", date("2026-01-01"), date("2026-03-01"))` is `59`.
 */
export function dateDiff<
  A extends Arg<'string'>,
  B extends Arg<'timestamp'>,
  C extends Arg<'timestamp'>,
  D extends Arg<'string'> = never,
>(unit: A, from: B, to: C, zone?: D): Result<'integer', A | B | C | D>
export function dateDiff<A extends Arg<'string'>, B extends Arg<'date'>, C extends Arg<'date'>>(
  unit: A,
  from: B,
  to: C,
): Result<'integer', A | B | C>
export function dateDiff(...args: readonly unknown[]): unknown {
  return callColumn('date_diff', args)
}
