/** Runs a test that stands in a TypeScript program; rejects with what a person wants to read. */
import { dirname } from 'node:path'
import { Diagnostics, type Diagnostic, type Places } from '../../../shared/base/diagnostics.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import type { Plan } from '../../../shared/planning/plan.ts'
import { planPipeline } from '../../../shared/planning/plan-pipeline.ts'
import { applyEnvironment } from '../../../shared/spec/apply-environment.ts'
import type { PipelineSpec } from '../../../shared/spec/pipeline-spec.ts'
import { renderDiagnostics } from '../../../shared/spec/render-diagnostic.ts'
import type { TestSpec } from '../../../shared/spec/test-spec.ts'
import type { CommandIo } from '../../commands/command.ts'
import { withExcerpts } from '../../pipeline/excerpts.ts'
import { CONNECTORS, isError, loadPipeline } from '../../pipeline/load-pipeline.ts'
import { styleFor } from '../../terminal/style.ts'
import { bindTest } from '../bind-test.ts'
import { failureLines, runTest } from '../run-test.ts'
import type { ProgramTest } from './test-words.ts'

interface Tested {
  readonly spec: PipelineSpec | null
  readonly plan: Plan | null
  readonly diagnostics: readonly Diagnostic[]
  readonly places: Places
  readonly params: Readonly<Record<string, unknown>>
}

const DEGREES_DEFAULT = [1, 3]

export async function runPipelineTest(test: ProgramTest): Promise<void> {
  const tested = await load(test)
  const { spec, plan, params } = tested
  if (spec === null || plan === null) return refuse(tested.diagnostics, tested.places)
  const places = withExcerpts(test.sites)
  const diagnostics = new Diagnostics()
  const directory = dirname(test.sites.locate([]).file)
  const place = { directory, baseDirectory: directory }
  const bound = await bindTest({ spec, plan, params }, specOf(test), { place, diagnostics })
  if (bound === null) return refuse(diagnostics.all, places)
  const result = await runTest(bound, { isUpdate: false })
  if (result.isPassed) return
  const lines = failureLines(result, { places, style: styleFor({}, {}) })
  const message = `${spec.pipeline} gives other rows than expected\n${lines.join('\n')}`
  throw new StreamError('TEST_FAILED', message)
}

async function load({ pipeline, options }: ProgramTest): Promise<Tested> {
  const { environment, params: given = {} } = options
  const params = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, String(value)]),
  )
  if (typeof pipeline === 'string') {
    const set = Object.entries(params).map(([name, value]) => `${name}=${value}`)
    return loadPipeline(pipeline, { set, env: environment }, processIo())
  }
  const diagnostics = new Diagnostics()
  const spec =
    environment === undefined
      ? pipeline.spec
      : applyEnvironment(pipeline.spec, environment, diagnostics)
  const planned = planPipeline(spec, CONNECTORS, { params })
  const all = [...pipeline.mistakes, ...diagnostics.all, ...planned.diagnostics]
  const places = withExcerpts(pipeline.places)
  return { spec, plan: all.some(isError) ? null : planned.plan, diagnostics: all, places, params }
}

function processIo(): CommandIo {
  const style = styleFor({}, {})
  const silent = { write: () => true }
  return {
    stdout: silent,
    stderr: silent,
    env: process.env,
    workingDirectory: process.cwd(),
    style,
    outStyle: style,
    onInterrupt: () => () => {},
  }
}

/** The last expectation, when nothing follows it, is that of the end of input. */
function specOf({ options, base, steps, tables, pipeline }: ProgramTest): TestSpec {
  const last = steps.at(-1)
  const atEnd = last?.kind === 'expect' ? last.expect : null
  const given = atEnd === null ? steps : steps.slice(0, -1)
  if (!steps.some((step) => step.kind === 'expect')) {
    const fix = 'end it with `.expect({ stream: [ rows ] })`'
    throw new StreamError('TEST_INVALID', 'the test expects nothing', { fix })
  }
  const { parallelism = DEGREES_DEFAULT, where, environment, ordered, contains } = options
  return {
    name: typeof pipeline === 'string' ? pipeline : pipeline.spec.pipeline,
    path: [],
    base,
    params: {},
    environment: environment ?? null,
    parallelism: typeof parallelism === 'number' ? [parallelism] : parallelism,
    where: where ?? null,
    isOrdered: ordered ?? false,
    isContained: contains ?? false,
    tables,
    given,
    expect: atEnd,
  }
}

function refuse(diagnostics: readonly Diagnostic[], places: Places): never {
  const errors = diagnostics.filter(isError)
  const code = errors[0]?.code ?? 'TEST_INVALID'
  throw new StreamError(code, `the test cannot run\n${renderDiagnostics(errors, places)}`)
}
