/** Long durations in words: whole days as days, everything else as in printDuration. */
import { printDuration } from '../model/duration-text.ts'

const DAY_MS = 86_400_000

export function durationWords(ms: number): string {
  if (ms < 2 * DAY_MS || ms % DAY_MS !== 0) return printDuration(ms)
  return `${ms / DAY_MS} days`
}
