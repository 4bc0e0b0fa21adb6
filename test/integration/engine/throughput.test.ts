/** Ten million small records through a pass-through: time and memory are noted, not judged. */
import test from 'ava'
import { SystemClock } from '../../../shared/base/system-clock.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import type { Source, SourceRead } from '../../../shared/spi/connector.ts'
import { COLUMNS, planOf, runTest, sink, source, steps, TestSink } from './engine-fixture.ts'

const ROWS = 4096
const BATCHES = 2442

/** Batches of equal rows, but for their times. */
class FastSource implements Source {
  #batchCount = 0
  readonly #n = new Float64Array(ROWS).map((_, row) => row)
  readonly #starts = new Uint32Array(ROWS)
  readonly #ends = new Uint32Array(ROWS).fill(1)
  readonly #bytes = Uint8Array.of(65)

  read(): Promise<SourceRead> {
    if (this.#batchCount === BATCHES) return Promise.resolve({ kind: 'end' })
    const first = this.#batchCount++ * ROWS
    const eventTime = new Float64Array(ROWS)
    for (let row = 0; row < ROWS; row++) eventTime[row] = first + row
    const text = { starts: this.#starts, ends: this.#ends, bytes: this.#bytes, nulls: null }
    const batch: Batch = {
      schema: { columns: COLUMNS },
      length: ROWS,
      eventTime,
      kind: null,
      columns: [
        { layout: 'utf8', ...text },
        { layout: 'f64', values: this.#n, nulls: null },
        { layout: 'f64', values: eventTime, nulls: null },
      ],
    }
    return Promise.resolve({ kind: 'batch', split: 's', batch })
  }

  progress(): null {
    return null
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

class CountingSink extends TestSink {
  rowCount = 0

  override write(batch: Batch): Promise<void> {
    this.rowCount += batch.length
    return Promise.resolve()
  }
}

test('throughput: ten million records pass, and memory stays where it was', async (t) => {
  const out = new CountingSink()
  const before = process.memoryUsage().rss
  const report = await runTest(
    planOf(source('in'), steps('a', ['in']), steps('b', ['a']), sink('out', 'b')),
    { sources: { in: new FastSource() }, sinks: { out }, run: { clock: new SystemClock() } },
  )
  const grownMiB = Math.round((process.memoryUsage().rss - before) / 1024 / 1024)
  t.is(out.rowCount, ROWS * BATCHES)
  const perBatch = ((report.durationMs * 1000) / BATCHES).toFixed(1)
  t.log(`${report.durationMs.toFixed(0)} ms, ${perBatch} µs per batch, ${grownMiB} MiB more`)
})
