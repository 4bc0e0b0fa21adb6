/**
 * `testPipeline(fraud).given(…).expect(…)`: given/expect tests in TypeScript, with the words of the
 * YAML form, in any test framework. What is awaited rejects with a readable difference.
 *
 * Owns: the steps, in the order of the calls. The last `expect` is looked at after the end of input.
 */
import type { Pipeline } from '../../shared/api/pipeline.ts'
import type { Expectation } from '../../shared/spec/test-spec.ts'
import type { TestStep } from '../../shared/spec/test-spec.ts'
import { runPipelineTest } from './program/run-program-test.ts'
import { TestSites } from './program/test-sites.ts'
import {
  baseOf,
  readExpected,
  readGiven,
  readSteps,
  type AnyStreams,
  type PipelineTestOptions,
  type ProgramTest,
  type Rows,
  type Step,
} from './program/test-words.ts'

/** A test that is not awaited does nothing. */
export class PipelineTest<Streams extends object = AnyStreams> implements Promise<void> {
  readonly [Symbol.toStringTag] = 'PipelineTest'
  readonly #test: ProgramTest
  #outcome: Promise<void> | null = null

  constructor(pipeline: Pipeline | string, options: PipelineTestOptions) {
    const sites = new TestSites(errorAbove(2))
    this.#test = { pipeline, options, sites, base: baseOf(options), steps: [], tables: [] }
  }

  /** Rows that replace lookup tables; a table that is not given is empty. */
  tables(rows: Rows<AnyStreams>): this {
    const { path, test } = this.#call('tables')
    test.tables.push(...readGiven(rows, path, test))
    return this
  }

  /**
   * Rows by source, or a list of steps in their order: `[{ orders: {…} }, { watermark: '15:00' }]`.
   * `at` sets the field of event time.
   */
  given(rows: Rows<Streams> | readonly Step<Streams>[]): this {
    const { path, test } = this.#call('given')
    const steps = isSteps(rows)
      ? readSteps(rows, path, test)
      : readGiven(rows, path, test).map((group): TestStep => ({ kind: 'rows', ...group }))
    test.steps.push(...steps)
    return this
  }

  /** Moves the watermark of all sources, or of those that are named. */
  watermark(time: string | Readonly<Record<string, string>>): this {
    const { path, test } = this.#call('watermark')
    test.steps.push(...readSteps([{ watermark: time }], path, test))
    return this
  }

  /** Moves processing time: `'5m'`. */
  advance(duration: string): this {
    const { path, test } = this.#call('advance')
    test.steps.push(...readSteps([{ advance: duration }], path, test))
    return this
  }

  /** Rows since the last `expect`, by block, side output or sink; listed fields are compared. */
  expect(rows: Rows<Streams>): this {
    const { path, test } = this.#call('expect')
    const expect: Expectation = readExpected(rows, path, test)
    test.steps.push({ kind: 'expect', expect })
    return this
  }

  // oxlint-disable-next-line unicorn/no-thenable -- awaiting a test runs it
  then<Value = void, Failure = never>(
    onPassed?: ((value: void) => Value | PromiseLike<Value>) | null,
    onFailed?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<Value | Failure> {
    this.#outcome ??= runPipelineTest(this.#test)
    return this.#outcome.then(onPassed, onFailed)
  }

  catch<Failure = never>(
    onFailed?: ((reason: unknown) => Failure | PromiseLike<Failure>) | null,
  ): Promise<void | Failure> {
    return this.then(null, onFailed)
  }

  finally(onSettled?: (() => void) | null): Promise<void> {
    return this.then(null, null).finally(onSettled)
  }

  #call(word: string): { path: (string | number)[]; test: ProgramTest } {
    const path = [word, this.#test.sites.count]
    this.#test.sites.record(path, errorAbove(2))
    return { path, test: this.#test }
  }
}

/** A pipeline, or the path of its file. */
export function testPipeline<Streams extends object = AnyStreams>(
  pipeline: Pipeline | string,
  options: PipelineTestOptions = {},
): PipelineTest<Streams> {
  return new PipelineTest<Streams>(pipeline, options)
}

function isSteps<Streams>(
  rows: Rows<Streams> | readonly Step<Streams>[],
): rows is readonly Step<Streams>[] {
  return Array.isArray(rows)
}

/** An error whose stack begins `frames` callers above the one who asks: at the author's line. */
function errorAbove(frames: number): Error {
  const error = new Error('call site')
  const [head = '', ...callers] = (error.stack ?? '').split('\n')
  error.stack = [head, ...callers.slice(frames + 1)].join('\n')
  return error
}
