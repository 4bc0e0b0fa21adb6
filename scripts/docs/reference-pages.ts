/** The pages of docs/reference/, made from the same topics that `docs` prints. */
import { commandTopics } from './command-topics.ts'
import { connectorTopics } from './connector-topics.ts'
import { aggregateTopics, functionTopics } from './function-topics.ts'
import { keyTopics } from './key-topics.ts'
import type { Topic } from './topic.ts'

export interface ReferencePage {
  readonly path: string
  readonly text: string
}

const FOLDER = 'docs/reference'

export function referencePages(): ReferencePage[] {
  return [
    page('yaml-keys', 'Keys of a pipeline file', keyTopics()),
    page('functions', 'Functions and operators', functionTopics()),
    page('aggregates', 'Aggregates', aggregateTopics()),
    page('connectors', 'Connectors and their keys', connectorTopics()),
    page('commands', 'Commands', commandTopics()),
  ]
}

function page(name: string, title: string, topics: readonly Topic[]): ReferencePage {
  const groups = [...Map.groupBy(topics, (topic) => topic.group)]
  const isGrouped = groups.length > 1
  const parts = groups.flatMap(([group, own]) => [
    ...(isGrouped ? [`## ${group.charAt(0).toUpperCase()}${group.slice(1)}`] : []),
    ...own.map((topic) => section(topic, isGrouped ? '###' : '##')),
  ])
  const note = `Made from the definitions by \`npm run reference\`; \`millrace docs NAME\` prints one section.`
  return { path: `${FOLDER}/${name}.md`, text: `${[`# ${title}`, note, ...parts].join('\n\n')}\n` }
}

function section({ name, summary, body }: Topic, mark: string): string {
  return [`${mark} \`${name}\``, summary, body].filter((part) => part !== '').join('\n\n')
}
