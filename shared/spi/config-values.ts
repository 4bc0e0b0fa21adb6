/**
 * Values in connector configs. A value that came from `${NAME}` is text, whatever the key's type:
 * these schemas take a number or a truth value as text too. Secrets and addresses stay text.
 */
import { z } from 'zod'

const WHOLE_NUMBER = /^\d{1,16}$/
const NUMBER = /^\d+(\.\d+)?([eE][+-]?\d+)?$/
/** `10s`, `5 minutes`, `1_minute`, `200ms`, `PT5M`. A number without a unit is refused. */
const DURATION =
  /^(\d+(\.\d+)?[ _]?(ms|millis|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?)([ _]|$))+$|^P(?=.)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/

export function text(description: string): z.ZodString {
  return z.string().min(1).describe(description)
}

export function wholeNumber(description: string, bounds: { min?: number; max?: number } = {}) {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = bounds
  return z
    .union([z.number(), z.string().regex(WHOLE_NUMBER).transform(Number)], {
      error: 'Invalid input: expected a whole number',
    })
    .pipe(z.number().int().min(min).max(max))
    .describe(description)
}

export function positiveNumber(description: string) {
  return z
    .union([z.number(), z.string().regex(NUMBER).transform(Number)], {
      error: 'Invalid input: expected a number',
    })
    .pipe(z.number().positive())
    .describe(description)
}

export function flag(description: string) {
  return z
    .union([z.boolean(), z.enum(['true', 'false']).transform((value) => value === 'true')], {
      error: 'Invalid input: expected true or false',
    })
    .describe(description)
}

/** The text of a duration with its unit; parsed where it is used. */
export function durationText(description: string): z.ZodString {
  return z
    .string()
    .regex(DURATION, 'expected a duration with its unit, such as 5 minutes')
    .describe(description)
}

/** A text with `{expression}` parts, evaluated per row. */
export function template(description: string): z.ZodString {
  return z.string().min(1).describe(`${description} A template: {expression} is put in per row.`)
}

/** Name of an entry in `connections`, whose keys are laid under those of the block. */
export const connectionName = z
  .string()
  .min(1)
  .describe('Name of an entry in `connections`; its keys hold where the block says nothing.')
