/**
 * All tests of a pipeline: loads it as each test wants it (parameters, environment), binds, plays.
 * A test that is wrong in itself fails with its mistakes; the others run.
 */
import { readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { Diagnostics, type Diagnostic, type Places } from '../../shared/base/diagnostics.ts'
import { readTestFile } from '../../shared/spec/read-pipeline.ts'
import type { TestSpec } from '../../shared/spec/test-spec.ts'
import { updateExpectations } from '../../shared/spec/update-expectations.ts'
import type { CommandIo, Flags } from '../commands/command.ts'
import { isError, loadPipeline, type LoadedPipeline } from '../pipeline/load-pipeline.ts'
import { bindTest } from './bind-test.ts'
import { editsOf } from './open-edits.ts'
import { runTest, type TestResult } from './run-test.ts'
import type { TestSource } from './test-files.ts'

export interface TestOutcome {
  /** The file the test stands in, as it is shown. */
  readonly file: string
  readonly spec: TestSpec
  readonly places: Places
  /** Null when the test has mistakes of its own. */
  readonly result: TestResult | null
  readonly mistakes: readonly Diagnostic[]
  readonly durationMs: number
  /** Open expectations that were filled in. */
  readonly filledCount: number
}

/** Of files that cannot be read as tests or pipelines. */
export interface FileMistakes {
  readonly file: string
  readonly places: Places
  readonly mistakes: readonly Diagnostic[]
}

export interface PipelineOutcome {
  readonly tests: readonly TestOutcome[]
  readonly wrong: readonly FileMistakes[]
}

export interface TestRunOptions {
  readonly flags: Flags
  readonly io: CommandIo
  /** Only tests whose name has this text. */
  readonly name: string | null
  readonly isUpdate: boolean
}

export async function runTestsOf(
  source: TestSource,
  options: TestRunOptions,
): Promise<PipelineOutcome> {
  return new PipelineTests(source, options).run()
}

interface TestGroup {
  readonly file: string
  readonly tests: readonly TestSpec[]
  readonly places: Places
  /** What is wrong in the form of the file. */
  readonly mistakes: readonly Diagnostic[]
}

/** Whether a mistake stands in the text of this test. */
function isIn({ path }: Diagnostic, test: TestSpec): boolean {
  return test.path.length > 0 && test.path.every((part, index) => path[index] === part)
}

class PipelineTests {
  readonly #source: TestSource
  readonly #options: TestRunOptions
  readonly #loaded = new Map<string, Promise<LoadedPipeline>>()

  constructor(source: TestSource, options: TestRunOptions) {
    this.#source = source
    this.#options = options
  }

  async run(): Promise<PipelineOutcome> {
    const wrong: FileMistakes[] = []
    const loaded = await this.#load(null)
    const file = this.#source.pipeline
    const { places, plan, diagnostics } = loaded
    if (plan === null) wrong.push({ file, places, mistakes: diagnostics.filter(isError) })
    const groups: TestGroup[] = []
    if (this.#source.hasOwnTests) groups.push({ file, tests: loaded.tests, places, mistakes: [] })
    const beside = await this.#readBeside()
    if (beside !== null) {
      groups.push(beside)
      const general = beside.mistakes.filter((one) => !beside.tests.some((test) => isIn(one, test)))
      if (general.length > 0) wrong.push({ ...beside, mistakes: general })
    }
    const tests: TestOutcome[] = []
    for (const group of plan === null ? [] : groups) tests.push(...(await this.#runGroup(group)))
    return { tests, wrong }
  }

  /** A test with parameters or an environment of its own sees the pipeline as a run would. */
  #load(test: TestSpec | null): Promise<LoadedPipeline> {
    const { flags, io } = this.#options
    const own = Object.entries(test?.params ?? {}).map(([name, value]) => `${name}=${value}`)
    const given = Array.isArray(flags['set']) ? (flags['set'] as unknown[]) : []
    const environment = test?.environment ?? flags['env']
    const key = JSON.stringify([own, environment])
    const known = this.#loaded.get(key)
    if (known !== undefined) return known
    const all = { ...flags, set: [...given, ...own], env: environment }
    const loading = loadPipeline(this.#source.pipeline, all, io)
    this.#loaded.set(key, loading)
    return loading
  }

  async #readBeside(): Promise<TestGroup | null> {
    const { testFile } = this.#source
    if (testFile === null) return null
    const text = await readFile(resolve(this.#options.io.workingDirectory, testFile))
    const { tests, places, diagnostics } = await readTestFile({
      path: testFile,
      text,
      readFile: () => Promise.resolve({ kind: 'missing' }),
    })
    return { file: testFile, tests, places, mistakes: diagnostics.all.filter(isError) }
  }

  async #runGroup(group: TestGroup): Promise<TestOutcome[]> {
    const { name } = this.#options
    const chosen = group.tests.filter((test) => name === null || test.name.includes(name))
    const outcomes: TestOutcome[] = []
    for (const test of chosen) outcomes.push(await this.#runOne(test, group))
    return this.#options.isUpdate ? this.#fillIn(group, outcomes) : outcomes
  }

  async #runOne(
    spec: TestSpec,
    { file, places, mistakes: formal }: TestGroup,
  ): Promise<TestOutcome> {
    const { io, isUpdate } = this.#options
    const startedAt = performance.now()
    const loaded = await this.#load(spec)
    const diagnostics = new Diagnostics()
    diagnostics.all.push(...formal.filter((one) => isIn(one, spec)))
    const isWrong = diagnostics.hasErrors
    const directory = dirname(resolve(io.workingDirectory, file))
    const base = { file, spec, places, filledCount: 0 }
    if (loaded.plan === null || loaded.spec === null) {
      const mistakes = loaded.diagnostics.filter(isError)
      return { ...base, places: loaded.places, result: null, mistakes, durationMs: 0 }
    }
    const pipeline = { spec: loaded.spec, plan: loaded.plan, params: loaded.params }
    const place = { directory, baseDirectory: loaded.baseDirectory }
    const bound = await bindTest(pipeline, spec, { place, diagnostics })
    const result = bound === null || isWrong ? null : await runTest(bound, { isUpdate })
    const durationMs = performance.now() - startedAt
    return { ...base, result, mistakes: diagnostics.all.filter(isError), durationMs }
  }

  /** Writes what `"?"` stands for into the file; the rest of it stays byte for byte. */
  async #fillIn(group: TestGroup, outcomes: readonly TestOutcome[]): Promise<TestOutcome[]> {
    const edits = outcomes.map(({ result }) => (result === null ? [] : editsOf(result)))
    if (edits.every((one) => one.length === 0)) return [...outcomes]
    const path = resolve(this.#options.io.workingDirectory, group.file)
    const text = await readFile(path, 'utf8')
    await writeFile(path, updateExpectations(text, edits.flat()))
    return outcomes.map((one, index) => ({ ...one, filledCount: edits[index]?.length ?? 0 }))
  }
}
