/** What time functions share: units and zones as literals are refused at check, not per record. */
import { StreamError } from '../../../base/errors.ts'
import { nearestName } from '../../../base/nearest-name.ts'
import { isZone } from '../../zone-offset.ts'
import type { TimeUnit } from '../../zone-calendar.ts'

export const TIME_UNITS: readonly TimeUnit[] = [
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
]

export function isUnit(text: unknown): text is TimeUnit {
  return TIME_UNITS.some((unit) => unit === text)
}

export function unitOf(text: string): TimeUnit {
  if (isUnit(text)) return text
  throw new StreamError('EXPR_ARGUMENT_INVALID', unitProblem(text))
}

function unitProblem(text: string): string {
  const near = nearestName(text, TIME_UNITS)
  const known = TIME_UNITS.map((unit) => `"${unit}"`).join(', ')
  const hint = near === null ? '' : `, did you mean "${near}"?`
  return `\`${text}\` is no unit of time${hint} (${known})`
}

/** For `literals` of an overload: the unit at one position and the zone at another. */
export function checkUnitAndZone(
  values: readonly unknown[],
  positions: { readonly unit?: number; readonly zone?: number },
): string | null {
  const unit = positions.unit === undefined ? undefined : values[positions.unit]
  if (typeof unit === 'string' && !isUnit(unit)) return unitProblem(unit)
  const zone = positions.zone === undefined ? undefined : values[positions.zone]
  if (typeof zone !== 'string' || isZone(zone)) return null
  return `there is no time zone \`${zone}\`; zones look like "Europe/Berlin", "UTC"`
}
