/** Assertions: our own reasoning was wrong. They stay on in production and stop the subtask. */

export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** States one fact, phrased positively. Never used for what the world or the user did. */
export function assert(fact: boolean, statement: string): asserts fact {
  if (!fact) throw new AssertionError(`assertion failed: ${statement}`)
}

/** For the `default` of a switch over a tagged union: the compiler shows what was forgotten. */
export function unreachable(value: never): never {
  throw new AssertionError(`assertion failed: ${JSON.stringify(value)} is handled`)
}
