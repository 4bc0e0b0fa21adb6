/** Every verb of the command line. Help, checks of flags and the reference page are made from this. */
import type { FlagSpec, VerbSpec } from './commands/command.ts'

const file: FlagSpec = { name: 'file', type: 'string', describe: 'a pipeline: .yaml or .ts' }
const files: FlagSpec = { name: 'files', type: 'list', describe: 'pipelines: .yaml or .ts' }
const block: FlagSpec = { name: 'block', type: 'string', describe: 'only this block' }

export const VERBS: readonly VerbSpec[] = [
  {
    usage: 'init [directory]',
    describe: 'make a new pipeline to start from',
    prints: 'the files that were made and the next command',
    positionals: [
      { name: 'directory', type: 'string', describe: 'where; the name of the template' },
    ],
    flags: [
      {
        name: 'template',
        type: 'string',
        choices: ['flights', 'typescript'],
        default: 'flights',
        describe: 'what to start from',
      },
    ],
  },
  {
    usage: 'dev <file>',
    describe: 'run a pipeline while you write it; each save checks, tests and starts again',
    prints: 'rows per block as they come',
    positionals: [file],
    flags: [
      {
        name: 'sinks',
        type: 'string',
        choices: ['preview', 'real'],
        default: 'preview',
        describe: 'preview shows rows instead of writing them',
      },
      { name: 'rate', type: 'number', describe: 'records per second and source' },
    ],
  },
  {
    usage: 'check <files..>',
    describe: 'find every mistake and trap',
    prints: 'all mistakes with their places; with --json {ok, errors[], warnings[]}',
    positionals: [files],
    flags: [
      {
        name: 'output',
        type: 'string',
        choices: ['text', 'json', 'github'],
        default: 'text',
        describe: 'form of the findings',
      },
    ],
  },
  {
    usage: 'explain <file> [block]',
    describe: 'show how a pipeline will run',
    prints: 'fields, changes, keys, event time, state and late path of every stream',
    positionals: [file, block],
    flags: [
      {
        name: 'format',
        type: 'string',
        choices: ['text', 'mermaid', 'svg', 'json', 'code'],
        default: 'text',
        describe: 'code prints the generated loops',
      },
      { name: 'code', type: 'boolean', describe: 'the same as --format code' },
    ],
  },
  {
    usage: 'preview <file> [block]',
    describe: 'show the first rows of a block; sinks are not touched',
    prints: 'rows as a table',
    positionals: [file, block],
    flags: [{ name: 'limit', type: 'number', default: 10, describe: 'how many rows' }],
  },
  {
    usage: 'test [files..]',
    describe: 'run the given/expect tests of pipelines',
    prints: 'what failed, and N passed, N failed',
    positionals: [files],
    flags: [
      { name: 'name', alias: 't', type: 'string', describe: 'only tests whose name has this text' },
      { name: 'watch', type: 'boolean', describe: 'run again on every save' },
      { name: 'update', type: 'boolean', describe: 'fill in expect: "?"' },
    ],
  },
  {
    usage: 'run <file>',
    describe: 'run a pipeline in this process',
    prints: 'a summary that balances per block',
    positionals: [file],
    flags: [
      { name: 'parallelism', type: 'number', describe: 'subtasks per block; 1 when left out' },
      { name: 'limit', type: 'number', describe: 'stop after this many records of each source' },
      { name: 'duration', type: 'string', describe: 'stop after this time, e.g. 30s' },
      {
        name: 'fail-on',
        type: 'string',
        describe: 'exit 1 on any of late,rejected,dead_letter,warning',
      },
    ],
  },
  {
    usage: 'schema',
    describe: 'print the JSON Schema of pipeline files, for editors',
    prints: 'JSON Schema',
    positionals: [],
    flags: [],
  },
  {
    usage: 'types <file>',
    describe: "print the TypeScript types of a pipeline's streams",
    prints: 'TypeScript',
    positionals: [file],
    flags: [],
  },
  {
    usage: 'docs [topic]',
    describe: 'look up keys, functions, errors and commands',
    prints: 'the topic, or the list of topics',
    positionals: [
      { name: 'topic', type: 'string', describe: 'a key, a function, an error code, a connector' },
    ],
    flags: [],
  },
]

export function verbName({ usage }: Pick<VerbSpec, 'usage'>): string {
  return usage.split(' ', 1)[0] ?? usage
}
