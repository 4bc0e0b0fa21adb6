/** `millrace types FILE`: the rows of a pipeline's streams as TypeScript. */
import { typesOfPlan } from '../../shared/planning/types-of-plan.ts'
import { loadPipeline } from '../pipeline/load-pipeline.ts'
import { refusalJson, showDiagnostics } from '../pipeline/show-diagnostics.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'

export async function types(flags: Flags, io: CommandIo): Promise<ExitCode> {
  const isJson = flags['json'] === true
  const loaded = await loadPipeline(String(flags['file']), flags, io)
  if (!showDiagnostics(loaded, io, true) || loaded.plan === null) {
    if (isJson) io.stdout.write(`${JSON.stringify(refusalJson(loaded), null, 2)}\n`)
    return 2
  }
  const text = typesOfPlan(loaded.plan)
  io.stdout.write(isJson ? `${JSON.stringify({ ok: true, types: text })}\n` : text)
  return 0
}
