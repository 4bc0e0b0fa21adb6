/**
 * The arithmetic of windows that are made of panes: which pane a time falls into, and in which
 * windows a pane takes part. A pane belongs to a window wholly or not at all.
 *
 * Windows are named by their end. All times are whole milliseconds; global windows reach from −∞ to
 * +∞.
 */
export interface WindowShape {
  /** Start of the pane of a time, and the end of the pane that starts there. */
  paneStart(time: number): number
  paneEnd(start: number): number
  /** Ends of the first and last windows that hold the pane; first > last when none does. */
  firstEnd(paneStart: number): number
  lastEnd(paneStart: number): number
  /** The end of the window after the one that ends at `end`. */
  nextEnd(end: number): number
  /** The end of the first window that holds the pane and ends after `after`, which is below its last end. */
  endAfter(paneStart: number, after: number): number
  windowStart(end: number): number
  /** Whether every window is one pane. */
  readonly isSingle: boolean
}
