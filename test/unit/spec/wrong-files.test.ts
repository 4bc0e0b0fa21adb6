/**
 * Wrong pipeline files and what is said about them.
 *
 * Each `test/fixtures/wrong/NAME.yaml` has its messages beside it, `NAME.golden.txt`, exactly as
 * `check` prints them. `UPDATE_GOLDEN=1` writes them anew; they are then read by a person, for
 * whether they help. Add a file to add a case.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import test from 'ava'
import { planPipeline } from '../../../shared/planning/plan-pipeline.ts'
import { readPipeline } from '../../../shared/spec/read-pipeline.ts'
import { renderDiagnostics } from '../../../shared/spec/render-diagnostic.ts'
import { loadModule, readDisk, REGISTRY } from './reading.ts'

const FOLDER = 'test/fixtures/wrong'
const names = (await readdir(FOLDER))
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.slice(0, -'.yaml'.length))

/** As `check` does: form first, then meaning of what is well formed. Notes are not mistakes. */
async function messages(path: string): Promise<string> {
  const read = await readPipeline({
    path,
    env: {},
    registry: REGISTRY,
    readFile: readDisk,
    loadModule,
  })
  const planned =
    read.spec === null ? [] : planPipeline(read.spec, REGISTRY, { params: read.params }).diagnostics
  const all = [...read.diagnostics.all, ...planned].filter((one) => one.severity !== 'note')
  return `${renderDiagnostics(all, read.places)}\n`
}

test('wrong files: there are enough of them to mean something', (t) => {
  t.true(names.length >= 90)
})

for (const name of names) {
  test(`wrong files: ${name} gets its messages`, async (t) => {
    const said = await messages(`${FOLDER}/${name}.yaml`)
    const golden = `${FOLDER}/${name}.golden.txt`
    if (process.env['UPDATE_GOLDEN'] === '1') await writeFile(golden, said)
    t.is(said, await readFile(golden, 'utf8'))
    t.regex(said, /^(error|warning)\[[A-Z_]+\]: /)
    t.notRegex(said, /undefined|NaN|\[object|Invalid input/)
  })
}
