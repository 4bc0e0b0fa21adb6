/**
 * Filters. Their terms run as early as they may: before lookups when they read fields of `from`
 * only (joins: cores/join-plan.ts). What keeps inserts only makes the edge append.
 */
import type { TypedExpr } from '../../expr/ast.ts'
import type { StepSpec } from '../../spec/pipeline-spec.ts'
import { draftPath, needFullChanges, refuse, type Draft } from '../draft.ts'
import { conjunction, conjuncts, isInsertOnly, pathsRead, readsChange } from '../expr-shape.ts'
import { checkRowExpr } from '../expression-checks.ts'
import type { Step } from '../plan.ts'
import { firstName } from '../row.ts'

export type FilterRole = 'where' | 'having'

export interface WhereOptions {
  readonly role: FilterRole
  /** Indexes of its terms that run earlier already. */
  readonly done?: ReadonlySet<number>
}

export function planWhere(
  draft: Draft,
  step: Extract<StepSpec, { kind: 'where' }>,
  { role, done = new Set() }: WhereOptions,
): void {
  const at = step.key
  const allowChange = draft.isInputRow || done.size > 0
  const whole = checkRowExpr(draft, step.expr, { at, row: draft.row, want: 'boolean', allowChange })
  if (whole === null) return
  const terms = conjuncts(whole).filter((_, index) => !done.has(index))
  if (!draft.isInputRow && terms.some(readsChange)) {
    refuse(draft, {
      code: 'CHANGES_REFUSED',
      at,
      message:
        '`change()` is the kind of the row before the join, and the term reads what the join made',
      fix: 'join the two conditions with `&&`, or keep the inserts in a block before',
    })
    return
  }
  const predicate = done.size === 0 ? whole : conjunction(terms, whole)
  if (predicate !== null) addFilter(draft, { predicate, role, at })
}

export interface Filter {
  readonly predicate: TypedExpr
  readonly role: FilterRole
  readonly at: readonly (string | number)[]
}

export function addFilter(draft: Draft, filter: Filter): void {
  const { predicate, role, at } = filter
  if (predicate.node === 'literal') {
    draft.planning.diagnostics.warning(
      'OPTION_REFUSED',
      draftPath(draft, ...at),
      predicate.value === true
        ? 'the condition is always true'
        : 'the condition is never true: no row passes',
    )
  }
  const terms = conjuncts(predicate)
  const isInsert = terms.some(isInsertOnly)
  if (terms.some(readsChange) && !draft.kindsKnown) needFullChanges(draft)
  if (isInsert && (draft.kindsKnown || draft.edge !== 'upsert')) becomeAppend(draft)
  else needFullChanges(draft)
  const early = new Map<number, TypedExpr[]>()
  for (const term of terms) {
    const place = earliestPlace(draft.steps, term)
    early.set(place, [...(early.get(place) ?? []), term])
  }
  for (const place of [...early.keys()].toSorted((a, b) => b - a)) {
    const part = conjunction(early.get(place) ?? [], predicate)
    if (part !== null) draft.steps.splice(place, 0, { kind: 'filter', predicate: part, role })
  }
}

function becomeAppend(draft: Draft): void {
  draft.edge = 'append'
  draft.upsertOf = []
  draft.lateness = 0
}

/** Where in `steps` a term may stand: before the lookups at their end whose rows it does not read. */
function earliestPlace(steps: readonly Step[], term: TypedExpr): number {
  const names = new Set([...pathsRead(term)].map(firstName))
  let place = steps.length
  for (let index = steps.length - 1; index >= 0; index--) {
    const step = steps[index]
    if (step?.kind === 'lookup' && !names.has(step.alias)) place = index
    else if (step?.kind !== 'filter') break
  }
  return place
}

export function planValidate(draft: Draft, step: Extract<StepSpec, { kind: 'validate' }>): void {
  const rules: { name: string; predicate: TypedExpr }[] = []
  for (const rule of step.rules) {
    const at = [...step.key, 'rules', rule.name]
    const predicate = checkRowExpr(draft, rule.expr, { at, row: draft.row, want: 'boolean' })
    if (predicate !== null) rules.push({ name: rule.name, predicate })
  }
  if (step.rules.length === 0) {
    refuse(draft, {
      code: 'OPTION_REFUSED',
      at: step.key,
      message: '`validate` has no rules',
      fix: 'add `rules: { positive: amount > 0 }`',
    })
  }
  if (step.action === 'reject') needFullChanges(draft)
  draft.steps.push({ kind: 'validate', rules, action: step.action })
}
