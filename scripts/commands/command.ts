/** What every verb of the command line is: words for help and reference, and the code behind it. */
import type { Style } from '../terminal/style.ts'

/** 0 done · 1 a check or test failed · 2 usage or a wrong file · 3 the system failed · 4 ended early. */
export type ExitCode = 0 | 1 | 2 | 3 | 4

export interface OutputStream {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
  write(text: string): unknown
}

/** The world a command sees; tests give their own. Results go to stdout, all talk to stderr. */
export interface CommandIo {
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Readonly<Record<string, string | undefined>>
  readonly workingDirectory: string
  /** For text on stderr. */
  readonly style: Style
  /** For text on stdout. */
  readonly outStyle: Style
  /** Calls back on Ctrl-C and SIGTERM until the returned function is called. */
  onInterrupt(listener: () => void): () => void
  /**
   * Calls back with what was thrown where nobody waits for it (a timer or a promise that a function
   * of the author started), until the returned function is called.
   */
  onStrayError?(listener: (error: unknown) => void): () => void
  /** Loads a module of an author; default: once per process. `dev` loads them afresh. */
  importModule?(path: string): Promise<Readonly<Record<string, unknown>>>
  /** Told of every file that is read for a pipeline, also of those that are missing. */
  onFile?(path: string): void
}

/** Flags as parsed: every flag of the verb and the general ones. */
export type Flags = Readonly<Record<string, unknown>>

export type CommandRun = (flags: Flags, io: CommandIo) => Promise<ExitCode>

export interface FlagSpec {
  readonly name: string
  readonly alias?: string
  readonly type: 'string' | 'boolean' | 'number' | 'list'
  readonly choices?: readonly string[]
  readonly default?: string | number | boolean
  readonly describe: string
}

export interface VerbSpec {
  /** `run <file>`, `check <files..>` in the notation of yargs. */
  readonly usage: string
  readonly describe: string
  /** What it prints on stdout. */
  readonly prints: string
  readonly positionals: readonly FlagSpec[]
  readonly flags: readonly FlagSpec[]
}

/** Flags that every verb has. */
export const GENERAL_FLAGS: readonly FlagSpec[] = [
  { name: 'json', type: 'boolean', describe: 'print one JSON object on stdout' },
  { name: 'env', type: 'string', describe: 'lay this environment of the file over it' },
  { name: 'set', type: 'list', describe: 'a parameter, as name=value; may be repeated' },
  {
    name: 'config',
    type: 'string',
    describe: 'defaults for flags; millrace.config.yaml when there',
  },
  { name: 'quiet', alias: 'q', type: 'boolean', describe: 'only results and errors' },
]
