/** Steps that give the row another shape: set, drop, rename, select. */
import type { TypedExpr } from '../../expr/ast.ts'
import type { Field, FieldType } from '../../model/data-type.ts'
import { columnsOf, fieldAt } from '../../model/row-schema.ts'
import type { StepSpec } from '../../spec/pipeline-spec.ts'
import { refuse, type Draft } from '../draft.ts'
import { checkRowExpr } from '../expression-checks.ts'
import type { ProjectedColumn } from '../plan.ts'
import {
  fieldFix,
  firstName,
  keep,
  pathExpr,
  projected,
  rowOf,
  storableType,
  structType,
} from '../row.ts'

type StepOf<Kind extends StepSpec['kind']> = Extract<StepSpec, { kind: Kind }>

export function planSet(draft: Draft, step: StepOf<'set'>): void {
  const before = draft.row
  let fields = before.fields
  const origins = new Map(before.origins)
  const made = new Map<string, ProjectedColumn[]>()
  // A field that is there already is read as it was before.
  const names = step.fields
    .map((entry) => entry.name)
    .filter((name) => fieldAt(before.fields, name) === null)
  for (const entry of step.fields) {
    const at = [...step.key, entry.name]
    const siblings = new Set(names.filter((name) => name !== entry.name))
    const expr = checkRowExpr(draft, entry.expr, { at, row: before, siblings })
    if (expr === null) {
      draft.broken.add(firstName(entry.name))
      continue
    }
    const next = withField(draft, { fields, path: entry.name, type: storableType(expr), at })
    if (next === null) continue
    fields = next
    origins.set(firstName(entry.name), `\`set\` of ${draft.name}`)
    made.set(entry.name, projected(entry.name, expr, before))
  }
  project(draft, { fields, origins, made })
}

interface Placement {
  readonly fields: readonly Field[]
  readonly path: string
  readonly type: FieldType
  readonly at: readonly (string | number)[]
}

/** The fields with one more, or one of another type, at a path; null when that is refused. */
function withField(draft: Draft, placement: Placement): readonly Field[] | null {
  const { fields, path, type, at } = placement
  const [name = path, ...rest] = path.split('.')
  const old = fields.find((one) => one.name === name)
  let field: Field = { name, type: type.type, nullable: type.nullable }
  if (rest.length > 0) {
    if (old !== undefined && (old.type.kind !== 'struct' || old.nullable)) {
      const why = old.nullable ? 'may be null as a whole' : 'has no fields inside'
      refuse(draft, {
        code: 'TYPE_MISMATCH',
        at,
        message: `\`${path}\` cannot be set: \`${name}\` ${why}`,
        fix: `set a field of its own, \`${path.replaceAll('.', '_')}\``,
      })
      return null
    }
    const inside = old?.type.kind === 'struct' ? old.type.fields : []
    const next = withField(draft, { ...placement, fields: inside, path: rest.join('.') })
    if (next === null) return null
    field = { name, type: structType(next), nullable: false }
  }
  return old === undefined
    ? [...fields, field]
    : fields.map((one) => (one.name === name ? field : one))
}

interface Projection {
  readonly fields: readonly Field[]
  readonly origins: ReadonlyMap<string, string>
  /** Columns by the path that was set; what is not there is kept. */
  readonly made: ReadonlyMap<string, readonly ProjectedColumn[]>
}

/** Adds a project step to exactly these fields; the unique key stays if its columns are kept. */
function project(draft: Draft, { fields, origins, made }: Projection): void {
  const old = draft.row
  const computed = new Map([...made.values()].flat().map((one) => [one.spec.path, one]))
  const columns: ProjectedColumn[] = []
  for (const spec of columnsOf(fields)) {
    const before = old.columns.find((one) => one.path === spec.path)
    const column = computed.get(spec.path) ?? (before === undefined ? undefined : keep(before))
    if (column !== undefined) columns.push(column)
  }
  const isKept = (path: string): boolean =>
    ![...made.keys()].some((one) => path === one || path.startsWith(`${one}.`)) &&
    fieldAt(fields, path) !== null
  if (draft.uniqueKey !== null && !draft.uniqueKey.every(isKept)) draft.uniqueKey = null
  finish(draft, { fields, origins, columns })
}

function finish(
  draft: Draft,
  next: {
    readonly fields: readonly Field[]
    readonly origins: ReadonlyMap<string, string>
    readonly columns: readonly ProjectedColumn[]
  },
): void {
  const layouts = new Map(next.columns.map((one) => [one.spec.path, one.spec.layout]))
  draft.row = rowOf(next.fields, next.origins, layouts)
  draft.steps.push({ kind: 'project', columns: next.columns })
}

export function planDrop(draft: Draft, step: StepOf<'drop'>): void {
  let fields = draft.row.fields
  step.fields.forEach((path, index) => {
    if (fieldAt(draft.row.fields, path) === null) {
      refuseUnknown(draft, path, [...step.key, index])
      return
    }
    fields = withoutField(fields, path.split('.'))
  })
  project(draft, { fields, origins: draft.row.origins, made: new Map() })
}

function withoutField(fields: readonly Field[], [name, ...rest]: readonly string[]): Field[] {
  return fields.flatMap((field) => {
    if (field.name !== name) return [field]
    if (rest.length === 0 || field.type.kind !== 'struct') return []
    return [{ ...field, type: structType(withoutField(field.type.fields, rest)) }]
  })
}

export function planRename(draft: Draft, step: StepOf<'rename'>): void {
  const row = draft.row
  const names = new Map<string, string>()
  for (const { to, from } of step.fields) {
    if (from.includes('.')) {
      refuse(draft, {
        code: 'OPTION_REFUSED',
        at: [...step.key, to],
        message: `\`rename\` is for whole fields, and \`${from}\` is inside of one`,
        fix: `use \`set: { ${to}: ${from} }\``,
      })
    } else if (fieldAt(row.fields, from) === null) refuseUnknown(draft, from, [...step.key, to])
    else names.set(from, to)
  }
  const renamed = (path: string): string => {
    const first = firstName(path)
    return `${names.get(first) ?? first}${path.slice(first.length)}`
  }
  const fields = row.fields.map((field) => ({ ...field, name: renamed(field.name) }))
  if (!checkNames(draft, fields, step.key)) return
  const origins = new Map([...row.origins].map(([name, origin]) => [renamed(name), origin]))
  const columns = row.columns.map((spec) => {
    const column = keep(spec)
    return { spec: { ...spec, path: renamed(spec.path) }, expr: column.expr }
  })
  draft.uniqueKey = draft.uniqueKey?.map(renamed) ?? null
  finish(draft, { fields, origins, columns })
}

export function planSelect(draft: Draft, step: StepOf<'select'>): void {
  const row = draft.row
  const fields: Field[] = []
  const origins = new Map<string, string>()
  const columns: ProjectedColumn[] = []
  const copies = new Map<string, string>()
  step.fields.forEach((item, index) => {
    const at = [...step.key, 'path' in item ? index : item.name]
    const name = 'path' in item ? (item.path.split('.').at(-1) ?? item.path) : item.name
    if ('path' in item && fieldAt(row.fields, item.path) === null) {
      refuseUnknown(draft, item.path, at)
      return
    }
    const expr =
      'path' in item ? pathExpr(row, item.path) : checkRowExpr(draft, item.expr, { at, row })
    if (expr === null) {
      draft.broken.add(name)
      return
    }
    fields.push({ name, ...fieldTypeOf(expr) })
    const copied = pathOf(expr)
    if (copied !== null && !copies.has(copied)) copies.set(copied, name)
    origins.set(
      name,
      (copied === null ? null : row.origins.get(firstName(copied))) ??
        `\`select\` of ${draft.name}`,
    )
    columns.push(...projected(name, expr, row))
  })
  if (!checkNames(draft, fields, step.key)) return
  draft.uniqueKey = renamedKey(draft.uniqueKey, copies)
  finish(draft, { fields, origins, columns })
}

function fieldTypeOf(expr: TypedExpr): FieldType {
  const { type, nullable } = storableType(expr)
  return { type, nullable }
}

/** The path a column or struct is copied from. */
export function pathOf(expr: TypedExpr): string | null {
  return expr.node === 'column' || expr.node === 'struct' ? expr.path : null
}

/** The unique key under the names its columns were copied to; null when one is gone. */
function renamedKey(
  key: readonly string[] | null,
  copies: ReadonlyMap<string, string>,
): readonly string[] | null {
  const renamed: string[] = []
  for (const path of key ?? []) {
    const whole = [...copies].find(([from]) => path === from || path.startsWith(`${from}.`))
    if (whole === undefined) return null
    renamed.push(`${whole[1]}${path.slice(whole[0].length)}`)
  }
  return key === null ? null : renamed
}

function checkNames(
  draft: Draft,
  fields: readonly Field[],
  at: readonly (string | number)[],
): boolean {
  const seen = new Set<string>()
  for (const { name } of fields) {
    if (seen.has(name)) {
      refuse(draft, {
        code: 'FIELD_TAKEN',
        at,
        message: `two fields of the row would be called \`${name}\``,
        fix: `give one another name: \`{ other_name: … }\``,
      })
      return false
    }
    seen.add(name)
  }
  return true
}

function refuseUnknown(draft: Draft, path: string, at: readonly (string | number)[]): void {
  refuse(draft, {
    code: 'FIELD_UNKNOWN',
    at,
    message: `there is no field \`${path}\` here`,
    fix: fieldFix(draft.row, path),
  })
}
