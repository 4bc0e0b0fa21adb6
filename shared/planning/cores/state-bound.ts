/** What bounds the state of a block, in words; warns where nothing does on a stream without end. */
import { durationWords } from '../duration-words.ts'
import { draftPath, type Draft } from '../draft.ts'
import type { AggregateCore, Core, JoinCore, WindowPlan } from '../plan.ts'
import type { Stream } from '../planning.ts'
import { windowText } from './join-mode.ts'

/** Aggregates that keep every value of a group to be able to take one back. */
const MULTISETS: ReadonlySet<string> = new Set([
  'min', 'max', 'quantile', 'first', 'last', 'min_by', 'max_by', 'collect', 'top_k', 'string_agg',
]) // prettier-ignore

export function boundOfState(draft: Draft, core: Core | null): string {
  switch (core?.kind) {
    case 'aggregate':
      return aggregateBound(draft, core)
    case 'join':
      return joinBound(draft, core)
    case 'top':
      if (core.window !== null) return boundOfWindow(draft, core.window, core.key.length)
      return keyed(draft, core.key.length, 'the rows of a key')
    case 'dedupe':
      if (core.mode.kind === 'within')
        return `keys of ${durationWords(2 * core.mode.ms)} of event time`
      return keyed(
        draft,
        core.key.length,
        core.mode.kind === 'last' ? 'one row per key' : 'one entry per key',
      )
    case 'process':
      if (!hasState(core.fn.definition)) return 'no state'
      return keyed(draft, core.key.length, 'what the function keeps per key')
    default:
      return 'no state'
  }
}

function hasState(definition: unknown): boolean {
  if (typeof definition !== 'object' || definition === null) return true
  const state: unknown = (definition as { readonly state?: unknown }).state
  return typeof state === 'object' && state !== null && Object.keys(state).length > 0
}

function aggregateBound(draft: Draft, core: AggregateCore): string {
  if (core.window === null) {
    const names = draft.uniqueKey?.join(', ') ?? ''
    const what = core.key.length === 0 ? 'one row' : `one row per key (${names})`
    return `${keyed(draft, core.key.length, what)}${multisetText(draft, core)}`
  }
  const bound = boundOfWindow(draft, core.window, core.key.length)
  return core.window.type === 'count' ? bound : `${bound}${multisetText(draft, core)}`
}

function boundOfWindow(draft: Draft, window: WindowPlan, keys: number): string {
  if (window.type === 'count') return keyed(draft, keys, 'one unfinished window per key')
  if (window.type === 'global' && window.earlyMs === null && !draft.bounded) {
    draft.planning.diagnostics.warning(
      'STATE_UNBOUNDED',
      draftPath(draft, 'window'),
      'a global window fires at the end of its input, which never comes',
      { fix: 'add `early:`, or use a window of event time' },
    )
  }
  return windowBound(window)
}

function multisetText(draft: Draft, core: AggregateCore): string {
  const isChanging = inputIsChanging(draft)
  const names = [...new Set(core.calls.map((call) => call.fn))].filter((fn) => MULTISETS.has(fn))
  return isChanging && names.length > 0 ? `; ${names.join(', ')} keep all values of a group` : ''
}

function inputIsChanging(draft: Draft): boolean {
  return inputStreams(draft).some((stream) => stream.info.edge !== 'append')
}

function inputStreams(draft: Draft): Stream[] {
  const { graph, streams } = draft.planning
  return (graph.inputs.get(draft.name) ?? []).flatMap(
    (ref) => streams.get(`${ref.block}.${ref.output}`) ?? [],
  )
}

/** Whether some source of the block has event time; else `ttl` counts by processing time. */
function hasEventTime(draft: Draft): boolean {
  const { graph, streams } = draft.planning
  const names = new Set([draft.name])
  for (const name of names) {
    const isSource = graph.sections.get(name) === 'sources'
    if (isSource && streams.get(`${name}.main`)?.info.eventTime !== 'lost') return true
    for (const { block } of graph.inputs.get(name) ?? []) names.add(block)
  }
  return false
}

function windowBound(window: WindowPlan): string {
  if (window.type === 'rolling')
    return `records of the last ${durationWords(window.sizeMs)} per key`
  if (window.type === 'global') return 'one row per key until the end of input'
  const late = window.allowedLatenessMs
  const after = late === 0 ? '' : ` and ${durationWords(late)} more`
  return `open windows (${windowText(window)}), until the watermark passes their end${after}`
}

function joinBound(draft: Draft, core: JoinCore): string {
  const longer = Math.max(core.left.keepLongerMs, core.right.keepLongerMs)
  const more = longer === 0 ? '' : `, and ${durationWords(longer)} more for corrections`
  switch (core.mode.kind) {
    case 'interval': {
      const { lowMs, highMs } = core.mode
      const left = durationWords(Math.max(0, highMs))
      const right = durationWords(Math.max(0, -lowMs))
      return `left rows for ${left}, right rows for ${right} of event time${more}`
    }
    case 'window':
      return `rows of open windows${more}`
    case 'as_of':
      return `left rows until the right watermark passes them${more}; ${versions(draft)}`
    default:
      return keyed(draft, 1, 'both inputs')
  }
}

/** A version is in force until the next one comes: only `ttl` or the end of the right side bounds it. */
function versions(draft: Draft): string {
  const right = inputStreams(draft).at(-1)
  return keyed(draft, 1, 'per key the versions still needed', right?.info.bounded === true)
}

/** State per key without a bound in time: `ttl`, or a warning where the stream never ends. */
function keyed(draft: Draft, keys: number, what: string, isEnding = draft.bounded): string {
  const { ttl } = draft.spec
  if (typeof ttl === 'number') {
    const clock = hasEventTime(draft) ? '' : ' by processing time'
    return `${what}, until ${durationWords(ttl)} after its last write${clock}`
  }
  const isBounded = isEnding || keys === 0
  if (!isBounded && ttl !== 'none') {
    draft.planning.diagnostics.warning(
      'STATE_UNBOUNDED',
      draftPath(draft),
      `the state of \`${draft.name}\` grows for ever: it keeps ${what}, and nothing forgets a key`,
      { onKey: true, fix: 'add `ttl: 30 days`, or `ttl: none` if the keys are few' },
    )
  }
  return keys === 0 ? what : `${what}, for ever`
}
