/** Reads back what the run wrote: the worst routes by hour, and the corrections of hours. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

export interface WorstRoute {
  readonly rank: number
  readonly origin: string
  readonly destination: string
  readonly departures: number
  readonly late: number
  readonly delay_mean: number
  readonly delay_p95: number
  /** Mean delay by hour of the timetable; null where nothing leaves. */
  readonly byHour: readonly (number | null)[]
}

export async function readWorstRoutes(folder: string): Promise<WorstRoute[]> {
  const routes = await readLines<Omit<WorstRoute, 'byHour'>>(join(folder, 'worst_routes.jsonl'))
  const hours = await readLines<RouteHour>(join(folder, 'worst_hours.jsonl'))
  return routes
    .map((route) => ({ ...route, byHour: hoursOf(route, hours) }))
    .toSorted((one, other) => one.rank - other.rank)
}

interface RouteHour {
  readonly origin: string
  readonly destination: string
  readonly hour: number
  readonly departures: number
  readonly delay_mean: number
}

const DEPARTURES_MIN = 10 // a mean of fewer says nothing

function hoursOf(
  route: { readonly origin: string; readonly destination: string },
  hours: readonly RouteHour[],
): (number | null)[] {
  const means: (number | null)[] = Array.from({ length: 24 }, () => null)
  for (const one of hours) {
    const isOfRoute = one.origin === route.origin && one.destination === route.destination
    if (isOfRoute && one.departures >= DEPARTURES_MIN) means[one.hour] = one.delay_mean
  }
  return means
}

async function readLines<T>(path: string): Promise<T[]> {
  const text = await readFile(path, 'utf8')
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T)
}

export interface Correction {
  readonly state: string
  readonly windowStart: Date
  readonly departuresBefore: number
  readonly departuresAfter: number
}

export interface Corrections {
  /** Hours of a state that were written and later corrected at least once. */
  readonly windowCount: number
  readonly first: Correction | null
}

interface HourRow {
  readonly _kind: string
  readonly state: string
  readonly window_start: Date
  readonly departures: number | bigint
}

/** From the Parquet file itself, with a reader that is not ours. */
export async function readCorrections(folder: string): Promise<Corrections> {
  const rows = (await parquetReadObjects({
    file: await asyncBufferFromFile(join(folder, 'hours.parquet')),
    columns: ['_kind', 'state', 'window_start', 'departures'],
    compressors,
  })) as unknown as HourRow[]
  const corrected = new Set<string>()
  let first: Correction | null = null
  let before: HourRow | null = null
  for (const row of rows) {
    const { _kind: kind } = row
    if (kind === 'update_before') before = row
    if (kind !== 'update_after') continue
    corrected.add(`${row.state} ${row.window_start.getTime()}`)
    if (first === null && before !== null && isSameWindow(before, row)) {
      first = correctionOf(before, row)
    }
  }
  return { windowCount: corrected.size, first }
}

const isSameWindow = (one: HourRow, other: HourRow): boolean =>
  one.state === other.state && one.window_start.getTime() === other.window_start.getTime()

function correctionOf(before: HourRow, after: HourRow): Correction {
  return {
    state: after.state,
    windowStart: after.window_start,
    departuresBefore: Number(before.departures),
    departuresAfter: Number(after.departures),
  }
}
