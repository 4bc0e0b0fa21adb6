/**
 * Hunts differences between the two spellings of the language: every pipeline of test/golden/plans
 * stands in test/fixtures/twins in TypeScript too, and both give the same plan, byte by byte. They
 * cover every core, window, step, side output, function and default.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { CONNECTOR_CONFIGS } from '../../../connectors/registry-configs.ts'
import { isPipeline, type Pipeline } from '../../../index.ts'
import { planHash, planJsonText } from '../../../shared/planning/plan-json.ts'
import { planPipeline } from '../../../shared/planning/plan-pipeline.ts'
import * as joins from '../../fixtures/twins/joins.ts'
import * as more from '../../fixtures/twins/more.ts'
import * as steps from '../../fixtures/twins/steps.ts'
import * as windows from '../../fixtures/twins/windows.ts'
import { diagnosticText, GOLDEN, planText } from '../planning/plan-text.ts'

const TWINS = join(import.meta.dirname, '../../fixtures/twins')
const registry = new Map(Object.entries(CONNECTOR_CONFIGS))

const programs: Pipeline[] = [joins, steps, windows]
  .flatMap((module) => Object.values(module))
  .filter((one) => isPipeline(one))
const own: Pipeline[] = Object.values(more).filter((one) => isPipeline(one))

for (const program of programs) same(program, join(GOLDEN, `${program.spec.pipeline}.yaml`))
for (const program of own) same(program, join(TWINS, `${program.spec.pipeline}.yaml`))

function same(program: Pipeline, path: string): void {
  test(`twins: ${program.spec.pipeline} has one plan in YAML and in TypeScript`, async (t) => {
    const file = await planText(readFileSync(path, 'utf8'), path)
    const twin = planPipeline(program.spec, registry)
    const mistakes = [...program.mistakes, ...twin.diagnostics]
    t.deepEqual(mistakes.filter((one) => one.severity === 'error').map(diagnosticText), [])
    if (file.plan === null || twin.plan === null) {
      t.fail(file.diagnostics.map(diagnosticText).join('\n'))
      return
    }
    t.is(planJsonText(twin.plan), planJsonText(file.plan))
    t.is(planHash(twin.plan), planHash(file.plan))
  })
}
