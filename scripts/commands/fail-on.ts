/** `--fail-on late,rejected,dead_letter,warning`: what makes a run that ended well answer 1. */
import type { RunReport } from '../../shared/api/run-report.ts'
import { StreamError } from '../../shared/base/errors.ts'
import type { LoadedPipeline } from '../pipeline/load-pipeline.ts'
import type { ExitCode, Flags } from './command.ts'

const REASONS = ['late', 'rejected', 'dead_letter', 'warning'] as const
type Reason = (typeof REASONS)[number]

export function failOnExit(report: RunReport, loaded: LoadedPipeline, flags: Flags): ExitCode {
  return reasonsOf(flags).some((reason) => isFound(reason, report, loaded)) ? 1 : 0
}

/** Checked before a run starts, so that a wrong word does not cost a run. */
export function reasonsOf(flags: Flags): Reason[] {
  const text = flags['fail-on']
  if (typeof text !== 'string' || text === '') return []
  return text.split(',').map((word) => {
    const reason = REASONS.find((one) => one === word.trim())
    if (reason !== undefined) return reason
    throw new StreamError(
      'USAGE_WRONG',
      `--fail-on takes ${REASONS.join(', ')}, not ${word.trim()}`,
    )
  })
}

function isFound(reason: Reason, report: RunReport, loaded: LoadedPipeline): boolean {
  if (reason === 'warning') return loaded.diagnostics.some((one) => one.severity === 'warning')
  const name = reason === 'dead_letter' ? 'deadLettered' : reason
  return report.blocks.some(
    (block) => block.records[name] > 0 || (block.results !== null && block.results[name] > 0),
  )
}
