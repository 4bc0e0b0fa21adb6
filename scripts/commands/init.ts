/** `millrace init [DIR]`: a small project that runs at once. Never writes over anything. */
import { existsSync, statSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { StreamError } from '../../shared/base/errors.ts'
import { existingNames, templateFiles, writeFiles } from '../pipeline/project-template.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'

const EXTENSIONS: Readonly<Record<string, string>> = { flights: 'yaml', typescript: 'ts' }

export function init(flags: Flags, io: CommandIo): Promise<ExitCode> {
  const { workingDirectory } = io
  const given = typeof flags['directory'] === 'string' ? flags['directory'] : '.'
  const directory = resolve(workingDirectory, given)
  const template = String(flags['template'])
  const name = pipelineName(basename(directory))
  const files = templateFiles(template, name)
  refuseOverwriting(
    directory,
    files.map((file) => file.path),
  )
  writeFiles(directory, files)
  const next = nextCommands(relative(workingDirectory, directory), name, template)
  if (flags['json'] === true) {
    const made = files.map((file) => join(directory, file.path))
    io.stdout.write(`${JSON.stringify({ ok: true, directory, files: made, next }, null, 2)}\n`)
    return Promise.resolve(0)
  }
  const shown = files.map((file) => join(relative(workingDirectory, directory), file.path))
  io.stdout.write(`${shown.join('\n')}\n`)
  if (flags['quiet'] !== true)
    io.stderr.write(`\nnext:\n${next.map((one) => `  ${one}\n`).join('')}`)
  return Promise.resolve(0)
}

/** A folder may be called anything, a pipeline may not. */
function pipelineName(folder: string): string {
  const name = folder
    .toLowerCase()
    .replaceAll(/[^a-z0-9_-]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
    .slice(0, 63)
  return name === '' ? 'pipeline' : name
}

/** Other files may be there (a repository's README, .git), ours may not. */
function refuseOverwriting(directory: string, paths: readonly string[]): void {
  if (existsSync(directory) && !statSync(directory).isDirectory()) {
    throw new StreamError('USAGE_WRONG', `${directory} is a file, and a project needs a folder`)
  }
  const there = existingNames(directory, paths)
  if (there.length === 0) return
  throw new StreamError(
    'FOLDER_NOT_EMPTY',
    `${directory} has ${there.join(', ')} already, and nothing is written over`,
    { fix: 'name another folder: `millrace init other`' },
  )
}

function nextCommands(folder: string, name: string, template: string): string[] {
  const file = `${name}.${EXTENSIONS[template] ?? 'yaml'}`
  const enter = folder === '' ? [] : [`cd ${/\s/.test(folder) ? JSON.stringify(folder) : folder}`]
  const install = template === 'typescript' ? ['npm install'] : []
  return [...enter, ...install, `npx millrace dev ${file}`]
}
