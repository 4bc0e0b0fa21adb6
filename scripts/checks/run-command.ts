/** Runs one program of the checks and keeps what it printed. */
import { spawn } from 'node:child_process'
import type { StepResult } from './step-result.ts'

export interface CommandResult {
  readonly code: number
  /** Standard output and standard error as they came. */
  readonly output: string
}

/** `more`: variables beside those of this process. */
export function runCommand(
  program: string,
  args: readonly string[],
  more: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...more }
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env })
    const parts: Buffer[] = []
    child.stdout.on('data', (part: Buffer) => parts.push(part))
    child.stderr.on('data', (part: Buffer) => parts.push(part))
    child.on('error', (error) => resolve({ code: 127, output: `${program}: ${error.message}` }))
    child.on('close', (code) => {
      resolve({ code: code ?? 1, output: Buffer.concat(parts).toString('utf8') })
    })
  })
}

/** A program that only passes or fails counts as one check. */
export function exitCodeOf(_name: string, result: CommandResult): StepResult {
  const passed = result.code === 0 ? 1 : 0
  return { passed, failed: 1 - passed, skips: [], details: result.output }
}
