/** `key_by`: the columns a core is keyed by, with the names they have in results. */
import type { TypedExpr } from '../../expr/ast.ts'
import type { Field } from '../../model/data-type.ts'
import { fieldAt } from '../../model/row-schema.ts'
import { printFieldType } from '../../model/type-text.ts'
import { draftPath, refuse, type Draft } from '../draft.ts'
import { checkRowExpr } from '../expression-checks.ts'
import { fieldFix, originOf, pathExpr } from '../row.ts'

export interface KeyPart extends Field {
  readonly expr: TypedExpr
}

/** Null when a part is wrong. No `key_by` is an empty key, noted: one subtask. */
export function planKey(draft: Draft, core: string): readonly KeyPart[] | null {
  const { key_by: keyBy = [], parallelism } = draft.spec
  if (keyBy.length === 0) {
    if (parallelism !== undefined && parallelism > 1) {
      refuse(draft, {
        code: 'PARALLELISM_REFUSED',
        at: ['parallelism'],
        message: `\`${core}\` without \`key_by\` runs in one subtask, and \`parallelism\` is ${parallelism}`,
        fix: 'add `key_by:`, or leave `parallelism` out',
      })
    }
    draft.planning.diagnostics.note(
      'UNKEYED',
      draftPath(draft, core),
      `\`${core}\` has no \`key_by\`: all rows go through one subtask`,
      { onKey: true, fix: 'add `key_by:` if the rows can be split' },
    )
    return []
  }
  const parts = keyBy.map((spec, index) => {
    const isAlone = keyBy.length === 1 && 'path' in spec
    const at = isAlone ? ['key_by'] : ['key_by', 'path' in spec ? index : spec.name]
    if ('path' in spec && fieldAt(draft.row.fields, spec.path) === null) {
      refuse(draft, {
        code: 'FIELD_UNKNOWN',
        at,
        message: `there is no field \`${spec.path}\` to key by`,
        fix: fieldFix(draft.row, spec.path),
      })
      return null
    }
    const name = 'path' in spec ? (spec.path.split('.').at(-1) ?? spec.path) : spec.name
    const expr =
      'path' in spec
        ? pathExpr(draft.row, spec.path)
        : checkRowExpr(draft, spec.expr, { at, row: draft.row })
    return expr === null ? null : planPart(draft, { name, expr, at })
  })
  const whole = parts.filter((part) => part !== null)
  if (whole.length < parts.length) return null
  const twice = whole.find(
    (part, index) => whole.findIndex((one) => one.name === part.name) < index,
  )
  if (twice === undefined) return whole
  refuse(draft, {
    code: 'FIELD_TAKEN',
    at: ['key_by'],
    message: `two parts of the key are called \`${twice.name}\``,
    fix: `name them: \`key_by: { other: …, ${twice.name}: … }\``,
  })
  return null
}

interface WrittenPart {
  readonly name: string
  readonly expr: TypedExpr
  readonly at: readonly (string | number)[]
}

const NO_KEYS: ReadonlySet<string> = new Set(['array', 'map', 'json', 'struct', 'null'])

function planPart(draft: Draft, { name, expr, at }: WrittenPart): KeyPart | null {
  if (!NO_KEYS.has(expr.type.kind)) return { name, type: expr.type, nullable: expr.nullable, expr }
  const cause = expr.node === 'column' ? originOf(draft.row, expr.path) : undefined
  refuse(draft, {
    code: 'TYPE_MISMATCH',
    at,
    message: `\`${name}\` is ${printFieldType(expr)}, which cannot be a key`,
    fix: expr.type.kind === 'struct' ? 'key by fields of it' : 'key by a value inside of it',
    ...(cause === undefined ? {} : { cause }),
  })
  return null
}
