/**
 * Says when an airport had no departure for three hours. A function like this has state per key and
 * timers of event time: the result is the same however fast the records come.
 */
import { processor, value } from 'millrace'

const SILENCE_MS = 3 * 60 * 60_000

export const watchAirport = processor({
  input: { origin: 'string' },
  output: { airport: 'string', since: 'timestamp' },
  state: { newest: value('timestamp') },

  onRecord(_flight, ctx) {
    const newest = ctx.state.newest.get()
    if (newest !== undefined && ctx.time <= newest.getTime()) return
    if (newest !== undefined) ctx.timers.delete(newest.getTime() + SILENCE_MS)
    ctx.state.newest.set(new Date(ctx.time))
    ctx.timers.event(ctx.time + SILENCE_MS)
  },

  onTimer(time, ctx) {
    ctx.emit({ airport: String(ctx.key), since: new Date(time - SILENCE_MS) })
  },
})
