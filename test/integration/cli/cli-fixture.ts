/** Commands in processes of their own, in a folder that is made for the test and removed after it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { ROOT } from '../../tidy/source-files.ts'

const CLI = join(ROOT, 'scripts/cli.ts')

export interface Ended {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface RunningCommand {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** All that was printed so far, on both streams. */
  text(): string
  /** Resolves once the text is printed after the call; fails when the process ends before. */
  printed(pattern: RegExp): Promise<void>
}

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>>
  readonly nodeFlags?: readonly string[]
}

/** A folder with these files. */
export function projectOf(t: ExecutionContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) writeIn(folder, path, text)
  return folder
}

export function writeIn(folder: string, path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}

export function start(
  folder: string,
  words: readonly string[],
  { env = {}, nodeFlags = [] }: CommandOptions = {},
): RunningCommand {
  const child = spawn(process.execPath, [...nodeFlags, CLI, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, ...env },
  })
  let stdout = ''
  let stderr = ''
  let all = ''
  let wake: (() => void) | null = null
  child.stdout.on('data', (bytes: Buffer) => {
    stdout += bytes.toString()
    all += bytes.toString()
    wake?.()
  })
  child.stderr.on('data', (bytes: Buffer) => {
    stderr += bytes.toString()
    all += bytes.toString()
    wake?.()
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (exit) => {
      resolve({ exit, stdout, stderr })
      wake?.()
    })
  })
  return {
    child,
    ended,
    text: () => all,
    async printed(pattern) {
      const from = all.length
      while (!pattern.test(all.slice(from))) {
        if (child.exitCode !== null) throw new Error(`ended before ${pattern}:\n${all}`)
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

/** Runs a command to its end. */
export function cli(
  folder: string,
  words: readonly string[],
  options: CommandOptions = {},
): Promise<Ended> {
  return start(folder, words, options).ended
}

/** Orders in order of time, with one of them far too late. */
export const ORDERS = [
  '{"at":"2026-01-01T10:05:00Z","id":1,"amount":10}',
  '{"at":"2026-01-01T10:10:00Z","id":2,"amount":0}',
  '{"at":"2026-01-01T11:30:00Z","id":3,"amount":30}',
  '',
].join('\n')

export const SHARES = `pipeline: shares
params:
  total: { type: number, default: 100 }
sources:
  orders:
    connector: file
    path: orders.jsonl
    schema: { at: timestamp, id: integer, amount: integer }
    event_time: at
transformations:
  shares:
    from: orders
    where: amount < params.total
    set: { part: "div(100, amount)" }
    on_error: fail
sinks:
  out: { from: shares, connector: file, path: out/shares.jsonl }
environments:
  fast:
    sinks:
      out: { connector: file, path: out/fast.jsonl }
`
