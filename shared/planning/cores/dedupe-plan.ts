/** `dedupe`: the first row per key within a bound, or the newest one. Takes appended rows only. */
import type { CoreSpec } from '../../spec/pipeline-spec.ts'
import { refuseChanges } from '../change-kinds.ts'
import { draftPath, refuse, type Draft } from '../draft.ts'
import { needDraftTime } from '../event-time.ts'
import { checkRowExpr } from '../expression-checks.ts'
import type { DedupeCore } from '../plan.ts'
import { setEdge } from './aggregate-plan.ts'
import { CoreInput } from './core-input.ts'
import type { KeyPart } from './key-plan.ts'

type DedupeSpec = Extract<CoreSpec, { kind: 'dedupe' }>

export function planDedupe(
  draft: Draft,
  spec: DedupeSpec,
  key: readonly KeyPart[],
): DedupeCore | null {
  refuseChanges(draft, { what: '`dedupe`', at: ['dedupe'] })
  if (key.length === 0) {
    refuse(draft, {
      code: 'OPTION_REFUSED',
      at: ['dedupe'],
      message: '`dedupe` needs `key_by`: without it only one row of all would be kept',
      fix: 'add `key_by:` with the fields that make rows equal',
    })
  }
  const row = draft.row
  const input = new CoreInput(row)
  const keyIndexes = key.map((part) => input.value(part.expr, 'key'))
  const kept = input.readAll(row.columns)
  const mode = planMode(draft, spec, input)
  if (mode === null) return null
  const isPlain = key.every((part) => part.expr.node === 'column')
  const paths = key.map((part) => (part.expr.node === 'column' ? part.expr.path : part.name))
  const isUnique =
    isPlain && key.length > 0 && mode.kind !== 'within' && isForEver(draft, mode.kind)
  if (isUnique) draft.uniqueKey = paths
  draft.steps = []
  draft.isInputRow = false
  setEdge(draft, mode.kind === 'last' ? 'upsert' : 'append')
  return { kind: 'dedupe', input: input.columns, key: keyIndexes, mode, kept, output: row.columns }
}

/** With `ttl` a key is forgotten, and its next row is a first one again. */
function isForEver(draft: Draft, mode: 'first' | 'last'): boolean {
  return mode === 'last' || draft.spec.ttl === undefined || draft.spec.ttl === 'none'
}

function planMode(draft: Draft, spec: DedupeSpec, input: CoreInput): DedupeCore['mode'] | null {
  if (spec.keep === 'last') {
    if (spec.within !== undefined) {
      refuse(draft, {
        code: 'OPTION_REFUSED',
        at: ['dedupe', 'within'],
        message: '`keep: last` follows a key for ever, and `within` is for the first row per key',
        fix: 'leave one of them out; `ttl` bounds `keep: last`',
      })
      return null
    }
    if (spec.by === undefined) {
      if (!needDraftTime(draft, '`keep: last` without `by`', ['dedupe'])) return null
      return { kind: 'last', by: null }
    }
    const by = checkRowExpr(draft, spec.by, { at: ['dedupe', 'by'], row: draft.row })
    return by === null ? null : { kind: 'last', by: input.value(by, 'by') }
  }
  if (spec.by !== undefined) {
    refuse(draft, {
      code: 'OPTION_REFUSED',
      at: ['dedupe', 'by'],
      message: '`by` says which row is newest, and this `dedupe` keeps the first',
      fix: 'add `keep: last`, or leave `by` out',
    })
    return null
  }
  if (spec.within === undefined) return { kind: 'first' }
  if (!needDraftTime(draft, '`dedupe within`', ['dedupe', 'within'])) return null
  if (!(spec.within > 0)) {
    const message = '`within` must be more than 0'
    refuse(draft, { code: 'DURATION_WRONG', at: ['dedupe', 'within'], message })
    return null
  }
  draft.planning.diagnostics.note(
    'ORDER_BY_ARRIVAL',
    draftPath(draft, 'dedupe'),
    '`dedupe within` keeps the row of a key that arrives first, not the one with the earliest event time',
  )
  return { kind: 'within', ms: spec.within }
}
