/**
 * Hunts types that let mistakes through, and types that cost too much: test/types holds programs with
 * mistakes that the compiler must find, and a chain of forty `.set`.
 */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'

const ROOT = join(import.meta.dirname, '../../..')
const TYPES = join(ROOT, 'test/types')

/** 1.3 times what was measured (172,700); most of it are the schemas of the connectors. */
const INSTANTIATIONS_MAX = 225_000
const MISTAKES_MIN = 100

test('types: mistakes do not compile, rows are inferred, forty steps are cheap', (t) => {
  const tsc = join(ROOT, 'node_modules/.bin/tsc')
  const output = execFileSync(tsc, ['-p', TYPES, '--extendedDiagnostics'], { encoding: 'utf8' })
  const count = Number(/^Instantiations:\s+(\d+)/m.exec(output)?.[1])
  t.log(`${count} instantiations`)
  t.true(count > 0 && count <= INSTANTIATIONS_MAX, `${count} instantiations`)
})

test('types: the mistakes are many and of every kind', (t) => {
  const count = readdirSync(TYPES)
    .filter((name) => name.startsWith('mistakes-'))
    .map((name) => readFileSync(join(TYPES, name), 'utf8').split('@ts-expect-error').length - 1)
    .reduce((sum, one) => sum + one, 0)
  t.true(count >= MISTAKES_MIN, `${count} mistakes`)
})
