/** A node of a subtask: a source, an operator or a sink with its inbox and outputs. */

export interface TaskNode {
  /** `block` or `block/role`. */
  readonly id: string
  /**
   * One bounded step without await: at most one batch in, and what it makes. True when something
   * was done; false when there is nothing to do or no room for what it would make.
   */
  step(now: number): boolean
  /** Called on the head when its subtask has done what there was to do in a turn. */
  afterTurn?(now: number): void
  /** It has sent or written everything and its end. */
  readonly isDone: boolean
  /** It has work that waits for room downstream. */
  readonly isBlocked: boolean
  /** When a step may have something to do though nothing arrived; +∞ for never. */
  readonly wakeAt: number
  /** Releases what the node holds; called once, also after a failure. */
  close(): Promise<void>
}
