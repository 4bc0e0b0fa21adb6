/** Which windowed aggregates lie in cells by number, and their loops. */
import { factoryOf } from '../../../../shared/base/generated-code.ts'
import type { Column } from '../../../../shared/model/batch.ts'
import type { AggregateCore, WindowPlan } from '../../../../shared/planning/plan.ts'
import type { CellLayout, Cells } from '../../../state/dense/cells.ts'
import type { DenseKeys, KeyOps } from '../../../state/dense/dense-keys.ts'
import type { ColumnWriter } from '../../../state/column-writer.ts'
import type { AggregateSetup } from '../../aggregate/aggregate-setup.ts'
import { type AggregateShape, aggregateShape } from '../../aggregate/aggregate-shape.ts'
import {
  bigintAverage,
  exactAverage,
  exactBigint,
  exactNumber,
} from '../../aggregate/calls/exact-sum.ts'
import { mergesInPlace } from '../../aggregate/merge-code.ts'
import { WindowClock } from '../window-clock.ts'
import { windowShape } from '../window-shape.ts'
import { denseCode } from './dense-code.ts'

/** More panes than this in a window: a key has a cell in each, and most of them would be empty. */
const PANES_MAX = 32
/** So that a biased place is not 0 (cells.ts). */
const KEY_WORDS_MAX = 12

/** The batch that the loop reads: made once per operator, filled per batch. */
export interface DenseBatch {
  columns: readonly Column[]
  keyColumns: readonly Column[]
  times: Float64Array
  kinds: Uint8Array | null
  /** The pane whose rows are added. */
  paneStart: number
  paneEnd: number
  /** Retractions of keys that are not there. */
  unmatched: number
}

/** Where a walk over cells stands: read and written by `fill`. */
export interface CellPlace {
  number: number
  row: number
  limit: number
  /** Index of the call whose result failed, and the entry of its key; −1 for none. */
  cause: number
  entry: number
}

export interface DenseLoops extends KeyOps {
  /** Adds rows to C; answers where it stopped (dense-code.ts). */
  run(K: DenseKeys, C: Cells, batch: DenseBatch, from: number, to: number): number
  /** Adds every cell of G, or takes it out; C has the tiles of G, of which there are `tiles`. */
  mergeAll(K: DenseKeys, C: Cells, G: Cells, tiles: number): void
  unmergeAll(K: DenseKeys, C: Cells, G: Cells, tiles: number): void
  mergeTile(K: DenseKeys, C: Cells, G: Cells, tile: number): void
  /** Numbers of keys in marked tiles that have rows in none of the cells whose tables are given. */
  sweep(
    K: DenseKeys,
    marks: Uint8Array,
    tables: Int32Array,
    places: Int32Array,
    dead: Int32Array,
  ): number
  fill(
    K: DenseKeys,
    C: Cells,
    place: CellPlace,
    keys: readonly ColumnWriter[],
    results: readonly ColumnWriter[],
  ): void
  readonly init?: NonNullable<CellLayout['init']>
}

export interface CompiledDense {
  readonly loops: DenseLoops
  readonly cells: CellLayout
  /** Words of the entry of a key. */
  readonly entryWords: number
  /** Whether panes may be taken out of their combination. */
  readonly subtracts: boolean
  readonly code: string
}

/** Whether the panes of a window are cells by number: few panes, numbers only, no corrections. */
export function isDense({ core, inputEdge, isGeneral }: AggregateSetup): boolean {
  const { window } = core
  if (window === null || isGeneral === true || window.earlyMs !== null) return false
  const clock = new WindowClock(window)
  // Else windows that have fired take records.
  if (clock.holdMs !== clock.latenessMs) return false
  const panes = panesOf(window)
  if (panes < 2 || panes > PANES_MAX) return false
  const shape = shapeOf(core, inputEdge !== 'append')
  return core.key.length > 0 && shape.layout.wordsAt <= KEY_WORDS_MAX && mergesInPlace(shape)
}

/** How many panes a window has; 0 where that is not known. */
function panesOf(window: WindowPlan): number {
  if (window.type === 'cumulate')
    return 'ms' in window.size ? Math.ceil(window.size.ms / window.stepMs) : 0
  if (window.type !== 'sliding') return 0
  const shape = windowShape(window)
  return window.sizeMs / (shape.paneEnd(0) - shape.paneStart(0))
}

function shapeOf(core: AggregateCore, retracts: boolean): AggregateShape {
  return aggregateShape(core, {
    retracts,
    merges: true,
    touches: false,
    countsRows: true,
    expires: false,
    isBounded: true,
    asksLanes: true,
  })
}

export function compileDense(core: AggregateCore, retracts: boolean): CompiledDense {
  const shape = shapeOf(core, retracts)
  const code = denseCode(shape)
  const library = { bigintAverage, exactAverage, exactBigint, exactNumber }
  const loops = factoryOf(['h'], code)(library) as DenseLoops
  const { words, wordsAt } = shape.layout
  return {
    loops,
    cells: { words, bias: wordsAt, init: loops.init ?? null },
    entryWords: wordsAt,
    subtracts: shape.calls.every(
      ({ chosen }) => chosen.kind === 'code' && chosen.code.unmerge !== null,
    ),
    code,
  }
}
