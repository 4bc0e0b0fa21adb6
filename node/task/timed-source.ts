/**
 * A source whose event time is computed: each batch gets one more column, the last, from an
 * expression over the others (`event_time: date_add("minute", delay, date)`).
 *
 * A row for which the expression throws is refused here, before it counts as read by anyone else.
 * Owns nothing but the loop.
 */
import type { TypedExpr } from '../../shared/expr/ast.ts'
import { compileLoop } from '../../shared/expr/compile/compile-loop.ts'
import type { Loop, LoopHost } from '../../shared/expr/compile/loop-spec.ts'
import type { Overload } from '../../shared/expr/overload.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import { EVENT_TIME_COLUMN } from '../../shared/planning/plan.ts'
import type { Source, SourceRead } from '../../shared/spi/connector.ts'

export interface TimedSourceOptions {
  readonly source: Source
  readonly expr: TypedExpr
  /** What the source delivers. */
  readonly columns: readonly ColumnSpec[]
  readonly overload: (id: string) => Overload
  /** A row without event time because the expression threw. */
  readonly fail: (batch: Batch, row: number, error: unknown) => void
  readonly now: () => number
}

export class TimedSource implements Source {
  readonly #source: Source
  readonly #options: TimedSourceOptions
  readonly #loop: Loop

  constructor(options: TimedSourceOptions) {
    this.#source = options.source
    this.#options = options
    this.#loop = compileTime(options)
    const { source } = options
    if (source.hasUnopenedSplits !== undefined) {
      this.hasUnopenedSplits = () => source.hasUnopenedSplits?.() ?? false
    }
  }

  hasUnopenedSplits?: () => boolean

  async read(signal: AbortSignal): Promise<SourceRead> {
    const answer = await this.#source.read(signal)
    return answer.kind === 'batch' ? { ...answer, batch: this.#timed(answer.batch) } : answer
  }

  progress(): ReturnType<Source['progress']> {
    return this.#source.progress()
  }

  close(): Promise<void> {
    return this.#source.close()
  }

  #timed(batch: Batch): Batch {
    const { fail, now } = this.#options
    const host: LoopHost = {
      fail: (row, error) => fail(batch, row, error),
      reject: () => {},
      observe: () => {},
      filtered: 0,
      selection: null,
      now,
    }
    return this.#loop.run(batch, host) ?? { ...batch, length: 0 }
  }
}

function compileTime({ expr, columns, overload }: TimedSourceOptions): Loop {
  const time: ColumnSpec = {
    path: EVENT_TIME_COLUMN,
    type: expr.type,
    nullable: expr.nullable,
    layout: 'f64',
  }
  const kept = columns.map((spec) => ({
    spec,
    expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable } as const,
  }))
  return compileLoop({
    input: columns,
    steps: [],
    output: [...kept, { spec: time, expr }],
    rejected: [],
    overload,
  })
}
