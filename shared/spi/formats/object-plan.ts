/** Which key of a JSON object leads to which slot: one plan per struct of the schema. */
import type { Field } from '../../model/data-type.ts'
import { presencePath } from '../../model/row-schema.ts'
import type { FieldSlot } from './field-slot.ts'
import type { RowColumns } from './row-columns.ts'

/** What a key leads to; to nothing where the schema does not have it. */
export interface KeyTarget {
  /** The key in bytes, with its quotes. */
  readonly key: Buffer
  readonly slot: FieldSlot | null
  readonly struct: ObjectPlan | null
  readonly isKind: boolean
}

export interface ObjectPlan {
  readonly path: string
  readonly presence: FieldSlot | null
  readonly isNullable: boolean
  readonly targets: ReadonlyMap<string, KeyTarget>
  readonly leaves: readonly FieldSlot[]
  readonly structs: readonly ObjectPlan[]
  /** Targets in the order of the keys of the object before. */
  readonly expected: KeyTarget[]
  /** Number of the row that last had this object, and how many of its fields it had. */
  seen: number
  seenCount: number
}

export function objectPlan(columns: RowColumns): ObjectPlan {
  const targets = new Map<string, KeyTarget>()
  if (columns.hasKinds) targets.set('_kind', target('_kind', { isKind: true }))
  return planOf({ columns, path: '', isNullable: false, fields: columns.fields }, targets)
}

interface PlanOf {
  readonly columns: RowColumns
  readonly path: string
  readonly isNullable: boolean
  readonly fields: readonly Field[]
}

function planOf(of: PlanOf, targets: Map<string, KeyTarget>): ObjectPlan {
  const leaves: FieldSlot[] = []
  const structs: ObjectPlan[] = []
  for (const field of of.fields) {
    const path = of.path === '' ? field.name : `${of.path}.${field.name}`
    if (field.type.kind === 'struct') {
      const { fields } = field.type
      const below = { columns: of.columns, path, isNullable: field.nullable, fields }
      const struct = planOf(below, new Map())
      structs.push(struct)
      targets.set(field.name, target(field.name, { struct }))
      continue
    }
    const slot = of.columns.slots.get(path)
    if (slot === undefined) continue
    leaves.push(slot)
    targets.set(field.name, target(field.name, { slot }))
  }
  return {
    path: of.path,
    presence: of.columns.slots.get(presencePath(of.path)) ?? null,
    isNullable: of.isNullable,
    targets,
    leaves,
    structs,
    expected: [...targets.values()],
    seen: 0,
    seenCount: 0,
  }
}

function target(name: string, to: Partial<Omit<KeyTarget, 'key'>>): KeyTarget {
  const key = Buffer.from(JSON.stringify(name))
  return { key, slot: null, struct: null, isKind: false, ...to }
}

/** A struct that is not there: its leaves are null. */
export function setAbsent(plan: ObjectPlan, row: number): void {
  plan.presence?.setBoolean(row, 0)
  for (const slot of plan.leaves) slot.setNull(row)
  for (const struct of plan.structs) setAbsent(struct, row)
}
