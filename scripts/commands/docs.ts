/** `millrace docs [TOPIC]`: the reference in the terminal, from the same definitions as its pages. */
import { StreamError } from '../../shared/base/errors.ts'
import { nearestName } from '../../shared/base/nearest-name.ts'
import { commandTopics } from '../docs/command-topics.ts'
import { connectorTopics } from '../docs/connector-topics.ts'
import { errorTopics } from '../docs/error-topics.ts'
import { aggregateTopics, functionTopics } from '../docs/function-topics.ts'
import { keyTopics } from '../docs/key-topics.ts'
import { KIND_TITLES, type Topic } from '../docs/topic.ts'
import { topicLines } from '../terminal/topic-text.ts'
import type { CommandIo, ExitCode, Flags } from './command.ts'

export function docs(flags: Flags, io: CommandIo): Promise<ExitCode> {
  const all = allTopics()
  const { topic } = flags
  const isJson = flags['json'] === true
  if (typeof topic !== 'string') {
    io.stdout.write(isJson ? jsonOf(all.map(({ body: _body, ...head }) => head)) : listOf(all, io))
    return Promise.resolve(0)
  }
  const found = topicsNamed(all, topic)
  if (found.length === 0) throw unknownTopic(all, topic)
  const width = Math.min(100, io.stdout.columns ?? 100)
  const texts = found.map((one) => topicLines(one, width, io.outStyle).join('\n'))
  io.stdout.write(isJson ? jsonOf(found) : `${texts.join('\n\n')}\n`)
  return Promise.resolve(0)
}

function allTopics(): Topic[] {
  return [
    ...keyTopics(),
    ...functionTopics(),
    ...aggregateTopics(),
    ...connectorTopics(),
    ...commandTopics(),
    ...errorTopics(),
  ]
}

/** By name, in any case; or all of a kind (`docs functions`) or group (`docs time`). */
function topicsNamed(all: readonly Topic[], wanted: string): Topic[] {
  const exact = all.filter((one) => one.name === wanted)
  if (exact.length > 0) return exact
  const lower = wanted.toLowerCase()
  const loose = all.filter((one) => one.name.toLowerCase() === lower)
  if (loose.length > 0) return loose
  return all.filter(({ kind, group }) => {
    return group === lower || kind === lower || KIND_TITLES[kind] === lower || `${kind}s` === lower
  })
}

function unknownTopic(all: readonly Topic[], wanted: string): StreamError {
  const nearest = nearestName(
    wanted,
    all.map((one) => one.name),
  )
  return new StreamError('TOPIC_UNKNOWN', `there is no reference under "${wanted}"`, {
    fix: nearest === null ? '`millrace docs` lists the topics' : `did you mean ${nearest}?`,
  })
}

function listOf(all: readonly Topic[], { outStyle }: CommandIo): string {
  const parts = [...Map.groupBy(all, (one) => one.kind)].map(([kind, topics]) => {
    const names = [...new Set(topics.map((one) => one.name))]
    return `${outStyle.bold(KIND_TITLES[kind])}\n${wrapped(names)}`
  })
  return `${parts.join('\n\n')}\n\nmillrace docs NAME prints one of them\n`
}

const WIDTH = 96

function wrapped(names: readonly string[]): string {
  const lines: string[] = []
  let line = ''
  for (const name of names) {
    if (line !== '' && line.length + name.length + 2 > WIDTH) {
      lines.push(line)
      line = ''
    }
    line += line === '' ? `  ${name}` : `, ${name}`
  }
  return [...lines, line].join('\n')
}

const jsonOf = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`
