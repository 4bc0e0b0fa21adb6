/**
 * Plans of small pipelines, one per core and window, against stored plans: what changes there
 * changes how pipelines run. `UPDATE_GOLDEN=1` writes them anew; read the difference.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { explainMermaid } from '../../../shared/planning/explain/explain-mermaid.ts'
import { explainSvg } from '../../../shared/planning/explain/explain-svg.ts'
import { explainText } from '../../../shared/planning/explain/explain-text.ts'
import { planHash, planJsonText } from '../../../shared/planning/plan-json.ts'
import { typesOfPlan } from '../../../shared/planning/types-of-plan.ts'
import { brokenLaws } from './plan-laws.ts'
import { diagnosticText, GOLDEN, planText } from './plan-text.ts'

const files = readdirSync(GOLDEN).filter((name) => name.endsWith('.yaml'))

function equalsGolden(name: string, text: string): boolean {
  const path = join(GOLDEN, name)
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text)
  return readFileSync(path, 'utf8') === text
}

for (const file of files) {
  const name = file.replace('.yaml', '')
  test(`golden plans: ${name} plans as it did`, async (t) => {
    const text = readFileSync(join(GOLDEN, file), 'utf8')
    const { plan, diagnostics } = await planText(text, file)
    const said = diagnostics.map(diagnosticText).join('\n')
    t.false(
      diagnostics.some((one) => one.severity === 'error'),
      said,
    )
    if (plan === null) return t.fail(said)
    t.deepEqual(brokenLaws(plan), [])
    const again = await planText(text, file)
    t.is(planHash(plan), again.plan === null ? '' : planHash(again.plan))
    t.true(equalsGolden(`${name}.json`, planJsonText(plan)), 'the plan JSON is as stored')
    t.true(equalsGolden(`${name}.txt`, `${explainText(plan) ?? ''}\n${said}\n`), 'as explained')
    const wide = (explainText(plan) ?? '').split('\n').filter((line) => line.length > 100)
    t.deepEqual(wide, [], 'no line is longer than 100 columns')
    t.regex(explainMermaid(plan), /^flowchart LR\n/)
    t.regex(explainSvg(plan), /^<svg [^]*<\/svg>\n$/)
    t.regex(typesOfPlan(plan), /export interface Streams/)
    return undefined
  })
}
