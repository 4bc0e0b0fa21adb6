/**
 * Every window type under every delivery of the conformance kit: one batch, cuts anywhere, further
 * watermarks, full after every batch, two and three subtasks by key group.
 */
import test from 'ava'
import { checkConformance } from '../../../scripts/testing/conformance/conformance.ts'
import type { Subject, SubjectOutput } from '../../../scripts/testing/conformance/subject.ts'
import { aggregateOperator } from '../../../node/operators/aggregate/aggregate-operator.ts'
import type { Random } from '../../../shared/base/random.ts'
import type { AggregateCore, EdgeKind, WindowPlan } from '../../../shared/planning/plan.ts'
import { call, coreOf, spec, TIMING } from './window-model.ts'

const INPUT = [
  spec('k', 'string', { nullable: true, layout: 'utf8' }),
  spec('x', 'number', { nullable: true }),
  spec('s', 'string', { layout: 'utf8' }),
]
const WINDOWED = [
  spec('k', 'string', { nullable: true, layout: 'utf8' }),
  spec('window_start', 'timestamp'),
  spec('window_end', 'timestamp'),
  spec('s', 'string', { layout: 'utf8' }),
]
const LATE = ['_late.by', '_late.watermark', '_late.window_start', '_late.window_end'].map((path) =>
  spec(path, path === '_late.by' ? 'duration' : 'timestamp', { nullable: true }),
)

const session: WindowPlan = { ...TIMING, type: 'session', gapMs: 40 }

function figures(text: number) {
  return [
    call('count', [], spec('r', 'integer')),
    call('last', [text], spec('r', 'string', { nullable: true, layout: 'utf8' })),
    call('count_distinct', [text], spec('r', 'integer')),
  ]
}

interface WindowCase {
  readonly window: WindowPlan
  readonly edge?: EdgeKind
  readonly inputEdge?: EdgeKind
  readonly late?: number
}

function caseCore({ window }: WindowCase): AggregateCore {
  if (window.type === 'same') return coreOf(WINDOWED, [0], window, figures(3))
  const core = coreOf(INPUT, [0], window, figures(2))
  const [key, start, end, ...rest] = core.output as [typeof core.output[0], typeof core.output[0], typeof core.output[0]] // prettier-ignore
  if (window.type === 'rolling')
    return { ...core, passed: [1, 2], output: [INPUT[1]!, INPUT[2]!, key, ...rest] }
  if (window.type !== 'count') return core
  const bounds = [start, end].map((one) => ({ ...one, nullable: true }))
  return { ...core, output: [key, ...bounds, spec('window_number', 'integer'), ...rest] }
}

function subjectOf(of: WindowCase, name: string): Subject {
  const core = caseCore(of)
  const { window, edge = 'append', inputEdge = 'append' } = of
  const columns = core.input.map((column) => column.spec)
  const keyed = window.type === 'count' ? [0, 3] : [0, 1, 2]
  const main: SubjectOutput = {
    columns: core.output,
    edge,
    isTimely: edge === 'append' && window.type !== 'count' && window.type !== 'global',
    ...(edge === 'upsert' ? { uniqueKey: keyed } : {}),
  }
  const lateColumns = [...columns, ...LATE]
  return {
    name,
    inputs: [{ columns, edge: inputEdge, key: [0] }],
    outputs: { main, late: { columns: lateColumns, edge: inputEdge } },
    build: () => aggregateOperator({ core, inputEdge, outputEdge: edge, ttlMs: null, lateColumns }),
  }
}

const key = (random: Random) => (random.below(8) === 0 ? null : `k${random.below(5)}`)

function windowedRow(random: Random, time: number): unknown[] {
  const end = Math.floor(time / 25) * 25 + 25
  return [key(random), end - 25 * (1 + random.below(2)), end, `s${random.below(12)}`]
}

function check(of: WindowCase, name: string): void {
  const isSame = of.window.type === 'same'
  checkConformance({
    subject: subjectOf(of, name),
    inputs: [
      {
        row: (random, time) =>
          isSame
            ? windowedRow(random, time)
            : [
                key(random),
                random.below(6) === 0 ? null : random.below(90),
                `s${random.below(12)}`,
              ],
        ...(isSame ? { timeOf: (values) => (values[2] as number) - 1 } : {}),
        ...(of.inputEdge === 'retract' ? { correctableMs: 60 } : {}),
      },
    ],
    seeds: 6,
    rows: 80,
    late: of.late ?? 0,
  })
}

const CASES: Readonly<Record<string, WindowCase>> = {
  session: { window: session },
  'session with late records': { window: session, late: 0.2 },
  'session with lateness, retract': {
    window: { ...session, allowedLatenessMs: 80 },
    edge: 'retract',
    late: 0.2,
  },
  'session with lateness, upsert': {
    window: { ...session, allowedLatenessMs: 80 },
    edge: 'upsert',
    late: 0.2,
  },
  'session, final': { window: { ...session, allowedLatenessMs: 80, emit: 'final' }, late: 0.2 },
  count: { window: { ...TIMING, type: 'count', size: 4 } },
  'rolling, arrival': { window: { ...TIMING, type: 'rolling', sizeMs: 60, emit: 'arrival' } },
  'rolling, final': { window: { ...TIMING, type: 'rolling', sizeMs: 60, emit: 'final' } },
  'rolling, final, with late records': {
    window: { ...TIMING, type: 'rolling', sizeMs: 60, emit: 'final' },
    late: 0.2,
  },
  same: { window: { ...TIMING, type: 'same', of: session } },
  'same on retract input': {
    window: { ...TIMING, type: 'same', of: session, allowedLatenessMs: 80 },
    inputEdge: 'retract',
    edge: 'retract',
  },
  'sliding on retract input': {
    window: { ...TIMING, type: 'sliding', sizeMs: 60, slideMs: 20, allowedLatenessMs: 80 },
    inputEdge: 'retract',
    edge: 'retract',
  },
  global: { window: { ...TIMING, type: 'global' } },
}

for (const [name, of] of Object.entries(CASES)) {
  test(`windows, conformance: ${name}`, (t) => {
    t.notThrows(() => check(of, name))
  })
}
