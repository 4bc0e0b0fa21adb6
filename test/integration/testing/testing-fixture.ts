/** Runs `millrace test` on files that a test writes into a folder of its own. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import type { CommandIo, ExitCode, Flags } from '../../../scripts/commands/command.ts'
import { test as testCommand } from '../../../scripts/commands/test.ts'
import { styleFor } from '../../../scripts/terminal/style.ts'

export interface Ran {
  readonly exit: ExitCode
  readonly stdout: string
  /** Without the times that tests took. */
  readonly stderr: string
  readonly directory: string
  read(name: string): string
}

export type Files = Readonly<Record<string, string | Uint8Array>>

export async function runTests(t: ExecutionContext, files: Files, flags: Flags = {}): Promise<Ran> {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-testing-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text)
  return runIn(directory, flags)
}

export async function runIn(directory: string, flags: Flags = {}): Promise<Ran> {
  const said = { stdout: '', stderr: '' }
  const style = styleFor({}, {})
  const io: CommandIo = {
    stdout: { write: (text) => (said.stdout += text) },
    stderr: { write: (text) => (said.stderr += text) },
    env: {},
    workingDirectory: directory,
    style,
    outStyle: style,
    onInterrupt: () => () => {},
  }
  const exit = await testCommand(flags, io)
  return {
    exit,
    stdout: said.stdout,
    stderr: said.stderr.replaceAll(/ \d+ ms$/gm, ''),
    directory,
    read: (name) => readFileSync(join(directory, name), 'utf8'),
  }
}

/** Orders by Kafka: events with event time, five seconds of disorder, counted per user and hour. */
export const HOURLY = `pipeline: hourly
defaults: { on_error: dead_letter }
schemas:
  Order: { ts: timestamp, user: string?, total: "decimal(12,2)", weight: number?, tags: "array<string>?" }
sources:
  orders:
    connector: kafka
    brokers: "localhost:9092"
    topic: orders
    schema: Order
    event_time: ts
    watermark: { out_of_orderness: 5 seconds, idle_after: 30 seconds }
transformations:
  checked:
    from: orders
    where: user != null
    validate: { rules: { paid: total > 0 } }
  hourly:
    from: checked
    key_by: user
    window: { type: tumbling, size: 1 hour, allowed_lateness: 10 minutes, late: too_late }
    aggregate: { orders: count(), total: sum(total), weight: avg(weight) }
  totals: { from: checked, key_by: user, aggregate: { orders: count(), total: sum(total) }, ttl: 1 day }
sinks:
  out: { from: hourly, connector: redis, url: "\${REDIS_URL}", type: hash, key: "{user}", latest_by: window_end }
  sums: { from: totals, connector: redis, url: "\${REDIS_URL}", type: hash, key: "{user}" }
`
