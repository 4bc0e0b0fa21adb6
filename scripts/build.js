/** Compiles the package into dist/ for publishing. Run under the Node of the bootstrap. */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, cpSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
rmSync(join(root, 'dist'), { recursive: true, force: true })
const compiler = join(root, 'node_modules', '.bin', 'tsc')
const done = spawnSync(compiler, ['-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' })
if (done.status !== 0) process.exit(done.status ?? 3)
for (const path of ['scripts/templates', 'docs/errors.md']) {
  cpSync(join(root, path), join(root, 'dist', path), { recursive: true })
}
copyFileSync(join(root, 'scripts', 'millrace.js'), join(root, 'dist', 'scripts', 'millrace.js'))
chmodSync(join(root, 'dist', 'scripts', 'millrace.js'), 0o755)
