/**
 * The only door through which text becomes code. What goes in was written by a generator of ours:
 * names of its own making, numbers, constants by reference; never text of a user.
 */

/** A function of `parameters` with this body, strict. */
export function functionOf(
  parameters: readonly string[],
  body: string,
): (...args: readonly unknown[]) => unknown {
  // oxlint-disable-next-line typescript/no-implied-eval -- generating loops is the point (D2)
  const made = new Function(...parameters, `'use strict'\n${body}`)
  return (...args) => made(...args)
}
