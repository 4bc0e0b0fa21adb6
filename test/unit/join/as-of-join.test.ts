/**
 * Temporal joins against a model that keeps every version, under every delivery of the conformance
 * kit: versions that come, are corrected and end; left rows that are taken back.
 */
import test from 'ava'
import { checkConformance } from '../../conformance/kit/conformance.ts'
import { survivors, type Script, type ScriptRow } from '../../conformance/kit/script.ts'
import { DELETE, UPDATE_BEFORE } from '../../../shared/model/batch.ts'
import { compareCanonicalRows } from '../../../shared/model/canonical/canonical-order.ts'
import type { EdgeKind } from '../../../shared/planning/plan.ts'
import {
  isMatch,
  joinInputs,
  joinSubject,
  leftColumns,
  rightColumns,
  type JoinCase,
} from './join-subject.ts'
import { naiveJoin } from './naive-join.ts'

interface Version {
  readonly row: ScriptRow
  readonly ends: boolean
}

/** The versions of all keys, in order of arrival. */
function versionsOf(script: Script, edge: EdgeKind): Version[] {
  const versions: Version[] = []
  for (const step of script) {
    if (step.kind !== 'row' || step.input !== 1) continue
    const { row } = step
    const isBack = row.change === DELETE || row.change === UPDATE_BEFORE
    if (edge === 'upsert' && row.change === UPDATE_BEFORE) continue
    if (!isBack) {
      versions.push({ row, ends: false })
      continue
    }
    const same = (one: ScriptRow): boolean => String(one.values) === String(row.values)
    const at = versions.findLastIndex(
      (one) => !one.ends && one.row.time === row.time && same(one.row),
    )
    if (edge === 'retract' && at >= 0) versions.splice(at, 1)
    else if (edge === 'upsert') versions.push({ row, ends: true })
    else {
      const valid = validAt(versions, { key: row.values[0], time: row.time, edge })
      if (valid !== null && same(valid)) versions.push({ row, ends: true })
    }
  }
  return versions
}

function validAt(
  versions: readonly Version[],
  of: { readonly key: unknown; readonly time: number; readonly edge: EdgeKind },
): ScriptRow | null {
  let best: Version | null = null
  for (const one of versions) {
    if (one.row.values[0] !== of.key || one.row.time > of.time) continue
    const isNewer = best === null || one.row.time > best.row.time
    const isTied = best !== null && one.row.time === best.row.time
    const wins =
      of.edge !== 'append' || compareCanonicalRows(one.row.values, best?.row.values ?? []) < 0
    if (isNewer || (isTied && wins)) best = one
  }
  return best === null || best.ends ? null : best.row
}

function check(of: JoinCase, name: string): void {
  checkConformance({
    subject: joinSubject(of, name),
    inputs: joinInputs(of),
    seeds: 20,
    rows: 80,
    model: (script) => {
      const versions = versionsOf(script, of.right)
      return {
        main: naiveJoin({
          type: of.type,
          left: survivors(script, 0),
          right: versions.filter((one) => !one.ends).map((one) => one.row),
          widths: [leftColumns.length, rightColumns.length],
          matches: (left, right) =>
            isMatch(of, left.values, right.values) &&
            validAt(versions, {
              key: left.values[0],
              time: left.values[1] as number,
              edge: of.right,
            }) === right,
          timeOf: (left) => left?.time ?? Number.NaN,
        }),
      }
    },
  })
}

for (const type of ['inner', 'left'] as const) {
  for (const left of ['append', 'retract'] as const) {
    for (const right of ['append', 'upsert', 'retract'] as const) {
      for (const endsVersions of right === 'retract' ? [true, false] : [true]) {
        for (const hasResidual of [false, true]) {
          const how = right === 'retract' && !endsVersions ? ', corrected' : ''
          const name = `${type}, ${left} and ${right}${how}${hasResidual ? ', with a condition' : ''}`
          test(`as_of join: ${name} equals a look at every version`, (t) => {
            const of: JoinCase = {
              type,
              mode: { kind: 'as_of', time: 1 },
              left,
              right,
              hasResidual,
              endsVersions,
              batchRows: 3,
              leftLateness: 150,
              rightLateness: endsVersions ? 0 : 130,
            }
            t.notThrows(() => check(of, name))
          })
        }
      }
    }
  }
}
