/**
 * Random changes to good files: the reader answers with diagnostics that have codes and places, and
 * never throws, hangs or lets a key through that JavaScript gives a meaning. Seeded; the seed and
 * the text are in the failure.
 */
import { readFile } from 'node:fs/promises'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { ERROR_KINDS } from '../../../shared/base/errors.ts'
import { SeededRandom } from '../../../shared/base/seeded-random.ts'
import type { ReadPipeline } from '../../../shared/spec/read-pipeline.ts'
import { renderDiagnostics } from '../../../shared/spec/render-diagnostic.ts'
import { readText } from './reading.ts'

const FILES = ['storefront.yaml', 'fraud.yaml', 'sales.yaml']
const TEXTS = await Promise.all(
  FILES.map((name) => readFile(`test/fixtures/pipelines/${name}`, 'utf8')),
)
const PIECES = [
  '{', '}', '[', ']', ':', ' : ', ', ', '"', "'", '\n', '\n  ', '\t', '#', ' #', '!', '&a ', '*a',
  '|', '>', '- ', '? ', '<<: ', '__proto__: 1', '${', '${X}', '${param:p}', '\r\n', '\uFEFF', '😀',
  '\0', '---\n', '%YAML 1.1\n', '1_000', 'null', '~', 'constructor:', '\\', '@', '`', '2)', '(',
] // prettier-ignore

const ROUNDS = 400

/** Of this thread alone: tests share the machine. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1000
}

function mutate(text: string, random: SeededRandom): string {
  let out = text
  const changes = 1 + random.below(4)
  for (let change = 0; change < changes; change += 1) {
    const at = random.below(out.length + 1)
    const length = random.below(12)
    const kind = random.below(4)
    const piece = PIECES[random.below(PIECES.length)] ?? ''
    if (kind === 0) out = out.slice(0, at) + piece + out.slice(at)
    else if (kind === 1) out = out.slice(0, at) + out.slice(at + length)
    else if (kind === 2) out = out.slice(0, at) + piece + out.slice(at + length)
    else out = out.slice(0, at) + out.slice(at, at + length * 4) + out.slice(at)
  }
  return out
}

async function readOrFail(t: ExecutionContext, text: string): Promise<ReadPipeline> {
  try {
    return await readText(text, { env: { REDIS_URL: 'redis://localhost' } })
  } catch (cause) {
    t.log(text)
    throw cause
  }
}

function wrongBlock(index: number): string {
  return `  t${index}:\n    from: s\n    where: "a" == b\n    set: { x: f(1, 2) }\n`
}

test('fuzz: a changed file is read within its time, with coded diagnostics only', async (t) => {
  const random = new SeededRandom(20_261_124)
  for (const text of TEXTS) await readText(text) // compiled once, as in any process
  let slowest = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const text = mutate(TEXTS[round % TEXTS.length] ?? '', random)
    const start = cpuMs()
    const read = await readOrFail(t, text)
    const said = renderDiagnostics(read.diagnostics.all, read.places)
    slowest = Math.max(slowest, cpuMs() - start)
    t.true(read.diagnostics.all.every((one) => Object.hasOwn(ERROR_KINDS, one.code)))
    t.false(/undefined|\[object/.test(said), `round ${round}: ${said}`)
    if (read.spec === null) t.true(read.diagnostics.hasErrors, `round ${round} says why`)
  }
  t.log(`slowest of ${ROUNDS}: ${slowest.toFixed(0)} ms`)
  t.true(slowest < 200, `${slowest} ms`)
})

test('fuzz: what would cost the parser seconds is refused at once', async (t) => {
  const deep = 64 * 1024
  const evil = [
    '['.repeat(deep),
    '{a: '.repeat(deep / 4),
    '- '.repeat(deep),
    '? '.repeat(deep),
    'a: &a [x]\n' + Array.from({ length: 200 }, (_, index) => `b${index}: *a`).join('\n'),
    [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefghij'.split('').map(
        (name, index) =>
          `${name}: &${name} [${Array(10)
            .fill(`*${'abcdefghij'.charAt(index)}`)
            .join(',')}]`,
      ),
    ].join('\n'),
    'a: &a [*a]',
    Array.from({ length: 200 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
  ]
  for (const text of evil) {
    const start = cpuMs()
    const read = await readText(`pipeline: x\nsources:\n  s: ${text}`)
    const ms = cpuMs() - start
    t.true(read.diagnostics.hasErrors, text.slice(0, 40))
    t.true(ms < 1000, `${text.slice(0, 40)}: ${ms} ms`)
  }
})

test('fuzz: a large file with many mistakes ends within its time', async (t) => {
  const text = `pipeline: x\nsources:\n  s: { connector: stdin }\ntransformations:\n${Array.from(
    { length: 400 },
    (_, index) => wrongBlock(index),
  ).join('')}`
  const start = cpuMs()
  const read = await readText(text)
  t.true(read.diagnostics.all.length > 10)
  t.true(cpuMs() - start < 2000)
})
