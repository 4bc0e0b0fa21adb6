/** What is made from definitions stands in the repository as it would be made now. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { generatedFiles } from '../../scripts/reference/generated-files.ts'
import { ROOT } from './source-files.ts'

test('reference: every generated file is what `npm run reference` would write', async (t) => {
  const stale: string[] = []
  for (const { path, text } of await generatedFiles()) {
    const full = join(ROOT, path)
    if (!existsSync(full) || readFileSync(full, 'utf8') !== text) stale.push(path)
  }
  t.deepEqual(stale, [], 'run `npm run reference` and commit what it writes')
})
