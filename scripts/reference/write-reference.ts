/**
 * `npm run reference`: writes every file that is made from definitions. A tidy test fails while one
 * of them is not what would be written now.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageRoot } from '../package-version.ts'
import { generatedFiles } from './generated-files.ts'

for (const { path, text } of await generatedFiles()) {
  mkdirSync(join(packageRoot(), dirname(path)), { recursive: true })
  writeFileSync(join(packageRoot(), path), text)
  process.stdout.write(`written: ${path}\n`)
}
