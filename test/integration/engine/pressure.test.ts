/**
 * Pressure: a slow sink holds back what is in front of it, however much that would be, and memory
 * stays where it is. Each case runs in a process of its own and is asked for its largest memory.
 */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import test from 'ava'
import type { Pressed } from './pressure/press.ts'

const PRESS = join(import.meta.dirname, 'pressure/press.ts')
/** More than the queues of any of the cases hold. */
const HELD_MAX = 100_000
/** Of a process that has loaded everything and holds nothing. */
const BASE_MIB = 150

test('pressure: a sink of one record per second holds its source back, of 10 M records as of 1 M', async (t) => {
  t.timeout(30_000)
  const few = await press('slow', 1_000_000)
  const many = await press('slow', 10_000_000)
  t.is(many.outcome, 'cut off')
  t.true(many.given < HELD_MAX, shown(many))
  t.true(many.memoryMiB < few.memoryMiB + 60, `${shown(few)} ${shown(many)}`)
})

test('pressure: of two sinks behind one block the fast one waits for the slow one', async (t) => {
  t.timeout(30_000)
  const pressed = await press('fan', 10_000_000)
  t.true(pressed.given < HELD_MAX, shown(pressed))
  t.true((pressed.taken['fast'] ?? 0) > 0, shown(pressed))
  t.true(pressed.memoryMiB < 2 * BASE_MIB, shown(pressed))
})

test('pressure: a window of 300,000 keys fires into a slow sink batch by batch', async (t) => {
  t.timeout(30_000)
  const pressed = await press('firing', 300_000)
  t.is(pressed.outcome, 'finished')
  t.deepEqual(pressed.taken, { slow: 300_000 })
  t.true(pressed.memoryMiB < 3 * BASE_MIB, shown(pressed))
})

for (const name of ['hot', 'updating']) {
  test(`pressure: matches of one hot key stream out of a join instead of piling up (${name})`, async (t) => {
    t.timeout(30_000)
    const pressed = await press(name, 30_000)
    t.is(pressed.outcome, 'cut off', 'nine hundred million matches are not done in seconds')
    t.true((pressed.taken['slow'] ?? 0) > HELD_MAX, shown(pressed))
    t.true(pressed.memoryMiB < 4 * BASE_MIB, shown(pressed))
  })
}

function shown(pressed: Pressed): string {
  return JSON.stringify(pressed)
}

function press(name: string, events: number): Promise<Pressed> {
  const child = spawn(process.execPath, [PRESS, name, String(events)], {
    timeout: 25_000,
    killSignal: 'SIGKILL',
  })
  let out = ''
  let trouble = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (trouble += part.toString()))
  return new Promise((resolve, reject) => {
    child.on('close', (status) => {
      if (status === 0) resolve(JSON.parse(out) as Pressed)
      else reject(new Error(`${name} ended with ${status}: ${trouble}`))
    })
  })
}
