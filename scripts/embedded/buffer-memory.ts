/**
 * Tells V8 to weigh the arrays of batches as it weighs objects (docs/decisions/0013).
 *
 * Arrays lie outside of V8's heap. By default V8 marks the whole heap whenever some 50 MB of them
 * were made, dead or alive: every few million rows, at the price of a tenth to a quarter of a run's
 * CPU, on other threads too. Counted within its limit for all memory they make it collect as often
 * as objects of that size would.
 */
import { setFlagsFromString } from 'node:v8'

/** The V8 whose flag was measured; others may not know it, and say so on stderr. */
const TESTED = { major: 14, minorLeast: 6 }

/** For the whole process, at the start of a run. Doing it again changes nothing. */
export function weighBuffers(versionOfV8: string): boolean {
  const [major = 0, minor = 0] = versionOfV8.split('.').map(Number)
  const isTested = major === TESTED.major && minor >= TESTED.minorLeast
  if (isTested) setFlagsFromString('--external-memory-accounted-in-global-limit')
  return isTested
}
