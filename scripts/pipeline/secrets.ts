/**
 * Secrets by name, read where they are used and never stored: from the environment, from a folder
 * with one file per secret (MILLRACE_SECRETS, default `secrets` beside the pipeline), and outside of
 * production from a `.env` file beside the pipeline.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import type { CommandIo } from '../commands/command.ts'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/ // also what keeps a name inside the folder

export function secretsOf(
  baseDirectory: string,
  io: CommandIo,
): (name: string) => string | undefined {
  const folder = io.env['MILLRACE_SECRETS'] ?? join(baseDirectory, 'secrets')
  return (name) => {
    if (!NAME.test(name)) return undefined
    const given = io.env[name]
    if (given !== undefined) return given
    const file = join(folder, name)
    if (existsSync(file)) return readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    return undefined
  }
}

/** Environment with the `.env` file below it: what is set already wins. */
export function environmentOf(baseDirectory: string, io: CommandIo): CommandIo['env'] {
  const file = join(baseDirectory, '.env')
  if (io.env['NODE_ENV'] === 'production' || !existsSync(file)) return io.env
  return { ...parseEnv(readFileSync(file, 'utf8')), ...io.env }
}
