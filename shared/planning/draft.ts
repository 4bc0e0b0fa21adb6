/**
 * A transformation while it is planned, from its input to the step that is planned now.
 *
 * Owns: the row at this point, steps made so far, and what is known of the rows (kind of edge,
 * unique key, event time). Each planning file moves it on by one key of the block.
 */
import type { DiagnosticDetails, SpecPath } from '../base/diagnostics.ts'
import type { ErrorCode } from '../base/errors.ts'
import type { OnError, TransformationSpec } from '../spec/pipeline-spec.ts'
import type { EdgeKind, Step, WindowPlan } from './plan.ts'
import type { Planning, Stream } from './planning.ts'
import type { Row } from './row.ts'

export interface Draft {
  readonly planning: Planning
  readonly name: string
  readonly spec: TransformationSpec
  readonly onError: OnError
  row: Row
  steps: Step[]
  edge: EdgeKind
  /** Blocks that would give full changes if asked; not empty only on an upsert edge. */
  upsertOf: readonly string[]
  kindsKnown: boolean
  uniqueKey: readonly string[] | null
  eventTime: 'kept' | 'lost'
  lostBy: string | null
  lateness: number
  window: WindowPlan | null
  bounded: boolean
  /** Whether `change()` still speaks of the row as the block received it. */
  isInputRow: boolean
  readonly sides: Stream[]
  /** Fields whose expressions are wrong: what reads them is not reported again. */
  readonly broken: Set<string>
}

export function draftPath(draft: Draft, ...more: readonly (string | number)[]): SpecPath {
  return ['transformations', draft.name, ...more]
}

export interface Refusal extends DiagnosticDetails {
  readonly code: ErrorCode
  readonly at: readonly (string | number)[]
  readonly message: string
}

/** Reports a mistake of the block; `at` is the path below it. */
export function refuse(draft: Draft, { code, at, message, ...more }: Refusal): void {
  if (isEcho(draft, code, message)) return
  draft.planning.diagnostics.error(code, draftPath(draft, ...at), message, more)
}

export function startDraft(
  planning: Planning,
  block: { readonly name: string; readonly spec: TransformationSpec; readonly input: Stream },
): Draft {
  const { name, spec, input } = block
  const { info } = input
  return {
    planning,
    name,
    spec,
    onError: spec.on_error ?? planning.spec.defaults?.on_error ?? 'fail',
    row: input.row,
    steps: [],
    edge: info.edge,
    upsertOf: input.upsertOf,
    kindsKnown: input.kindsKnown,
    uniqueKey: info.uniqueKey,
    eventTime: info.eventTime,
    lostBy: info.lostBy ?? null,
    lateness: info.lateness,
    window: info.window,
    bounded: info.bounded,
    isInputRow: true,
    sides: [],
    broken: new Set(),
  }
}

/** Whether a message only says that a field is missing whose own expression is wrong. */
export function isEcho(draft: Draft, code: ErrorCode, message: string): boolean {
  if (code !== 'FIELD_UNKNOWN' && code !== 'EXPR_FIELD_UNKNOWN') return false
  return [...draft.broken].some((name) => message.includes(`\`${name}\``))
}

/** Asks for full changes instead of upserts; planning starts again with them. */
export function needFullChanges(draft: Draft): void {
  if (draft.edge !== 'upsert') return
  for (const block of draft.upsertOf) draft.planning.retractDemands.add(block)
}
