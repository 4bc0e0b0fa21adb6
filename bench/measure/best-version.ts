/**
 * The best version of each hand-written loop is kept as a file and run along, so that a loop that
 * becomes slower does not make the engine look faster.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether a best version is kept that is not the present one. */
export function hasOtherBest(folder: string, name: string): boolean {
  const path = join(folder, 'best', `${name}.ts`)
  return existsSync(path) && bare(readFileSync(path, 'utf8')) !== bare(asBest(folder, name))
}

/** Makes the present version the best one. */
export function keepAsBest(folder: string, name: string): void {
  mkdirSync(join(folder, 'best'), { recursive: true })
  writeFileSync(join(folder, 'best', `${name}.ts`), asBest(folder, name))
}

/** The present version as it reads from the folder of the best ones. */
function asBest(folder: string, name: string): string {
  const text = readFileSync(join(folder, 'baseline', `${name}.ts`), 'utf8')
  return text.replaceAll("from './", "from '../baseline/")
}

/** Without what the formatter may change. */
function bare(text: string): string {
  return text.replaceAll(/[\s,]/g, '')
}
