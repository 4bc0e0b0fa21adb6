/** Options of the TypeScript API, turned into the parts of a specification they mean. */
import { StreamError } from '../base/errors.ts'
import type { ExprSource } from '../expr/ast.ts'
import { parseDuration } from '../model/duration-text.ts'
import type {
  JoinSpec,
  LookupSpec,
  SpanSpec,
  WatermarkSpec,
  WindowSpec,
} from '../spec/pipeline-spec.ts'

export function durationMs(text: unknown): number {
  return durationOf(text).ms
}

function durationOf(text: unknown): {
  ms: number
  calendar: { unit: 'day' | 'week' | 'month'; count: number } | null
} {
  if (typeof text !== 'string') {
    const said = String(text)
    throw new StreamError('VALUE_INVALID', `${said} is not a duration: it needs a unit`, {
      fix: `write '${said} minutes', or whatever the unit is`,
    })
  }
  const { duration, problem } = parseDuration(text)
  if (duration === null) throw new StreamError('VALUE_INVALID', problem)
  return duration
}

/** `1 day` is a calendar day in the window's zone, `24 hours` is a length. */
function spanOf(text: unknown): SpanSpec {
  const { ms, calendar } = durationOf(text)
  if (calendar === null) return { ms }
  return { calendar: calendar.unit, count: calendar.count }
}

const SPANS = new Set(['size', 'slide', 'step'])
const DURATIONS = new Set(['gap', 'offset', 'allowedLateness'])

/** camelCase options, lengths as text, to a window of the specification. */
export function windowSpec(options: Readonly<Record<string, unknown>>): WindowSpec {
  const spec: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue
    spec[snakeCase(name)] = windowValue(name, value, options['type'])
  }
  return spec as unknown as WindowSpec
}

function windowValue(name: string, value: unknown, type: unknown): unknown {
  if (type === 'count' && name === 'size') return value
  if (type === 'rolling' && name === 'size') return durationMs(value)
  if (SPANS.has(name)) return spanOf(value)
  if (name === 'early' && typeof value === 'string')
    return durationMs(value.replace(/^every\s+/, ''))
  return DURATIONS.has(name) ? durationMs(value) : value
}

export function lookupSpec(
  alias: string,
  from: string,
  options: { on: ExprSource; type?: unknown; timeout?: string; onError?: LookupSpec['on_error'] },
): LookupSpec {
  const { on, type, timeout, onError } = options
  return {
    alias,
    from,
    on,
    ...(type === undefined ? {} : { type: type as 'left' | 'inner' }),
    ...(timeout === undefined ? {} : { timeout: durationMs(timeout) }),
    ...(onError === undefined ? {} : { on_error: onError }),
  }
}

export function joinSpec(
  alias: string,
  from: string,
  options: {
    on: ExprSource
    asOf: ExprSource | null
    type?: unknown
    within?: readonly [string, string]
    window?: boolean
  },
): JoinSpec {
  const { on, asOf, type, within, window } = options
  return {
    alias,
    from,
    on,
    ...(type === undefined ? {} : { type: type as NonNullable<JoinSpec['type']> }),
    ...(within === undefined ? {} : { within: [durationMs(within[0]), durationMs(within[1])] }),
    ...(asOf === null ? {} : { as_of: asOf }),
    ...(window === undefined ? {} : { window }),
  }
}

export interface WatermarkOptions {
  readonly outOfOrderness?: string
  readonly idleAfter?: string
  readonly maxAhead?: string
}

export function watermarkSpec(options: WatermarkOptions): WatermarkSpec {
  const { outOfOrderness, idleAfter, maxAhead } = options
  return {
    ...(outOfOrderness === undefined ? {} : { out_of_orderness: durationMs(outOfOrderness) }),
    ...(idleAfter === undefined ? {} : { idle_after: durationMs(idleAfter) }),
    ...(maxAhead === undefined ? {} : { max_ahead: durationMs(maxAhead) }),
  }
}

/** `allowedLateness` → `allowed_lateness`. */
export function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** `allowed_lateness` → `allowedLateness`. */
export function camelCase(name: string): string {
  return name.replaceAll(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}
