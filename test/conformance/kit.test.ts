/**
 * The conformance kit itself: an honest operator passes, and each way to break the contract that
 * the kit claims to hunt is found.
 */
import test from 'ava'
import { DONE, MORE, type Operator, type OperatorContext } from '../../node/operators/operator.ts'
import type { Batch } from '../../shared/model/batch.ts'
import { slice } from '../../shared/model/gather.ts'
import { columnOf } from '../../shared/model/row-schema.ts'
import { checkConformance } from './kit/conformance.ts'
import type { Subject } from './kit/subject.ts'

const columns = [
  columnOf('key', { type: { kind: 'string' }, nullable: false }),
  columnOf('amount', { type: { kind: 'number' }, nullable: true }),
]

/** Gives every row on; the faults are overrides of it. */
class Echo implements Operator {
  context: OperatorContext | null = null
  #rest: Batch | null = null

  open(context: OperatorContext): void {
    this.context = context
  }

  onBatch(_input: number, batch: Batch): 0 | 1 {
    if (this.context !== null) this.context.counters.passed += batch.length
    this.#rest = batch
    return this.resume()
  }

  resume(): 0 | 1 {
    const out = this.context!.output('main')
    while (this.#rest !== null) {
      const half = Math.ceil(this.#rest.length / 2)
      if (half > 0) out.emit(slice(this.#rest, 0, half))
      this.#rest = half === this.#rest.length ? null : slice(this.#rest, half, this.#rest.length)
      if (out.isFull && this.#rest !== null) return MORE
    }
    return DONE
  }

  onWatermark(): 0 | 1 {
    return DONE
  }
  onProcessingTime(): 0 | 1 {
    return DONE
  }
  onEnd(): 0 | 1 {
    return DONE
  }
  outputWatermark(watermark: number): number {
    return watermark
  }
  close(): void {
    this.context = null
  }
}

function subjectOf(build: () => Operator): Subject {
  return {
    name: 'echo',
    inputs: [{ columns, edge: 'append', key: [0] }],
    outputs: { main: { columns, edge: 'append', isTimely: true } },
    build,
  }
}

function check(build: () => Operator): () => void {
  return () =>
    checkConformance({
      subject: subjectOf(build),
      inputs: [
        {
          row: (random) => [
            `k${random.below(5)}`,
            random.below(5) === 0 ? null : random.below(100),
          ],
        },
      ],
      seeds: 5,
      model: (script) => ({
        main: script.flatMap((step) =>
          step.kind === 'row' ? [{ values: step.row.values, eventTime: step.row.time }] : [],
        ),
      }),
    })
}

test('conformance kit: an operator that gives every row on passes', (t) => {
  t.notThrows(check(() => new Echo()))
})

test('conformance kit: a row lost at the end of a batch is found', (t) => {
  class Loses extends Echo {
    override onBatch(input: number, batch: Batch): 0 | 1 {
      const kept = batch.length > 3 ? slice(batch, 0, batch.length - 1) : batch
      if (this.context !== null) this.context.counters.passed += batch.length - kept.length
      return super.onBatch(input, kept)
    }
  }
  t.throws(
    check(() => new Loses()),
    { message: /echo, seed 1, .*missing/s },
  )
})

test('conformance kit: rows that hang over a watermark are found', (t) => {
  class Holds extends Echo {
    #held: Batch | null = null
    override onBatch(input: number, batch: Batch): 0 | 1 {
      const before = this.#held
      this.#held = batch
      return before === null ? DONE : super.onBatch(input, before)
    }
    override onEnd(): 0 | 1 {
      return this.#held === null ? DONE : super.onBatch(0, this.#held)
    }
  }
  t.throws(
    check(() => new Holds()),
    { message: /after watermark .* was forwarded/ },
  )
})

test('conformance kit: emitting on while the output is full is found', (t) => {
  class Pushes extends Echo {
    override onBatch(_input: number, batch: Batch): 0 | 1 {
      if (this.context !== null) this.context.counters.passed += batch.length
      for (let row = 0; row < batch.length; row++)
        this.context?.output('main').emit(slice(batch, row, row + 1))
      return DONE
    }
  }
  t.throws(
    check(() => new Pushes()),
    { message: /while it was full/ },
  )
})

test('conformance kit: MORE without a full output is found', (t) => {
  class Dawdles extends Echo {
    override onWatermark(): 0 | 1 {
      return MORE
    }
  }
  t.throws(
    check(() => new Dawdles()),
    { message: /MORE is answered only while/ },
  )
})

test('conformance kit: writing to a batch that was received or emitted is found', (t) => {
  class Scribbles extends Echo {
    #last: Batch | null = null
    override onBatch(input: number, batch: Batch): 0 | 1 {
      const column = this.#last?.columns[1]
      if (column?.layout === 'f64') column.values.fill(-1)
      if (batch.length > 0) this.#last = batch
      return super.onBatch(input, batch)
    }
  }
  t.throws(
    check(() => new Scribbles()),
    { message: /was changed/ },
  )
})

test('conformance kit: a record that is not counted is found', (t) => {
  class Miscounts extends Echo {
    override onBatch(input: number, batch: Batch): 0 | 1 {
      const progress = super.onBatch(input, batch)
      if (this.context !== null && batch.length > 0) this.context.counters.passed--
      return progress
    }
  }
  t.throws(
    check(() => new Miscounts()),
    { message: /records were read and \d+ counted/ },
  )
})

test('conformance kit: an output watermark above the input is found', (t) => {
  class Promises extends Echo {
    override outputWatermark(watermark: number): number {
      return watermark + 1
    }
  }
  t.throws(
    check(() => new Promises()),
    { message: /output watermark/ },
  )
})
