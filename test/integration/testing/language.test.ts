/** The two files of the language's description that are about streams: checked, and tested at 1 and 3. */
import { join } from 'node:path'
import test from 'ava'
import { check } from '../../../scripts/commands/check.ts'
import { styleFor } from '../../../scripts/terminal/style.ts'
import { runIn } from './testing-fixture.ts'

const DIRECTORY = join(import.meta.dirname, '../../fixtures/language')
const FILES = { storefront_sessions: 1, card_fraud: 3 }

for (const [name, count] of Object.entries(FILES)) {
  test(`language: ${name} passes check`, async (t) => {
    let said = ''
    const style = styleFor({}, {})
    const out = { write: (text: string) => (said += text) }
    const io = {
      stdout: out,
      stderr: out,
      env: {},
      workingDirectory: DIRECTORY,
      style,
      outStyle: style,
      onInterrupt: () => () => {},
    }
    t.is(await check({ files: [`${name}.yaml`], output: 'text' }, io), 0, said)
  })

  test(`language: the tests of ${name} pass`, async (t) => {
    const ran = await runIn(DIRECTORY, { files: [`${name}.yaml`] })
    t.is(ran.stdout, `${count} passed, 0 failed\n`, ran.stderr)
  })
}
