/**
 * The states of one subtask of a vertex, by name: makes them, counts their memory, lists them.
 *
 * Owns: one arena per state and layout, shared by the panes of that state; the panes that are open.
 *
 * Invariant: a name has one kind and one layout for as long as the store lives.
 */
import { assert } from '../../shared/base/assert.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import { Arena } from './arena.ts'
import { DenseKeys, type KeyOps } from './dense/dense-keys.ts'
import type { EntrySpec } from './entry-layout.ts'
import { KeptBatches, type KeptOptions } from './kept/kept-batches.ts'
import { compileKeyedRows, KeyedRows, type RowsSpec } from './keyed-rows.ts'
import { FlatTable } from './index/flat-table.ts'
import type { KeyedTable } from './keyed-table.ts'
import { compileKeyedTable, type CompiledTable } from './keyed-table-code.ts'
import type { Memory } from './memory.ts'
import { openTable } from './hashed/open-table.ts'
import { compileTimers, Timers } from './timers.ts'

/** Of one state, for explain and the summary of a run. */
export interface StateFigures {
  readonly name: string
  readonly kind: 'table' | 'panes' | 'rows' | 'timers'
  readonly panes: number
  /** Keys of tables and panes, rows, timers. */
  readonly entries: number
  /** Bytes of its arenas; those in blocks that are in use. */
  readonly bytes: number
  readonly usedBytes: number
}

/** What a state lies in. */
type Held = Pick<Arena, 'bytes' | 'usedBytes' | 'close'>

interface NamedState {
  readonly kind: StateFigures['kind']
  readonly arenas: readonly Held[]
  panes(): number
  entries(): number
}

/** The panes of one state: tables of one layout, opened and closed one by one. */
export class Panes {
  readonly compiled: CompiledTable
  readonly arena: Arena
  readonly #open = new Set<KeyedTable>()

  constructor(compiled: CompiledTable, arena: Arena) {
    this.compiled = compiled
    this.arena = arena
  }

  /** `expectedSize`: entries that a like pane had, so that its pages need not grow step by step. */
  open(expectedSize = 0): KeyedTable {
    const table = openTable(this.compiled, this.arena, expectedSize)
    this.#open.add(table)
    return table
  }

  /** A table of the same layout that is not cut into key groups; its key has an index. */
  openFlat(expectedSize = 0): KeyedTable {
    assert(this.compiled.isIndexed, 'a flat table is found by its index')
    const table = new FlatTable(this.compiled, this.arena, expectedSize)
    this.#open.add(table)
    return table
  }

  /** Frees all pages of the pane at once. */
  close(pane: KeyedTable): void {
    assert(this.#open.delete(pane), 'an open pane is closed once')
    pane.clear()
  }

  get tables(): ReadonlySet<KeyedTable> {
    return this.#open
  }
}

export class StateStore {
  /** For what an operator holds beside its states. */
  readonly memory: Memory
  readonly #states = new Map<string, NamedState>()

  constructor(memory: Memory) {
    this.memory = memory
  }

  table(name: string, spec: EntrySpec): KeyedTable {
    const arena = new Arena(this.memory)
    const table = openTable(compileKeyedTable(spec), arena)
    this.#add(name, { kind: 'table', arenas: [arena], panes: () => 1, entries: () => table.size })
    return table
  }

  panes(name: string, spec: EntrySpec): Panes {
    const panes = new Panes(compileKeyedTable(spec), new Arena(this.memory))
    this.#add(name, {
      kind: 'panes',
      arenas: [panes.arena],
      panes: () => panes.tables.size,
      entries: () => [...panes.tables].reduce((sum, table) => sum + table.size, 0),
    })
    return panes
  }

  /** Keys with numbers, and what lies beside them by number, in one arena. */
  dense(name: string, entryWords: number, ops: KeyOps): DenseKeys {
    const arena = new Arena(this.memory)
    const keys = new DenseKeys(arena, entryWords, ops)
    this.#add(name, { kind: 'panes', arenas: [arena], panes: () => 1, entries: () => keys.size })
    return keys
  }

  rows(name: string, spec: RowsSpec): KeyedRows {
    const arenas = [new Arena(this.memory), new Arena(this.memory)] as const
    const rows = new KeyedRows(compileKeyedRows(spec), ...arenas)
    this.#add(name, { kind: 'rows', arenas, panes: () => 1, entries: () => rows.size })
    return rows
  }

  kept(name: string, specs: readonly ColumnSpec[], options: KeptOptions): KeptBatches {
    const kept = new KeptBatches(specs, this.memory, options)
    const isTimed = options.order === 'timed'
    const entries = (): number => (isTimed ? kept.rowCount : kept.liveCount)
    this.#add(name, { kind: 'rows', arenas: [kept], panes: () => 1, entries })
    return kept
  }

  /** A state that its operator made itself. */
  hold(name: string, held: Held, entries: () => number): void {
    this.#add(name, { kind: 'table', arenas: [held], panes: () => 1, entries })
  }

  timers(name: string, key: readonly ColumnSpec[]): Timers {
    const arenas = [new Arena(this.memory), new Arena(this.memory)] as const
    const timers = new Timers(compileTimers(key), ...arenas)
    this.#add(name, { kind: 'timers', arenas, panes: () => 1, entries: () => timers.size })
    return timers
  }

  /** By name. */
  figures(): StateFigures[] {
    const names = [...this.#states.keys()].toSorted()
    return names.map((name) => {
      const state = this.#states.get(name)
      assert(state !== undefined, 'a listed state exists')
      return {
        name,
        kind: state.kind,
        panes: state.panes(),
        entries: state.entries(),
        bytes: state.arenas.reduce((sum, arena) => sum + arena.bytes, 0),
        usedBytes: state.arenas.reduce((sum, arena) => sum + arena.usedBytes, 0),
      }
    })
  }

  /** Gives all memory back; no state may be used afterwards. */
  close(): void {
    for (const state of this.#states.values()) for (const arena of state.arenas) arena.close()
    this.#states.clear()
  }

  #add(name: string, state: NamedState): void {
    assert(!this.#states.has(name), `a state is made once: ${name}`)
    this.#states.set(name, state)
  }
}
