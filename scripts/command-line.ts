/**
 * Parses the words of the command line, loads the verb that is named and gives its answer as exit
 * code. Nothing of the engine is imported before a verb asks for it.
 */
import yargs from 'yargs'
import type { Argv } from 'yargs'
import { assert } from '../shared/base/assert.ts'
import { StreamError } from '../shared/base/errors.ts'
import {
  type CommandIo,
  type ExitCode,
  type Flags,
  type FlagSpec,
  GENERAL_FLAGS,
} from './commands/command.ts'
import { flagDefaults } from './flag-defaults.ts'
import { packageVersion } from './package-version.ts'
import { usageMistake } from './usage-mistake.ts'
import { VERB_CODE } from './verb-code.ts'
import { verbName, VERBS } from './verbs.ts'

export async function main(words: readonly string[], io: CommandIo): Promise<ExitCode> {
  let exit: ExitCode = 2
  let parser: Argv = yargs([])
    .scriptName('millrace')
    .usage('$0 <verb>: stateful stream and batch pipelines')
    .strict()
    .recommendCommands()
    .demandCommand(1, 'name a verb; --help lists them')
    .version(packageVersion())
    .wrap(Math.min(100, io.stderr.columns ?? 100))
    .exitProcess(false)
    .showHelpOnFail(false)
  for (const flag of GENERAL_FLAGS) parser = addFlag(parser, flag, { isGlobal: true })

  for (const verb of VERBS) {
    parser = parser.command(
      verb.usage,
      verb.describe,
      (argv) => {
        for (const one of verb.positionals) argv.positional(one.name, optionOf(one))
        const flags = [...GENERAL_FLAGS, ...verb.flags]
        argv.config(flagDefaults(flags, words, io))
        argv.epilogue(`Prints ${verb.prints}.`)
        return verb.flags.reduce<Argv>((all, flag) => addFlag(all, flag), argv)
      },
      async (flags) => {
        const run = await VERB_CODE[verbName(verb)]?.()
        assert(run !== undefined, `the verb ${verb.usage} has code`)
        exit = await answered(() => run(flags, io), flags, io)
      },
    )
  }
  return parse(parser, words, { io, exit: () => exit })
}

/** yargs calls its `fail` handler for usage; what a verb throws comes out of `parseAsync`. */
async function parse(
  parser: Argv,
  words: readonly string[],
  { io, exit }: { io: CommandIo; exit: () => ExitCode },
): Promise<ExitCode> {
  let isUsage = false
  parser.fail((message, error) => {
    if (error !== undefined && error !== null) throw error
    isUsage = true
    throw new Error(message)
  })
  try {
    let text = ''
    await parser.parseAsync([...words], {}, (_error, _argv, output) => {
      text = output
    })
    // Help and version are the only texts of the parser's own.
    if (text === '') return exit()
    io.stdout.write(`${text}\n`)
    return 0
  } catch (error) {
    if (!isUsage) throw error
    const message = usageMistake(error instanceof Error ? error.message : String(error), words)
    if (words.includes('--json')) printFailure({ code: 'USAGE_WRONG', message }, io)
    io.stderr.write(`${io.style.red('error[USAGE_WRONG]')}: ${message}\n`)
    return 2
  }
}

/** `--json` promises one object, also for what ends by an error. */
async function answered(
  run: () => Promise<ExitCode>,
  flags: Flags,
  io: CommandIo,
): Promise<ExitCode> {
  try {
    return await run()
  } catch (error) {
    if (flags['json'] !== true) throw error
    const isOurs = error instanceof StreamError
    const message = error instanceof Error ? error.message : String(error)
    printFailure(
      isOurs ? { code: error.code, message, fix: error.fix } : { code: 'INTERNAL_ERROR', message },
      io,
    )
    throw error
  }
}

function printFailure(error: Readonly<Record<string, unknown>>, io: CommandIo): void {
  io.stdout.write(`${JSON.stringify({ ok: false, errors: [error] }, null, 2)}\n`)
}

function addFlag(argv: Argv, flag: FlagSpec, options: { isGlobal?: boolean } = {}): Argv {
  return argv.option(flag.name, { ...optionOf(flag), global: options.isGlobal ?? false })
}

function optionOf(flag: FlagSpec) {
  const { type, alias, choices, describe } = flag
  return {
    describe,
    ...(type === 'list' ? { type: 'string' as const, array: true } : { type }),
    ...(alias === undefined ? {} : { alias }),
    ...(choices === undefined ? {} : { choices }),
    ...(flag.default === undefined ? {} : { default: flag.default }),
  }
}
