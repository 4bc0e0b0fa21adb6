/**
 * Inner joins of two streams that only append, by interval or for ever (ADR 0011).
 *
 * Rows of both sides are kept by reference; a key holds the newest row of either side, and each kept
 * row the one before it. A row takes one probe: its partners are the list of the other side, and it
 * becomes the head of its own.
 *
 * Who calls: as KeyedJoin, which works everything else (rows taken back, other types, `ttl`).
 *
 * Invariants:
 *   J1. A row of an open batch is in the list of its key before the next one is looked at, so that
 *       a pair is found by the later of its rows, once.
 *   J2. A list leads from newer to older rows. Interval: it ends at the first row that has gone, and
 *       rows too old to have partners may still stand in it; their times keep them out of pairs.
 *   J3. Interval: a head names a row that is kept, or one that went a while ago; it is forgotten much
 *       sooner than row numbers come again.
 */
import { assert } from '../../../../shared/base/assert.ts'
import type { Batch } from '../../../../shared/model/batch.ts'
import { KEPT_BATCH_ROWS } from '../../../state/kept/kept-batches.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../../operator.ts'
import type { JoinOptions } from '../join-options.ts'
import { JoinTime } from '../join-time.ts'
import { LEFT, RIGHT, type Side } from '../pair-writer.ts'
import { keySpecs } from '../side-state.ts'
import type { AppendRows } from './append-code.ts'
import { AppendCondition } from './append-condition.ts'
import type { AppendKeys } from './append-keys.ts'
import { AppendPairs } from './append-pairs.ts'
import { AppendSide } from './append-side.ts'
import { appendKeys } from './choose-keys.ts'

const SIDES: readonly Side[] = [LEFT, RIGHT]

/** Whether rows only come, and nothing is to be said of one that has no partner. */
export function isAppendJoin({ core, ttlMs }: JoinOptions): boolean {
  const isAppended = core.left.edge === 'append' && core.right.edge === 'append'
  const isKept = core.mode.kind === 'interval' || core.mode.kind === 'updating'
  return isAppended && isKept && core.type === 'inner' && ttlMs === null
}

export class AppendJoin implements Operator {
  readonly #time: JoinTime
  readonly #sides: readonly [AppendSide, AppendSide]
  readonly #keys: AppendKeys
  readonly #condition: AppendCondition
  readonly #pairs: AppendPairs
  readonly #rows: AppendRows
  #context: OperatorContext | null = null
  /** The side whose batch is being worked, and the next row of it. */
  #side: Side = LEFT
  #row = 0

  constructor(options: JoinOptions) {
    const { core, store, predicate, overload } = options
    assert(isAppendJoin(options), 'rows are appended')
    this.#time = new JoinTime(core)
    const sides = [new AppendSide(core, LEFT, store), new AppendSide(core, RIGHT, store)] as const
    this.#sides = sides
    this.#condition = new AppendCondition(core, sides, overload ?? null)
    const bounds = core.mode.kind === 'interval' ? core.mode : null
    const condition = this.#condition.texts
    this.#keys = appendKeys({
      key: keySpecs(core),
      store,
      kept: [sides[LEFT].kept, sides[RIGHT].kept],
      shapes: [
        { side: LEFT, bounds, condition: condition?.[LEFT] ?? null },
        { side: RIGHT, bounds, condition: condition?.[RIGHT] ?? null },
      ],
    })
    const left = condition === null ? predicate : null
    this.#pairs = new AppendPairs({ core, sides, predicate: left, capacity: options.batchRows })
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
    this.#condition.open(side, rows)
    this.#keys.open(rows)
    return this.#run()
  }

  onWatermark(watermark: number): Progress {
    const before = this.#time.watermark
    this.#time.watermark = watermark
    if (this.#time.kind !== 'interval') return DONE
    for (const side of SIDES) {
      const { kept } = this.#sides[side]
      kept.dropBefore(this.#time.keepsFrom(side))
      if (kept.needsCompaction) this.#keys.compact(side, this.#time.keepsFrom(side))
    }
    this.#keys.forget((watermark - before) / Math.max(1, ...this.#time.keepMs))
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
    if (this.#time.kind === 'updating' && kept.needsCompaction) this.#keys.compact(side, null)
    return DONE
  }

  /** Takes rows into the lists until there are enough pairs. */
  #collect(): void {
    const rows = this.#rows
    const pairs = this.#pairs
    rows.rows = pairs.rows
    rows.refs = pairs.refs
    rows.count = 0
    this.#row = this.#keys.run(this.#side, rows, this.#row)
    pairs.count = rows.count
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
      laneA: new Int32Array(0),
      laneB: new Int32Array(0),
      times: new Float64Array(0),
      first: KEPT_BATCH_ROWS,
      own: this.#sides[LEFT].kept,
      other: this.#sides[RIGHT].kept,
      values: [],
      rows: pairs.rows,
      refs: pairs.refs,
      count: 0,
      capacity: pairs.capacity,
      isStopped: false,
      grow: () => {
        pairs.grow()
        rows.rows = pairs.rows
        rows.refs = pairs.refs
      },
    }
    return rows
  }
}
