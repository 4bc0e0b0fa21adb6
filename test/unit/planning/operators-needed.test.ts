/**
 * Operators are loaded by what the plan says and made by what its stages are: both must agree, or a
 * run asks for one that is not there.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { makersNeeded } from '../../../node/operators/operator-makers.ts'
import { planExecution } from '../../../shared/planning/execution/execution-plan.ts'
import type { Plan } from '../../../shared/planning/plan.ts'
import type { Stage } from '../../../shared/planning/execution/stage.ts'
import { GOLDEN, planText } from './plan-text.ts'

const FILES = readdirSync(GOLDEN).filter((name) => name.endsWith('.yaml'))

function makerOf(stage: Stage): string[] {
  if (stage.role === 'normalize') return ['normalizer']
  if (stage.role === 'materialize') return ['materializer']
  return stage.role === 'core' && stage.block.core !== null ? [stage.block.core.kind] : []
}

function usedBy(plan: Plan): Set<string> {
  const { stages } = planExecution(plan, { parallelism: 2, isSingleSink: () => false })
  return new Set(stages.flatMap(makerOf))
}

test('operators: a plan loads those of its stages and no others', async (t) => {
  const all = new Set<string>()
  for (const name of FILES) {
    const { plan } = await planText(readFileSync(join(GOLDEN, name), 'utf8'), name)
    if (plan === null) return t.fail(`${name} has a mistake`)
    const used = usedBy(plan)
    t.deepEqual([...makersNeeded(plan)].toSorted(), [...used].toSorted(), name)
    for (const kind of used) all.add(kind)
  }
  t.deepEqual(
    [...all].toSorted(),
    ['aggregate', 'dedupe', 'join', 'materializer', 'normalizer', 'process', 'top'],
    'the plans have every kind',
  )
})
