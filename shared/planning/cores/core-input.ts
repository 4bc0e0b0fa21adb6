/**
 * The input columns of a core: read columns under their path, computed ones under names with `$`,
 * each once.
 */
import type { TypedExpr } from '../../expr/ast.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import type { ProjectedColumn } from '../plan.ts'
import { columnFor, keep, type Row } from '../row.ts'

export class CoreInput {
  readonly #row: Row
  readonly #columns: ProjectedColumn[] = []
  readonly #indexes = new Map<string, number>()

  constructor(row: Row) {
    this.#row = row
  }

  get columns(): readonly ProjectedColumn[] {
    return this.#columns
  }

  /** Index of a column of the row. */
  read(spec: ColumnSpec): number {
    return this.#add(spec.path, () => keep(spec))
  }

  readAll(columns: readonly ColumnSpec[]): number[] {
    return columns.map((spec) => this.read(spec))
  }

  /** Index of a value. `prefix` names computed ones: `$key0`, `$arg3`. */
  value(expr: TypedExpr, prefix: string): number {
    if (expr.node === 'column') {
      const spec = this.#row.columns.find((one) => one.path === expr.path)
      if (spec !== undefined) return this.read(spec)
    }
    return this.#add(exprText(expr), () => {
      const path = `$${prefix}${this.#columns.length}`
      return { spec: columnFor(path, expr, this.#row), expr }
    })
  }

  #add(identity: string, make: () => ProjectedColumn): number {
    const known = this.#indexes.get(identity)
    if (known !== undefined) return known
    const index = this.#columns.length
    this.#indexes.set(identity, index)
    this.#columns.push(make())
    return index
  }
}

/** Equal for equal expressions. */
export function exprText(expr: TypedExpr): string {
  return JSON.stringify(expr, (key, value: unknown) => {
    if (key === 'span') return undefined
    if (typeof value === 'bigint') return `${value}n`
    if (value instanceof Uint8Array) return [...value]
    if (value instanceof Map) return [...value]
    return value
  })
}
