/** `dev --rate`: as many records as the time allows, all of them, in order, and never a burst. */
import test from 'ava'
import { slowedCode } from '../../../scripts/dev/slowed-source.ts'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { SourceContext, SourceRead } from '../../../shared/spi/connector.ts'

function numbers(count: number): Batch {
  const values = Float64Array.from({ length: count }, (_, index) => index)
  const type = { kind: 'number' } as const
  return {
    schema: { columns: [{ path: 'n', type, nullable: false, layout: 'f64' }] },
    length: count,
    eventTime: values,
    kind: null,
    columns: [{ layout: 'f64', values, nulls: null }],
  }
}

test('slowed source: gives a second of records per second, then the end', async (t) => {
  const clock = new VirtualClock()
  const answers: SourceRead[] = [{ kind: 'batch', split: 's', batch: numbers(25) }, { kind: 'end' }]
  const code = slowedCode(
    {
      openSource: () =>
        Promise.resolve({
          read: () => Promise.resolve(answers.shift() ?? { kind: 'end' }),
          progress: () => null,
          close: () => Promise.resolve(),
        }),
    },
    10,
  )
  const source = await code.openSource?.({ clock } as unknown as SourceContext)
  const { signal } = new AbortController()
  const lots: number[] = []
  const seen: number[] = []
  for (let second = 0; second < 5; second++) {
    let lot = 0
    for (;;) {
      const read = await source?.read(signal)
      if (read?.kind !== 'batch') break
      lot += read.batch.length
      seen.push(...read.batch.eventTime)
    }
    lots.push(lot)
    await clock.advance(second === 3 ? 60_000 : 1000)
  }
  t.deepEqual(lots, [0, 10, 10, 5, 0])
  t.deepEqual(
    seen,
    Array.from({ length: 25 }, (_, index) => index),
  )
})
