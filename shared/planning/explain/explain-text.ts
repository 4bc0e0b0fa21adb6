/** `explain --format text`: what each block does, knows and keeps; readable at 100 columns. */
import { printTyped } from '../../expr/print-typed.ts'
import { printDuration } from '../../model/duration-text.ts'
import type {
  OutputPlan,
  Plan,
  PlanBlock,
  SinkBlock,
  SourceBlock,
  TransformBlock,
} from '../plan.ts'
import { planHash } from '../plan-json.ts'
import {
  coreWords,
  edgeText,
  exchangeText,
  fieldsText,
  refText,
  stepWords,
  timeText,
  visibilityText,
  type StepWords,
} from './block-words.ts'
import { wrapWords } from './wrap-words.ts'

const LABEL_COLUMNS = 13

/** The whole plan, or one block; null when there is no such block. */
export function explainText(plan: Plan, block?: string): string | null {
  const blocks = block === undefined ? plan.blocks : plan.blocks.filter((one) => one.name === block)
  if (blocks.length === 0 && block !== undefined) return null
  const head = block === undefined ? [headline(plan), ''] : []
  const texts = blocks.map((one) => blockText(plan, one))
  const tables = block === undefined ? tableTexts(plan) : []
  return `${[...head, [...texts, ...tables].join('\n\n')].join('\n')}\n`
}

function headline(plan: Plan): string {
  const count = (kind: PlanBlock['kind'], word: string): string => {
    const many = plan.blocks.filter((one) => one.kind === kind).length
    return `${many} ${word}${many === 1 ? '' : 's'}`
  }
  const parts = [
    count('source', 'source'),
    count('transform', 'transformation'),
    count('sink', 'sink'),
  ]
  return `pipeline ${plan.pipeline}: ${parts.join(', ')}; plan ${planHash(plan).slice(0, 12)}`
}

function blockText(plan: Plan, block: PlanBlock): string {
  const kinds = { source: 'source', transform: 'transformation', sink: 'sink' }
  const lines = [`${kinds[block.kind]} ${block.name}`]
  for (const { label, text } of wordsOf(plan, block))
    lines.push(...wrapWords(label, text, LABEL_COLUMNS))
  return lines.join('\n')
}

function wordsOf(plan: Plan, block: PlanBlock): StepWords[] {
  const own =
    block.kind === 'source'
      ? sourceWords(block)
      : block.kind === 'sink'
        ? sinkWords(plan, block)
        : transformWords(plan, block)
  const { parallelism } = block
  const parallel = parallelism === null ? [] : [{ label: 'parallelism', text: String(parallelism) }]
  return [...own, ...parallel, { label: 'on error', text: block.onError }]
}

function mainOf(block: PlanBlock): OutputPlan | undefined {
  return block.outputs.find((one) => one.name === 'main')
}

function streamWords(block: PlanBlock): StepWords[] {
  const main = mainOf(block)
  if (main === undefined) return []
  const { stream, used } = main
  const unused = stream.columns.length - used.length
  const text = `${used.length} of ${stream.columns.length} columns: ${used.join(', ')}`
  return [
    { label: 'fields', text: fieldsText(stream.fields).join(', ') },
    { label: 'rows', text: edgeText(stream) },
    { label: 'time', text: timeText(stream) },
    ...(unused === 0 ? [] : [{ label: 'read behind', text }]),
  ]
}

function sourceWords(block: SourceBlock): StepWords[] {
  const { watermark } = block
  const words = [
    { label: 'connector', text: `${block.connector}, ${block.bounded ? 'bounded' : 'never ends'}` },
  ]
  words.push(...streamWords(block))
  if (block.timeUnread === true) {
    const text = `${eventTimeText(block)}: nothing uses it, so that no watermark is made`
    words.push({ label: 'event time', text })
  } else if (block.eventTime !== null) {
    words.push({ label: 'event time', text: `${eventTimeText(block)}, ${watermarkText(block)}` })
    if (watermark?.maxAheadMs !== null && watermark !== null) {
      const ahead = printDuration(watermark.maxAheadMs)
      words.push({
        label: 'future',
        text: `records more than ${ahead} ahead of the clock are refused`,
      })
    }
  }
  if (block.normalizer === true) {
    const key = block.primaryKey?.join(', ') ?? ''
    words.push({
      label: 'normalizer',
      text: `keeps the last row per ${key}, for ever, to give full changes`,
    })
  }
  return words
}

function watermarkText({ watermark, bounded }: SourceBlock): string {
  if (watermark === null) {
    return bounded ? 'no watermark until all is read: windows fire at the end' : 'no watermark'
  }
  const { outOfOrdernessMs, idleAfterMs } = watermark
  const idle = idleAfterMs === null ? '' : `, idle after ${printDuration(idleAfterMs)}`
  return `watermark ${printDuration(outOfOrdernessMs)} behind the latest record${idle}`
}

function inputWords(plan: Plan, block: PlanBlock): StepWords[] {
  return block.inputs.map((ref, index) => {
    const from = plan.blocks.find((one) => one.name === ref.block)
    const stream = from?.outputs.find((one) => one.name === ref.output)?.stream
    const exchange =
      from === undefined || stream === undefined ? '' : `, ${exchangeText(block, from, stream)}`
    return { label: index === 0 ? 'from' : '', text: `${refText(ref)}${exchange}` }
  })
}

function transformWords(plan: Plan, block: TransformBlock): StepWords[] {
  const { core } = block
  const behind = core?.kind === 'aggregate' ? block.post.slice(1) : block.post
  return [
    ...inputWords(plan, block),
    ...block.pre.flatMap((step) => stepWords(step) ?? []),
    ...(core === null ? [] : coreWords(core, block.post[0])),
    ...behind.flatMap((step) => stepWords(step) ?? []),
    ...streamWords(block),
    { label: 'out', text: visibilityText(core) },
    { label: 'state', text: block.stateBound },
    ...block.outputs.filter((one) => one.name !== 'main').map((one) => sideWords(plan, block, one)),
  ]
}

function sideWords(plan: Plan, block: PlanBlock, { name }: OutputPlan): StepWords {
  const readers = plan.blocks.filter((other) =>
    other.inputs.some((ref) => ref.block === block.name && ref.output === name),
  )
  if (readers.length > 0) {
    return { label: name, text: `to ${readers.map((one) => one.name).join(', ')}` }
  }
  const isKept = name === 'dead_letter'
  return {
    label: name,
    text: isKept ? `to ${plan.pipeline}.dead_letter.jsonl` : 'counted and dropped',
  }
}

function sinkWords(plan: Plan, block: SinkBlock): StepWords[] {
  const key = block.keyTemplate ?? block.key?.join(', ') ?? null
  const words = [
    ...inputWords(plan, block),
    { label: 'connector', text: block.connector },
    { label: 'mode', text: key === null ? block.mode : `${block.mode} by ${key}` },
    { label: 'columns', text: block.columns.map((one) => one.path).join(', ') },
  ]
  if (block.latestBy !== null) {
    words.push({
      label: 'latest by',
      text: `${block.latestBy}: the row with the largest stays; keeps one row per key, for ever`,
    })
  }
  if (block.materializer) {
    words.push({
      label: 'materializer',
      text: 'keeps the rows of every key, for ever: the key is not that of the rows',
    })
  }
  return words
}

function tableTexts(plan: Plan): string[] {
  return plan.tables.map((table) => {
    const cache =
      table.cacheTtlMs === null
        ? 'read once'
        : `read again after ${printDuration(table.cacheTtlMs)}`
    const words = [
      { label: 'connector', text: table.connector },
      { label: 'fields', text: fieldsText(table.fields).join(', ') },
      { label: 'key', text: table.key.join(', ') },
      { label: 'read', text: table.used.join(', ') },
      { label: 'cache', text: cache },
    ]
    const lines = words.flatMap(({ label, text }) => wrapWords(label, text, LABEL_COLUMNS))
    return [`table ${table.name}`, ...lines].join('\n')
  })
}

/** The column, or the expression that gives it. */
function eventTimeText(block: SourceBlock): string {
  const { eventTime, eventTimeExpr = null } = block
  return eventTimeExpr === null ? (eventTime ?? '') : printTyped(eventTimeExpr)
}
