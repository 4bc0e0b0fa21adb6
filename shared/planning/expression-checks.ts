/**
 * The planner's way to the expression checker: a source (text or built tree) over a row, problems
 * reported at the place where it stands.
 */
import { checkAggregateExpression, type CheckedCall } from '../expr/check-aggregate.ts'
import { checkExpression, type ExprScope } from '../expr/check.ts'
import { overloadById } from '../expr/library.ts'
import { parseExpression } from '../expr/parse.ts'
import type { Expr, ExprSource, TypedExpr } from '../expr/ast.ts'
import type { ExprProblem } from '../expr/problem.ts'
import { refuseChance } from './change-kinds.ts'
import { draftPath, isEcho, refuse, type Draft } from './draft.ts'
import { readsChange, walkExpr } from './expr-shape.ts'
import { firstName, type Row } from './row.ts'

export interface ExprPlace {
  /** Path below the block. */
  readonly at: readonly (string | number)[]
  readonly row: Row
  readonly want?: 'boolean'
  /** Whether `change()` may stand here; default no. */
  readonly allowChange?: boolean
  /** Names that the same `set` makes. */
  readonly siblings?: ReadonlySet<string>
}

/** The typed expression; null when it is wrong, which is reported. */
export function checkRowExpr(draft: Draft, source: ExprSource, place: ExprPlace): TypedExpr | null {
  const { typed, problems } = check(draft, source, place)
  report(draft, problems, place.at)
  if (typed === null) return null
  return checkChances(draft, typed, place) ? typed : null
}

/** As `checkRowExpr`, silently. */
export function tryRowExpr(draft: Draft, source: ExprSource, place: ExprPlace): TypedExpr | null {
  const { typed, problems } = check(draft, source, place)
  return problems.some((one) => one.severity === 'error') ? null : typed
}

function check(
  draft: Draft,
  source: ExprSource,
  place: ExprPlace,
): { readonly typed: TypedExpr | null; readonly problems: readonly ExprProblem[] } {
  const { expr, problems } = treeOf(source)
  if (expr === null) return { typed: null, problems }
  const options = place.want === 'boolean' ? CONDITION : VALUE
  const checked = checkExpression(expr, scopeOf(draft, place), options)
  return { typed: checked.typed, problems: [...problems, ...checked.problems] }
}

const CONDITION = { expected: { kind: 'boolean' } } as const
const VALUE = { allowsStruct: true } as const

function treeOf(source: ExprSource): {
  readonly expr: Expr | null
  readonly problems: readonly ExprProblem[]
} {
  return typeof source === 'string' ? parseExpression(source) : { expr: source.built, problems: [] }
}

function scopeOf(draft: Draft, { row, siblings }: ExprPlace): ExprScope {
  const { params, functions } = draft.planning
  return {
    fields: row.fields,
    params,
    functions: functions.scalars,
    aggregates: functions.aggregates,
    origin: (path) => row.origins.get(firstName(path)),
    ...(siblings === undefined ? {} : { siblings }),
  }
}

function report(
  draft: Draft,
  problems: readonly ExprProblem[],
  at: readonly (string | number)[],
): void {
  const path = draftPath(draft, ...at)
  for (const problem of problems) {
    if (isEcho(draft, problem.code, problem.message)) continue
    draft.planning.diagnostics.all.push({ ...problem, path })
  }
}

/** `change()` where it says nothing, and what may differ when a row is taken back (D18). */
function checkChances(draft: Draft, typed: TypedExpr, place: ExprPlace): boolean {
  if (readsChange(typed) && place.allowChange !== true) {
    refuse(draft, {
      code: 'CHANGES_REFUSED',
      at: place.at,
      message:
        '`change()` is the kind of the row as the block received it, and is read in `where` only',
      fix: 'put `where: change() == …` at the start of a block',
    })
    return false
  }
  const chance = chanceOf(typed)
  if (chance !== null) refuseChance(draft, `\`${chance}\``, place.at)
  return true
}

function chanceOf(typed: TypedExpr): string | null {
  let found: string | null = null
  walkExpr(typed, (node) => {
    if (node.node !== 'call' || overloadById(node.overload)?.deterministic !== false) return
    if (!readsChange(node)) found ??= `${node.overload.split('.')[0] ?? node.overload}()`
  })
  return found
}

export interface AggregatePlace {
  readonly at: readonly (string | number)[]
  readonly row: Row
  /** Keys and window bounds. */
  readonly result: Row
  readonly isRolling: boolean
  /** Calls of the fields before, which are shared. */
  readonly calls: readonly CheckedCall[]
}

function originIn({ row, result }: AggregatePlace, path: string): string | undefined {
  const name = firstName(path)
  return result.origins.get(name) ?? row.origins.get(name)
}

export interface CheckedFigure {
  /** Over the result row and columns `$0`, `$1`, … of the calls. */
  readonly typed: TypedExpr | null
  readonly calls: readonly CheckedCall[]
}

export function checkAggregateExpr(
  draft: Draft,
  source: ExprSource,
  place: AggregatePlace,
): CheckedFigure {
  const { expr, problems } = treeOf(source)
  report(draft, problems, place.at)
  if (expr === null) return { typed: null, calls: place.calls }
  const scope = {
    ...scopeOf(draft, { at: place.at, row: place.result }),
    input: place.row.fields,
    isRolling: place.isRolling,
    origin: (path: string) => originIn(place, path),
  }
  const checked = checkAggregateExpression(expr, scope, { calls: place.calls, allowsStruct: true })
  report(draft, checked.problems, place.at)
  for (const call of checked.calls.slice(place.calls.length)) {
    for (const one of [...call.args, ...(call.where === null ? [] : [call.where])]) {
      checkChances(draft, one, { at: place.at, row: place.row })
    }
  }
  return { typed: checked.result, calls: checked.calls }
}
