/** Compiles the sessions of a core that are told once, where they may be (final-sessions.ts). */
import { factoryOf } from '../../../../shared/base/generated-code.ts'
import type { Column } from '../../../../shared/model/batch.ts'
import { compileKeyHash } from '../../../../shared/model/key-hash/key-hash-compile.ts'
import type { AggregateCore } from '../../../../shared/planning/plan.ts'
import type { ColumnWriter } from '../../../state/column-writer.ts'
import { aggregateShape } from '../../aggregate/aggregate-shape.ts'
import { libraryOf } from '../../aggregate/compile-aggregate.ts'
import { WindowClock } from '../window-clock.ts'
import { sessionCode } from './session-code.ts'
import type { SessionTable, TableLoops, TableParts } from './session-table.ts'
import { SESSION_WORDS } from './session-words.ts'

/** The state of one batch that the loops read: made once per operator, filled per batch. */
export interface SessionBatch {
  columns: readonly Column[]
  times: Float64Array
  /** Records read before this batch. */
  before: number
}

/** Where rows are written: the arrays of a writer, and its next row. */
export interface SessionPlace {
  readonly keys: readonly ColumnWriter[]
  readonly results: readonly ColumnWriter[]
  starts: Float64Array
  ends: Float64Array
  times: Float64Array
  row: number
  /** Index of the call whose result failed. */
  cause: number
}

export interface SessionLoops extends TableLoops {
  /** Takes rows from `from` on; answers the one at which it stopped. */
  take(batch: SessionBatch, T: SessionTable, from: number, to: number): number
  /** The latest session of the key of row i; 0 for none. */
  find(batch: SessionBatch, T: SessionTable, i: number): number
  /** Writes a session of row i, to which the row is still to be added. */
  open(batch: SessionBatch, T: SessionTable, e: number, i: number): void
  addRow(batch: SessionBatch, T: SessionTable, e: number, i: number): void
  /** Adds session `f` of S to `e` of T. */
  merge(T: SessionTable, e: number, S: SessionTable, f: number): void
  /** Writes rows of sessions `from` to `to`, or up to one whose result fails; where it stopped. */
  write(T: SessionTable, due: Int32Array, from: number, to: number, place: SessionPlace): number
  /** Removes sessions, each the earliest of its key when its turn comes. */
  leave(T: SessionTable, due: Int32Array, from: number, to: number): void
}

export interface CompiledSessions extends TableParts {
  readonly loops: SessionLoops
  readonly code: string
}

/** Null where rows are not told once, or keys and figures are more than numbers. */
export function compileSessions(core: AggregateCore): CompiledSessions | null {
  const { window } = core
  if (window?.type !== 'session' || window.earlyMs !== null) return null
  const { isProcessing, holdMs, latenessMs } = new WindowClock(window)
  if (isProcessing || holdMs !== latenessMs) return null
  const shape = aggregateShape(core, {
    retracts: false,
    merges: true,
    touches: false,
    countsRows: false,
    expires: false,
    ownWords: SESSION_WORDS,
    asksLanes: true,
  })
  const { layout } = shape
  const isCode = shape.calls.every(({ chosen }) => chosen.kind === 'code')
  if (!shape.isIndexed || !isCode || layout.hasStrings || layout.hasObjects) return null
  const code = sessionCode({ ...shape, sessionGapMs: window.gapMs })
  const library = libraryOf(shape, compileKeyHash(layout.key.map((slot) => slot.spec)))
  const loops = factoryOf(['h'], code)(library) as SessionLoops
  return { layout, wordsAt: shape.sessionAt, loops, code }
}
