/** One thing that `docs` looks up and that a reference page has a section for, as Markdown. */
export type TopicKind = 'key' | 'function' | 'aggregate' | 'connector' | 'command' | 'error'

export interface Topic {
  /** As an author writes it. Several kinds may have the same name. */
  readonly name: string
  readonly kind: TopicKind
  /** Sections of one kind are grouped under it on the page: the part of the file, the subject. */
  readonly group: string
  /** One sentence. */
  readonly summary: string
  /** Markdown below the summary; empty when there is no more to say. */
  readonly body: string
}

export const KIND_TITLES: Readonly<Record<TopicKind, string>> = {
  key: 'keys of a pipeline file',
  function: 'functions',
  aggregate: 'aggregates',
  connector: 'connectors',
  command: 'commands',
  error: 'error codes',
}

/** A table of Markdown. */
export function markdownTable(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return [tableLine(titles), tableLine(titles.map(() => '---')), ...rows.map(tableLine)].join('\n')
}

/** A bar or a line break in a cell would end it. */
function tableLine(cells: readonly string[]): string {
  const safe = cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' '))
  return `| ${safe.join(' | ')} |`
}
