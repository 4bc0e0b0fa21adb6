/** The list of files made from definitions, formatted as they stand in the repository. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { format } from 'oxfmt'
import { referencePages } from '../docs/reference-pages.ts'
import { packageRoot } from '../package-version.ts'
import { columnFunctionFiles, type GeneratedFile } from './column-functions.ts'

export async function generatedFiles(): Promise<GeneratedFile[]> {
  const settings = readFileSync(join(packageRoot(), '.oxfmtrc.json'), 'utf8')
  const options = JSON.parse(settings) as NonNullable<Parameters<typeof format>[2]>
  const files = [...columnFunctionFiles(), ...referencePages()]
  return Promise.all(files.map((file) => formatted(file, options)))
}

async function formatted(
  file: GeneratedFile,
  options: NonNullable<Parameters<typeof format>[2]>,
): Promise<GeneratedFile> {
  const { code, errors } = await format(file.path, file.text, options)
  if (errors.length > 0) throw new Error(`${file.path}: ${JSON.stringify(errors)}`)
  return { path: file.path, text: code }
}
