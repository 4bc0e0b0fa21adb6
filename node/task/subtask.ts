/**
 * A subtask: the nodes of one chain, run in turns.
 *
 * A turn takes at most one element into the head and lets what it makes flow through the chain; it
 * never awaits. Owns: where its time went.
 */
import type { TaskNode } from './task-node.ts'

export interface SubtaskTimes {
  readonly busyMs: number
  readonly idleMs: number
  readonly backpressuredMs: number
}

export class Subtask {
  readonly id: string
  readonly nodes: readonly TaskNode[]
  readonly #monotonic: () => number
  #busyMs = 0
  #idleMs = 0
  #backpressuredMs = 0
  #seenAt: number

  constructor(id: string, nodes: readonly TaskNode[], monotonic: () => number) {
    this.id = id
    this.nodes = nodes
    this.#monotonic = monotonic
    this.#seenAt = monotonic()
  }

  get isDone(): boolean {
    for (let at = 0; at < this.nodes.length; at++) if (this.nodes[at]?.isDone !== true) return false
    return true
  }

  get isBlocked(): boolean {
    for (let at = 0; at < this.nodes.length; at++)
      if (this.nodes[at]?.isBlocked === true) return true
    return false
  }

  get times(): SubtaskTimes {
    return { busyMs: this.#busyMs, idleMs: this.#idleMs, backpressuredMs: this.#backpressuredMs }
  }

  get wakeAt(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const node of this.nodes) earliest = Math.min(earliest, node.wakeAt)
    return earliest
  }

  /** True when any node did something. */
  turn(now: number): boolean {
    const wasBlocked = this.isBlocked
    const startedAt = this.#monotonic()
    let hasProgress = this.nodes[0]?.step(now) === true
    for (let at = 1; at < this.nodes.length; at++) {
      // What the head made flows on at once; a link holds one batch, so that this ends.
      while (this.nodes[at]?.step(now) === true) hasProgress = true
    }
    if (!hasProgress) return false
    this.nodes[0]?.afterTurn?.(now)
    const endedAt = this.#monotonic()
    if (wasBlocked) this.#backpressuredMs += startedAt - this.#seenAt
    else this.#idleMs += startedAt - this.#seenAt
    this.#busyMs += endedAt - startedAt
    this.#seenAt = endedAt
    return true
  }
}
