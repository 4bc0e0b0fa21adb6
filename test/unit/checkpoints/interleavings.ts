/**
 * Runs several asynchronous programs under every order of their steps. A program takes a step when it
 * calls `step()`; between two of its steps it may do what it likes, since nothing else runs then.
 *
 * The search goes depth first over the choices of who goes next, and starts the programs afresh for
 * each order, so that they need no undoing.
 */

export type Program = (step: () => Promise<void>) => Promise<void>

export interface Interleavings {
  readonly orders: number
}

/** `start` makes fresh programs and what checks their end; `check` is told the order, for messages. */
export async function everyOrder(
  start: () => {
    readonly programs: readonly Program[]
    readonly check: (order: string) => void | Promise<void>
  },
): Promise<Interleavings> {
  const choices: number[] = []
  let orders = 0
  for (;;) {
    const { programs, check } = start()
    const widths = await runOnce(programs, choices)
    orders += 1
    await check(choices.slice(0, widths.length).join(''))
    choices.length = widths.length
    while (choices.length > 0 && (choices.at(-1) ?? 0) + 1 >= (widths[choices.length - 1] ?? 0)) {
      choices.pop()
    }
    if (choices.length === 0) return { orders }
    choices[choices.length - 1] = (choices.at(-1) ?? 0) + 1
  }
}

/** Lengthens `choices` by 0 where it ends; answers how many programs could have gone at each. */
async function runOnce(programs: readonly Program[], choices: number[]): Promise<number[]> {
  const waiting = new Map<number, () => void>()
  let running = programs.length
  let settle: (() => void) | null = null
  /** Resolves once every program waits for its turn or has ended. */
  const quiet = (): Promise<void> =>
    new Promise((resolve) => {
      settle = () => {
        if (running === 0) resolve()
      }
      settle()
    })
  const ends = programs.map(async (program, index) => {
    const step = (): Promise<void> =>
      new Promise((go) => {
        waiting.set(index, go)
        running -= 1
        settle?.()
      })
    await program(step)
    running -= 1
    settle?.()
  })
  const widths: number[] = []
  for (;;) {
    await quiet()
    if (waiting.size === 0) break
    const ready = [...waiting.keys()].toSorted((one, other) => one - other)
    const at = widths.length
    if (at === choices.length) choices.push(0)
    widths.push(ready.length)
    const chosen = ready[choices[at] ?? 0] ?? 0
    const go = waiting.get(chosen)
    waiting.delete(chosen)
    running += 1
    go?.()
  }
  await Promise.all(ends)
  return widths
}
