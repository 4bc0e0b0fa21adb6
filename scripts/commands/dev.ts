/**
 * `millrace dev FILE`: runs a pipeline while it is written. Each save of any of its files checks,
 * tests and starts afresh; mistakes stand in place of the view until they are mended.
 */
import { StreamError } from '../../shared/base/errors.ts'
import { DevLoop } from '../dev/dev-loop.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'

export async function dev(flags: Flags, io: CommandIo): Promise<ExitCode> {
  if (flags['json'] === true) {
    throw new StreamError('USAGE_WRONG', 'dev shows a view and has no --json', {
      fix: '`millrace preview FILE --json` prints rows',
    })
  }
  const choices = { isPreview: flags['sinks'] !== 'real', rate: rateOf(flags['rate']) }
  const loop = new DevLoop(flags, io, choices)
  const release = io.onInterrupt(() => loop.stop())
  try {
    await loop.run()
  } finally {
    release()
    loop.close()
  }
  return 0
}

function rateOf(given: unknown): number | null {
  if (given === undefined) return null
  const rate = Number(given)
  if (Number.isFinite(rate) && rate > 0) return rate
  throw new StreamError('USAGE_WRONG', '--rate is a number of records per second, above 0')
}
