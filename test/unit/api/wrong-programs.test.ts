/**
 * Hunts messages that do not help: every program of test/fixtures/wrong/programs is checked as
 * `millrace check` does it, and what a person would read is compared with its golden file.
 * `UPDATE_GOLDEN=1` writes them anew; they are then read by a person. Add a file to add a case.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import type { CommandIo } from '../../../scripts/commands/command.ts'
import { loadPipeline } from '../../../scripts/pipeline/load-pipeline.ts'
import { styleFor } from '../../../scripts/terminal/style.ts'
import { StreamError } from '../../../shared/base/errors.ts'
import { renderDiagnostics } from '../../../shared/spec/render-diagnostic.ts'

const ROOT = join(import.meta.dirname, '../../..')
const PROGRAMS = join(ROOT, 'test/fixtures/wrong/programs')
const silent = { write: () => true }
const style = styleFor({}, {})
const io: CommandIo = {
  stdout: silent,
  stderr: silent,
  env: {},
  workingDirectory: PROGRAMS,
  style,
  outStyle: style,
  onInterrupt: () => () => {},
}

async function saidOf(name: string): Promise<string> {
  try {
    const { diagnostics, places } = await loadPipeline(name, {}, io)
    const errors = diagnostics.filter((one) => one.severity === 'error')
    return renderDiagnostics(errors, places)
  } catch (error) {
    if (!(error instanceof StreamError)) throw error
    return `error[${error.code}]: ${error.message}\nfix: ${error.fix ?? ''}`
  }
}

for (const name of readdirSync(PROGRAMS).filter((one) => /\.[jt]s$/.test(one))) {
  test(`wrong program: ${name}`, async (t) => {
    const said = `${(await saidOf(name)).replaceAll(`${ROOT}/`, '')}\n`
    const golden = join(PROGRAMS, `${name.slice(0, -3)}.golden.txt`)
    if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(golden, said)
    t.is(said, readFileSync(golden, 'utf8'))
    t.regex(said, /^error\[[A-Z_]+\]: /)
    t.notRegex(said, /\[object|Invalid input/)
  })
}
