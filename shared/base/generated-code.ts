/**
 * The only door through which text becomes code. What goes in was written by a generator of ours:
 * names of its own making, numbers, constants by reference; never text of a user.
 *
 * Text that was compiled before answers the same function, so that what the engine learnt about it
 * and its optimised code serve the next run, the next subtask and the next test in this process.
 *
 * Owns: the functions of the texts compiled last. A function is pure in its text, so that nobody
 * can tell whether it was remembered but by the clock: state of generated code lies in variables of
 * the outer function, which every call makes anew.
 *
 * Invariants:
 *   G1. At most `GENERATED_TEXTS_MAX` are remembered; the one that was not asked for longest goes.
 *   G2. What is remembered holds no batch, no state and nothing of a pipeline.
 */
import { GENERATED_TEXTS_MAX } from './limits.ts'

export type GeneratedFunction = (...args: readonly unknown[]) => unknown

interface Remembered {
  readonly made: GeneratedFunction
  /** Keeps optimised code alive (see `sampleOf`). */
  readonly sample: unknown
}

const REMEMBERED = new Map<string, Remembered>()

/** A function of `parameters` with this body, strict. */
export function functionOf(parameters: readonly string[], body: string): GeneratedFunction {
  return remembered(parameters, body, () => null)
}

/**
 * A function that makes functions: its body declares constants, then returns what was made of its
 * parameters, which are objects and lists. It does nothing else when it is called.
 */
export function factoryOf(parameters: readonly string[], body: string): GeneratedFunction {
  return remembered(parameters, body, sampleOf)
}

function remembered(
  parameters: readonly string[],
  body: string,
  sample: (made: GeneratedFunction) => unknown,
): GeneratedFunction {
  const text = `${parameters.join()}\n${body}`
  let entry = REMEMBERED.get(text)
  if (entry === undefined) {
    // oxlint-disable-next-line typescript/no-implied-eval -- generating loops is the point (D2)
    const made = new Function(...parameters, `'use strict'\n${body}`) as GeneratedFunction
    entry = { made, sample: sample(made) }
  } else REMEMBERED.delete(text)
  REMEMBERED.set(text, entry)
  const [oldest] = REMEMBERED.keys()
  if (REMEMBERED.size > GENERATED_TEXTS_MAX && oldest !== undefined) REMEMBERED.delete(oldest) // G1
  return entry.made
}

/**
 * What a factory makes of nothing in particular; it is never called. Optimised code belongs to all
 * functions made at one place of the text and goes with the last of them: this one stays. It also
 * makes the first real one the second, for which code is optimised so that a third can take it over.
 */
function sampleOf(made: GeneratedFunction): unknown {
  try {
    return made(...Array.from({ length: made.length }, () => ANYTHING))
  } catch {
    return null // it works without a sample
  }
}

/** Has every property, is a function of everything, and is an empty list when it is iterated. */
const ANYTHING: unknown = new Proxy(() => ANYTHING, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => 0 : ANYTHING),
})
