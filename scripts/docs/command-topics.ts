/** The verbs of the command line and the flags that all of them have. */
import { type FlagSpec, GENERAL_FLAGS, type VerbSpec } from '../commands/command.ts'
import { verbName, VERBS } from '../verbs.ts'
import { markdownTable, type Topic } from './topic.ts'

const GROUP = 'commands'

const EXIT_CODES = markdownTable(
  ['exit code', 'means'],
  [
    ['0', 'done, a drained run too'],
    ['1', 'a test, a check or `--fail-on` failed; a record failed under `on_error: fail`'],
    ['2', 'wrong usage, a wrong file, something that is missing'],
    ['3', 'the system failed: a disk, a source, Millrace itself'],
    ['4', 'cancelled before the end'],
  ],
)

export function commandTopics(): Topic[] {
  const general: Topic = {
    name: 'flags',
    kind: 'command',
    group: GROUP,
    summary: 'Flags of every command, and what its exit code means.',
    body: [
      flagTable(GENERAL_FLAGS),
      'A flag that is not given is taken from `MILLRACE_<FLAG>` of the environment, then from `millrace.config.yaml`. Results go to stdout, all talk to stderr.',
      EXIT_CODES,
    ].join('\n\n'),
  }
  return [...VERBS.map(verbTopic), general]
}

function verbTopic({ usage, describe, prints, positionals, flags }: VerbSpec): Topic {
  const words = positionals.map(({ name, describe: meaning }) => [`\`${name}\``, '', meaning])
  const all = [...words, ...flags.map(flagRow)]
  return {
    name: verbName({ usage }),
    kind: 'command',
    group: GROUP,
    summary: `${describe.charAt(0).toUpperCase()}${describe.slice(1)}.`,
    body: [
      `\`\`\`text\nmillrace ${usage}\n\`\`\``,
      `Prints ${prints}.`,
      ...(all.length === 0 ? [] : [markdownTable(['word or flag', 'value', 'meaning'], all)]),
    ].join('\n\n'),
  }
}

const flagTable = (flags: readonly FlagSpec[]): string =>
  markdownTable(['flag', 'value', 'meaning'], flags.map(flagRow))

function flagRow({ name, alias, type, choices, default: fallback, describe }: FlagSpec): string[] {
  const short = alias === undefined ? '' : `, \`-${alias}\``
  const values = choices?.map((one) => `\`${one}\``).join(', ') ?? (type === 'boolean' ? '' : type)
  const kept = fallback === undefined ? '' : ` (\`${String(fallback)}\`)`
  return [`\`--${name}\`${short}`, `${values}${kept}`, describe]
}
