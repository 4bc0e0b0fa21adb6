/**
 * Bad input through the real command line: each ends with its code, exit code and no output under
 * its final name.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'

interface Case {
  readonly name: string
  readonly file: string
  readonly bytes: string | Buffer | null
  readonly out?: string
  readonly exit: number
  readonly code: string
}

const CASES: readonly Case[] = [
  { name: 'a missing file', file: 'in.jsonl', bytes: null, exit: 2, code: 'FILE_NOT_FOUND' },
  {
    name: 'binary',
    file: 'in.jsonl',
    bytes: Buffer.of(4, 129, 254, 10),
    exit: 1,
    code: 'ROW_MALFORMED',
  },
  { name: 'an empty Parquet file', file: 'in.parquet', bytes: '', exit: 3, code: 'PARQUET_BROKEN' },
  {
    name: 'a cut gzip file',
    file: 'in.jsonl.gz',
    bytes: Buffer.of(31, 139, 8, 0, 0),
    exit: 3,
    code: 'FILE_COMPRESSION_BROKEN',
  },
  {
    name: 'deep JSON',
    file: 'in.jsonl',
    bytes: `{"id":${'['.repeat(100_000)}`,
    exit: 1,
    code: 'ROW_MALFORMED',
  },
  {
    name: 'an output folder that is a file',
    file: 'in.jsonl',
    bytes: '{"id":1}\n',
    out: 'p.yaml/, format: jsonl',
    exit: 2,
    code: 'FILE_NOT_DIRECTORY',
  },
  {
    name: 'output that would replace the input',
    file: 'in.jsonl',
    bytes: '{"id":1}\n',
    out: '"${SAME:-./x/../in.jsonl}"',
    exit: 2,
    code: 'SINK_PLACE_TAKEN',
  },
  {
    name: 'an output directory that takes nothing',
    file: 'in.jsonl',
    bytes: '{"id":1}\n',
    out: '/proc/nothere/x.jsonl',
    exit: 2,
    code: 'FILE_NOT_FOUND',
  },
]

for (const { name, file, bytes, out = 'out.jsonl', exit, code } of CASES) {
  test(`bad input: ${name} ends with ${code} and exit code ${exit}`, async (t) => {
    t.timeout(30_000)
    const folder = await mkdtemp(join(tmpdir(), 'bad-input-'))
    t.teardown(() => rm(folder, { recursive: true }))
    if (bytes !== null) await writeFile(join(folder, file), bytes)
    const path = join(folder, 'p.yaml')
    await writeFile(
      path,
      `pipeline: bad\nsources:\n  s: { connector: file, path: ${file}, schema: { id: integer } }\nsinks:\n  o: { from: s, connector: file, path: ${out} }\n`,
    )
    const { status, text } = await run(path)
    t.is(status, exit, text)
    t.true(text.includes(`error[${code}`), text)
    t.false(text.includes('"0":'), 'bytes are shown as text')
    t.false(existsSync(join(folder, 'out.jsonl')))
  })
}

function run(path: string): Promise<{ status: number | null; text: string }> {
  const child = spawn(process.execPath, ['scripts/cli.ts', 'run', path], {
    timeout: 20_000,
    killSignal: 'SIGKILL',
  })
  let text = ''
  child.stdout.on('data', (part: Buffer) => (text += part.toString()))
  child.stderr.on('data', (part: Buffer) => (text += part.toString()))
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, text })))
}
