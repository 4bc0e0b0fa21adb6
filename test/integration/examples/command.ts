/** Runs verbs of the command line from the root and keeps what they print. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { main } from '../../../scripts/command-line.ts'
import type { CommandIo } from '../../../scripts/commands/command.ts'
import { reportFailure } from '../../../scripts/report-failure.ts'
import { styleFor } from '../../../scripts/terminal/style.ts'
import { ROOT } from '../../tidy/source-files.ts'

export interface Answer {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

export async function command(
  words: readonly string[],
  workingDirectory: string = ROOT,
): Promise<Answer> {
  const stdout: string[] = []
  const stderr: string[] = []
  const plain = styleFor({}, {})
  const io: CommandIo = {
    stdout: { write: (text) => stdout.push(text) },
    stderr: { write: (text) => stderr.push(text) },
    env: process.env,
    workingDirectory,
    style: plain,
    outStyle: plain,
    onInterrupt: () => () => {},
  }
  const exit = await main(words, io).catch((error: unknown) => reportFailure(error, io))
  return { exit, stdout: stdout.join(''), stderr: stderr.join('') }
}

/** In a process of its own: what a stdout sink writes does not go through `CommandIo`. */
export function commandProcess(words: readonly string[]): Promise<Answer> {
  const cli = join(ROOT, 'scripts/cli.ts')
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...words], { cwd: ROOT }, (error, stdout, stderr) => {
      resolve({ exit: error === null ? 0 : Number(error.code ?? -1), stdout, stderr })
    })
  })
}
