/** Functions of the group "time" on columns. Made from shared/expr by `npm run reference`. */
import type { Arg, Result } from '../call-types.ts'
import { callColumn } from '../column-builder.ts'

/**
 * A timestamp of ISO text (UTC unless it has an offset, or in a zone) or of a date.
 *
 * In text: `timestamp("2026-01-31T10:05:00+01:00")` is `2026-01-31T09:05:00.000Z`.
 */
export function timestamp<A extends Arg<'string'>>(text: A): Result<'timestamp', A>
export function timestamp<A extends Arg<'string'>, B extends Arg<'string'>>(
  text: A,
  zone: B,
): Result<'timestamp', A | B>
export function timestamp<A extends Arg<'date'>>(day: A): Result<'timestamp', A>
export function timestamp<A extends Arg<'date'>, B extends Arg<'string'>>(
  day: A,
  zone: B,
): Result<'timestamp', A | B>
export function timestamp<A extends Arg<'timestamp'>>(ts: A): Result<'timestamp', A>
export function timestamp(...args: readonly unknown[]): unknown {
  return callColumn('timestamp', args)
}

/**
 * A date of ISO text, or of a timestamp in a zone (UTC without one).
 *
 * In text: `date("2026-01-31")` is `2026-01-31`.
 */
export function date<A extends Arg<'string'>>(text: A): Result<'date', A>
export function date<A extends Arg<'timestamp'>>(ts: A): Result<'date', A>
export function date<A extends Arg<'timestamp'>, B extends Arg<'string'>>(
  ts: A,
  zone: B,
): Result<'date', A | B>
export function date<A extends Arg<'integer'>, B extends Arg<'integer'>, C extends Arg<'integer'>>(
  year: A,
  month: B,
  day: C,
): Result<'date', A | B | C>
export function date(...args: readonly unknown[]): unknown {
  return callColumn('date', args)
}

/**
 * A duration of text: `5m`, `1h 30m`, `PT5M`.
 *
 * In text: `duration("90 minutes")` is `90m`.
 */
export function duration<A extends Arg<'string'>>(text: A): Result<'duration', A>
export function duration(...args: readonly unknown[]): unknown {
  return callColumn('duration', args)
}

/**
 * A timestamp of text; null where it is none.
 *
 * In text: `try_timestamp("soon")` is `null`.
 */
export function tryTimestamp<A extends Arg<'string'>>(text: A): Result<'timestamp?', A>
export function tryTimestamp(...args: readonly unknown[]): unknown {
  return callColumn('try_timestamp', args)
}

/**
 * A date of text; null where it is none.
 *
 * In text: `try_date("2026-02-30")` is `null`.
 */
export function tryDate<A extends Arg<'string'>>(text: A): Result<'date?', A>
export function tryDate(...args: readonly unknown[]): unknown {
  return callColumn('try_date', args)
}

/**
 * A duration of text; null where it is none.
 *
 * In text: `try_duration("5")` is `null`.
 */
export function tryDuration<A extends Arg<'string'>>(text: A): Result<'duration?', A>
export function tryDuration(...args: readonly unknown[]): unknown {
  return callColumn('try_duration', args)
}

/**
 * A time as text: yyyy MM dd HH mm ss SSS, EEE, MMM, XX, 'quoted'.
 *
 * In text: `format_time(timestamp("2026-11-22T10:05:00Z"), "yyyy-MM-dd HH:mm")` is `"2026-11-22
 * 10:05"`.
 */
export function formatTime<
  A extends Arg<'timestamp'>,
  B extends Arg<'string'>,
  C extends Arg<'string'> = never,
>(ts: A, pattern: B, zone?: C): Result<'string', A | B | C>
export function formatTime<A extends Arg<'date'>, B extends Arg<'string'>>(
  day: A,
  pattern: B,
): Result<'string', A | B>
export function formatTime(...args: readonly unknown[]): unknown {
  return callColumn('format_time', args)
}

/**
 * A timestamp of text in a pattern and zone; an error where it does not fit.
 *
 * In text: `parse_time("22.11.2026 11:05", "dd.MM.yyyy HH:mm", "Europe/Berlin")` is
 * `2026-11-22T10:05:00.000Z`.
 */
export function parseTime<
  A extends Arg<'string'>,
  B extends Arg<'string'>,
  C extends Arg<'string'> = never,
>(text: A, pattern: B, zone?: C): Result<'timestamp', A | B | C>
export function parseTime(...args: readonly unknown[]): unknown {
  return callColumn('parse_time', args)
}

/**
 * As `parse_time`; null where it does not fit.
 *
 * In text: `try_parse_time("soon", "yyyy")` is `null`.
 */
export function tryParseTime<
  A extends Arg<'string'>,
  B extends Arg<'string'>,
  C extends Arg<'string'> = never,
>(text: A, pattern: B, zone?: C): Result<'timestamp?', A | B | C>
export function tryParseTime(...args: readonly unknown[]): unknown {
  return callColumn('try_parse_time', args)
}

/**
 * Whole seconds since 1970.
 *
 * In text: `unix_seconds(timestamp("1970-01-01T00:00:05Z"))` is `5`.
 */
export function unixSeconds<A extends Arg<'timestamp'>>(ts: A): Result<'integer', A>
export function unixSeconds(...args: readonly unknown[]): unknown {
  return callColumn('unix_seconds', args)
}

/**
 * The timestamp so many seconds after 1970.
 *
 * In text: `from_unix_seconds(5)` is `1970-01-01T00:00:05.000Z`.
 */
export function fromUnixSeconds<A extends Arg<'number'>>(count: A): Result<'timestamp', A>
export function fromUnixSeconds(...args: readonly unknown[]): unknown {
  return callColumn('from_unix_seconds', args)
}

/**
 * Whole millis since 1970.
 *
 * In text: `unix_millis(timestamp("1970-01-01T00:00:05Z"))` is `5000`.
 */
export function unixMillis<A extends Arg<'timestamp'>>(ts: A): Result<'integer', A>
export function unixMillis(...args: readonly unknown[]): unknown {
  return callColumn('unix_millis', args)
}

/**
 * The timestamp so many millis after 1970.
 *
 * In text: `from_unix_millis(5000)` is `1970-01-01T00:00:05.000Z`.
 */
export function fromUnixMillis<A extends Arg<'number'>>(count: A): Result<'timestamp', A>
export function fromUnixMillis(...args: readonly unknown[]): unknown {
  return callColumn('from_unix_millis', args)
}

/**
 * A duration in milliseconds.
 *
 * In text: `in_milliseconds(duration("36h"))` is `129600000`.
 */
export function inMilliseconds<A extends Arg<'duration'>>(d: A): Result<'number', A>
export function inMilliseconds(...args: readonly unknown[]): unknown {
  return callColumn('in_milliseconds', args)
}

/**
 * A duration in seconds.
 *
 * In text: `in_seconds(duration("36h"))` is `129600`.
 */
export function inSeconds<A extends Arg<'duration'>>(d: A): Result<'number', A>
export function inSeconds(...args: readonly unknown[]): unknown {
  return callColumn('in_seconds', args)
}

/**
 * A duration in minutes.
 *
 * In text: `in_minutes(duration("36h"))` is `2160`.
 */
export function inMinutes<A extends Arg<'duration'>>(d: A): Result<'number', A>
export function inMinutes(...args: readonly unknown[]): unknown {
  return callColumn('in_minutes', args)
}

/**
 * A duration in hours.
 *
 * In text: `in_hours(duration("36h"))` is `36`.
 */
export function inHours<A extends Arg<'duration'>>(d: A): Result<'number', A>
export function inHours(...args: readonly unknown[]): unknown {
  return callColumn('in_hours', args)
}

/**
 * A duration in days.
 *
 * In text: `in_days(duration("36h"))` is `1.5`.
 */
export function inDays<A extends Arg<'duration'>>(d: A): Result<'number', A>
export function inDays(...args: readonly unknown[]): unknown {
  return callColumn('in_days', args)
}

/** The processing time. Not a function of the row: refused on retracting input. */
export function now(): Result<'timestamp', never>
export function now(...args: readonly unknown[]): unknown {
  return callColumn('now', args)
}
