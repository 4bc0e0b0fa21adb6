/**
 * Shows how a development run stands: drawn in place on a terminal, in plain lines elsewhere (an
 * editor's output, a log), where only what changed is said.
 *
 * Owns: the live region.
 */
import type { CommandIo } from '../commands/command.ts'
import { LiveRegion } from '../terminal/live-region.ts'
import { rowTable } from '../terminal/row-table.ts'
import { failureLines } from '../terminal/run-failure.ts'
import { runSummary } from '../terminal/run-summary.ts'
import { devLines, type DevState, NOTHING_YET } from './dev-view.ts'

/** Rows of each stream that plain lines show at the end of a run. */
const PLAIN_ROWS = 5

export class DevScreen {
  readonly #io: CommandIo
  readonly #region: LiveRegion
  #state: DevState = NOTHING_YET

  constructor(io: CommandIo) {
    this.#io = io
    this.#region = new LiveRegion(io.stdout)
  }

  /** Starts from an empty picture. */
  begin(state: Partial<DevState>): void {
    this.#state = { ...NOTHING_YET, ...state }
    this.#draw()
    if (!this.#region.isLive) this.#sayStart()
  }

  update(change: Partial<DevState>): void {
    this.#state = { ...this.#state, ...change }
    this.#draw()
    if (!this.#region.isLive && change.report !== undefined) this.#sayEnd()
  }

  note(text: string): void {
    if (!this.#region.isLive) this.#io.stderr.write(`note: ${text}\n`)
  }

  /** Leaves the last picture on the terminal, with the cursor below it. */
  close(): void {
    this.#region.release()
  }

  #draw(): void {
    const { stdout, outStyle } = this.#io
    this.#region.draw(devLines(this.#state, outStyle, (stdout.rows ?? 24) - 1))
  }

  #sayStart(): void {
    const { pipeline, problems, tests, startedAfterMs } = this.#state
    if (problems.length > 0) return this.#say(problems)
    const after = startedAfterMs === null ? '' : ` ${Math.round(startedAfterMs)} ms after the save`
    this.#say([...tests, `${pipeline}: started${after}`])
  }

  #sayEnd(): void {
    const { report, rows, pipeline } = this.#state
    const { outStyle } = this.#io
    if (report === null || report.outcome === 'cancelled') return
    const streams = [...rows].flatMap(([stream, { rows: last, count }]) => [
      `${stream}: ${count} rows`,
      ...(last.length === 0 ? [] : rowTable(last.slice(-PLAIN_ROWS), outStyle)),
    ])
    this.#say([
      ...streams,
      ...runSummary(report, outStyle),
      ...failureLines(report, outStyle),
      `${pipeline}: ${report.outcome}; waiting for a save`,
    ])
  }

  #say(lines: readonly string[]): void {
    this.#io.stdout.write(`${lines.join('\n')}\n`)
  }
}
