/** Functions and aggregates of expressions, from their definitions. */
import { AGGREGATES } from '../../shared/expr/aggregates.ts'
import { FUNCTIONS } from '../../shared/expr/library.ts'
import type { AggregateDef, FunctionDef } from '../../shared/expr/overload.ts'
import { markdownTable, type Topic } from './topic.ts'

export function functionTopics(): Topic[] {
  return FUNCTIONS.map((def): Topic => {
    const { name, group, summary } = def
    return { name, kind: 'function', group, summary, body: functionBody(def) }
  })
}

function functionBody({ overloads, examples }: FunctionDef): string {
  const signatures = [...new Set(overloads.map((one) => one.signature))]
  const rows = examples.map(({ expr, result }) => [`\`${expr}\``, `\`${result}\``])
  const table = rows.length === 0 ? [] : ['', markdownTable(['expression', 'is'], rows)]
  return ['```text', ...signatures, '```', ...table].join('\n')
}

export function aggregateTopics(): Topic[] {
  return AGGREGATES.map((def): Topic => {
    const { name, summary, signature } = def
    const body = ['```text', ...signature.split(/ or (?=\w+\()/), '```', '', remarks(def)].join(
      '\n',
    )
    return { name, kind: 'aggregate', group: 'aggregates', summary, body }
  })
}

const RETRACTIONS: Readonly<Record<AggregateDef['retraction'], string>> = {
  subtract: 'On rows that change it takes old values back by subtracting.',
  multiset: 'On rows that change it keeps every value of a group, so that it can take one back.',
  refused: 'On rows that change it is refused.',
}

function remarks({ retraction, ordered }: AggregateDef): string {
  const order = ordered ? ' Goes by event time, never by arrival.' : ''
  return `${RETRACTIONS[retraction]}${order} Takes \`.where(condition)\`, and \`.last(duration)\` in a rolling window.`
}
