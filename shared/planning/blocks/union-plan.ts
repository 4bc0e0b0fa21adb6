/** The input of a block: one stream, or a union by field name whose types agree. */
import type { Field } from '../../model/data-type.ts'
import { commonField, sameFields, sameType } from '../../model/type-relations.ts'
import { printFieldType } from '../../model/type-text.ts'
import type { EdgeKind, StreamInfo } from '../plan.ts'
import { demandFullChanges, type Planning, type Stream } from '../planning.ts'
import { layoutsOf, listNames, rowOf, type Row } from '../row.ts'

export function planInput(
  planning: Planning,
  name: string,
  streams: readonly Stream[],
): Stream | null {
  const [first, ...others] = streams
  if (first === undefined || others.length === 0) return first ?? null
  let fields = first.row.fields
  const before = planning.diagnostics.all.length
  others.forEach((other, index) => {
    const path = ['transformations', name, 'from', index + 1]
    fields = agree(planning, { first, fields, other, path })
  })
  if (planning.diagnostics.all.slice(before).some((one) => one.severity === 'error')) return null
  for (const stream of streams) demandFullChanges(planning, stream)
  const row = unionRow(first, streams, fields)
  return { ref: first.ref, row, info: unionInfo(streams, row), upsertOf: [], kindsKnown: true }
}

interface Agreement {
  readonly first: Stream
  readonly fields: readonly Field[]
  readonly other: Stream
  readonly path: readonly (string | number)[]
}

/** The fields with null allowed where the other allows it; reports what does not agree. */
function agree(planning: Planning, { first, fields, other, path }: Agreement): readonly Field[] {
  const { diagnostics } = planning
  const names = fields.map((field) => field.name)
  const theirs = other.row.fields.map((field) => field.name)
  const missing = names.filter((one) => !theirs.includes(one))
  const surplus = theirs.filter((one) => !names.includes(one))
  if (missing.length > 0 || surplus.length > 0) {
    const parts = [
      missing.length === 0 ? null : `has no ${listNames(missing)}`,
      surplus.length === 0 ? null : `has ${listNames(surplus)} besides`,
    ].filter((one) => one !== null)
    diagnostics.error(
      'UNION_MISMATCH',
      path,
      `a union has the same fields on all sides: \`${nameOf(other)}\` ${parts.join(' and ')}, compared with \`${nameOf(first)}\``,
      { fix: `give both the same fields by \`select\` in a block before` },
    )
    return fields
  }
  return fields.map((field) => {
    const their = other.row.fields.find((one) => one.name === field.name)
    if (their === undefined) return field
    if (isSame(field, their)) return { ...field, nullable: field.nullable || their.nullable }
    const isNear = commonField(field, their) !== null
    diagnostics.error(
      'UNION_MISMATCH',
      path,
      `\`${field.name}\` is ${printFieldType(field)} in \`${nameOf(first)}\` and ${printFieldType(their)} in \`${nameOf(other)}\``,
      {
        fix: isNear
          ? `convert one before: \`set: { ${field.name}: … }\``
          : 'rename one of them before',
      },
    )
    return field
  })
}

function isSame(a: Field, b: Field): boolean {
  if (a.type.kind === 'struct' && b.type.kind === 'struct') {
    return sameFields(a.type.fields, b.type.fields) && a.nullable === b.nullable
  }
  return sameType(a.type, b.type)
}

function nameOf({ ref }: Stream): string {
  return ref.output === 'main' ? ref.block : `${ref.block}.${ref.output}`
}

/** Strings are `dict` only if all inputs have them so. */
function unionRow(first: Stream, streams: readonly Stream[], fields: readonly Field[]): Row {
  const layouts = layoutsOf(first.row)
  const shared = [...layouts].filter(([path]) =>
    streams.every((one) => layoutsOf(one.row).has(path)),
  )
  return rowOf(fields, first.row.origins, new Map(shared))
}

function unionInfo(streams: readonly Stream[], row: Row): StreamInfo {
  const edge: EdgeKind = streams.every((one) => one.info.edge === 'append') ? 'append' : 'retract'
  const lost = streams.find((one) => one.info.eventTime === 'lost')
  const windows = streams.map((one) => one.info.window)
  const isOneWindow = windows.every((one) => JSON.stringify(one) === JSON.stringify(windows[0]))
  return {
    fields: row.fields,
    columns: row.columns,
    edge,
    uniqueKey: null,
    eventTime: lost === undefined ? 'kept' : 'lost',
    lateness: Math.max(...streams.map((one) => one.info.lateness)),
    window: isOneWindow ? (windows[0] ?? null) : null,
    bounded: streams.every((one) => one.info.bounded),
    lostBy: lost?.info.lostBy ?? null,
  }
}
