/**
 * `test --watch`: runs the tests in a process of its own on every save, so that changed TypeScript
 * is loaded afresh, until Ctrl-C.
 */
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import type { CommandIo, ExitCode, Flags } from '../commands/command.ts'
import { foldersOf, testSources } from './test-files.ts'

const SETTLE_MS = 50

export async function watchTests(flags: Flags, io: CommandIo): Promise<ExitCode> {
  const named = (flags['files'] as string[] | undefined) ?? []
  const folders = foldersOf(testSources(named, io.workingDirectory), io.workingDirectory)
  const saves = new Saves(folders)
  const release = io.onInterrupt(() => saves.close())
  try {
    for (;;) {
      await runOnce(io)
      io.stderr.write(io.style.dim('waiting for a save; Ctrl-C ends\n'))
      if (!(await saves.next())) return 0
    }
  } finally {
    release()
  }
}

/** The same words without `--watch`. */
function runOnce(io: CommandIo): Promise<void> {
  const words = process.argv.slice(1).filter((word) => word !== '--watch')
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [...process.execArgv, ...words], {
      cwd: io.workingDirectory,
      env: { ...io.env, MILLRACE_WATCH: '' },
      stdio: 'inherit',
    })
    child.on('exit', () => resolve())
    child.on('error', () => resolve())
  })
}

/** Owns: the watchers. A burst of saves is one; saves while tests run count for the next run. */
class Saves {
  readonly #watchers
  #isPending = false
  #isClosed = false
  #wake: (() => void) | null = null

  constructor(folders: readonly string[]) {
    this.#watchers = folders.map((folder) =>
      watch(folder, { recursive: true }, (_event, name) => {
        if (name !== null && /(^|[/\\])(node_modules|\.[^/\\]+)([/\\]|$)/.test(name)) return
        this.#isPending = true
        this.#wake?.()
      }),
    )
  }

  /** False once watching has ended. */
  async next(): Promise<boolean> {
    while (!this.#isPending && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS))
    this.#isPending = false
    return !this.#isClosed
  }

  close(): void {
    this.#isClosed = true
    for (const watcher of this.#watchers) watcher.close()
    this.#wake?.()
  }
}
