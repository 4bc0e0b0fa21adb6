/**
 * Keeps, per machine, the time of its newest report and a timer three minutes after it. The timer
 * fires when the watermark has passed it, so the result does not depend on when the program runs.
 */
import { processor, value } from '../../index.ts' // in a project of yours: from 'millrace'

const SILENCE_MS = 3 * 60_000
const HOT_CELSIUS = 80

export const watchMachine = processor({
  input: { at: 'timestamp', machine: 'string', celsius: 'number' },
  output: { machine: 'string', state: 'string', at: 'timestamp', down_seconds: 'integer?' },
  outputs: { hot: { machine: 'string', at: 'timestamp', celsius: 'number' } },
  state: { newest: value('timestamp'), isDown: value('boolean') },

  onRecord({ at, machine, celsius }, ctx) {
    const { newest, isDown } = ctx.state
    if (celsius > HOT_CELSIUS) ctx.emitTo('hot', { machine, at, celsius })

    const before = newest.get()
    if (before !== undefined && at <= before) return // overtaken: it says nothing new
    newest.set(at)
    ctx.timers.event(at.getTime() + SILENCE_MS)
    if (before === undefined) return

    const due = before.getTime() + SILENCE_MS
    ctx.timers.delete(due)
    if (at.getTime() <= due) return
    // Reports may come faster than watermarks: the timer has not fired yet, the silence was there.
    if (isDown.get() !== true) ctx.emit(down(machine, due))
    isDown.clear()
    const seconds = Math.round((at.getTime() - before.getTime()) / 1000)
    ctx.emit({ machine, state: 'up', at, down_seconds: seconds })
  },

  onTimer(time, ctx) {
    ctx.state.isDown.set(true)
    ctx.emit(down(String(ctx.key), time))
  },
})

function down(machine: string, time: number) {
  return { machine, state: 'down', at: new Date(time), down_seconds: null }
}
