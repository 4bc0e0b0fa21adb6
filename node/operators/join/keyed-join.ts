/**
 * Joins that keep rows of both sides by key: updating, interval and window joins.
 *
 * Batches are worked by match-loop.ts. Here is what time does: unmatched left rows of interval
 * joins come out, windows fire, rows are forgotten.
 *
 * Nulls: a null in a key matches nothing; such a row still comes out alone where its side does.
 * Late: see join-time.ts; late rows are counted and take no part.
 * Changes: both sides may take rows back; upsert edges are made full changes by the planner.
 * End of input: the watermark +∞ fires every window and ends every wait. `ttl` forgets nothing then.
 */
import { assert } from '../../../shared/base/assert.ts'
import { INSERT, type Batch } from '../../../shared/model/batch.ts'
import type { RowRef } from '../../state/keyed-rows.ts'
import { DONE, MORE, type Operator, type OperatorContext, type Progress } from '../operator.ts'
import type { JoinOptions } from './join-options.ts'
import { isEmittedAlone, joinRules, type JoinRules } from './join-rules.ts'
import { JoinTime } from './join-time.ts'
import { FIRED, MATCHES, MatchLoop } from './match-loop.ts'
import { PairFilter, residualInputs } from './pair-filter.ts'
import { LEFT, NO_ROW, PairWriter, RIGHT, type Side } from './pair-writer.ts'
import { RowTtl } from './row-ttl.ts'
import { SideState, type SideReader } from './side-state.ts'
import { WindowFiring } from './window-firing.ts'

const SIDES: readonly Side[] = [LEFT, RIGHT]

export class KeyedJoin implements Operator {
  readonly #options: JoinOptions
  readonly #rules: JoinRules
  readonly #time: JoinTime
  readonly #sides: readonly [SideState, SideState]
  readonly #readers: readonly [SideReader, SideReader]
  readonly #filter: PairFilter
  #running: Running | null = null

  constructor(options: JoinOptions) {
    const { core, store, predicate, ttlMs } = options
    assert(core.mode.kind !== 'as_of', 'as_of has an operator of its own')
    assert(core.left.edge !== 'upsert' && core.right.edge !== 'upsert', 'changes are full')
    this.#options = options
    this.#rules = joinRules(core.type)
    this.#time = new JoinTime(core)
    const expires = this.#time.kind !== 'updating' || ttlMs !== null
    const words = this.#time.kind === 'window' ? 2 : 1
    const side = (of: Side): SideState =>
      new SideState(core, of === LEFT ? core.left : core.right, {
        store,
        name: of === LEFT ? 'left' : 'right',
        extra: residualInputs(core, of),
        words,
        expires,
      })
    this.#sides = [side(LEFT), side(RIGHT)]
    const rightKept = this.#rules.leftOnly === null ? core.right.kept : []
    this.#readers = [this.#sides[LEFT].reader(core.left.kept), this.#sides[RIGHT].reader(rightKept)]
    this.#filter = new PairFilter(core, predicate, options.batchRows)
  }

  open(context: OperatorContext): void {
    const { core, ttlMs } = this.#options
    this.#filter.open(context)
    const writer = new PairWriter(core, context.output('main'), this.#options.batchRows)
    const parts = {
      rules: this.#rules,
      time: this.#time,
      sides: this.#sides,
      readers: this.#readers,
      filter: this.#filter,
      writer,
      counters: context.counters,
      storesNullKeys: [this.#storesNullKeys(LEFT), this.#storesNullKeys(RIGHT)] as const,
    }
    this.#running = {
      writer,
      loop: new MatchLoop(parts),
      firing: this.#time.kind === 'window' ? new WindowFiring(parts) : null,
      ttl:
        this.#time.kind === 'updating' && ttlMs !== null
          ? new RowTtl(this.#sides, ttlMs, context.counters)
          : null,
      isExpiring: false,
    }
  }

  onBatch(input: number, batch: Batch): Progress {
    if (batch.length === 0) return DONE
    const { loop } = this.#run()
    loop.open(input === LEFT ? LEFT : RIGHT, batch)
    return loop.run() ? DONE : MORE
  }

  onWatermark(watermark: number): Progress {
    const running = this.#run()
    this.#time.watermark = watermark
    running.ttl?.expire(watermark)
    if (this.#time.kind === 'updating') return DONE
    running.writer.openState()
    running.isExpiring = true
    running.firing?.start()
    return this.#expire(running)
  }

  resume(): Progress {
    const running = this.#run()
    if (running.isExpiring) return this.#expire(running)
    return running.loop.run() ? DONE : MORE
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
    this.#running = null
  }

  #expire(running: Running): Progress {
    const isDone = running.firing?.run() ?? this.#forget(running.writer)
    if (!isDone) return MORE
    running.isExpiring = false
    running.writer.flush()
    return DONE
  }

  /** Rows of interval joins that can have no more partners. False when the output is full. */
  #forget(writer: PairWriter): boolean {
    for (const side of SIDES) {
      const bound = this.#time.keepsFrom(side)
      const { rows } = this.#sides[side]
      for (;;) {
        if (!writer.makeRoom(1)) return false
        const row = rows.popBefore(bound)
        if (row === 0) break
        if (this.#rules.counts[side]) this.#emitUnmatched(writer, side, row)
        rows.remove(row)
      }
    }
    return true
  }

  #emitUnmatched(writer: PairWriter, side: Side, row: RowRef): void {
    const { rows } = this.#sides[side]
    if (!isEmittedAlone(this.#rules, side, rows.word(row, MATCHES))) return
    const at = writer.add(NO_ROW, this.#time.ofRow(rows.time(row)), INSERT)
    this.#readers[side](row, writer.writers(side), at)
    writer.putNull(side === LEFT ? RIGHT : LEFT, at)
  }

  /** Without a partner a row with a null key is only stored where something may still become of it. */
  #storesNullKeys(side: Side): boolean {
    const { core } = this.#options
    const { edge } = side === LEFT ? core.left : core.right
    const comesOutLater = this.#time.kind !== 'updating' && isEmittedAlone(this.#rules, side, 0)
    return edge !== 'append' || comesOutLater
  }

  #run(): Running {
    assert(this.#running !== null, 'the operator is open')
    return this.#running
  }
}

interface Running {
  readonly writer: PairWriter
  readonly loop: MatchLoop
  readonly firing: WindowFiring | null
  readonly ttl: RowTtl | null
  /** Whether a watermark is being worked, rather than a batch. */
  isExpiring: boolean
}

/** Words are read by name elsewhere; here only so that both files agree on their number. */
assert(MATCHES === 0 && FIRED === 1, 'rows of joins have their words in this order')
