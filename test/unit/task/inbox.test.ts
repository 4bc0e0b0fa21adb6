/** Channels become one stream of events: turns, watermarks, idleness, ends. */
import test from 'ava'
import { Inbox, type InboxEvent } from '../../../node/task/inbox.ts'
import { LocalChannel } from '../../../node/exchange/local-channel.ts'
import { ACTIVE, END, IDLE } from '../../../node/exchange/stream-element.ts'
import { batchOf, rowsFrom } from '../../integration/engine/engine-fixture.ts'

function drain(inbox: Inbox): string[] {
  const events: string[] = []
  for (let event = inbox.take(); event !== null; event = inbox.take()) events.push(shown(event))
  return events
}

function shown(event: InboxEvent): string {
  switch (event.kind) {
    case 'batch':
      return `batch ${event.batch.length} on ${event.input}`
    case 'watermark':
      return `watermark ${event.time}`
    case 'end':
      return `end ${event.input}${event.isLast ? ' last' : ''}`
    default:
      return event.kind
  }
}

test('inbox: channels take turns (I1)', (t) => {
  const channels = [new LocalChannel(), new LocalChannel()]
  const inbox = new Inbox(
    channels.map((channel, input) => ({ input, channel })),
    2,
  )
  for (const count of [1, 2]) {
    channels[0]!.send({ kind: 'batch', batch: batchOf(rowsFrom(0, count)) })
    channels[1]!.send({ kind: 'batch', batch: batchOf(rowsFrom(0, count + 2)) })
  }
  t.deepEqual(drain(inbox), ['batch 1 on 0', 'batch 3 on 1', 'batch 2 on 0', 'batch 4 on 1'])
})

test('inbox: an input ends once, when all its channels have, after the watermark (I2)', (t) => {
  const [a, b, right] = [new LocalChannel(), new LocalChannel(), new LocalChannel()]
  const inbox = new Inbox(
    [
      { input: 0, channel: a },
      { input: 0, channel: b },
      { input: 1, channel: right },
    ],
    2,
  )
  right.send({ kind: 'watermark', time: 50 })
  a.send({ kind: 'watermark', time: Number.POSITIVE_INFINITY })
  a.send(END)
  t.deepEqual(drain(inbox), [])
  b.send({ kind: 'watermark', time: Number.POSITIVE_INFINITY })
  b.send(END)
  t.deepEqual(drain(inbox), ['watermark 50', 'end 0'])
  right.send({ kind: 'watermark', time: Number.POSITIVE_INFINITY })
  right.send(END)
  t.deepEqual(drain(inbox), ['watermark Infinity', 'end 1 last'])
})

test('inbox: idle and active are told when all channels agree', (t) => {
  const [a, b] = [new LocalChannel(), new LocalChannel()]
  const inbox = new Inbox(
    [
      { input: 0, channel: a },
      { input: 0, channel: b },
    ],
    1,
  )
  a.send({ kind: 'watermark', time: 10 })
  b.send(IDLE)
  t.deepEqual(drain(inbox), ['watermark 10'])
  a.send(IDLE)
  t.deepEqual(drain(inbox), ['idle'])
  b.send(ACTIVE)
  t.deepEqual(drain(inbox), ['active'])
})

test('inbox: an input that nothing feeds has ended', (t) => {
  t.deepEqual(drain(new Inbox([], 1)), ['watermark Infinity', 'end 0 last'])
})
