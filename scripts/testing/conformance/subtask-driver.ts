/**
 * Drives one operator as its subtask would, and watches that it keeps the operator contract:
 * answers, push-back, watermarks, and that every record is counted once.
 */
import {
  DONE,
  MORE,
  type Operator,
  type OperatorCounters,
  type Progress,
  type RecordFailure,
} from '../../../node/operators/operator.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { BatchBuilder } from '../../../shared/model/batch-builder.ts'
import type { Action } from './delivery.ts'
import { ContractBroken, RecordingOutput, textOf } from './recording-output.ts'
import { WatermarkMerge, type ScriptRow } from './script.ts'
import type { Subject, SubjectPlace } from './subject.ts'

/** More resumes than this for one call are an operator that never comes to an end. */
const RESUMES_MAX = 1_000_000

export class SubtaskDriver {
  readonly outputs: ReadonlyMap<string, RecordingOutput>
  readonly failures: RecordFailure[] = []
  readonly counters: OperatorCounters = {
    passed: 0,
    absorbed: 0,
    filtered: 0,
    duplicate: 0,
    late: 0,
    rejected: 0,
    expiredKeys: 0,
    droppedTimers: 0,
    unmatchedRetractions: 0,
  }
  readonly #subject: Subject
  readonly #operator: Operator
  readonly #merge: WatermarkMerge
  readonly #given: { batch: Batch; text: string }[] = []
  #forwarded = Number.NEGATIVE_INFINITY
  #now = 0
  #wakeAt = Number.POSITIVE_INFINITY
  #readCount = 0

  constructor(subject: Subject, place: SubjectPlace, fullAfter: number) {
    this.#subject = subject
    this.#merge = new WatermarkMerge(subject.inputs.length)
    const outputs = Object.entries(subject.outputs).map(
      ([name, is]) => [name, new RecordingOutput(name, is, fullAfter)] as const,
    )
    this.outputs = new Map(outputs)
    this.#operator = subject.build(place)
    this.#operator.open({
      output: (name) => {
        const output = this.outputs.get(name)
        if (output === undefined) throw new ContractBroken(`there is no output ${name}`)
        return output
      },
      fail: (failure) => this.failures.push(failure),
      wakeAt: (time) => (this.#wakeAt = Math.min(this.#wakeAt, time)),
      now: () => this.#now,
      counters: this.counters,
      subtask: place.subtask,
      subtaskCount: place.subtaskCount,
    })
  }

  take(action: Action): void {
    switch (action.kind) {
      case 'batch':
        this.#batch(action.input, action.rows)
        break
      case 'watermark':
        this.#watermark(action.input, action.time)
        break
      case 'now':
        this.#moveClock(action.time)
        break
      case 'end':
        this.#watermark(action.input, Number.POSITIVE_INFINITY)
        this.#finish(0, () => this.#operator.onEnd(action.input))
        break
    }
  }

  close(): void {
    this.#operator.close()
    for (const output of this.outputs.values()) output.checkUntouched()
    for (const { batch, text } of this.#given)
      this.#require(textOf(batch) === text, 'a received batch was changed')
    const { passed, absorbed, filtered, duplicate, late, rejected } = this.counters
    const sum = passed + absorbed + filtered + duplicate + late + rejected + this.failures.length
    this.#require(
      sum === this.#readCount,
      `${this.#readCount} records were read and ${sum} counted: ${JSON.stringify(this.counters)}`,
    )
  }

  #batch(input: number, rows: readonly ScriptRow[]): void {
    const schema = { columns: this.#subject.inputs[input]?.columns ?? [] }
    const builder = new BatchBuilder(schema, Math.max(rows.length, 1))
    for (const row of rows) builder.append(row.values, row.time, row.change)
    const batch = builder.finish()
    this.#given.push({ batch, text: textOf(batch) })
    this.#readCount += rows.length
    this.#finish(1, () => this.#operator.onBatch(input, batch))
  }

  #watermark(input: number, time: number): void {
    const merged = this.#merge.advance(input, time)
    if (merged === null) return
    this.#finish(0, () => this.#operator.onWatermark(merged))
    const forwarded = this.#operator.outputWatermark(merged)
    this.#require(forwarded <= merged, `output watermark ${forwarded} is not above ${merged}`)
    this.#require(forwarded >= this.#forwarded, 'the output watermark grows')
    this.#forwarded = forwarded
    for (const output of this.outputs.values()) output.watermark = forwarded
  }

  #moveClock(time: number): void {
    this.#now = Math.max(this.#now, time)
    while (this.#wakeAt <= this.#now) {
      this.#wakeAt = Number.POSITIVE_INFINITY
      this.#finish(0, () => this.#operator.onProcessingTime(this.#now))
    }
  }

  /** Calls, and resumes until done. `free` batches per output may come although it is full. */
  #finish(free: number, call: () => Progress): void {
    let progress = call()
    for (let count = 0; progress === MORE; count++) {
      this.#require(count < RESUMES_MAX, 'resume comes to an end')
      const outputs = [...this.outputs.values()]
      this.#require(
        outputs.some((output) => output.isFull),
        'MORE is answered only while an output is full',
      )
      this.#checkPushBack(free)
      for (const output of outputs) output.drain()
      progress = this.#operator.resume()
    }
    this.#require(progress === DONE, 'an answer is DONE or MORE')
    this.#checkPushBack(free)
    for (const output of this.outputs.values()) output.drain()
  }

  #checkPushBack(free: number): void {
    for (const [name, output] of this.outputs)
      this.#require(
        output.overfullCount <= free,
        `${output.overfullCount} batches were emitted to output ${name} while it was full`,
      )
  }

  #require(fact: boolean, statement: string): void {
    if (!fact) throw new ContractBroken(statement)
  }
}
