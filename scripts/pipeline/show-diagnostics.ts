/** Mistakes and warnings of a pipeline on the terminal; the answer says whether it may go on. */
import { diagnosticJson, renderDiagnostics } from '../../shared/spec/render-diagnostic.ts'
import type { CommandIo } from '../commands/command.ts'
import { isError, type LoadedPipeline } from './load-pipeline.ts'

/**
 * Errors and, unless `--quiet`, warnings go to stderr; parts of the language that do nothing yet in
 * one line. True when there is a plan.
 */
export function showDiagnostics(loaded: LoadedPipeline, io: CommandIo, isQuiet: boolean): boolean {
  const warnings = loaded.diagnostics.filter((one) => !isQuiet && one.severity === 'warning')
  const notYet = warnings.filter((one) => one.code === 'NOT_YET')
  const errors = loaded.diagnostics.filter(isError)
  const shown = [...errors, ...warnings.filter((one) => one.code !== 'NOT_YET')]
  if (notYet.length > 0) {
    const keys = notYet.map((one) => one.path.join('.')).join(', ')
    const verb = notYet.length === 1 ? 'is read but does' : 'are read but do'
    io.stderr.write(`note: ${keys} ${verb} nothing yet\n`)
  }
  if (shown.length > 0) {
    const color = io.style.red('x') !== 'x'
    io.stderr.write(`${renderDiagnostics(shown, loaded.places, { color })}\n\n`)
  }
  return loaded.plan !== null
}

/** What `--json` prints for a pipeline that cannot run. */
export function refusalJson(loaded: LoadedPipeline): Record<string, unknown> {
  const errors = loaded.diagnostics.filter(isError)
  return {
    ok: false,
    pipeline: loaded.spec?.pipeline ?? null,
    errors: errors.map((one) => diagnosticJson(one, loaded.places)),
  }
}
