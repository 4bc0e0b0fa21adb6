/**
 * The command line's entry: the process as commands see it, and its exit code.
 *
 * Compiled code is kept between starts (under the system's temporary folder, or where
 * NODE_COMPILE_CACHE says): without that half of a start is compiling. It has to be switched on
 * before anything else is imported.
 */
import { enableCompileCache } from 'node:module'
import type { CommandIo } from './commands/command.ts'

enableCompileCache()
const { main } = await import('./command-line.ts')
const { styleFor } = await import('./terminal/style.ts')
const io = processIo()
// EPIPE: who read the output has what they wanted (`explain … | head`); the verb ends as usual.
process.stdout.on('error', () => {})
let isAnswered = false
// Somebody's code ended the process, or nothing was left that could go on: no success.
process.on('exit', (code) => {
  if (isAnswered) return
  process.exitCode = 3
  io.stderr.write(`error[ENDED_EARLY]: the process ended (exit ${code}) before the command did\n`)
})
const exitCode = await main(process.argv.slice(2), io).catch(async (error: unknown) => {
  const { reportFailure } = await import('./report-failure.ts')
  return reportFailure(error, io)
})
isAnswered = true
process.exitCode = exitCode

function processIo(): CommandIo {
  const { stdout, stderr, env } = process
  return {
    stdout,
    stderr,
    env,
    workingDirectory: process.cwd(),
    style: styleFor(stderr, env),
    outStyle: styleFor(stdout, env),
    onInterrupt(listener) {
      process.on('SIGINT', listener)
      process.on('SIGTERM', listener)
      return () => {
        process.off('SIGINT', listener)
        process.off('SIGTERM', listener)
      }
    },
    onStrayError(listener) {
      process.on('uncaughtException', listener)
      return () => {
        process.off('uncaughtException', listener)
      }
    },
  }
}
