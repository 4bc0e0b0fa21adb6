/**
 * Departures per city and hour. What counts is when an aircraft really left: scheduled + delay. So
 * rows come out of order, and the latest of them correct hours that were already written.
 */
import { avg, coalesce, count, dateAdd, file, max, pipeline, schema } from 'millrace'
import { watchAirport } from './watch-airport.ts'

const Flight = schema({
  scheduled: 'timestamp',
  delay: 'integer?', // minutes
  distance: 'integer', // miles
  origin: 'string',
  destination: 'string',
})
const Airport = schema({ iata: 'string', city: 'string', state: 'string' })

export default pipeline('pipeline', (p) => {
  const flights = p.source(
    'flights',
    file({
      path: 'data/flights.csv',
      schema: Flight,
      eventTime: (r) => dateAdd(r.scheduled, coalesce(r.delay, 0), 'minute'),
      watermark: { outOfOrderness: '1 hour' },
    }),
  )
  const airports = p.table(
    'airports',
    file({ path: 'data/airports.csv', key: 'iata', schema: Airport }),
  )

  const departures = flights
    .lookup('airport', airports, { on: (r, airport) => r.origin.eq(airport.iata) })
    .set((r) => ({ city: coalesce(r.airport.city, r.origin) }))
    .validate((r) => ({
      has_delay: r.delay.isNotNull(),
      plausible_delay: r.delay.ge(-60).and(r.delay.le(360)),
    }))
    .select('city', 'origin', 'destination', 'delay', 'scheduled')
    .as('departures')
  departures.rejected.to('rejected', file({ path: 'out/rejected.jsonl' }))

  const hourly = departures
    .keyBy('city')
    .tumbling('1 hour', { allowedLateness: '2 hours' })
    .aggregate((r) => ({
      departures: count(),
      late: count().where(r.delay.gt(15)),
      worst: max(r.delay),
      mean_delay: avg(r.delay),
    }))
    .as('hourly')
  hourly.to('hours', file({ path: 'out/hours.jsonl', mode: 'upsert' }))
  hourly.late.to('too_late', file({ path: 'out/too_late.jsonl' }))

  const quiet = departures.keyBy('origin').process(watchAirport).as('quiet')
  quiet.to('silences', file({ path: 'out/silences.jsonl' }))
})
