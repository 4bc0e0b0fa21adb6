/** The minimum over channels: monotone, without idle and ended ones. */
import test from 'ava'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import { WatermarkCoalescer } from '../../../node/task/watermark-coalescer.ts'

test('watermark coalescer: it is the minimum over channels', (t) => {
  const coalescer = new WatermarkCoalescer(2)
  t.false(coalescer.onWatermark(0, 10))
  t.is(coalescer.current, Number.NEGATIVE_INFINITY)
  t.true(coalescer.onWatermark(1, 5))
  t.is(coalescer.current, 5)
  t.true(coalescer.onWatermark(1, 20))
  t.is(coalescer.current, 10)
})

test('watermark coalescer: an idle channel is not waited for, and does not pull it back (W1)', (t) => {
  const coalescer = new WatermarkCoalescer(2)
  coalescer.onWatermark(0, 10)
  t.true(coalescer.onIdle(1))
  t.is(coalescer.current, 10)
  t.false(coalescer.onActive(1))
  t.is(coalescer.current, 10)
  t.false(coalescer.onWatermark(1, 7))
  t.true(coalescer.onIdle(1) || coalescer.current === 10)
})

test('watermark coalescer: it stands while every open channel is idle (W2)', (t) => {
  const coalescer = new WatermarkCoalescer(2)
  coalescer.onWatermark(0, 10)
  coalescer.onWatermark(1, 4)
  coalescer.onIdle(1)
  t.is(coalescer.current, 10)
  t.false(coalescer.isIdle)
  t.false(coalescer.onIdle(0))
  t.true(coalescer.isIdle)
  t.is(coalescer.current, 10)
})

test('watermark coalescer: it is +∞ once every channel has ended (W3)', (t) => {
  const coalescer = new WatermarkCoalescer(2)
  coalescer.onWatermark(0, 10)
  t.true(coalescer.onEnd(1))
  t.is(coalescer.current, 10)
  t.true(coalescer.onEnd(0))
  t.is(coalescer.current, Number.POSITIVE_INFINITY)
})

test('watermark coalescer: whatever happens, it never goes back', (t) => {
  for (let seed = 0; seed < 50; seed++) {
    const random = new SeededRandom(seed)
    const coalescer = new WatermarkCoalescer(3)
    let before = coalescer.current
    for (let step = 0; step < 100; step++) {
      const channel = random.below(3)
      const what = random.below(4)
      if (what === 0) coalescer.onIdle(channel)
      else if (what === 1) coalescer.onActive(channel)
      else coalescer.onWatermark(channel, random.below(1000))
      t.true(coalescer.current >= before, `seed ${seed}`)
      before = coalescer.current
    }
  }
})

test('watermark coalescer: an idle channel keeps it finite though the others have ended (W3)', (t) => {
  const coalescer = new WatermarkCoalescer(2)
  coalescer.onWatermark(0, 10)
  coalescer.onWatermark(1, 20)
  coalescer.onIdle(0)
  t.is(coalescer.current, 20)
  t.false(coalescer.onWatermark(1, Number.POSITIVE_INFINITY))
  t.false(coalescer.onEnd(1))
  t.is(coalescer.current, 20)
  coalescer.onActive(0)
  coalescer.onWatermark(0, 30)
  t.is(coalescer.current, 30)
})
