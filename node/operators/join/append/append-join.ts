/**
 * Inner joins of two streams that only append, by interval or for ever (ADR 0011).
 *
 * Rows of both sides are kept by reference; an entry per key holds the newest row of either side,
 * and each kept row the one before it. A row takes one probe: its partners are the list of the other
 * side, and it becomes the head of its own.
 *
 * Who calls: as KeyedJoin, which works everything else (rows taken back, other types, `ttl`).
 *
 * Invariants:
 *   J1. A row of an open batch is in the list of its key before the next one is looked at, so that
 *       a pair is found by the later of its rows, once.
 *   J2. A list leads from newer to older rows. Interval: it ends at the first row that has gone, and
 *       rows too old to have partners may still stand in it; their times keep them out of pairs.
 *   J3. Interval: a head names a row that is kept, or one that went since the last sweep of its key
 *       group; sweeps come round much sooner than row numbers do.
 */
import { assert } from '../../../../shared/base/assert.ts'
import { BATCH_RECORDS_MAX, KEY_GROUPS } from '../../../../shared/base/limits.ts'
import type { Batch } from '../../../../shared/model/batch.ts'
import { compileKeyHash, type KeyHash } from '../../../../shared/model/key-hash/key-hash-compile.ts'
import { KEPT_BATCH_ROWS } from '../../../state/kept/kept-batches.ts'
import type { KeyedTable } from '../../../state/keyed-table.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../../operator.ts'
import type { JoinOptions } from '../join-options.ts'
import { JoinTime } from '../join-time.ts'
import { LEFT, RIGHT, type Side } from '../pair-writer.ts'
import { keySpecs } from '../side-state.ts'
import { type AppendLoop, type AppendRows, compileAppendLoop } from './append-code.ts'
import { compactSide, hasRows } from './append-lists.ts'
import { AppendPairs } from './append-pairs.ts'
import { AppendSide } from './append-side.ts'

const SIDES: readonly Side[] = [LEFT, RIGHT]
/** While so many row numbers pass, all keys are swept: a quarter of those there are. */
const SWEEP_ROWS_MAX = 2 ** 30

/** Whether rows only come, and nothing is to be said of one that has no partner. */
export function isAppendJoin({ core, ttlMs }: JoinOptions): boolean {
  const isAppended = core.left.edge === 'append' && core.right.edge === 'append'
  const isKept = core.mode.kind === 'interval' || core.mode.kind === 'updating'
  return isAppended && isKept && core.type === 'inner' && ttlMs === null
}

export class AppendJoin implements Operator {
  readonly #time: JoinTime
  readonly #sides: readonly [AppendSide, AppendSide]
  readonly #keys: KeyedTable
  readonly #hash: KeyHash
  readonly #loops: readonly [AppendLoop, AppendLoop]
  readonly #pairs: AppendPairs
  readonly #rows: AppendRows
  #context: OperatorContext | null = null
  /** The side whose batch is being worked, and the next row of it. */
  #side: Side = LEFT
  #row = 0
  #isHashed = false
  /** Where the sweep for keys without rows goes on, and the part of a group it is behind. */
  #sweepGroup = 0
  #sweepOwed = 0
  /** The oldest row number of each side at the last step of the watermark. */
  readonly #sweptFirst: [number, number] = [KEPT_BATCH_ROWS, KEPT_BATCH_ROWS]

  constructor(options: JoinOptions) {
    const { core, store, predicate } = options
    assert(isAppendJoin(options), 'rows are appended')
    this.#time = new JoinTime(core)
    this.#sides = [new AppendSide(core, LEFT, store), new AppendSide(core, RIGHT, store)]
    const key = keySpecs(core)
    this.#keys = store.table('keys', { key, value: [], words: 1, isIndexed: true })
    this.#hash = compileKeyHash(key)
    const { mode } = core
    const bounds = mode.kind === 'interval' ? mode : null
    const keys = this.#keys
    this.#loops = [
      compileAppendLoop({ keys, side: LEFT, bounds }),
      compileAppendLoop({ keys, side: RIGHT, bounds }),
    ]
    const capacity = options.batchRows
    this.#pairs = new AppendPairs({ core, sides: this.#sides, predicate, capacity })
    this.#rows = this.#emptyRows()
  }

  open(context: OperatorContext): void {
    this.#context = context
  }

  onBatch(input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    const side = input === LEFT ? LEFT : RIGHT
    const own = this.#sides[side]
    own.open(batch, this.#time, this.#opened().counters)
    const rows = this.#rows
    rows.length = own.batch?.length ?? 0
    if (rows.length === 0) return DONE
    rows.first = own.keep()
    rows.keys = own.keys
    rows.times = own.batch?.eventTime ?? rows.times
    rows.own = own.kept
    rows.other = this.#sides[side === LEFT ? RIGHT : LEFT].kept
    this.#side = side
    this.#row = 0
    this.#isHashed = false
    if (this.#keys.index === null) this.#hashRows()
    return this.#run()
  }

  onWatermark(watermark: number): Progress {
    const before = this.#time.watermark
    this.#time.watermark = watermark
    if (this.#time.kind !== 'interval') return DONE
    for (const side of SIDES) {
      const { kept } = this.#sides[side]
      kept.dropBefore(this.#time.keepsFrom(side))
      if (kept.needsCompaction) this.#compact(side)
    }
    this.#sweep(this.#sweepShare(watermark - before))
    return DONE
  }

  resume(): Progress {
    return this.#run()
  }

  onProcessingTime(): Progress {
    return DONE
  }

  onEnd(): Progress {
    return DONE
  }

  outputWatermark(watermark: number): number {
    return watermark - this.#time.holdMs
  }

  close(): void {
    this.#context = null
  }

  #run(): Progress {
    const context = this.#opened()
    const output = context.output('main')
    const pairs = this.#pairs
    const side = this.#side
    for (;;) {
      if (!pairs.emit(side, output)) return MORE
      if (this.#row === this.#rows.length) break
      this.#collect()
      pairs.check(side, context)
    }
    this.#sides[side].batch = null
    this.#rows.length = 0
    this.#row = 0
    const { kept } = this.#sides[side]
    if (this.#time.kind === 'updating' && kept.needsCompaction) this.#compact(side)
    return DONE
  }

  /** Takes rows into the lists until there are enough pairs. */
  #collect(): void {
    const rows = this.#rows
    const pairs = this.#pairs
    const loop = this.#loops[this.#side]
    rows.rows = pairs.rows
    rows.refs = pairs.refs
    rows.count = 0
    while (this.#row < rows.length && rows.count < rows.capacity) {
      rows.isMissing = false
      this.#row = loop(rows, this.#keys, this.#row)
      if (rows.isMissing) this.#insertKey(this.#row)
    }
    pairs.count = rows.count
  }

  #insertKey(row: number): void {
    if (!this.#isHashed) this.#hashRows()
    const { laneA, laneB, keys } = this.#rows
    this.#keys.insert(laneA[row] as number, laneB[row] as number, keys, row)
  }

  /** Both lanes are needed for new keys only, where an index finds the others. */
  #hashRows(): void {
    const rows = this.#rows
    if (rows.length > rows.laneA.length) {
      rows.laneA = new Int32Array(rows.length)
      rows.laneB = new Int32Array(rows.length)
    }
    this.#hash(rows.keys, rows.length, rows.laneA, rows.laneB)
    this.#isHashed = true
  }

  #compact(side: Side): void {
    const { kept } = this.#sides[side]
    compactSide(
      this.#keys,
      side,
      kept,
      this.#time.kind === 'interval' ? this.#time.keepsFrom(side) : null,
    )
  }

  /**
   * How much of all keys is swept at a step of the watermark: as much as the step is of the time that
   * rows are kept, so that there are never more keys without rows than came in about that time, or
   * than there are key groups; and enough for J3.
   */
  #sweepShare(advanceMs: number): number {
    const isSmall = this.#keys.size < KEY_GROUPS
    let share = isSmall ? 0 : advanceMs / Math.max(1, ...this.#time.keepMs)
    for (const side of SIDES) {
      const { first } = this.#sides[side].kept
      share = Math.max(share, ((first - this.#sweptFirst[side]) >>> 0) / SWEEP_ROWS_MAX)
      this.#sweptFirst[side] = first
    }
    return share
  }

  /** Lets go of keys whose rows have gone, and of heads that have (J3). */
  #sweep(share: number): void {
    this.#sweepOwed = Math.min(KEY_GROUPS, this.#sweepOwed + share * KEY_GROUPS)
    const keys = this.#keys
    const [lefts, rights] = [this.#sides[LEFT].kept, this.#sides[RIGHT].kept]
    const isGone = (entry: number): boolean => {
      const hasLeft = hasRows(keys, entry, LEFT, lefts)
      return !hasRows(keys, entry, RIGHT, rights) && !hasLeft
    }
    for (; this.#sweepOwed >= 1; this.#sweepOwed--) {
      keys.removeInGroup(this.#sweepGroup, isGone)
      this.#sweepGroup = (this.#sweepGroup + 1) % KEY_GROUPS
    }
  }

  #opened(): OperatorContext {
    assert(this.#context !== null, 'the operator is open')
    return this.#context
  }

  #emptyRows(): AppendRows {
    const pairs = this.#pairs
    const rows: AppendRows = {
      keys: [],
      length: 0,
      laneA: new Int32Array(BATCH_RECORDS_MAX),
      laneB: new Int32Array(BATCH_RECORDS_MAX),
      times: new Float64Array(0),
      first: KEPT_BATCH_ROWS,
      own: this.#sides[LEFT].kept,
      other: this.#sides[RIGHT].kept,
      rows: pairs.rows,
      refs: pairs.refs,
      count: 0,
      capacity: pairs.capacity,
      isMissing: false,
      grow: () => {
        pairs.grow()
        rows.rows = pairs.rows
        rows.refs = pairs.refs
      },
    }
    return rows
  }
}
