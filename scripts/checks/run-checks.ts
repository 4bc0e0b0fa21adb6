/**
 * `npm test`: runs every check, prints what failed in full and one line per step, and ends with
 * `N passed, N failed, N skipped`. Each skip stands before it with its reason.
 *
 *   npm test                 everything
 *   npm test -- unit tidy    only these steps
 */
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { exitCodeOf, runCommand } from './run-command.ts'
import { type StepResult, mergeResults } from './step-result.ts'
import { runAva } from './run-ava.ts'

interface Step {
  readonly name: string
  run(): Promise<StepResult>
}

const command = (name: string, program: string, ...args: string[]): Step => ({
  name,
  run: async () => exitCodeOf(name, await runCommand(program, args)),
})
const suite = (name: string): Step => ({ name, run: () => runAva(`test/${name}/**/*.test.ts`) })

const STEPS: readonly Step[] = [
  command('format', 'oxfmt', '--check', '.'),
  command('lint', 'oxlint', '--type-aware', '.'),
  command('types', 'tsc', '-p', 'tsconfig.json'),
  suite('unit'),
  suite('conformance'),
  suite('integration'),
  suite('tidy'),
]

/** What a test must not leave behind. */
async function traces(): Promise<string[]> {
  const status = await runCommand('git', ['status', '--porcelain'])
  const files = status.output.split('\n').filter((line) => line !== '')
  const temporary = readdirSync(tmpdir()).filter((name) => name.startsWith('millrace-'))
  return [...files, ...temporary.map((name) => `${tmpdir()}/${name}`)]
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2)
  const steps = STEPS.filter((step) => wanted.length === 0 || wanted.includes(step.name))
  const before = new Set(await traces())
  const results: StepResult[] = []
  for (const step of steps) results.push(await timed(step))

  const left = (await traces()).filter((trace) => !before.has(trace))
  results.push(leftBehind(left))
  const total = mergeResults(results)
  for (const skip of total.skips) process.stdout.write(`skipped: ${skip}\n`)
  process.stdout.write(
    `${total.passed} passed, ${total.failed} failed, ${total.skips.length} skipped\n`,
  )
  process.exitCode = total.failed === 0 ? 0 : 1
}

async function timed(step: Step): Promise<StepResult> {
  const started = performance.now()
  const result = await step.run()
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  const mark = result.failed === 0 ? 'ok  ' : 'FAIL'
  process.stdout.write(`${mark} ${step.name.padEnd(12)} ${result.passed} passed`)
  process.stdout.write(`, ${result.failed} failed, ${seconds} s\n`)
  if (result.failed > 0) process.stdout.write(`${result.details}\n`)
  return result
}

function leftBehind(left: readonly string[]): StepResult {
  if (left.length === 0) return { passed: 1, failed: 0, skips: [], details: '' }
  process.stdout.write(`FAIL left behind: ${left.join(', ')}\n`)
  return { passed: 0, failed: 1, skips: [], details: '' }
}

await main()
