/** Reading ahead: when a source counts as one that answers at once. */
import test from 'ava'
import { VirtualClock } from '../../../shared/base/virtual-clock.ts'
import type { SourceRead } from '../../../shared/spi/connector.ts'
import { ReadAhead } from '../../../node/task/read-ahead.ts'

test('read ahead: a source is prompt while its answers are there when they are looked for', async (t) => {
  const waiting: ((answer: SourceRead) => void)[] = []
  const source = {
    read: () => new Promise<SourceRead>((resolve) => waiting.push(resolve)),
    progress: () => null,
    close: () => Promise.resolve(),
  }
  const reader = new ReadAhead({ source, clock: new VirtualClock(), wake: () => {} })
  const answer: SourceRead = { kind: 'split-end', split: '0' }
  t.false(reader.isPrompt)

  reader.ask(0)
  waiting.pop()?.(answer)
  await Promise.resolve()
  await Promise.resolve()
  t.deepEqual(reader.take(), answer)
  t.true(reader.isPrompt)

  reader.ask(0)
  t.is(reader.take(), null)
  t.false(reader.isPrompt)
  waiting.pop()?.(answer)
  await reader.settle()
})
