/**
 * Dead letters that nobody reads go to one more sink, so that they are never lost: a block named
 * after nothing an author can write is added to the plan, and opens its target at the first letter.
 */
import { DEAD_LETTER_COLUMNS } from '../../node/task/dead-letters.ts'
import type { Batch } from '../../shared/model/batch.ts'
import type { ColumnSpec } from '../../shared/model/layout.ts'
import type { OutputPlan, Plan, PlanBlock, SinkBlock } from '../../shared/planning/plan.ts'
import type { Sink, SinkReport } from '../../shared/spi/connector.ts'

/** No block of an author has this name: `dead_letter` alone is reserved, and it has a star. */
export const DEAD_LETTER_SINK = 'dead_letter*'
const OUTPUT = 'dead_letter'

export function withDeadLetterSink(plan: Plan): Plan {
  const read = new Set(
    plan.blocks.flatMap((block) =>
      block.inputs.filter((ref) => ref.output === OUTPUT).map((ref) => ref.block),
    ),
  )
  const unread = plan.blocks.filter(
    (block) => block.onError === 'dead_letter' && !read.has(block.name),
  )
  if (unread.length === 0) return plan
  const names = new Set(unread.map((block) => block.name))
  const blocks = plan.blocks.map((block) => (names.has(block.name) ? withOutput(block) : block))
  return { ...plan, blocks: [...blocks, sinkOf([...names])] }
}

function withOutput<Block extends PlanBlock>(block: Block): Block {
  const others = block.outputs.filter((output) => output.name !== OUTPUT)
  const output: OutputPlan = {
    name: OUTPUT,
    used: DEAD_LETTER_COLUMNS.map((column) => column.path),
    stream: {
      fields: DEAD_LETTER_COLUMNS.map(({ path, type, nullable }) => ({
        name: path,
        type,
        nullable,
      })),
      columns: DEAD_LETTER_COLUMNS,
      edge: 'append',
      uniqueKey: null,
      eventTime: 'kept',
      lateness: 0,
      window: null,
      bounded: false,
    },
  }
  return { ...block, outputs: [...others, output] }
}

function sinkOf(names: readonly string[]): SinkBlock {
  return {
    kind: 'sink',
    name: DEAD_LETTER_SINK,
    inputs: names.map((block) => ({ block, output: OUTPUT })),
    outputs: [],
    onError: 'fail',
    parallelism: 1,
    connector: '',
    config: {},
    mode: 'append',
    key: null,
    latestBy: null,
    materializer: false,
    columns: DEAD_LETTER_COLUMNS,
  }
}

/** A sink that opens its target at the first batch: a run without dead letters leaves no file. */
export class LazySink implements Sink {
  readonly #open: (columns: readonly ColumnSpec[]) => Promise<Sink>
  #sink: Sink | null = null

  constructor(open: (columns: readonly ColumnSpec[]) => Promise<Sink>) {
    this.#open = open
  }

  async write(batch: Batch): Promise<void> {
    this.#sink ??= await this.#open(DEAD_LETTER_COLUMNS)
    await this.#sink.write(batch)
  }

  async finish(): Promise<SinkReport> {
    return (await this.#sink?.finish()) ?? { rows: 0, bytes: null, places: [] }
  }

  async abort(): Promise<void> {
    await this.#sink?.abort()
  }

  async close(): Promise<void> {
    await this.#sink?.close()
  }
}

/** Where nobody wants dead letters they are only counted. */
export class CountingSink implements Sink {
  #rows = 0

  write(batch: Batch): Promise<void> {
    this.#rows += batch.length
    return Promise.resolve()
  }

  finish(): Promise<SinkReport> {
    return Promise.resolve({ rows: this.#rows, bytes: null, places: [] })
  }

  abort(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}
