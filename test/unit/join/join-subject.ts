/** Joins as subjects of the conformance kit: two small streams with a key that may be null. */
import type { ConformanceOptions } from '../../conformance/kit/conformance.ts'
import type { ScriptInput } from '../../conformance/kit/random-script.ts'
import type { Subject } from '../../conformance/kit/subject.ts'
import {
  joinOperator,
  pairColumns,
  type PairPredicate,
} from '../../../node/operators/join/join-operator.ts'
import { CountingMemory } from '../../../node/state/memory.ts'
import { StateStore } from '../../../node/state/state-store.ts'
import type { Random } from '../../../shared/base/random.ts'
import type { TypedExpr } from '../../../shared/expr/ast.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { valueAt } from '../../../shared/model/column-value.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { columnOf, presenceColumn } from '../../../shared/model/row-schema.ts'
import type { EdgeKind, JoinCore, JoinSide } from '../../../shared/planning/plan.ts'

const text = (path: string, nullable = false): ColumnSpec =>
  columnOf(path, { type: { kind: 'string' }, nullable })
const number = (path: string, nullable = false): ColumnSpec =>
  columnOf(path, { type: { kind: 'number' }, nullable })
const time = (path: string): ColumnSpec =>
  columnOf(path, { type: { kind: 'timestamp' }, nullable: false })

/** k, end (window end or as_of time), amount, note */
export const leftColumns = [text('k', true), time('end'), number('amount'), text('note', true)]
export const rightColumns = [text('k', true), time('end'), number('limit', true)]

export interface JoinCase {
  readonly type: JoinCore['type']
  readonly mode: JoinCore['mode']
  readonly left: EdgeKind
  readonly right: EdgeKind
  /** amount >= limit, null limit: no match. */
  readonly hasResidual?: boolean
  readonly leftLateness?: number
  readonly rightLateness?: number
  readonly ttlMs?: number
  readonly outputEdge?: EdgeKind
  readonly batchRows?: number
  /** Changes of the right side have times of their own: they end versions. */
  readonly endsVersions?: boolean
}

export function joinCore(of: JoinCase): JoinCore {
  const isWindow = of.mode.kind === 'window'
  const side = (
    columns: readonly ColumnSpec[],
    edge: EdgeKind,
    keepLongerMs: number,
  ): JoinSide => ({
    input: columns.map((spec) => ({
      spec,
      expr: { node: 'column', path: spec.path, type: spec.type, nullable: spec.nullable },
    })),
    key: isWindow ? [0, 1] : [0],
    kept: columns.map((_, index) => index),
    edge,
    uniqueKey: null,
    keepLongerMs,
  })
  const { type } = of
  const isLeftOnly = type === 'semi' || type === 'anti'
  const lefts = type === 'right' || type === 'full' ? leftColumns.map(nullable) : leftColumns
  const rights = rightColumns.map((spec) => ({ ...spec, path: `r.${spec.path}` }))
  const isRightNullable = type === 'left' || type === 'full'
  return {
    kind: 'join',
    alias: 'r',
    type,
    mode: of.mode,
    left: side(leftColumns, of.left, of.rightLateness ?? 0),
    right: side(rightColumns, of.right, of.leftLateness ?? 0),
    residual: of.hasResidual === true ? residual : null,
    output: isLeftOnly
      ? lefts
      : [
          ...lefts,
          ...(isRightNullable ? [presenceColumn('r')] : []),
          ...(isRightNullable ? rights.map(nullable) : rights),
        ],
  }
}

function nullable(spec: ColumnSpec): ColumnSpec {
  return { ...spec, nullable: true }
}

const numberType = { type: { kind: 'number' }, nullable: true } as const
const residual: TypedExpr = {
  node: 'call',
  overload: 'ge.number',
  type: { kind: 'boolean' },
  nullable: true,
  args: [
    { node: 'column', path: 'amount', ...numberType },
    { node: 'column', path: 'r.limit', ...numberType },
  ],
}

/** What the compiled condition does, by hand. */
export function residualPredicate(core: JoinCore): PairPredicate | null {
  if (core.residual === null) return null
  const columns = pairColumns(core)
  const amount = columns.findIndex((spec) => spec.path === 'amount')
  const limit = columns.findIndex((spec) => spec.path === 'r.limit')
  return (pairs: Batch) => {
    const mask = new Uint8Array(pairs.length)
    for (let row = 0; row < pairs.length; row++) {
      const a = valueAt(pairs.columns[amount]!, row)
      const b = valueAt(pairs.columns[limit]!, row)
      if (a !== null && b !== null && (a as number) >= (b as number)) mask[row] = 1
    }
    return mask
  }
}

export function joinSubject(of: JoinCase, name: string): Subject {
  const core = joinCore(of)
  return {
    name,
    inputs: [
      { columns: leftColumns, edge: of.left, key: [0] },
      { columns: rightColumns, edge: of.right, key: [0], uniqueKey: [0] },
    ],
    outputs: {
      main: {
        columns: core.output,
        edge: of.outputEdge ?? 'retract',
        comparesTime: of.mode.kind !== 'updating',
      },
    },
    build: () =>
      joinOperator({
        core,
        store: new StateStore(new CountingMemory()),
        predicate: residualPredicate(core),
        ttlMs: of.ttlMs ?? null,
        ...(of.batchRows === undefined ? {} : { batchRows: of.batchRows }),
      }),
  }
}

export function isMatch(
  of: JoinCase,
  left: readonly unknown[],
  right: readonly unknown[],
): boolean {
  if (left[0] === null || left[0] !== right[0]) return false
  if (of.mode.kind === 'window' && left[1] !== right[1]) return false
  if (of.hasResidual !== true) return true
  return right[2] !== null && (left[2] as number) >= (right[2] as number)
}

const key = (random: Random): string | null =>
  random.below(8) === 0 ? null : `k${random.below(4)}`

const endOf = (time: number): number => (Math.floor(time / 100) + 1) * 100

/** Windows of 100 ms: `end` and the event time end − 1 follow from the row's time. */
export function joinInputs(of: JoinCase): ConformanceOptions['inputs'] {
  const isWindow = of.mode.kind === 'window'
  const timeOf: Partial<ScriptInput> = isWindow
    ? { timeOf: (values) => (values[1] as number) - 1 }
    : {}
  const corrects = (lateness: number): Partial<ScriptInput> =>
    of.mode.kind === 'updating' ? {} : { correctableMs: lateness }
  const end = (random: Random, time: number): number =>
    isWindow ? endOf(time) : Math.max(0, time + 40 - random.below(100))
  return [
    {
      row: (random, at) => [
        key(random),
        end(random, at),
        random.below(10),
        random.below(3) === 0 ? null : `n${random.below(3)}`,
      ],
      update: (random, row) => [row.values[0], row.values[1], random.below(10), row.values[3]],
      ...timeOf,
      ...corrects(of.leftLateness ?? 0),
    },
    {
      row: (random, at) => [
        key(random),
        end(random, at),
        random.below(5) === 0 ? null : random.below(10),
      ],
      update: (random, row) => [row.values[0], row.values[1], random.below(10)],
      ...timeOf,
      ...(of.endsVersions === true ? {} : corrects(of.rightLateness ?? 0)),
    },
  ]
}
