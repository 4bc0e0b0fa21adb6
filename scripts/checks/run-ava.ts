/** Runs a suite of AVA tests and counts what its TAP stream says. */
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { runCommand } from './run-command.ts'
import type { StepResult } from './step-result.ts'

/** Every test file runs in a thread of its own, which would compile all that it imports anew. */
const COMPILED = resolve('node_modules/.cache/compiled')

export async function runAva(pattern: string): Promise<StepResult> {
  if (globSync(pattern).length === 0) return { passed: 0, failed: 0, skips: [], details: '' }
  const result = await runCommand('ava', ['--tap', pattern], { NODE_COMPILE_CACHE: COMPILED })
  const counted = countTap(result.output)
  // A crash outside of any test has no line of its own: the exit code still tells.
  if (result.code === 0 || counted.failed > 0) return counted
  return { ...counted, failed: counted.failed + 1, details: result.output.slice(-20_000) }
}

/** Reads `ok N - title`, `not ok N - title` with the lines below it, and `# SKIP`. */
export function countTap(tap: string): StepResult {
  let passed = 0
  let failed = 0
  const skips: string[] = []
  const details: string[] = []
  let inFailure = false
  for (const line of tap.split('\n')) {
    const isFailure = line.startsWith('not ok')
    const isPass = line.startsWith('ok ')
    if (isFailure || isPass || line.startsWith('# ')) inFailure = isFailure
    if (inFailure) details.push(line)
    if (isFailure) failed += 1
    else if (isPass && line.includes('# SKIP')) skips.push(titleOf(line))
    else if (isPass) passed += 1
  }
  return { passed, failed, skips, details: details.join('\n') }
}

function titleOf(line: string): string {
  return line.replace(/^ok \d+ - /, '').replace(/ # SKIP.*$/, '')
}
