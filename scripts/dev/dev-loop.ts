/**
 * The rounds of a development run: load, test, run, until a save or the end.
 *
 * Owns: the watch, the modules, the screen, and the abort of the round under way. Invariant: one
 * round at a time; a round that a save ended is closed before the next begins, so that two runs
 * never write one file.
 */
import { basename, dirname, join, relative, resolve } from 'node:path'
import { StreamError } from '../../shared/base/errors.ts'
import { renderDiagnostics } from '../../shared/spec/render-diagnostic.ts'
import type { CommandIo, Flags } from '../commands/command.ts'
import { isError, type LoadedPipeline, loadPipeline } from '../pipeline/load-pipeline.ts'
import { runLoaded } from '../pipeline/run-loaded.ts'
import { type DevChoices, devPlan } from './dev-plan.ts'
import { DevScreen } from './dev-screen.ts'
import { devTests } from './dev-tests.ts'
import { FileWatch } from './file-watch.ts'
import { ReloadedModules } from './reloaded-modules.ts'

export class DevLoop {
  readonly #flags: Flags
  readonly #io: CommandIo
  readonly #choices: DevChoices
  readonly #file: string
  readonly #screen: DevScreen
  readonly #modules = new ReloadedModules()
  readonly #watch: FileWatch
  readonly #files = new Set<string>()
  /** Ends the round under way. */
  #round = new AbortController()
  #savedAt: number | null = null
  #isStopped = false

  constructor(flags: Flags, io: CommandIo, choices: DevChoices) {
    this.#flags = flags
    this.#choices = choices
    this.#file = String(flags['file'])
    this.#screen = new DevScreen(io)
    this.#io = {
      ...io,
      importModule: (path) => this.#modules.import(path),
      onFile: (path) => this.#files.add(path),
    }
    this.#watch = new FileWatch((changedAt) => {
      this.#savedAt = changedAt
      this.#round.abort()
    })
  }

  async run(): Promise<void> {
    while (!this.#isStopped) {
      this.#round = new AbortController()
      const { signal } = this.#round
      try {
        await this.#playRound(signal)
      } catch (error) {
        this.#screen.begin({ problems: failureText(error, this.#io) })
      }
      if (!this.#isStopped) await aborted(signal)
    }
  }

  /** Ctrl-C: the run under way is cancelled and no round follows. */
  stop(): void {
    this.#isStopped = true
    this.#round.abort()
  }

  close(): void {
    this.#watch.close()
    this.#modules.close()
    this.#screen.close()
  }

  async #playRound(signal: AbortSignal): Promise<void> {
    const loaded = await this.#load()
    const { plan, spec } = loaded
    if (plan === null) {
      this.#screen.begin({ problems: mistakesText(loaded, this.#io) })
      return
    }
    const tests = await devTests(this.#file, this.#flags, this.#io)
    if (signal.aborted) return
    const { plan: shown, connectors, rows } = devPlan(loaded, plan, this.#choices)
    const startedAfterMs = this.#savedAt === null ? null : performance.now() - this.#savedAt
    this.#screen.begin({ pipeline: spec?.pipeline ?? '', tests, rows, startedAfterMs })
    const report = await runLoaded(loaded, shown, {
      io: this.#io,
      connectors,
      cancelSignal: signal,
      onProgress: (progress) => this.#screen.update({ progress }),
      onNote: (block, text) => this.#screen.note(`${block}: ${text}`),
    })
    if (!signal.aborted) this.#screen.update({ report })
  }

  async #load(): Promise<LoadedPipeline> {
    this.#files.clear()
    this.#modules.startRound()
    const { workingDirectory } = this.#io
    const full = resolve(workingDirectory, this.#file)
    const stem = basename(full).replace(/\.[cm]?[jt]s$|\.ya?ml$/, '')
    const beside = ['yaml', 'yml'].map((ending) => join(dirname(full), `${stem}.test.${ending}`))
    try {
      return await loadPipeline(this.#file, this.#flags, this.#io)
    } finally {
      this.#watch.follow(new Set([full, ...beside, ...this.#files, ...this.#modules.files]))
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolveWait) => {
    // Nothing else may hold the process while it waits for a save: the watchers do.
    signal.addEventListener('abort', () => resolveWait(), { once: true })
  })
}

function mistakesText({ diagnostics, places, path }: LoadedPipeline, io: CommandIo): string[] {
  const errors = diagnostics.filter(isError)
  const color = io.outStyle.red('x') !== 'x'
  const shown = relative(io.workingDirectory, resolve(io.workingDirectory, path))
  const count = `${errors.length} ${errors.length === 1 ? 'error' : 'errors'}`
  return [...renderDiagnostics(errors, places, { color }).split('\n'), '', `${shown}: ${count}`]
}

function failureText(error: unknown, { outStyle }: CommandIo): string[] {
  if (!(error instanceof StreamError)) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return text.split('\n')
  }
  const { code, message, fix } = error
  const cause =
    error.cause instanceof Error ? (error.cause.stack ?? '').split('\n').slice(0, 3) : []
  return [
    `${outStyle.red(`error[${code}]`)}: ${message}`,
    ...cause.map((line) => `  ${line.trim()}`),
    ...(fix === null ? [] : [`  fix: ${fix}`]),
  ]
}
