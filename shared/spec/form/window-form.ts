/** The form of `window:`, one per type (LANGUAGE table of windows). */
import { z } from 'zod'
import { say } from './said.ts'
import { duration, identifier, span } from './value-forms.ts'

const allowedLateness = duration(
  'How long after its end a window still takes late records and corrects its row; 0s by default.',
).optional()
const late = identifier.describe('A name for the stream of late records, `block.late`.').optional()
const time = z
  .enum(['event', 'processing'])
  .describe('event (default): by event time; processing: by the clock.')
  .optional()
const emit = z
  .enum(['updates', 'final'])
  .describe(
    'updates (default): a row at the end and corrections; final: one row, when none can come.',
  )
  .optional()
const early = z
  .string()
  .regex(/^every\s/, {
    error: say('VALUE_INVALID', '`early` says how often', 'write `early: every 10s`'),
  })
  .transform((text) => text.replace(/^every\s+/, ''))
  .pipe(duration('`every 10s`: fires an open window by the clock, if its row changed.', { min: 1 }))
  .optional()
const timezone = z
  .string()
  .refine(isZone, {
    error: say('VALUE_INVALID', 'this is not a time zone', 'write for instance `Europe/Berlin`'),
  })
  .describe('Zone of calendar windows, such as `Europe/Berlin`; UTC by default.')
  .optional()

const common = { time, allowed_lateness: allowedLateness, late, early, emit }

const tumbling = z
  .strictObject({
    type: z.literal('tumbling').describe('Windows of one size, side by side.'),
    size: span('Length; `1 day`, `1 week`, `1 month` are calendar units in the zone.'),
    offset: duration('Moves all windows; 0s by default.', { signed: true }).optional(),
    timezone,
    ...common,
  })
  .meta({ title: 'a tumbling window' })

const sliding = z
  .strictObject({
    type: z.literal('sliding').describe('Windows of one size, one every `slide`.'),
    size: span('Length.'),
    slide: span('Distance between the starts of two windows.'),
    ...common,
  })
  .meta({ title: 'a sliding window' })

const cumulate = z
  .strictObject({
    type: z.literal('cumulate').describe('Growing parts of one window, one every `step`.'),
    size: span('Length of the whole.'),
    step: span('How much each part is longer than the one before.'),
    timezone,
    ...common,
  })
  .meta({ title: 'a cumulate window' })

const session = z
  .strictObject({
    type: z.literal('session').describe('Records of a key that are less than `gap` apart.'),
    gap: duration('Quiet time that ends a session.', { min: 1 }),
    ...common,
  })
  .meta({ title: 'a session window' })

const count = z
  .strictObject({
    type: z.literal('count').describe('Every `size` records of a key.'),
    size: z.int().min(1).describe('Number of records.'),
    ...common,
  })
  .meta({ title: 'a count window' })

const global = z
  .strictObject({
    type: z.literal('global').describe('All records; fires at the end of input.'),
    ...common,
  })
  .meta({ title: 'a global window' })

const rolling = z
  .strictObject({
    type: z.literal('rolling').describe('Per record, over what its key had in `size` before it.'),
    size: duration('Length; fixed, also in days.', { min: 1 }),
    time,
    late,
    emit: z
      .enum(['final', 'arrival'])
      .describe(
        'final (default): in event-time order, once the time is complete; arrival: at once.',
      )
      .optional(),
  })
  .meta({ title: 'a rolling window' })

const same = z
  .strictObject({
    type: z.literal('same').describe('Groups again inside the window of the input.'),
    ...common,
  })
  .meta({ title: 'a `same` window' })

export const windowForm = z
  .discriminatedUnion('type', [tumbling, sliding, cumulate, session, count, global, rolling, same])
  .meta({ title: 'a window' })

export function isZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}
