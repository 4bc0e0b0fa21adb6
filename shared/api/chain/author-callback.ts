/**
 * Runs the callbacks of an author (`r => r.price.gt(0)`) and takes the expressions they give. What a
 * callback throws or builds in vain is a mistake at the line where it stands; building goes on, so
 * that all mistakes are reported at once.
 */
import { StreamError } from '../../base/errors.ts'
import type { Expr, ExprSource } from '../../expr/ast.ts'
import type { NamedExpr, OrderTerm } from '../../spec/pipeline-spec.ts'
import { type CallSite, callSite } from '../call-site.ts'
import { isColumn, recordColumns, rowColumns, siteOf, treeOf } from '../column-builder.ts'
import type { PipelineBuilder } from '../pipeline-builder.ts'

export type Callback = (row: unknown, other?: unknown) => unknown

/** Stands where a callback failed; its block is broken and not planned. */
const NOTHING: Expr = { kind: 'literal', value: { type: 'null' } }

/** Of `asc(column)` and `desc(column)`. */
export interface Ordering {
  readonly column: unknown
  readonly descending: boolean
}

export class AuthorCallbacks {
  readonly #builder: PipelineBuilder
  /** Whether one of them went wrong. */
  isBroken = false

  constructor(builder: PipelineBuilder) {
    this.#builder = builder
  }

  /** Text stays text; of a callback the tree is taken. */
  expr(source: string | Callback, other?: unknown): ExprSource {
    if (typeof source === 'string') return source
    const tree = this.#run(
      () => treeOf(source(rowColumns(), other)),
      (one) => [one],
    )
    return { built: tree ?? NOTHING }
  }

  fields(callback: Callback): NamedExpr[] {
    const fields = this.#run(
      () => Object.entries(objectOf(callback(rowColumns()))).map(namedTree),
      (all) => all.map((field) => field.tree),
    )
    return (fields ?? []).map(({ name, tree }) => ({ name, expr: { built: tree } }))
  }

  terms(callback: Callback): OrderTerm[] {
    const terms = this.#run(
      () => listOf(callback(rowColumns())).map(orderTree),
      (all) => all.map((term) => term.tree),
    )
    return (terms ?? []).map(({ tree, descending }) => ({ expr: { built: tree }, descending }))
  }

  /** Options as parts of the specification; `otherwise` when they are wrong, which is reported. */
  options<T>(make: () => T, otherwise: T): T {
    try {
      return make()
    } catch (error) {
      this.isBroken = true
      this.#builder.refuse(error)
      return otherwise
    }
  }

  /** Null when the callback went wrong, which is reported. */
  #run<T>(run: () => T, treesOf: (value: T) => readonly Expr[]): T | null {
    return this.options(() => {
      const { value, unused } = recordColumns(run, treesOf)
      for (const tree of unused) this.#refuseUnused(siteOf(tree) ?? callSite())
      return value
    }, null)
  }

  #refuseUnused(site: CallSite): void {
    this.#builder.errorAt(site, 'EXPRESSION_UNUSED', {
      message: 'this expression is built and never used',
      fix: 'join conditions with a.and(b), a.or(b), not with && and ||',
    })
  }
}

function objectOf(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new StreamError('LITERAL_UNKNOWN', 'the callback gives no object of fields', {
    fix: 'write r => ({ name: expression }), with brackets around the object',
  })
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [value]
}

function namedTree([name, value]: [string, unknown]): { name: string; tree: Expr } {
  return { name, tree: treeOf(value) }
}

function orderTree(value: unknown): { tree: Expr; descending: boolean } {
  if (typeof value !== 'object' || value === null || isColumn(value)) {
    return { tree: treeOf(value), descending: false }
  }
  const { column, descending } = value as Ordering
  return { tree: treeOf(column), descending }
}
