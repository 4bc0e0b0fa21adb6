/** Forms of what belongs to the language in sources, tables, sinks and at the top level. */
import { z } from 'zod'
import { say } from './said.ts'
import {
  duration,
  expression,
  fieldPath,
  functionRef,
  identifier,
  onError,
  parallelism,
  PIPELINE_NAME,
  show,
  streamName,
  text,
} from './value-forms.ts'

const fields = z
  .union([fieldPath, z.array(fieldPath).min(1)], {
    error: say('VALUE_INVALID', 'this is no key', 'write a field or a list of fields'),
  })
  .transform((value) => (typeof value === 'string' ? [value] : value))

export const watermarkForm = z
  .strictObject({
    out_of_orderness: duration('How far behind the newest record others may come.').optional(),
    idle_after: duration('Time without records after which a split no longer holds others.', {
      min: 1,
    }).optional(),
    max_ahead: duration('Records further in the future are rejected; 1h by default.', {
      min: 1,
    }).optional(),
  })
  .describe('How event time advances.')
  .meta({ title: 'a watermark' })

/** A name, a file, a registry subject, or `{ field: type }`; read apart (read-schemas.ts). */
const schema = z
  .union([z.string(), z.record(z.string(), z.unknown())], {
    error: say('VALUE_INVALID', 'this is no schema', 'write a name, `./file.ts#Name`, or fields'),
  })
  .describe('A name in `schemas`, `./file.ts#Name`, or `{ field: type }`.')

const connector = text('what it reads from or writes to: file, kafka, postgres …')
const connection = identifier.describe('A name in `connections`, whose keys are added.')

export const sourceForm = z
  .strictObject({
    connector,
    connection: connection.optional(),
    schema: schema.optional(),
    event_time: z
      .string()
      .min(1)
      .describe('The timestamp field, or expression, that says when it happened.')
      .optional(),
    watermark: watermarkForm.optional(),
    primary_key: fields.describe('Makes the source a stream of upserts by this key.').optional(),
    changes: z
      .enum(['append', 'upsert', 'kinds', 'full_snapshots'])
      .describe('What records mean: new rows, upserts by primary_key, or kinds in `_kind`.')
      .optional(),
    on_error: onError.optional(),
    parallelism: parallelism.optional(),
    description: text('What it is.').optional(),
  })
  .meta({ title: 'a source' })

export const tableForm = z
  .strictObject({
    connector,
    connection: connection.optional(),
    schema: schema.optional(),
    key: fields.describe('The fields that a lookup finds a row by.'),
    cache: z
      .strictObject({
        ttl: duration('How long rows are kept; read again afterwards.', { min: 1 }).optional(),
        max_rows: z.int().min(1).describe('How many rows are kept.').optional(),
      })
      .describe('What is kept in memory.')
      .meta({ title: '`cache`' })
      .optional(),
    description: text('What it is.').optional(),
  })
  .meta({ title: 'a table' })

const sinkInput = z
  .string({
    error: (issue) =>
      Array.isArray(issue.input)
        ? say('VALUE_INVALID', 'a sink writes one stream', 'join them in a block: `from: [a, b]`')
        : undefined,
  })
  .pipe(streamName)

export const sinkForm = z
  .strictObject({
    from: sinkInput.describe('The stream that is written.'),
    connector,
    connection: connection.optional(),
    key: fields
      .describe('What rows are kept by; the unique key of the stream if left out.')
      .optional(),
    mode: z
      .enum(['append', 'upsert', 'changes', 'replace'])
      .describe('Derived from the stream if left out.')
      .optional(),
    latest_by: fieldPath.describe('Keeps per key the row with the largest value.').optional(),
    partition_by: fields.describe('Partitions that `mode: replace` rewrites.').optional(),
    on_error: onError.optional(),
    parallelism: parallelism.optional(),
    description: text('What it is.').optional(),
  })
  .meta({ title: 'a sink' })

export const paramForm = z
  .strictObject({
    type: text('A type: string, integer, date …'),
    default: z.unknown().describe('The value unless `--set` gives another.').optional(),
    description: text('What it is.').optional(),
  })
  .meta({ title: 'a parameter' })

export const defaultsForm = z
  .strictObject({
    on_error: onError.optional(),
    watermark: watermarkForm.optional(),
    parallelism: parallelism.optional(),
  })
  .meta({ title: '`defaults`' })

export const streamProcessingForm = z
  .strictObject({
    engine: text('millrace; others are not there yet.').optional(),
    parallelism: parallelism.optional(),
    checkpoint: z
      .strictObject({ interval: duration('Time between checkpoints.', { min: 1 }).optional() })
      .meta({ title: '`checkpoint`' })
      .optional(),
  })
  .meta({ title: '`stream_processing`' })

export const scheduleForm = z
  .strictObject({
    cron: text('Minute, hour, day of month, month, day of week: `15 2 * * *`.'),
    timezone: text('Zone of the hours.').optional(),
    overlap: z.enum(['skip', 'queue', 'cancel']).optional(),
  })
  .meta({ title: '`schedule`' })

export const alertForm = z
  .strictObject({
    from: streamName,
    when: expression('A condition.'),
    key_by: z.union([fieldPath, z.array(fieldPath)]).optional(),
    cooldown: duration('Silence after an alert.').optional(),
    to: z.union([identifier, z.array(identifier)]).describe('A sink, or several.'),
    message: text('A template.').optional(),
    description: text('What it is.').optional(),
  })
  .meta({ title: 'an alert' })

export const freshnessForm = z
  .looseObject({
    warn_after: duration('Age that is worth a warning.').optional(),
    error_after: duration('Age that is an error.').optional(),
    by: z.enum(['watermark', 'processing_time']).optional(),
    filter: expression('Which records count.').optional(),
  })
  .meta({ title: '`freshness`' })

export const pipelineName = z
  .string()
  .regex(PIPELINE_NAME, {
    error: (issue) =>
      say(
        'NAME_INVALID',
        `${show(issue.input)} cannot be the name of a pipeline`,
        'write lower-case letters, digits, `_` and `-`, 63 at most',
      ),
  })
  .describe('Name of the pipeline: lower-case letters, digits, `_` and `-`.')

export const functionEntry = functionRef

export const TOP_LEVEL_KEYS = [
  'pipeline',
  'description',
  'include',
  'params',
  'defaults',
  'schemas',
  'connections',
  'tables',
  'functions',
  'sources',
  'transformations',
  'sinks',
  'alerts',
  'freshness',
  'tests',
  'schedule',
  'stream_processing',
  'environments',
] as const

/** What an included file may bring. */
export const INCLUDE_KEYS = [
  'schemas',
  'connections',
  'tables',
  'params',
  'functions',
  'defaults',
] as const
