/** Watermarks of splits: where marks are, who is waited for. */
import test from 'ava'
import { BATCH_RECORDS_MAX } from '../../../shared/base/limits.ts'
import { SplitWatermarks } from '../../../node/task/split-watermarks.ts'

const OPTIONS = { outOfOrdernessMs: 5, idleAfterMs: null }

test('split watermarks: a mark comes with every 4,096th record of a split (S1)', (t) => {
  const splits = new SplitWatermarks(OPTIONS)
  t.is(splits.roomOf('a'), BATCH_RECORDS_MAX)
  t.false(splits.onRecords('a', 4000, 900))
  t.is(splits.roomOf('a'), 96)
  t.is(splits.advance(false), Number.NEGATIVE_INFINITY)
  t.true(splits.onRecords('a', 96, 800))
  t.is(splits.advance(false), 900 - 5 - 1)
})

test('split watermarks: the slowest open split decides, an ended one no more (S2)', (t) => {
  const splits = new SplitWatermarks(OPTIONS)
  splits.onRecords('a', 10, 1000)
  splits.onRecords('b', 10, 100)
  splits.markAll()
  t.is(splits.advance(false), 94)
  splits.onEnd('b')
  t.is(splits.advance(false), 994)
  splits.onRecords('c', 10, 200)
  splits.markAll()
  t.is(splits.advance(false), 994)
})

test('split watermarks: unopened splits hold it (S2)', (t) => {
  const splits = new SplitWatermarks(OPTIONS)
  splits.onRecords('a', 10, 1000)
  splits.onLast('a')
  splits.onEnd('a')
  splits.onRecords('b', 10, 500)
  splits.markAll()
  t.is(splits.advance(true), Number.NEGATIVE_INFINITY)
  t.is(splits.advance(false), 494)
})

test('split watermarks: a split is idle after being asked in vain for long enough', (t) => {
  const splits = new SplitWatermarks({ outOfOrdernessMs: 0, idleAfterMs: 100 })
  splits.onActive('a', 0)
  splits.onActive('b', 0)
  splits.onRecords('a', 1, 1000)
  splits.onRecords('b', 1, 10)
  splits.markAll()
  t.is(splits.nextIdleAt(), 100)
  splits.onActive('a', 60)
  splits.onAsked(100)
  t.false(splits.isIdle)
  t.is(splits.advance(false), 999)
  splits.onAsked(160)
  t.true(splits.isIdle)
})

test('split watermarks: a source that never had a split is idle after a while', (t) => {
  const splits = new SplitWatermarks({ outOfOrdernessMs: 0, idleAfterMs: 100 })
  splits.onAsked(99)
  t.false(splits.isIdle)
  splits.onAsked(100)
  t.true(splits.isIdle)
})
