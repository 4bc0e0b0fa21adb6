/** Cores without the inputs and results that nobody reads; indexes are moved accordingly. */
import { unreachable } from '../../base/assert.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import { pathsRead, reads } from '../expr-shape.ts'
import type { AggregateCore, Core, JoinCore, JoinSide, ProjectedColumn } from '../plan.ts'
import { keep } from '../row.ts'

export interface CoreDemand {
  /** Paths of the output that are read. */
  readonly needed: ReadonlySet<string>
  /** Columns of late rows that are read. */
  readonly late: readonly ColumnSpec[]
}

export interface PrunedCore {
  readonly core: Core
  /** Paths the core reads of the (left) row. */
  readonly needed: ReadonlySet<string>
  /** Paths it reads of the right side. */
  readonly right: ReadonlySet<string>
}

export function pruneCore(core: Core, demand: CoreDemand): PrunedCore {
  switch (core.kind) {
    case 'aggregate':
      return withReads(pruneAggregate(core, demand))
    case 'join':
      return pruneJoin(core, demand.needed)
    case 'dedupe': {
      if (core.mode.kind === 'last') return withReads(core) // ties go by the whole row
      const kept = core.kept.filter((index) => isNeeded(core.input, index, demand.needed))
      const move = shrink(core.input, [...core.key, ...kept])
      const key = core.key.map(move.to)
      const output = core.output.filter((one) => reads(demand.needed, one.path))
      const input = withLate(move.input, demand.late)
      return withReads({ ...core, input, key, kept: kept.map(move.to), output })
    }
    case 'top': // ties go by the whole row
    case 'process':
      return withReads(core)
    default:
      return unreachable(core)
  }
}

function withReads(core: Exclude<Core, JoinCore>): PrunedCore {
  return { core, needed: readsOf(core.input), right: new Set() }
}

function readsOf(input: readonly ProjectedColumn[]): Set<string> {
  return new Set(input.flatMap((one) => [...pathsRead(one.expr)]))
}

function isNeeded(
  input: readonly ProjectedColumn[],
  index: number,
  needed: ReadonlySet<string>,
): boolean {
  return reads(needed, input[index]?.spec.path ?? '')
}

interface Shrunk {
  readonly input: readonly ProjectedColumn[]
  /** Of an index that stays, the new one. */
  readonly to: (index: number) => number
}

/** The input columns that stay, in their order. */
function shrink(input: readonly ProjectedColumn[], stay: readonly number[]): Shrunk {
  const indexes = [...new Set(stay)].toSorted((a, b) => a - b)
  return {
    input: indexes.flatMap((index) => input[index] ?? []),
    to: (index) => indexes.indexOf(index),
  }
}

function pruneAggregate(core: AggregateCore, { needed, late }: CoreDemand): AggregateCore {
  const calls = core.calls.filter((call) => needed.has(call.result.path))
  const passed = core.passed.filter((index) => isNeeded(core.input, index, needed))
  const bounds =
    core.window?.type === 'same'
      ? core.input.flatMap((one, index) =>
          one.spec.path === 'window_start' || one.spec.path === 'window_end' ? [index] : [],
        )
      : []
  const read = calls.flatMap((call) => [...call.args, ...(call.where === null ? [] : [call.where])])
  const move = shrink(core.input, [...core.key, ...passed, ...read, ...bounds])
  const passedPaths = new Set(core.passed.map((index) => core.input[index]?.spec.path))
  const isKept = (spec: ColumnSpec, index: number): boolean => {
    if (index < core.passed.length) return !passedPaths.has(spec.path) || reads(needed, spec.path)
    return !spec.path.startsWith('$') || needed.has(spec.path)
  }
  return {
    ...core,
    input: withLate(move.input, late),
    key: core.key.map(move.to),
    passed: passed.map(move.to),
    calls: calls.map((call) => ({
      ...call,
      args: call.args.map(move.to),
      where: call.where === null ? null : move.to(call.where),
    })),
    output: core.output.filter(isKept),
  }
}

/** Late rows are made of the core's input by path. */
function withLate(
  input: readonly ProjectedColumn[],
  late: readonly ColumnSpec[],
): readonly ProjectedColumn[] {
  const extra = late.filter((one) => !input.some((column) => column.spec.path === one.path))
  return [...input, ...extra.map(keep)]
}

function pruneJoin(core: JoinCore, needed: ReadonlySet<string>): PrunedCore {
  const residual = core.residual === null ? new Set<string>() : pathsRead(core.residual)
  const time = core.mode.kind === 'as_of' ? core.mode.time : null
  const left = pruneSide(core.left, { needed, residual, prefix: '', time })
  const right = pruneSide(core.right, { needed, residual, prefix: `${core.alias}.`, time: null })
  const lefts = new Set(left.side.kept.map((index) => left.side.input[index]?.spec.path))
  const rights = new Set(
    right.side.kept.map((index) => `${core.alias}.${right.side.input[index]?.spec.path ?? ''}`),
  )
  const presence = `${core.alias}.?`
  const output = core.output.filter(
    ({ path }) => lefts.has(path) || rights.has(path) || (path === presence && reads(needed, path)),
  )
  const rightReads = readsOf(right.side.input)
  const { where = null } = core.right
  if (where !== null) for (const path of pathsRead(where)) rightReads.add(path)
  const mode = time === null ? core.mode : { kind: 'as_of' as const, time: left.to(time) }
  return {
    core: { ...core, mode, left: left.side, right: right.side, output },
    needed: readsOf(left.side.input),
    right: rightReads,
  }
}

interface SideDemand {
  readonly needed: ReadonlySet<string>
  readonly residual: ReadonlySet<string>
  /** Of this side's columns in the output: nothing, or `alias.`. */
  readonly prefix: string
  readonly time: number | null
}

function pruneSide(side: JoinSide, demand: SideDemand): { side: JoinSide; to: Shrunk['to'] } {
  const { needed, residual, prefix, time } = demand
  const pathOf = (index: number): string => `${prefix}${side.input[index]?.spec.path ?? ''}`
  const kept = side.kept.filter((index) => reads(needed, pathOf(index)))
  const read = side.input.flatMap((_, index) => (reads(residual, pathOf(index)) ? [index] : []))
  const always = [...side.key, ...kept, ...read, ...(time === null ? [] : [time])]
  // Appended rows are never taken back, so that their key is of no use unless it is there anyway.
  const isKeyed = side.edge !== 'append' || side.uniqueKey?.every((one) => always.includes(one))
  const uniqueKey = isKeyed === true ? side.uniqueKey : null
  const move = shrink(side.input, [...always, ...(uniqueKey ?? [])])
  return {
    side: {
      ...side,
      input: move.input,
      key: side.key.map(move.to),
      kept: kept.map(move.to),
      uniqueKey: uniqueKey?.map(move.to) ?? null,
    },
    to: move.to,
  }
}
