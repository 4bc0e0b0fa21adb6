/** Writes the result row of a session: its key, bounds and figures. */
import type { AggregateCore } from '../../../../shared/planning/plan.ts'
import { SESSION_END, SESSION_START } from '../../aggregate/aggregate-shape.ts'
import type { CompiledAggregate } from '../../aggregate/compile-aggregate.ts'
import { resultFailure } from '../../aggregate/failed-result.ts'
import type { ResultWriter } from '../../aggregate/result-writer.ts'
import type { RecordFailure } from '../../operator.ts'
import type { SessionLevels } from './session-levels.ts'

export interface SessionRowsParts {
  readonly core: AggregateCore
  readonly compiled: CompiledAggregate
  readonly sessions: SessionLevels
  readonly fail: (failure: RecordFailure) => void
}

export class SessionRows {
  readonly #parts: SessionRowsParts

  constructor(parts: SessionRowsParts) {
    this.#parts = parts
  }

  /** As the writer's next row; false when a result failed, of which nobody is told again. */
  writeOld(out: ResultWriter, level: number, entry: number): boolean {
    if (this.#write(out, level, entry) === -1) return true
    out.clearRow()
    return false
  }

  /** As the writer's next row; false when a result failed. */
  write(out: ResultWriter, level: number, entry: number): boolean {
    const cause = this.#write(out, level, entry)
    if (cause === -1) return true
    out.clearRow()
    const { core, sessions, fail } = this.#parts
    const start = sessions.get(level, entry, SESSION_START)
    const end = sessions.get(level, entry, SESSION_END)
    fail(resultFailure({ core, table: sessions.table(level), entry, start, end, cause }))
    return false
  }

  /** −1, or why a result failed. */
  #write(out: ResultWriter, level: number, entry: number): unknown {
    const { compiled, sessions } = this.#parts
    const table = sessions.table(level)
    table.readKey(entry, out.keys, out.length)
    out.putBounds(
      sessions.get(level, entry, SESSION_START),
      sessions.get(level, entry, SESSION_END),
    )
    try {
      return compiled.loops.writeResults(table, entry, out.results, out.length)
    } catch (error) {
      return error
    }
  }
}
