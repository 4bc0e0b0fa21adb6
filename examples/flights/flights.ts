/**
 * flights.yaml in TypeScript: `explain --format json` of both is the same, byte by byte. In a
 * project of yours the import is `from 'millrace'`.
 */
import {
  avg,
  coalesce,
  count,
  dateAdd,
  file,
  hour,
  pipeline,
  type PipelineScope,
  quantile,
  round,
  schema,
} from '../../index.ts'

const Flight = schema({
  date: 'timestamp',
  delay: 'integer?',
  distance: 'integer',
  origin: 'string',
  destination: 'string',
})
const Airport = schema({
  iata: 'string',
  name: 'string',
  city: 'string',
  state: 'string',
  country: 'string',
  latitude: 'number',
  longitude: 'number',
})
const DATA = '../../node_modules/vega-datasets/data'

export default pipeline('flights', (p) => {
  const { clean, departures } = cleanDepartures(p)
  const hourly = departures
    .keyBy('state')
    .tumbling('1 hour', { allowedLateness: '3 hours' })
    .aggregate((flight) => ({
      departures: count(),
      late: count().where(flight.late),
      delay_mean: avg(flight.delay),
    }))
    .as('hourly')

  clean.rejected.to('rejected', file({ path: 'out/rejected.jsonl', format: 'jsonl' }))
  hourly.to('hours', file({ path: 'out/hours.parquet', format: 'parquet', mode: 'changes' }))
  hourly.late.to('too_late', file({ path: 'out/too_late.jsonl', format: 'jsonl' }))
  worstRoutes(departures)
})

/** Flights that can be, with the state they leave from. */
function cleanDepartures(p: PipelineScope) {
  const flights = p.source(
    'flights',
    file({
      path: `${DATA}/flights-3m.parquet`,
      format: 'parquet',
      schema: Flight,
      eventTime: (flight) => dateAdd(flight.date, coalesce(flight.delay, 0), 'minute'),
      watermark: { outOfOrderness: '20 hours' },
    }),
  )
  const airports = p.table(
    'airports',
    file({ path: `${DATA}/airports.csv`, format: 'csv', key: 'iata', schema: Airport }),
  )
  const clean = flights
    .validate((flight) => ({
      has_delay: flight.delay.isNotNull(),
      plausible_delay: flight.delay.ge(-120).and(flight.delay.le(1440)),
      flies_somewhere: flight.origin.ne(flight.destination),
    }))
    .as('clean')
  const departures = clean
    .lookup('airport', airports, { on: (flight, airport) => flight.origin.eq(airport.iata) })
    .set((flight) => ({
      state: coalesce(flight.airport.state, '??'),
      hour: hour(flight.date),
      late: flight.delay.gt(15),
    }))
    .select('delay', 'origin', 'destination', 'state', 'hour', 'late')
    .as('departures')
  return { clean, departures }
}

type Departures = ReturnType<typeof cleanDepartures>['departures']

/** The ten routes with the longest mean delay, and their delay by hour of the timetable. */
function worstRoutes(departures: Departures): void {
  const worst = departures
    .keyBy('origin', 'destination')
    .globalWindow()
    .aggregate((flight) => ({
      departures: count(),
      late: count().where(flight.late),
      delay_mean: round(avg(flight.delay), 1),
      delay_p95: quantile(flight.delay, 0.95),
    }))
    .where((route) => route.departures.ge(1000))
    .select('origin', 'destination', 'departures', 'late', 'delay_mean', 'delay_p95')
    .as('routes')
    .global()
    .globalWindow()
    .top(10, 'delay_mean desc', { rankAs: 'rank' })
    .select('rank', 'origin', 'destination', 'departures', 'late', 'delay_mean', 'delay_p95')
    .as('worst_routes')
  const worstHours = departures
    .keyBy('origin', 'destination', 'hour')
    .globalWindow()
    .aggregate((flight) => ({ departures: count(), delay_mean: round(avg(flight.delay), 1) }))
    .select('origin', 'destination', 'hour', 'departures', 'delay_mean')
    .as('route_hours')
    .join('worst', worst, {
      type: 'semi',
      on: (route, other) =>
        route.origin.eq(other.origin).and(route.destination.eq(other.destination)),
    })
    .as('worst_hours')

  worst.to('worst', file({ path: 'out/worst_routes.jsonl', format: 'jsonl' }))
  const upsert = { path: 'out/worst_hours.jsonl', format: 'jsonl', mode: 'upsert' } as const
  worstHours.to('worst_by_hour', file(upsert))
}
