/** The tests of a pipeline as `dev` shows them: what failed, and the count. */
import type { CommandIo, Flags } from '../commands/command.ts'
import { failureLines } from '../testing/run-test.ts'
import { runTestsOf } from '../testing/run-tests.ts'
import { testSources } from '../testing/test-files.ts'

/** Lines beyond which a failure is read better from `millrace test`. */
const FAILURE_LINES_MAX = 12

export async function devTests(file: string, flags: Flags, io: CommandIo): Promise<string[]> {
  const { outStyle: style } = io
  const lines: string[] = []
  let passed = 0
  let failed = 0
  for (const source of testSources([file], io.workingDirectory)) {
    const outcome = await runTestsOf(source, { flags, io, name: null, isUpdate: false })
    for (const { spec, result, places, mistakes } of outcome.tests) {
      if (result?.isPassed === true) {
        passed++
        continue
      }
      failed++
      const why =
        result === null
          ? mistakes.map((one) => one.message)
          : failureLines(result, { places, style })
      const more = why.length > FAILURE_LINES_MAX ? ['  … `millrace test` shows all of it'] : []
      lines.push(`${style.red('failed')} ${spec.name}`, ...why.slice(0, FAILURE_LINES_MAX), ...more)
    }
    for (const wrong of outcome.wrong) {
      lines.push(
        ...wrong.mistakes.map((one) => `${style.red('wrong')} ${wrong.file}: ${one.message}`),
      )
    }
  }
  if (passed + failed === 0) return lines
  const count = `tests: ${passed} passed, ${failed} failed`
  return [...lines, failed === 0 ? style.green(count) : style.red(count)]
}
