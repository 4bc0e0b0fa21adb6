/** The plan as captions and arrows: what pictures of it show. */
import { windowText } from '../cores/join-mode.ts'
import type { Plan, PlanBlock } from '../plan.ts'
import { keyText } from './block-words.ts'

const CAPTION_CHARACTERS_MAX = 34

export interface PlanEdge {
  readonly from: string
  readonly to: string
  /** Side output and kind of edge where they are not the usual ones. */
  readonly label: string
  readonly isLookup: boolean
}

/** At most two short lines below the name. */
export function caption(block: PlanBlock): string[] {
  return captionLines(block).map((line) =>
    line.length > CAPTION_CHARACTERS_MAX ? `${line.slice(0, CAPTION_CHARACTERS_MAX - 1)}…` : line,
  )
}

function captionLines(block: PlanBlock): string[] {
  if (block.kind === 'source') return [block.connector]
  if (block.kind === 'sink') {
    return [block.mode === 'append' ? block.connector : `${block.connector}, ${block.mode}`]
  }
  const { core } = block
  if (core === null) return [stepText(block.pre.map((step) => step.kind))]
  if (core.kind === 'join') return [`${core.type} join, ${core.mode.kind}`]
  const window = 'window' in core && core.window !== null ? windowText(core.window) : core.kind
  const key = keyText(core)
  return key === null ? [window] : [window, `by ${key}`]
}

function stepText(kinds: readonly string[]): string {
  const words: Readonly<Record<string, string>> = { filter: 'where', project: 'set' }
  const known = [...new Set(kinds)].map((kind) => words[kind] ?? kind)
  return known.length === 0 ? 'passes on' : known.join(', ')
}

export function edges(plan: Plan): PlanEdge[] {
  const streams = plan.blocks.flatMap((block) =>
    block.inputs.map((ref) => {
      const from = plan.blocks.find((one) => one.name === ref.block)
      const stream = from?.outputs.find((one) => one.name === ref.output)?.stream
      const parts = [
        ref.output === 'main' ? null : ref.output,
        stream === undefined || stream.edge === 'append' ? null : stream.edge,
      ].filter((one) => one !== null)
      return { from: ref.block, to: block.name, label: parts.join(', '), isLookup: false }
    }),
  )
  const lookups = plan.blocks.flatMap((block) =>
    block.kind !== 'transform'
      ? []
      : [...block.pre, ...block.post].flatMap((step) =>
          step.kind === 'lookup'
            ? [{ from: step.table, to: block.name, label: '', isLookup: true }]
            : [],
        ),
  )
  return [...streams, ...lookups]
}
