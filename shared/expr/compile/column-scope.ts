/**
 * What a column path means at some point of a chain: a column of the batch, a local of generated
 * code, or an expression over an earlier scope (a projected column).
 */
import { assert } from '../../base/assert.ts'
import type { ColumnSpec } from '../../model/layout.ts'
import type { TypedExpr } from '../ast.ts'

export type Definition =
  | { readonly kind: 'input'; readonly index: number; readonly spec: ColumnSpec }
  /** A JavaScript value in a variable of generated code; null for null where it is nullable. */
  | { readonly kind: 'local'; readonly name: string; readonly spec: ColumnSpec }
  | { readonly kind: 'expr'; readonly expr: TypedExpr; readonly scope: ColumnScope }

export class ColumnScope {
  readonly #definitions: ReadonlyMap<string, Definition>

  constructor(definitions: Iterable<readonly [string, Definition]>) {
    this.#definitions = new Map(definitions)
  }

  static ofInput(columns: readonly ColumnSpec[]): ColumnScope {
    return new ColumnScope(
      columns.map((spec, index) => [spec.path, { kind: 'input', index, spec }] as const),
    )
  }

  get paths(): readonly string[] {
    return [...this.#definitions.keys()]
  }

  has(path: string): boolean {
    return this.#definitions.has(path)
  }

  /** Follows renamings: a projected plain column means what it meant before. */
  at(path: string): Definition {
    const definition = this.#definitions.get(path)
    assert(definition !== undefined, `column ${path} is in scope`)
    if (definition.kind === 'expr' && definition.expr.node === 'column') {
      return definition.scope.at(definition.expr.path)
    }
    return definition
  }
}

/** The column of the batch that an expression is, or null when it is something computed. */
export function inputColumn(
  expr: TypedExpr,
  scope: ColumnScope,
): Extract<Definition, { kind: 'input' }> | null {
  if (expr.node !== 'column') return null
  const definition = scope.at(expr.path)
  if (definition.kind === 'expr') return inputColumn(definition.expr, definition.scope)
  return definition.kind === 'input' ? definition : null
}
