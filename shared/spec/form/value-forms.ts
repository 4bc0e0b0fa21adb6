/** Forms of single values: names, expressions, durations, functions. Each describes itself. */
import { z } from 'zod'
import { parseDuration } from '../../model/duration-text.ts'
import type { SpanSpec } from '../pipeline-spec.ts'
import { say } from './said.ts'

export const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/
export const PIPELINE_NAME = /^[a-z0-9][a-z0-9_-]{0,62}$/
/** `field` or `a.b`. */
const FIELD_PATH = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/
const FUNCTION_REF = /^\.{0,2}\/?[^#\s]+\.[cm]?[jt]s#[A-Za-z_$][\w$]*$/

export const identifier = z
  .string()
  .regex(IDENTIFIER, {
    error: (issue) => say('NAME_INVALID', `${show(issue.input)} is not a name`, NAME_FIX),
  })
  .describe('A name: letters, digits and `_`, not beginning with a digit.')

export const NAME_FIX = 'write letters, digits and `_` only, with a letter first'

export const fieldPath = z
  .string()
  .regex(FIELD_PATH, {
    error: (issue) =>
      say(
        'NAME_INVALID',
        `${show(issue.input)} is not a field`,
        'write a field, or `a.b` for a field inside a struct',
      ),
  })
  .describe('A field, or `a.b` inside a struct.')

/** Where a list holds fields, an expression needs a name. */
export function fieldOrNamed(fix: (expression: string) => string) {
  return z
    .string()
    .regex(FIELD_PATH, {
      error: (issue) => {
        const written = typeof issue.input === 'string' ? issue.input : ''
        const alias = /^(\S.*?)\s+as\s+([A-Za-z_]\w*)$/i.exec(written)
        const named = alias === null ? fix(written) : `write \`${alias[2]}: ${alias[1]}\``
        return say('NAME_INVALID', `${show(issue.input)} is not a field`, named)
      },
    })
    .describe('A field, or `a.b` inside a struct.')
}

/** `block` or `block.side`. */
export const streamName = z
  .string()
  .regex(FIELD_PATH, {
    error: (issue) =>
      say(
        'NAME_INVALID',
        `${show(issue.input)} names no stream`,
        'write the name of a block, or `block.side` for a side output',
      ),
  })
  .describe('A block, or `block.late`, `block.rejected`, `block.dead_letter`, `block.output`.')

/** Numbers and truth values are expressions too; what was written is read from the tree. */
export function expression(description: string) {
  return z
    .union([z.string(), z.number(), z.boolean(), z.null()], {
      error: say(
        'VALUE_INVALID',
        'an expression is one text',
        'write it in one line, or below `|`',
      ),
    })
    .describe(description)
}

export const namedExpressions = (description: string) =>
  z
    .record(identifier, expression('An expression.'))
    .refine((entries) => Object.keys(entries).length > 0, {
      error: say('VALUE_INVALID', 'the mapping is empty', 'name at least one: `field: expression`'),
    })
    .describe(description)

const DURATION_FIX = 'write for instance `10s`, `5 minutes` or `PT5M`'

/** Milliseconds; `signed` for bounds around a time. */
export function duration(description: string, bounds: { signed?: boolean; min?: number } = {}) {
  return z
    .string({ error: (issue) => durationTypeError(issue.input) })
    .meta({ description, examples: ['10s', '5 minutes', 'PT5M'] })
    .transform((text, context) => {
      const problem = durationProblem(text, bounds)
      if (problem === null) return parseDuration(text).duration?.ms ?? 0
      context.addIssue({ code: 'custom', message: problem })
      return z.NEVER
    })
}

function durationProblem(text: string, bounds: { signed?: boolean; min?: number }): string | null {
  const parsed = parseDuration(text)
  if (parsed.duration === null) {
    const [message = '', fix = DURATION_FIX] = splitFix(parsed.problem)
    return say('DURATION_INVALID', message, fix)
  }
  const { ms } = parsed.duration
  if (ms < 0 && bounds.signed !== true) {
    return say('DURATION_INVALID', `\`${text}\` is negative`, 'leave the sign out')
  }
  if (bounds.min === undefined || ms >= bounds.min) return null
  return say('DURATION_INVALID', `\`${text}\` is too short`, `write at least ${bounds.min} ms`)
}

/** `"5" has no unit: write a number and a unit` is a message and a fix. */
function splitFix(problem: string): string[] {
  const colon = problem.indexOf(': write ')
  return colon < 0 ? [problem] : [problem.slice(0, colon), problem.slice(colon + 2)]
}

function durationTypeError(input: unknown): string | undefined {
  if (typeof input !== 'number') return undefined
  const fix = `write the unit: \`${input}s\`, \`${input} minutes\` or \`${input}ms\``
  return say('DURATION_INVALID', `\`${input}\` has no unit`, fix)
}

/** A fixed length, or a calendar unit for `1 day`, `2 weeks`, `1 month`. */
export function span(description: string) {
  return z
    .string({ error: (issue) => durationTypeError(issue.input) })
    .meta({ description, examples: ['10 minutes', '24 hours', '1 day'] })
    .transform((text, context): SpanSpec => {
      const problem = durationProblem(text, { min: 1 })
      const parsed = parseDuration(text).duration
      if (problem !== null || parsed === null) {
        context.addIssue({ code: 'custom', message: problem ?? '' })
        return z.NEVER
      }
      const { ms, calendar } = parsed
      return calendar === null ? { ms } : { calendar: calendar.unit, count: calendar.count }
    })
}

export const functionRef = z
  .string()
  .regex(FUNCTION_REF, {
    error: (issue) =>
      say(
        'VALUE_INVALID',
        `${show(issue.input)} names no function`,
        'write the file and the exported name: `./score.ts#score`',
      ),
  })
  .describe('A function of a TypeScript file: `./file.ts#name`.')

export const onError = z
  .enum(['fail', 'skip', 'dead_letter'])
  .describe('What a record that throws does: fail the run, be skipped, or go to dead_letter.')

export const parallelism = z
  .int()
  .min(1)
  .max(720)
  .describe('Number of subtasks; 720 key groups are the most there can be.')

export const text = (description: string) => z.string().describe(description)

export function show(value: unknown): string {
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  return `\`${shown.length > 60 ? `${shown.slice(0, 57)}…` : shown}\``
}
