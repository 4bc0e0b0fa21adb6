/** Blocks that take appended rows only, and why their input is not that (D18). */
import { draftPath, refuse, type Draft } from './draft.ts'

export interface AppendNeed {
  readonly what: string
  readonly at: readonly (string | number)[]
}

/** Reports that the input changes where it must not; true when it is append. */
export function refuseChanges(draft: Draft, { what, at }: AppendNeed): boolean {
  if (draft.edge === 'append') return true
  const cause = whyChanging(draft)
  refuse(draft, {
    code: 'CHANGES_REFUSED',
    at,
    message: `${what} takes rows that are only appended, and the rows here are updated or deleted later`,
    fix: fixOf(draft),
    ...(cause === null ? {} : { cause }),
  })
  return false
}

function whyChanging(draft: Draft): string | null {
  const name = draft.spec.from[0] ?? ''
  const { spec, graph } = draft.planning
  if (graph.sections.get(name) === 'sources') {
    return `source \`${name}\` gives changes${keyText(draft)}`
  }
  const block = spec.transformations?.[name]
  if (block?.core?.kind === 'aggregate' && block.window === undefined) {
    return `\`${name}\` is an aggregate without a window, which updates its rows`
  }
  if (block?.window?.allowed_lateness !== undefined) {
    return `\`${name}\` corrects its windows for as long as its \`allowed_lateness\``
  }
  if (block?.window?.early !== undefined) return `\`${name}\` gives rows early and updates them`
  if (block?.core !== undefined) return `\`${name}\` updates its rows`
  return null
}

function keyText(draft: Draft): string {
  return draft.uniqueKey === null ? '' : ` by ${draft.uniqueKey.join(', ')}`
}

function fixOf(draft: Draft): string {
  const name = draft.spec.from[0] ?? ''
  const { spec, graph } = draft.planning
  if (graph.sections.get(name) === 'sources' && draft.isInputRow) {
    return 'keep new rows only: `where: change() == "insert"`'
  }
  const window = spec.transformations?.[name]?.window
  if (window !== undefined) return `give the window of \`${name}\` \`emit: final\``
  return `put this before \`${name}\`, or keep new rows only with \`where: change() == "insert"\` in a block of its own`
}

/** Refuses what may give another result when a row is taken back; names where it may stand. */
export function refuseChance(draft: Draft, what: string, at: readonly (string | number)[]): void {
  if (draft.edge !== 'retract') return
  const name = draft.spec.from[0] ?? ''
  const cause = whyChanging(draft)
  draft.planning.diagnostics.error(
    'NOT_DETERMINISTIC',
    draftPath(draft, ...at),
    `${what} may give another result when a row is taken back, and the rows here are updated`,
    { fix: `put it in a block before \`${name}\``, ...(cause === null ? {} : { cause }) },
  )
}
