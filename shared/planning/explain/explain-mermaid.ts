/** `explain --format mermaid`: a flow chart of the plan for Markdown pages. */
import type { Plan, PlanBlock } from '../plan.ts'
import { caption, edges } from './plan-graph.ts'

export function explainMermaid(plan: Plan): string {
  const ids = new Map([...plan.blocks, ...plan.tables].map((one, index) => [one.name, `n${index}`]))
  const id = (name: string): string => ids.get(name) ?? name
  const nodes = plan.blocks.map((block) => `  ${id(block.name)}${shape(block)}`)
  const tables = plan.tables.map(
    (table) => `  ${id(table.name)}[(${quoted([table.name, table.connector])})]`,
  )
  const arrows = edges(plan).map(({ from, to, label, isLookup }) => {
    const text = label === '' ? '' : `|${quoted([label])}|`
    return `  ${id(from)} ${isLookup ? '-.->' : '-->'}${text} ${id(to)}`
  })
  return `${['flowchart LR', ...nodes, ...tables, ...arrows].join('\n')}\n`
}

function shape(block: PlanBlock): string {
  const text = quoted([block.name, ...caption(block)])
  if (block.kind === 'source') return `([${text}])`
  return block.kind === 'sink' ? `[/${text}/]` : `[${text}]`
}

/** Text in quotes; what Mermaid would read as markup goes by number. */
function quoted(lines: readonly string[]): string {
  const safe = lines.map((line) =>
    line.replaceAll(/[#"<>&;]/g, (character) => `#${character.charCodeAt(0)};`),
  )
  return `"${safe.join('<br>')}"`
}
