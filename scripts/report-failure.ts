/** The last words of a command that failed: what, why, what to do, and the exit code. */
import { ERROR_KINDS, StreamError } from '../shared/base/errors.ts'
import type { CommandIo, ExitCode } from './commands/command.ts'

export function reportFailure(error: unknown, io: CommandIo): ExitCode {
  const { style, stderr } = io
  if (error instanceof StreamError) {
    stderr.write(`${style.red(`error[${error.code}]`)}: ${error.message}\n`)
    if (error.fix !== null) stderr.write(`  fix: ${error.fix}\n`)
    const cause = error.cause instanceof Error ? error.cause.message : null
    if (cause !== null && !error.message.endsWith(cause)) stderr.write(`  cause: ${cause}\n`)
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
