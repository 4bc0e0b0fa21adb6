/** The last words of a command that failed: what, why, what to do, and the exit code. */
import { ERROR_KINDS, StreamError } from '../shared/base/errors.ts'
import type { CommandIo, ExitCode } from './commands/command.ts'

export function reportFailure(error: unknown, io: CommandIo): ExitCode {
  const { style, stderr } = io
  if (error instanceof StreamError) {
    stderr.write(`${style.red(`error[${error.code}]`)}: ${error.message}\n`)
    if (error.fix !== null) stderr.write(`  fix: ${error.fix}\n`)
    if (error.cause instanceof Error) stderr.write(`  cause: ${error.cause.message}\n`)
    return exitOf(error)
  }
  // Not ours to explain: the trace is what helps to mend it.
  stderr.write(`${style.red('error')}: ${error instanceof Error ? error.stack : String(error)}\n`)
  return 3
}

function exitOf(error: StreamError): ExitCode {
  const kind = ERROR_KINDS[error.code]
  if (kind.domain !== 'user') return 3
  return kind.remedy === 'refuse' ? 2 : 1
}
