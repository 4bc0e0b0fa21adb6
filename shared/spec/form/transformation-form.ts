/** The form of a block of `transformations` (LANGUAGE §3). Order and meaning are checked elsewhere. */
import { z } from 'zod'
import { say } from './said.ts'
import {
  duration,
  expression,
  fieldOrNamed,
  fieldPath,
  functionRef,
  identifier,
  namedExpressions,
  onError,
  parallelism,
  streamName,
  text,
} from './value-forms.ts'
import { quoted } from '../yaml/syntax-traps.ts'
import { windowForm } from './window-form.ts'

const input = z
  .union([streamName, z.array(streamName).min(1)], {
    error: say('VALUE_INVALID', 'this names no stream', 'write a block, or a list of blocks'),
  })
  .describe('The input; a list is a union by field name.')

const assignments = (description: string) =>
  z.record(fieldPath, expression('An expression.')).describe(description)

const unnest = z
  .looseObject({
    index: identifier.describe('A field for the position in the list, from 0.').optional(),
    keep_empty: z.boolean().describe('Whether a record without elements stays.').optional(),
  })
  .describe('`{ item: list }`: one record per element, as field `item`.')
  .meta({ title: '`unnest`' })

const lookupEntry = z
  .strictObject({
    from: identifier.describe('A table.'),
    on: expression('A condition over the row and the alias, or a field name.'),
    type: z.enum(['left', 'inner']).describe('inner drops records without a row.').optional(),
    timeout: duration('How long a lookup may take; 5s by default.', { min: 1 }).optional(),
    on_error: onError.optional(),
  })
  .meta({ title: 'a lookup' })

const lookup = z.record(identifier, lookupEntry).describe('Rows of tables, as structs by alias.')

const joinEntry = z
  .strictObject({
    from: streamName.describe('The right side.'),
    on: z
      .union([
        expression('A condition over both sides, or a field name.'),
        z.array(identifier).min(1),
      ])
      .describe('A condition over both sides, or field names where they agree.'),
    type: z.enum(['inner', 'left', 'right', 'full', 'semi', 'anti']).optional(),
    within: z
      .tuple([duration('Low.', { signed: true }), duration('High.', { signed: true })], {
        error: say(
          'VALUE_INVALID',
          '`within` is a list of two durations',
          'write `within: [0s, 4 hours]`: bounds of right minus left event time',
        ),
      })
      .describe('Bounds of right minus left event time.')
      .optional(),
    as_of: expression('The time at which the right side is read.').optional(),
    window: z
      .literal(true, {
        error: say('VALUE_INVALID', '`window` of a join is `true`', 'leave it out otherwise'),
      })
      .describe('Both sides are in the same window.')
      .optional(),
  })
  .meta({ title: 'a join' })

const join = z.record(identifier, joinEntry).describe('One stream, as a struct by its alias.')

const fieldList = (description: string) => z.array(fieldPath).min(1).describe(description)

const rename = z.record(fieldPath, fieldPath).describe('`{ new: old }`')

const selected = fieldOrNamed((written) => `name it: \`- name: ${written}\``)
const keyField = fieldOrNamed((written) => `name it: \`key_by: { name: ${inFlow(written)} }\``)
/** As it may stand inside `{ }`. */
function inFlow(expression: string): string {
  return /[,{}[\]]/.test(expression) ? quoted(expression) : expression
}

const selectItem = z.union([selected, z.record(identifier, expression('An expression.'))], {
  error: say('VALUE_INVALID', 'this is neither a field nor `new: expression`'),
})

const stepForm = z
  .strictObject({
    where: expression('Keeps what is true.').optional(),
    set: assignments('Adds or replaces fields.').optional(),
    drop: fieldList('Removes fields.').optional(),
    rename: rename.optional(),
    unnest: unnest.optional(),
    flat_map: functionRef.optional(),
    lookup: lookup.optional(),
  })
  .refine((step) => Object.keys(step).length <= 1, {
    error: say('VALUE_INVALID', 'a step is one key', 'begin each step with its own `- `'),
  })
  .meta({ title: 'a step' })

const keyBy = z
  .union([keyField, z.array(keyField).min(1), namedExpressions('`{ name: expression }`')], {
    error: say(
      'VALUE_INVALID',
      'this is no key',
      'write a field, a list of fields, or `name: expression`',
    ),
  })
  .describe('What the stream is partitioned by.')

const top = z
  .strictObject({
    n: z.int().min(1).max(100_000).describe('How many rows stay per key.'),
    by: text('Order of the rows: `price desc, ts`.'),
    ties: z.boolean().describe('Whether rows equal to the last one stay too.').optional(),
    rank_as: identifier.describe('A field for the rank, from 1.').optional(),
  })
  .meta({ title: '`top`' })

const dedupe = z
  .union(
    [
      z
        .strictObject({
          within: duration('A record is dropped when one of its key is so near.', {
            min: 1,
          }).optional(),
        })
        .meta({ title: '`dedupe`' }),
      z
        .strictObject({ keep: z.literal('last'), by: expression('What makes newest.').optional() })
        .meta({ title: '`dedupe`' }),
    ],
    {
      error: say(
        'VALUE_INVALID',
        'this is no `dedupe`',
        'write `dedupe: { within: 1 hour }` or `dedupe: { keep: last, by: revision }`',
      ),
    },
  )
  .describe('First record per key, or the newest.')

const process = z
  .union(
    [
      functionRef,
      z
        .strictObject({
          fn: functionRef,
          with: z.record(z.string(), z.unknown()).describe('Passed to the function.').optional(),
        })
        .meta({ title: '`process`' }),
    ],
    {
      error: say(
        'VALUE_INVALID',
        'this is no `process`',
        'write `process: ./score.ts#score` or `process: { fn: ./score.ts#score, with: {…} }`',
      ),
    },
  )
  .describe('A TypeScript function with keyed state and timers.')

const validate = z
  .strictObject({
    rules: namedExpressions('`{ name: condition }`'),
    action: z
      .enum(['reject', 'observe', 'warn', 'fail'])
      .describe('reject (default): to `block.rejected`, with `_rule`.')
      .optional(),
  })
  .meta({ title: '`validate`' })

/** In the order of running: the order of keys is the order of this object. */
export const transformationForm = z
  .strictObject({
    description: text('What it is for.').optional(),
    from: input.optional(),
    union: input.describe('The same as `from`.').optional(),
    unnest: unnest.optional(),
    flat_map: functionRef.optional(),
    lookup: lookup.optional(),
    join: join.optional(),
    where: expression('Keeps what is true.').optional(),
    set: assignments('Adds or replaces fields.').optional(),
    steps: z
      .array(stepForm)
      .min(1)
      .describe('Steps in list order, instead of the keys.')
      .optional(),
    validate: validate.optional(),
    key_by: keyBy.optional(),
    window: windowForm.optional(),
    aggregate: namedExpressions('`{ name: expression of aggregates }`').optional(),
    top: top.optional(),
    dedupe: dedupe.optional(),
    process: process.optional(),
    having: expression('Keeps what is true, having what the block made.').optional(),
    select: z.array(selectItem).min(1).describe('The final fields.').optional(),
    drop: fieldList('Removes fields at the end.').optional(),
    rename: rename.optional(),
    ttl: z
      .union([
        z.literal('none'),
        duration('Forgets a key so long after its last write.', { min: 1 }),
      ])
      .describe('Forgets a key so long after its last write; or none.')
      .optional(),
    on_error: onError.optional(),
    parallelism: parallelism.optional(),
  })
  .meta({ title: 'a transformation' })

export type TransformationForm = z.infer<typeof transformationForm>
export type StepForm = z.infer<typeof stepForm>
