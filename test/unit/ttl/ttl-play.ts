/**
 * Plays rows, watermarks and clock times to the core operator of one block of a pipeline file, as
 * the plan and the runtime would build it.
 */
import type { ExecutionContext } from 'ava'
import { overloadsWith } from '../../../node/operators/chain/user-functions.ts'
import { createOperator } from '../../../node/operators/create-operator.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { SubtaskDriver } from '../../../scripts/testing/conformance/subtask-driver.ts'
import { canonicalRow } from '../../../shared/model/canonical/canonical-text.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { planExecution } from '../../../shared/planning/execution/execution-plan.ts'
import type { ExecutionPlan, Stage } from '../../../shared/planning/execution/stage.ts'
import type { TransformBlock } from '../../../shared/planning/plan.ts'
import { planText } from '../planning/plan-text.ts'

export interface Given {
  readonly input?: number
  readonly user: string
  readonly n: number
}

export interface TtlPlay {
  readonly block: TransformBlock
  readonly expiredKeys: number
  row(given: Given): void
  /** Moves the watermark, or the clock where no source has event time. */
  time(to: number): void
  end(): void
  /** The rows since the last call: the kind of change and the values, but for times. */
  taken(): string[]
}

const KINDS = ['insert', 'update_before', 'update_after', 'delete']

/** `sources` that a case does not read have event time, so that the choice is made per block. */
function textOf(block: string, hasEventTime: boolean): string {
  const timed = 'event_time: ts, watermark: { out_of_orderness: 0s }'
  const more = hasEventTime ? `, ${timed}` : ''
  return `pipeline: p
schemas: { Order: { user: string, n: integer, ts: timestamp } }
sources:
${source('orders', more)}${source('others', more)}${source('beside', `, ${timed}`)}transformations:
  block: ${block}
sinks:
  out: { from: block, connector: stdout }
  aside: { from: beside, connector: stdout }
`
}

function source(name: string, more: string): string {
  return `  ${name}: { connector: kafka, brokers: x, topic: ${name}, schema: Order${more} }\n`
}

export async function playTtl(
  t: ExecutionContext,
  block: string,
  hasEventTime: boolean,
): Promise<TtlPlay> {
  const { plan, diagnostics } = await planText(textOf(block, hasEventTime))
  t.deepEqual(
    diagnostics.filter((one) => one.severity === 'error'),
    [],
  )
  const execution = planExecution(plan!, { parallelism: 1, isSingleSink: () => true })
  const stage = execution.stages.find((one) => one.id === 'block/core' || one.id === 'block')!
  t.is(stage.block.kind, 'transform')
  const inputs = inputsOf(execution, stage)
  const driver = new SubtaskDriver(
    {
      name: 'block',
      inputs: inputs.map((columns) => ({ columns, edge: 'append', key: [] })),
      outputs: Object.fromEntries(
        stage.outputs.map(({ name, columns }) => [name, { columns, edge: 'retract' } as const]),
      ),
      build: () =>
        createOperator({
          stage,
          subtask: 0,
          inputs,
          environment: {
            plan: plan!,
            overload: overloadsWith(plan!.functions ?? {}),
            table: () => {
              throw new TypeError('there is no table')
            },
            memory: new CountingMemory(),
          },
        }),
    },
    { subtask: 0, subtaskCount: 1 },
    0,
  )
  let now = hasEventTime ? 0 : 1_000_000
  if (!hasEventTime) driver.take({ kind: 'now', time: now })
  const begin = now
  const all = (time: number): void =>
    inputs.forEach((_, input) => driver.take({ kind: 'watermark', input, time }))
  const shown = stage.outputs[0]!.columns.flatMap(({ type }, at) =>
    type.kind === 'timestamp' ? [] : [at],
  )
  let seen = 0
  return {
    block: stage.block as TransformBlock,
    get expiredKeys() {
      return driver.counters.expiredKeys
    },
    row: ({ input = 0, user, n }) => {
      const row = { user, n, ts: now }
      const values = inputs[input]!.map(({ path }) => valueOf(row, path))
      const time = hasEventTime ? now : Number.NaN
      driver.take({ kind: 'batch', input, rows: [{ values, time, change: 0 }] })
    },
    time: (to) => {
      now = begin + to
      if (hasEventTime) all(now)
      else driver.take({ kind: 'now', time: now })
    },
    end: () => {
      all(Number.POSITIVE_INFINITY)
      driver.close()
    },
    taken: () => {
      const { rows } = driver.outputs.get('main')!
      const fresh = rows.slice(seen)
      seen = rows.length
      return fresh.map((one) => `${KINDS[one.change]} ${canonicalRow(one.values, shown)}`)
    },
  }
}

/** Computed columns that a core reads (`$0`) are all copies of `n` here. */
function valueOf(row: Readonly<Record<string, unknown>>, path: string): unknown {
  return row[path] ?? row['n']
}

function inputsOf(execution: ExecutionPlan, stage: Stage): (readonly ColumnSpec[])[] {
  return Array.from({ length: stage.inputCount }, (_, input) => {
    const edge = stage.inputs.find((one) => one.input === input)
    const from = execution.stages[edge?.from ?? -1]
    return from?.outputs.find((one) => one.name === edge?.output)?.columns ?? []
  })
}
