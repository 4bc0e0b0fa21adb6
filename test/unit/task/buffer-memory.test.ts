/** Hunts: a flag that V8 does not know, which it would tell on stderr in every run. */
import test from 'ava'
import { spawnSync } from 'node:child_process'
import { weighBuffers } from '../../../scripts/embedded/buffer-memory.ts'

test('buffer memory: nothing is set under a V8 that was not tested', (t) => {
  for (const version of ['13.6.233.10-node.28', '14.5.1', '15.0.1', '']) {
    t.false(weighBuffers(version), version)
  }
})

test('buffer memory: this V8 takes the flag without a word', (t) => {
  const path = new URL('../../../scripts/embedded/buffer-memory.ts', import.meta.url).href
  const code = `const m = await import(${JSON.stringify(path)}); m.weighBuffers(process.versions.v8)`
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', code],
    { encoding: 'utf8' },
  )
  t.deepEqual({ stdout, stderr, status }, { stdout: '', stderr: '', status: 0 })
})
