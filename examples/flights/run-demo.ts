/**
 * `npm run demo`: runs flights.yaml over three million real flights and shows what came out.
 *
 * The pipeline is the file beside this one; everything shown is counted or measured in this run.
 * Compiled code is kept between starts, which has to be switched on before anything is imported.
 */
import { enableCompileCache } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

enableCompileCache()
const { runDemo } = await import('./demo/flights-demo.ts')
const { styleFor } = await import('../../scripts/terminal/style.ts')

const { stdout, stderr, env } = process
process.exitCode = await runDemo({
  stdout,
  stderr,
  env,
  workingDirectory: dirname(fileURLToPath(import.meta.url)),
  style: styleFor(stderr, env),
  outStyle: styleFor(stdout, env),
  onInterrupt(listener) {
    process.on('SIGINT', listener)
    process.on('SIGTERM', listener)
    return () => {
      process.off('SIGINT', listener)
      process.off('SIGTERM', listener)
    }
  },
})
