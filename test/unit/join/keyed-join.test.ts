/**
 * Every type of updating, interval and window join against nested loops over the rows that are left
 * at the end, with rows taken back on either side, under every delivery of the conformance kit.
 */
import test from 'ava'
import { checkConformance } from '../../conformance/kit/conformance.ts'
import { survivors, type Script } from '../../conformance/kit/script.ts'
import type { EdgeKind, JoinCore } from '../../../shared/planning/plan.ts'
import {
  isMatch,
  joinInputs,
  joinSubject,
  leftColumns,
  rightColumns,
  type JoinCase,
} from './join-subject.ts'
import { naiveJoin } from './naive-join.ts'

const TYPES: readonly JoinCore['type'][] = ['inner', 'left', 'right', 'full', 'semi', 'anti']
const EDGES: readonly (readonly [EdgeKind, EdgeKind])[] = [
  ['append', 'append'],
  ['retract', 'append'],
  ['append', 'retract'],
  ['retract', 'retract'],
]

function check(of: JoinCase, name: string, isPair: (left: number, right: number) => boolean): void {
  const isTimed = of.mode.kind !== 'updating'
  checkConformance({
    subject: joinSubject(of, name),
    inputs: joinInputs(of),
    seeds: 5,
    rows: 80,
    span: 1000,
    model: (script: Script) => ({
      main: naiveJoin({
        type: of.type,
        left: survivors(script, 0),
        right: survivors(script, 1),
        widths: [leftColumns.length, rightColumns.length],
        matches: (left, right) =>
          isMatch(of, left.values, right.values) && isPair(left.time, right.time),
        timeOf: (left, right) =>
          isTimed
            ? Math.max(
                left?.time ?? Number.NEGATIVE_INFINITY,
                right?.time ?? Number.NEGATIVE_INFINITY,
              )
            : Number.NaN,
      }),
    }),
  })
}

for (const type of TYPES) {
  for (const [left, right] of EDGES) {
    for (const hasResidual of [false, true]) {
      const name = `${type}, ${left} and ${right}${hasResidual ? ', with a condition' : ''}`
      test(`updating join: ${name} equals nested loops`, (t) => {
        const of: JoinCase = {
          type,
          mode: { kind: 'updating' },
          left,
          right,
          hasResidual,
          batchRows: 3,
        }
        t.notThrows(() => check(of, name, () => true))
      })
      test(`window join: ${name} equals nested loops`, (t) => {
        const of: JoinCase = {
          type,
          mode: { kind: 'window' },
          left,
          right,
          hasResidual,
          batchRows: 2,
          leftLateness: left === 'append' ? 0 : 150,
          rightLateness: right === 'append' ? 0 : 250,
        }
        t.notThrows(() => check(of, name, () => true))
      })
    }
  }
}

const BOUNDS = [
  [0, 0],
  [0, 60],
  [-40, 40],
  [-90, -20],
  [25, 80],
] as const

for (const type of ['inner', 'left'] as const) {
  for (const [lowMs, highMs] of BOUNDS) {
    for (const [left, right] of EDGES) {
      const name = `${type} within [${lowMs}, ${highMs}], ${left} and ${right}`
      test(`interval join: ${name} equals nested loops`, (t) => {
        const of: JoinCase = {
          type,
          mode: { kind: 'interval', lowMs, highMs },
          left,
          right,
          hasResidual: lowMs === -40,
          batchRows: 4,
          leftLateness: left === 'append' ? 0 : 70,
          rightLateness: right === 'append' ? 0 : 130,
        }
        t.notThrows(() => check(of, name, (l, r) => r - l >= lowMs && r - l <= highMs))
      })
    }
  }
}
