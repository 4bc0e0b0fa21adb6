/**
 * Hunts what only shows in the published package: files that are missing or too many, a dependency
 * that is only a development one, paths that end in `.ts`, types that do not resolve, and a Node that
 * is too old. Builds, packs, installs into an empty folder and works there as a user would.
 */
import { execFile, execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { isBuiltin } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import test from 'ava'

const ROOT = join(import.meta.dirname, '../../..')
const UNPACKED_BYTES_MAX = 6 * 1024 * 1024
/** Loaded only when the environment asks for it; without it one line says what to install. */
const OPTIONAL = new Set(['@opentelemetry/sdk-node'])
const NODE_NEEDED = [24, 12] as const

interface Packed {
  readonly filename: string
  readonly unpackedSize: number
  readonly files: readonly { readonly path: string }[]
}

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

const ORDERS = [
  { id: 'a', user: 'u1', price: 12.5, ts: '2026-01-01T10:00:00Z' },
  { id: 'b', user: 'u1', price: 2.5, ts: '2026-01-01T10:10:00Z' },
  { id: 'c', user: 'u2', price: 7, ts: '2026-01-01T11:10:00Z' },
]

const YAML = `pipeline: hourly
schemas:
  Order: { id: string, user: string, price: "decimal(12,2)", ts: timestamp }
sources:
  orders: { connector: file, path: orders.jsonl, schema: Order, event_time: ts }
functions: { shout: ./functions.ts#shout }
transformations:
  hourly:
    from: orders
    set: { user: shout(user) }
    key_by: user
    window: { type: tumbling, size: 1 hour }
    aggregate: { n: count(), total: sum(price) }
sinks:
  out: { from: hourly, connector: file, path: from-yaml.jsonl }
`

const FUNCTIONS = `import { fn } from 'millrace'
export const shout = fn({ input: ['string'], output: 'string', run: (text) => text + '!' })
`

const PROGRAM = `import { count, file, pipeline, schema, sum } from 'millrace'
import { shout } from './functions.ts'

const Order = schema({ id: 'string', user: 'string', price: 'decimal(12,2)', ts: 'timestamp' })

export default pipeline('hourly', { functions: { shout } }, (p) => {
  const orders = p.source('orders', file({ path: 'orders.jsonl', schema: Order, eventTime: 'ts' }))
  // @ts-expect-error a wrong field is found by the compiler
  const wrong = () => orders.where((r) => r.prise.gt(1))
  orders
    .set((r) => ({ user: shout(r.user) }))
    .keyBy('user')
    .tumbling('1 hour')
    .aggregate((r) => ({ n: count(), total: sum(r.price) }))
    .as('hourly')
    .to('out', file({ path: 'from-typescript.jsonl' }))
})
`

const TSCONFIG = {
  compilerOptions: {
    strict: true,
    target: 'es2024',
    module: 'nodenext',
    types: [],
    allowImportingTsExtensions: true,
    noEmit: true,
  },
  include: ['*.ts'],
}

const folder = mkdtempSync(join(tmpdir(), 'millrace-package-'))
const app = join(folder, 'app')

test.before((t) => {
  t.timeout(240_000)
  execFileSync(process.execPath, ['scripts/build.js'], { cwd: ROOT, stdio: 'pipe' })
})
test.after.always(() => rmSync(folder, { recursive: true, force: true }))

function run(program: string, args: string[], env: NodeJS.ProcessEnv = process.env) {
  return new Promise<Ended>((resolve) => {
    execFile(program, args, { cwd: app, env }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      resolve({ code, stdout, stderr })
    })
  })
}

test.serial('package: holds the compiled program and nothing else', (t) => {
  t.timeout(60_000)
  const said = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: ROOT,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  // A list, or since npm 12 an object by package name.
  const [packed] = Object.values(JSON.parse(said) as Record<string, Packed>)
  if (packed === undefined) return t.fail('npm pack names a file')
  const paths = packed.files.map((one) => one.path)
  const outside = paths.filter(
    (path) => !/^(dist\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(path),
  )
  t.deepEqual(outside, [])
  const isForUs = /\.test\.|(^|\/)(test|fixtures|bench|examples)\/|(?<!\.d)\.ts$/
  t.deepEqual(
    paths.filter((path) => !path.startsWith('dist/scripts/templates/') && isForUs.test(path)),
    [],
  )
  for (const needed of ['index.js', 'index.d.ts', 'testing.js', 'testing.d.ts']) {
    t.true(paths.includes(`dist/${needed}`), needed)
  }
  t.true(packed.unpackedSize < UNPACKED_BYTES_MAX, `${packed.unpackedSize} bytes`)
  t.deepEqual(undeclared(paths.filter((path) => path.endsWith('.js'))), [])
  return undefined
})

/** Packages that compiled files import and that package.json does not declare. */
function undeclared(paths: readonly string[]): string[] {
  const { dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>
  }
  const found = new Set<string>()
  for (const path of paths) {
    const text = readFileSync(join(ROOT, path), 'utf8')
    const imports = text.matchAll(
      /^(?:import|export|\})[^'"\n]*? from ['"]([^'".][^'"\n]*)['"]|\bimport\(['"]([^'".][^'"\n]*)['"]\)/gm,
    )
    for (const [, own, lazy] of imports) {
      const name = own ?? lazy ?? ''
      const parts = name.split('/')
      const owner = name.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? '')
      if (own === undefined && OPTIONAL.has(owner)) continue
      if (!isBuiltin(name) && !Object.hasOwn(dependencies, owner)) found.add(`${path}: ${name}`)
    }
  }
  return [...found]
}

test.serial('package: installs into an empty folder', async (t) => {
  t.timeout(120_000)
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module' }))
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify(TSCONFIG))
  writeFileSync(join(app, 'orders.jsonl'), ORDERS.map((row) => JSON.stringify(row)).join('\n'))
  writeFileSync(join(app, 'pipeline.yaml'), YAML)
  writeFileSync(join(app, 'functions.ts'), FUNCTIONS)
  writeFileSync(join(app, 'program.ts'), PROGRAM)
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    version: string
  }
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts']
  const ended = await run('npm', ['install', ...flags, `../millrace-${version}.tgz`])
  t.is(ended.code, 0, ended.stderr)
  const shown = await run('npx', ['millrace', '--version'])
  t.is(shown.stdout.trim(), version, shown.stderr)
})

test.serial('package: a program type-checks against its types, mistakes included', async (t) => {
  t.timeout(60_000)
  writeFileSync(
    join(app, 'kit.ts'),
    "import * as kit from 'millrace/testing'\nexport const names: string[] = Object.keys(kit)\n",
  )
  const ended = await run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', app])
  t.is(ended.stdout, '')
  t.is(ended.code, 0)
  // The mistake is there for the compiler; `check` would name the chain without a name.
  writeFileSync(join(app, 'program.ts'), PROGRAM.replace(/ {2}\/\/ @ts-expect-error.*\n.*\n/, ''))
  const kit = await run(process.execPath, ['kit.ts'])
  t.is(kit.code, 0, kit.stderr)
})

test.serial('package: YAML and TypeScript run and write the same rows', async (t) => {
  t.timeout(60_000)
  for (const [file, output] of [
    ['pipeline.yaml', 'from-yaml.jsonl'],
    ['program.ts', 'from-typescript.jsonl'],
  ] as const) {
    const ended = await run('npx', ['millrace', 'run', file])
    t.is(ended.code, 0, ended.stderr)
    t.is(
      readFileSync(join(app, output), 'utf8'),
      '{"user":"u1!","window_start":"2026-01-01T10:00:00.000Z","window_end":"2026-01-01T11:00:00.000Z","n":2,"total":15.00}\n' +
        '{"user":"u2!","window_start":"2026-01-01T11:00:00.000Z","window_end":"2026-01-01T12:00:00.000Z","n":1,"total":7.00}\n',
    )
  }
})

test.serial('package: every verb loads', async (t) => {
  t.timeout(60_000)
  const explained = await run('npx', ['millrace', 'explain', 'pipeline.yaml', '--format', 'svg'])
  t.is(explained.code, 0, explained.stderr)
  t.regex(explained.stdout, /^<svg/)
  const checked = await run('npx', ['millrace', 'check', 'program.ts', '--json'])
  t.is(checked.code, 0, checked.stderr)
  t.true((JSON.parse(checked.stdout) as { ok: boolean }).ok)
  for (const template of readdirSync(join(ROOT, 'scripts/templates'))) {
    const made = await run('npx', ['millrace', 'init', template, '--template', template])
    t.is(made.code, 0, made.stderr)
  }
  const documented = await run('npx', ['millrace', 'docs', 'KEY_UNKNOWN'])
  t.is(documented.code, 0, documented.stderr)
})

const oldNode = findOldNode()
const underOldNode = oldNode === null ? test.serial.skip : test.serial
const why = oldNode === null ? ' (skipped: no Node older than 24.12 here)' : ''
underOldNode(
  `package: the first line under an old Node names the one it needs${why}`,
  async (t) => {
    t.timeout(60_000)
    const PATH = `${dirname(oldNode ?? '')}${delimiter}${process.env['PATH'] ?? ''}`
    const ended = await run('npx', ['millrace', 'run', 'pipeline.yaml'], { ...process.env, PATH })
    t.is(ended.code, 2)
    t.regex(
      ended.stderr.split('\n')[0] ?? '',
      /^millrace needs Node 24\.12 or newer; this is \d+\./,
    )
  },
)

/** That of the bootstrap, or any on the path. */
function findOldNode(): string | null {
  const given = process.env['BOOTSTRAP_OLD_NODE']
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const candidates = [given ?? '', ...folders.map((one) => join(one, 'node'))]
  return candidates.find((path) => path !== '' && existsSync(path) && isOld(path)) ?? null
}

function isOld(path: string): boolean {
  try {
    const said = execFileSync(path, ['-p', 'process.versions.node'], { encoding: 'utf8' })
    const [major = 0, minor = 0] = said.trim().split('.').map(Number)
    return major < NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor < NODE_NEEDED[1])
  } catch {
    return false // no program that runs here
  }
}
