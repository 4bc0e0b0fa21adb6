/** `millrace test [FILE…]`: the given/expect tests of pipelines (LANGUAGE §4). */
import { StreamError } from '../../shared/base/errors.ts'
import { diagnosticJson, renderDiagnostics } from '../../shared/spec/render-diagnostic.ts'
import { failureLines } from '../testing/run-test.ts'
import { runTestsOf, type FileMistakes, type TestOutcome } from '../testing/run-tests.ts'
import { outcomeJson } from '../testing/show/outcome-json.ts'
import { testSources } from '../testing/test-files.ts'
import { watchTests } from '../testing/watch-tests.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'

export async function test(flags: Flags, io: CommandIo): Promise<ExitCode> {
  if (flags['watch'] === true) return watchTests(flags, io)
  const named = (flags['files'] as string[] | undefined) ?? []
  const name = typeof flags['name'] === 'string' ? flags['name'] : null
  const isUpdate = flags['update'] === true
  const tests: TestOutcome[] = []
  const wrong: FileMistakes[] = []
  for (const source of testSources(named, io.workingDirectory)) {
    const outcome = await runTestsOf(source, { flags, io, name, isUpdate })
    tests.push(...outcome.tests)
    wrong.push(...outcome.wrong)
    if (flags['json'] !== true) show(outcome, { flags, io })
  }
  if (tests.length === 0 && wrong.length === 0) refuseNothing(named, name)
  const passed = tests.filter(isPassed).length
  const failed = tests.length - passed
  if (flags['json'] === true) printJson(tests, wrong, io)
  else io.stdout.write(`${passed} passed, ${failed} failed\n`)
  return exitOf(tests, wrong)
}

function isPassed({ result, mistakes }: TestOutcome): boolean {
  return mistakes.length === 0 && result?.isPassed === true
}

/** A wrong file wins over a failed test: what it would have said is not known. */
function exitOf(tests: readonly TestOutcome[], wrong: readonly FileMistakes[]): ExitCode {
  if (wrong.length > 0 || tests.some((one) => one.mistakes.length > 0)) return 2
  return tests.every(isPassed) ? 0 : 1
}

function refuseNothing(named: readonly string[], name: string | null): never {
  const where = named.length === 0 ? 'below this folder' : `in ${named.join(', ')}`
  if (name !== null) {
    throw new StreamError('USAGE_WRONG', `no test ${where} has "${name}" in its name`)
  }
  throw new StreamError('USAGE_WRONG', `there are no tests ${where}`, {
    fix: 'write `tests:` into the pipeline file, or NAME.test.yaml beside it',
  })
}

function show(
  { tests, wrong }: { tests: readonly TestOutcome[]; wrong: readonly FileMistakes[] },
  { flags, io }: { flags: Flags; io: CommandIo },
): void {
  const { stderr, style } = io
  const color = style.red('x') !== 'x'
  for (const { mistakes, places } of wrong) {
    stderr.write(`${renderDiagnostics(mistakes, places, { color })}\n\n`)
  }
  for (const one of tests) {
    const { file, spec, places, result, mistakes, durationMs, filledCount } = one
    const took = style.dim(`${durationMs.toFixed(0)} ms`)
    const filled = filledCount === 0 ? '' : ` (${filledCount} filled in)`
    if (isPassed(one)) {
      if (flags['quiet'] === true) continue
      stderr.write(`${style.green('pass')} ${file}: ${spec.name}${filled} ${took}\n`)
      continue
    }
    stderr.write(`${style.red('FAIL')} ${file}: ${spec.name} ${took}\n`)
    if (mistakes.length > 0) {
      stderr.write(`${renderDiagnostics(mistakes, places, { color })}\n`)
    }
    const lines = result === null ? [] : failureLines(result, { places, style })
    for (const line of lines) stderr.write(`  ${line}\n`)
    stderr.write('\n')
  }
}

function printJson(
  tests: readonly TestOutcome[],
  wrong: readonly FileMistakes[],
  io: CommandIo,
): void {
  const passed = tests.filter(isPassed).length
  const json = {
    ok: exitOf(tests, wrong) === 0,
    passed,
    failed: tests.length - passed,
    tests: tests.map(outcomeJson),
    errors: wrong.flatMap(({ mistakes, places }) =>
      mistakes.map((one) => diagnosticJson(one, places)),
    ),
  }
  io.stdout.write(`${JSON.stringify(json, null, 2)}\n`)
}
