/**
 * Makes a fresh clone run: installs what is missing, then starts the named program under a Node
 * that is new enough. Plain JavaScript that any Node from 18 on reads, and no dependency.
 *
 *   node scripts/bootstrap.js test|demo|bench|millrace|… [arguments]
 *
 * Installs (1) the runtime of scripts/runtime when this Node is too old, (2) the packages of the
 * lockfile when they are missing or of another lockfile. What it does it says in one line on
 * stderr. It never changes the lockfiles.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const NODE_NEEDED = [24, 12]
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const runtime = join(root, 'scripts', 'runtime')

/** What each script name runs; arguments are appended. */
const PROGRAMS = {
  bench: ['bench/run-bench.ts'],
  build: ['scripts/build.js'],
  demo: ['examples/flights/run-demo.ts'],
  millrace: ['scripts/cli.ts'],
  reference: ['scripts/reference/write-reference.ts'],
  test: ['scripts/checks/run-checks.ts'],
}

const [name = '', ...rest] = process.argv.slice(2)
const program = PROGRAMS[name]
if (program === undefined) {
  process.stderr.write(`unknown program "${name}": one of ${Object.keys(PROGRAMS).join(', ')}\n`)
  process.exit(2)
}

const env = { ...process.env }
const nodePath = isNewEnough(process.versions.node) ? process.execPath : installedNode()
prependPath(dirname(nodePath))
installPackages()
prependPath(join(root, 'node_modules', '.bin'))
run(nodePath, [join(root, program[0]), ...program.slice(1), ...rest])

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > NODE_NEEDED[0] || (major === NODE_NEEDED[0] && minor >= NODE_NEEDED[1])
}

/** Path of the repository's own Node, installed when it is missing. */
function installedNode() {
  const path = join(runtime, 'node_modules', '.bin', 'node')
  env.BOOTSTRAP_OLD_NODE = process.execPath // for the test of the message under an old Node
  if (isInstalled(runtime)) return path
  say(
    `Node ${process.versions.node} is older than ${NODE_NEEDED.join('.')}: installing a newer one`,
  )
  npmCi(runtime)
  if (existsSync(path)) return path
  say(`no prebuilt Node for ${process.platform}-${process.arch}: install Node 24.12 or newer`)
  return process.exit(3)
}

function installPackages() {
  if (isInstalled(root)) return
  say('installing packages')
  npmCi(root)
}

/** The stamp holds the hash of the lockfile that the folder was installed from. */
function isInstalled(folder) {
  const stamp = join(folder, 'node_modules', '.installed-lock')
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash(folder)
}

function lockHash(folder) {
  return createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
}

function npmCi(folder) {
  const started = Date.now()
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const done = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (done.status !== 0) {
    say(`npm ci failed in ${folder}`)
    process.exit(3)
  }
  writeFileSync(join(folder, 'node_modules', '.installed-lock'), lockHash(folder))
  say(`installed in ${Math.round((Date.now() - started) / 1000)} s`)
}

function prependPath(folder) {
  env.PATH = folder + delimiter + (env.PATH ?? '')
}

function say(text) {
  process.stderr.write(`millrace: ${text}\n`)
}

/** Runs the program in this terminal; signals reach it, its exit code becomes ours. */
function run(command, args) {
  const child = spawn(command, args, { env, stdio: 'inherit' })
  // A terminal sends Ctrl-C to both: the child decides what it means, we wait for it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  child.on('error', (error) => {
    say(`cannot start ${command}: ${error.message}`)
    process.exit(3)
  })
  child.on('exit', (code, signal) => {
    process.exit(signal === null ? (code ?? 3) : 128 + (constants.signals[signal] ?? 0))
  })
}
