/** Typed trees by hand, as the checker would make them, for tests of generated code. */
import { castValue } from '../../../shared/expr/cast.ts'
import type { ScalarValue, TypedExpr } from '../../../shared/expr/ast.ts'
import { functionNamed, overloadById } from '../../../shared/expr/library.ts'
import type { LoopHost } from '../../../shared/expr/compile/loop-spec.ts'
import type { Overload } from '../../../shared/expr/overload.ts'
import type { Batch } from '../../../shared/model/batch.ts'
import { batchToRows } from '../../../shared/model/batch-rows.ts'
import type { DataType } from '../../../shared/model/data-type.ts'
import type { ColumnSpec } from '../../../shared/model/layout.ts'
import { sameType } from '../../../shared/model/type-relations.ts'
import { parseTypeText } from '../../../shared/model/type-text.ts'
import { columnOf } from '../../../shared/model/row-schema.ts'

/** `col('price', 'decimal(12,2)?')` */
export function spec(path: string, type: string, layout?: 'dict'): ColumnSpec {
  const parsed = parseTypeText(type)
  if (parsed.type === null) throw new Error(parsed.problem.message)
  const made = columnOf(path, parsed.type)
  return layout === undefined ? made : { ...made, layout }
}

export function col(column: ColumnSpec): TypedExpr {
  return { node: 'column', path: column.path, type: column.type, nullable: column.nullable }
}

export function lit(value: ScalarValue, kind: DataType['kind'] = kindOf(value)): TypedExpr {
  return { node: 'literal', value, type: { kind } as DataType, nullable: value === null }
}

function kindOf(value: ScalarValue): DataType['kind'] {
  if (value === null) return 'null'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as 'string' | 'boolean' | 'bigint'
}

export function call(fn: string, ...args: readonly TypedExpr[]): TypedExpr {
  const literals = args.map((arg) => (arg.node === 'literal' ? arg.value : undefined))
  for (const overload of functionNamed(fn)?.overloads ?? []) {
    const match = overload.resolve(args, literals)
    if (match === null || typeof match === 'string') continue
    const cast = args.map((arg, index) => castTo(arg, match.params[index] ?? arg.type))
    const propagated = overload.nulls === 'propagate' && args.some((arg) => arg.nullable)
    return {
      node: 'call',
      overload: overload.id,
      args: cast,
      type: match.result.type,
      nullable: match.result.nullable || propagated,
      ...(match.statics === undefined ? {} : { statics: match.statics }),
    }
  }
  throw new Error(`no overload of ${fn} takes ${args.map((arg) => arg.type.kind).join()}`)
}

function castTo(arg: TypedExpr, to: DataType): TypedExpr {
  if (sameType(arg.type, to)) return arg
  if (arg.node === 'literal') {
    return { ...arg, value: castValue(arg.value, arg.type, to) as ScalarValue, type: to }
  }
  return { node: 'cast', to, arg, type: to, nullable: arg.nullable }
}

export function overload(id: string): Overload {
  const found = overloadById(id)
  if (found === null) throw new Error(`no overload ${id}`)
  return found
}

export interface Told extends LoopHost {
  readonly failures: { readonly row: number; readonly message: string }[]
  readonly rejections: {
    readonly row: number
    readonly rules: readonly string[]
    readonly values: readonly unknown[]
  }[]
  readonly observed: string[]
}

export function listener(): Told {
  const failures: Told['failures'] = []
  const rejections: Told['rejections'] = []
  const observed: string[] = []
  return {
    failures,
    rejections,
    observed,
    fail: (row, error) => failures.push({ row, message: (error as Error).message }),
    reject: (row, rules, values) => rejections.push({ row, rules, values }),
    observe: (rule, action) => observed.push(`${action} ${rule}`),
    filtered: 0,
    selection: null,
    now: () => 1_000_000,
  }
}

export function rows(batch: Batch | null): unknown[] {
  return batch === null ? [] : batchToRows(batch)
}
