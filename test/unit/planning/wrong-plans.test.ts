/**
 * Well-formed pipelines with a wrong meaning: each is refused with its code, and all messages stand
 * in one file that a person reads; those of expressions are stored elsewhere. `UPDATE_GOLDEN=1` writes it anew.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { diagnosticText, GOLDEN, planText } from './plan-text.ts'
import { GRAPH, JOINS, SINKS } from './wrong-connections.ts'
import { PRELUDE, type WrongPlan } from './wrong-plan.ts'
import { CHANGES, FIELDS, TIME } from './wrong-rows.ts'

const AREAS = {
  graph: GRAPH,
  fields: FIELDS,
  time: TIME,
  changes: CHANGES,
  joins: JOINS,
  sinks: SINKS,
}
const STORED = join(GOLDEN, 'wrong-plans.txt')

/** `#more: …` at the end is one more source. */
function fileText({ body }: WrongPlan): string {
  const [rest = '', more] = body.split('#more: ')
  const source = more === undefined ? '' : `  more: ${more}\n`
  return `${PRELUDE.replace('tables:\n', `${source}tables:\n`)}${rest}`
}

const messages = new Map<string, string>()

for (const [area, plans] of Object.entries(AREAS)) {
  for (const wrong of plans) {
    test.serial(`wrong plans: ${area}: ${wrong.title} is ${wrong.code}`, async (t) => {
      const { plan, diagnostics } = await planText(fileText(wrong))
      const errors = diagnostics.filter((one) => one.severity === 'error')
      const said = errors.map(diagnosticText).join('\n')
      const own = errors.map((one) =>
        one.code.startsWith('EXPR_') ? one.code : diagnosticText(one),
      )
      messages.set(`${area}: ${wrong.title}`, own.join('\n'))
      t.is(plan, null)
      t.deepEqual([...new Set(errors.map((one) => one.code as string))], [wrong.code], said)
      t.true(
        errors.every((one) => one.fix !== undefined || one.cause !== undefined),
        said,
      )
    })
  }
}

test.serial('wrong plans: their messages are as stored', (t) => {
  const text = [...messages].map(([title, said]) => `# ${title}\n${said}\n`).join('\n')
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(STORED, text)
  t.is(text, readFileSync(STORED, 'utf8'))
})
