/**
 * What flags have when they are not given: MILLRACE_* of the environment, else the keys of
 * millrace.config.yaml (or of the file that `--config` names). Flags win over both.
 */
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { StreamError } from '../shared/base/errors.ts'
import type { CommandIo, FlagSpec } from './commands/command.ts'

const CONFIG_FILE = 'millrace.config.yaml'

export function flagDefaults(
  flags: readonly FlagSpec[],
  words: readonly string[],
  io: CommandIo,
): Record<string, unknown> {
  const config = configFile(words, io)
  const defaults: Record<string, unknown> = {}
  for (const { name, type } of flags) {
    const variable = io.env[`MILLRACE_${name.replaceAll('-', '_').toUpperCase()}`]
    if (variable !== undefined) defaults[name] = flagValue(variable, type)
    else if (name in config) defaults[name] = config[name]
  }
  return defaults
}

function flagValue(text: string, type: FlagSpec['type']): unknown {
  if (type === 'boolean') return text !== '' && text !== '0' && text !== 'false'
  if (type === 'number') return Number(text)
  return type === 'list' ? text.split(',') : text
}

function configFile(words: readonly string[], io: CommandIo): Record<string, unknown> {
  const named = namedConfig(words) ?? io.env['MILLRACE_CONFIG']
  const path = resolve(io.workingDirectory, named ?? CONFIG_FILE)
  if (!existsSync(path)) {
    if (named === undefined) return {}
    throw new StreamError('CONFIG_UNREADABLE', `there is no file ${path}`)
  }
  const value: unknown = parse(readFileSync(path, 'utf8'))
  if (value === null) return {}
  if (typeof value === 'object' && !Array.isArray(value)) return value as Record<string, unknown>
  throw new StreamError('CONFIG_UNREADABLE', `${path} is no list of \`flag: value\``)
}

/** Read before the flags are parsed, since it decides what their defaults are. */
function namedConfig(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => word === '--config' || word.startsWith('--config='))
  if (at < 0) return undefined
  const word = words[at] ?? ''
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : words[at + 1]
}
