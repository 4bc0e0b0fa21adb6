/**
 * The sessions of all keys. A key mostly has one session that takes records; it lies in the first
 * table, where the generated loop finds it. A key with more has the others in further tables, one
 * each.
 *
 * Owns: the tables.
 *
 * Invariants:
 *   S1. A key with n sessions has one in each of the first n tables; they neither overlap nor touch.
 *   S2. The session in the first table has a reach (the loop may extend it by itself) exactly if it
 *       is the only one of its key and its row has not been emitted.
 *   S3. Every session knows the time of a timer that is set, at or before the time it is due.
 */
import type { KeyedTable } from '../../../state/keyed-table.ts'
import type { Panes } from '../../../state/state-store.ts'
import {
  SESSION_BEFORE,
  SESSION_END,
  SESSION_IS_EMITTED,
  SESSION_REACH,
  SESSION_START,
  SESSION_TIMER,
} from '../../aggregate/aggregate-shape.ts'
import type { AggregateBatch, CompiledAggregate } from '../../aggregate/compile-aggregate.ts'

const MOVED_WORDS = [
  SESSION_START,
  SESSION_END,
  SESSION_TIMER,
  SESSION_BEFORE,
  SESSION_IS_EMITTED,
] as const

export class SessionLevels {
  readonly #panes: Panes
  readonly #compiled: CompiledAggregate
  readonly #word: number
  readonly tables: KeyedTable[] = []
  /** The entries of the key that was asked for last, by level. */
  readonly found: number[] = []

  constructor(panes: Panes, compiled: CompiledAggregate) {
    this.#panes = panes
    this.#compiled = compiled
    this.#word = compiled.sessionWord
    this.table(0)
  }

  table(level: number): KeyedTable {
    const known = this.tables[level]
    if (known !== undefined) return known
    const made = this.#panes.open()
    this.tables.push(made)
    return made
  }

  get(level: number, entry: number, word: number): number {
    return this.table(level).word(entry, this.#word + word)
  }

  set(level: number, entry: number, word: number, value: number): void {
    this.table(level).setWord(entry, this.#word + word, value)
  }

  /** Finds the sessions of the key of row i: see `found`. */
  find(batch: AggregateBatch, i: number): void {
    const { found } = this
    const { keyColumns, laneA, laneB } = batch
    const { isLaneless, keyHash } = this.#compiled
    if (isLaneless) keyHash.row(keyColumns, i, laneA, laneB)
    const a = laneA[i] as number
    const b = laneB[i] as number
    found.length = 0
    for (const table of this.tables) {
      const entry = table.locate(a, b, batch.keyColumns, i)
      if (entry === 0) return
      found.push(entry)
    }
  }

  /** A further session of the key of row i, whose sessions were found. */
  insert(batch: AggregateBatch, i: number): number {
    const level = this.found.length
    const table = this.table(level)
    const a = batch.laneA[i] as number
    const entry = table.insert(a, batch.laneB[i] as number, batch.keyColumns, i)
    this.#compiled.loops.init(table, entry)
    this.found.push(entry)
    return entry
  }

  /** Adds one session that was found to another; the caller removes it. */
  merge(into: number, level: number): void {
    const [target, entry] = [this.found[into] as number, this.found[level] as number]
    this.#compiled.loops.merge(this.table(into), target, this.table(level), entry)
    const put = (word: number, choose: (left: number, right: number) => number) =>
      this.set(
        into,
        target,
        word,
        choose(this.get(into, target, word), this.get(level, entry, word)),
      )
    put(SESSION_START, Math.min)
    put(SESSION_END, Math.max)
    put(SESSION_IS_EMITTED, Math.max)
  }

  /** Removes a session; the key's last one takes its place (S1). */
  remove(level: number, entry: number): void {
    const { found } = this
    this.#findOf(level, entry)
    const last = found.length - 1
    const table = this.table(level)
    const group = table.groupOf(entry)
    if (level === last) {
      table.remove(entry)
      found.pop()
    } else this.#moveLast(level, entry, group)
    this.settle()
  }

  /** The reach of the key whose sessions were found (S2). */
  settle(): void {
    const { found } = this
    const [first] = found
    if (first === undefined) return
    const isOpen = found.length === 1 && this.get(0, first, SESSION_IS_EMITTED) === 0
    const reach = isOpen ? this.get(0, first, SESSION_END) : Number.NEGATIVE_INFINITY
    this.set(0, first, SESSION_REACH, reach)
  }

  /** A session of the first table was told: the loop leaves it alone (S2). */
  holdBack(entry: number): void {
    this.set(0, entry, SESSION_REACH, Number.NEGATIVE_INFINITY)
  }

  /** Finds the sessions of the key of a session. */
  #findOf(level: number, entry: number): void {
    const { found } = this
    const own = this.table(level)
    const group = own.groupOf(entry)
    found.length = 0
    for (const [other, table] of this.tables.entries()) {
      const one = other === level ? entry : table.locateFrom(group, own, entry)
      if (one === 0) return
      found.push(one)
    }
  }

  #moveLast(level: number, entry: number, group: number): void {
    const { found } = this
    const { loops } = this.#compiled
    const last = found.length - 1
    const from = found.pop() ?? 0
    const [table, other] = [this.table(level), this.table(last)]
    table.remove(entry)
    const moved = table.insertFrom(group, other, from)
    loops.init(table, moved)
    loops.merge(table, moved, other, from)
    for (const word of MOVED_WORDS) this.set(level, moved, word, this.get(last, from, word))
    other.remove(from)
    found[level] = moved
  }
}
