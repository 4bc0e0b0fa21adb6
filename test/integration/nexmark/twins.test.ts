/** q3, q5 and q8 as programs: their plans are those of the YAML files, byte by byte. */
import { join } from 'node:path'
import test from 'ava'
import { command } from '../examples/command.ts'
import { BENCH } from './query-fixture.ts'

for (const query of ['q3', 'q5', 'q8']) {
  test(`${query}: the program and the file have the same plan`, async (t) => {
    const path = join(BENCH, 'nexmark', query)
    const yaml = await command(['explain', `${path}.yaml`, '--format', 'json'])
    const program = await command(['explain', `${path}.ts`, '--format', 'json'])
    t.is(yaml.exit, 0, yaml.stderr)
    t.is(program.exit, 0, program.stderr)
    t.is(program.stdout, yaml.stdout)
  })
}
