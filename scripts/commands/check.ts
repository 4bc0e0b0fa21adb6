/** `millrace check FILE…`: every mistake of every file at once. */
import {
  diagnosticJson,
  renderGithub,
  renderDiagnostics,
} from '../../shared/spec/render-diagnostic.ts'
import { isError, type LoadedPipeline, loadPipeline } from '../pipeline/load-pipeline.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'

export async function check(flags: Flags, io: CommandIo): Promise<ExitCode> {
  const files = (flags['files'] as string[] | undefined) ?? []
  const loaded: LoadedPipeline[] = []
  for (const file of files) loaded.push(await loadPipeline(file, flags, io))

  const output = flags['json'] === true ? 'json' : String(flags['output'])
  if (output === 'json') io.stdout.write(`${JSON.stringify(jsonOf(loaded), null, 2)}\n`)
  else for (const one of loaded) print(one, output, { flags, io })
  return loaded.every((one) => one.plan !== null) ? 0 : 2
}

/** The object of `--json`; `verdicts` are for checks against saved state, which come later. */
function jsonOf(loaded: readonly LoadedPipeline[]): Record<string, unknown> {
  const all = loaded.flatMap((one) =>
    one.diagnostics.map((diagnostic) => diagnosticJson(diagnostic, one.places)),
  )
  const of = (severity: string) => all.filter((one) => one.severity === severity)
  const errors = of('error')
  return {
    ok: errors.length === 0,
    errors,
    warnings: of('warning'),
    notes: of('note'),
    verdicts: [],
  }
}

function print(
  loaded: LoadedPipeline,
  output: string,
  { flags, io }: { flags: Flags; io: CommandIo },
): void {
  const { diagnostics, places } = loaded
  if (output === 'github') {
    for (const one of diagnostics) io.stdout.write(`${renderGithub(one, places)}\n`)
    return
  }
  const color = io.outStyle.red('x') !== 'x'
  if (diagnostics.length > 0) {
    io.stdout.write(`${renderDiagnostics(diagnostics, places, { color })}\n\n`)
  }
  if (flags['quiet'] !== true) io.stdout.write(`${verdict(loaded, io)}\n`)
}

function verdict(loaded: LoadedPipeline, io: CommandIo): string {
  const errors = loaded.diagnostics.filter(isError).length
  const warnings = loaded.diagnostics.filter((one) => one.severity === 'warning').length
  const counts = `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`
  const { outStyle } = io
  const mark = errors === 0 ? outStyle.green('ok') : outStyle.red('wrong')
  const blocks = loaded.plan === null ? '' : `, ${loaded.plan.blocks.length} blocks`
  return `${mark} ${loaded.path}: ${counts}${blocks}`
}
